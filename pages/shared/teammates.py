"""The accounts of the CNO team: invite, change, close."""

from collections.abc import Callable

import streamlit as st

from core.db import Db, read
from core.i18n import _, moment
from core.labels import label
from core.queries import team as queries
from core.queries.accounts import SignedIn
from core.queries.team import ColleagueRow
from core.services import team as services
from core.services.team import Colleague
from core.vocabulary import Actor, CoordinatorRole, Language
from pages.shared import cards, forms
from pages.shared.feedback import attempt, refusal


def draw(signed_in: SignedIn) -> None:
    """The accounts, one a row, and the form to invite somebody."""
    with read() as db:
        rows = queries.team(db, signed_in.actor)
    is_reader = signed_in.coordinator_role is CoordinatorRole.READER
    st.markdown(
        _(
            "A reader sees everything and changes nothing; a coordinator does the daily work; finance also changes "
            "what money depends on."
        )
    )
    for row in rows:
        _account(row, signed_in, is_reader=is_reader)
    with st.form("invite", enter_to_submit=False):
        st.subheader(_("Invite a colleague"), anchor=False)
        forms.email(_("E-mail address"), key="invite_email", autocomplete="off")
        refusal("invite", "email")
        _boxes("invite", Colleague(""), disabled=is_reader)
        refusal("invite")
        st.form_submit_button(
            _("Send the invitation"),
            key="send_invitation",
            type="primary",
            icon=":material/send:",
            disabled=is_reader,
            on_click=attempt,
            args=("invite", _invite),
            kwargs={
                "done": _("The invitation leaves by mail, with a link to choose a password."),
                "then": forms.emptied("invite_email", "invite_name"),
            },
        )


def _boxes(key: str, form: Colleague, *, disabled: bool) -> None:
    st.text_input(_("Name"), form.name, key=f"{key}_name", max_chars=100, disabled=disabled)
    refusal(key, "name")
    roles, languages = list(CoordinatorRole), list(Language)
    st.selectbox(
        _("Role"), roles, index=roles.index(form.role), format_func=label, key=f"{key}_role", disabled=disabled
    )
    refusal(key, "role")
    st.selectbox(
        _("Language"),
        languages,
        index=languages.index(form.language),
        format_func=label,
        key=f"{key}_language",
        disabled=disabled,
    )


def _form(key: str) -> Colleague:
    kept = st.session_state
    return Colleague(str(kept[f"{key}_name"] or ""), kept[f"{key}_role"], kept[f"{key}_language"])


def _invite(db: Db, actor: Actor) -> int:
    return services.invite(db, actor, forms.kept("invite_email"), _form("invite"))


def _state(row: ColleagueRow) -> str:
    if not row.is_active:
        return _("closed")
    if row.has_password:
        last = moment(row.last_sign_in_at) if row.last_sign_in_at else _("never")
        return _("last signed in: {moment}").format(moment=last)
    until = moment(row.link_until) if row.link_until else ""
    return _("invited, link valid until {moment}").format(moment=until) if until else _("invited, the link ran out")


def _account(row: ColleagueRow, signed_in: SignedIn, *, is_reader: bool) -> None:
    seen, key = Colleague(row.name, row.role, row.language), f"colleague_{row.account_id}"
    heading = f"{cards.plain(row.name)} · {label(row.role)} · {cards.plain(row.email)} · {_state(row)}"
    with st.expander(heading, key=f"{key}_row"):
        with st.form(key, border=False, enter_to_submit=False):
            _boxes(key, seen, disabled=is_reader)
            st.form_submit_button(
                _("Save"),
                key=f"{key}_save",
                icon=":material/save:",
                disabled=is_reader,
                on_click=attempt,
                args=(key, lambda db, actor: services.change(db, actor, row.account_id, _form(key), seen=seen)),
                kwargs={"done": _("The account is changed.")},
            )
        refusal(key)
        with st.container(horizontal=True):
            for name, action in _actions(row, signed_in):
                st.button(
                    name,
                    key=f"{key}_{action.__name__}",
                    disabled=is_reader,
                    on_click=attempt,
                    args=(key, lambda db, actor, action=action: action(db, actor, row.account_id)),
                    kwargs={"done": _("Done.")},
                )


def _actions(row: ColleagueRow, signed_in: SignedIn) -> list[tuple[str, Callable[[Db, Actor, int], None]]]:
    """What can be done with an account beside changing it."""
    found: list[tuple[str, Callable[[Db, Actor, int], None]]] = []
    if not row.is_active:
        found.append((_("Open again"), services.open_again))
    elif row.account_id != signed_in.account_id:
        found.append((_("Close the account"), services.close))
    if row.is_active and not row.has_password:
        found.append((_("Send the invitation again"), services.invite_again))
    return found
