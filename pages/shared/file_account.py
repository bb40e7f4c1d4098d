"""How somebody signs in, in a coordinator's file: the state, a link for a new password, another address, closing."""

import streamlit as st

from core.db import Db
from core.i18n import _, moment
from core.labels import label
from core.queries.dossiers import AccountState
from core.services import account_care, newcomers
from core.vocabulary import Actor, Language, Party
from pages.shared import cards, forms, people_rows
from pages.shared.feedback import attempt, refusal


def section(account: AccountState | None, party: Party, identity: int) -> None:
    """Everything about signing in; without an account the form to give one."""
    with st.container(border=True):
        st.subheader(_("Signing in"), anchor=False)
        if account is None:
            st.info(_("There is no account yet."), icon=":material/no_accounts:")
            _give(party, identity)
            return
        _state(account)
        _actions(account)
        _address(account, party)


def _give(party: Party, identity: int) -> None:
    """An account for somebody known; the invitation leaves at once."""

    def give(db: Db, actor: Actor) -> str:
        language: Language = st.session_state["give_language"]
        return newcomers.give_account(db, actor, party, identity, forms.kept("give_email"), language=language)

    forms.email(_("E-mail address"), key="give_email", autocomplete="off")
    refusal("give", "email")
    st.selectbox(_("Language"), list(Language), format_func=label, key="give_language")
    refusal("give")
    st.button(
        _("Make an account and send the invitation"),
        key="give_account",
        icon=":material/person_add:",
        on_click=attempt,
        args=("give", give),
        kwargs={"done": _invited},
    )


def _invited(email: str) -> str:
    return _("The invitation is on its way to {address}, with a link to choose a password.").format(
        address=cards.plain(email)
    )


def _state(account: AccountState) -> None:
    st.markdown(f":material/alternate_email: **{cards.mail_link(account.email)}**")
    with st.container(horizontal=True, gap="xsmall"):
        people_rows.account_badges(
            has_account=True,
            is_active=account.is_active,
            is_confirmed=account.confirmed_at is not None,
            is_refused=account.undeliverable_since is not None,
        )
    seen = moment(account.last_sign_in_at) if account.last_sign_in_at else _("never")
    lines = [_("Last signed in: {moment}").format(moment=seen)]
    if account.confirmed_at:
        lines.append(_("Address confirmed on {moment}").format(moment=moment(account.confirmed_at)))
    if account.undeliverable_since:
        lines.append(_("Refuses our mail since {moment}").format(moment=moment(account.undeliverable_since)))
    if account.former:
        lines.append(_("Earlier: {addresses}").format(addresses=cards.plain(", ".join(account.former))))
    st.caption("  \n".join(lines))


def _actions(account: AccountState) -> None:
    identity = account.account_id
    with st.container(horizontal=True):
        _link(account)
        if account.undeliverable_since:
            st.button(
                _("Try the address again"),
                key=f"retry_{identity}",
                icon=":material/refresh:",
                on_click=attempt,
                args=("account", lambda db, actor: account_care.try_address_again(db, actor, identity)),
                kwargs={"done": _("Mail goes to this address again.")},
            )
        verb, name, icon, done = (
            (account_care.close, _("Close the account"), ":material/block:", _("The account is closed."))
            if account.is_active
            else (
                account_care.reopen,
                _("Open the account again"),
                ":material/lock_open:",
                _("The account works again."),
            )
        )
        st.button(
            name,
            key=f"close_{identity}",
            icon=icon,
            on_click=attempt,
            args=("account", lambda db, actor: verb(db, actor, identity)),
            kwargs={"done": done},
        )
    refusal("account")


def _link(account: AccountState) -> None:
    """The way in: a link for a new password, or once more the invitation while none was ever chosen."""
    identity = account.account_id
    if account.has_password:
        st.button(
            _("Send new password link"),
            key=f"password_{identity}",
            icon=":material/key:",
            disabled=not account.is_active,
            on_click=attempt,
            args=("account", lambda db, actor: account_care.send_password_link(db, actor, identity)),
            kwargs={
                "done": lambda email: _("A link for a new password is on its way to {address}.").format(
                    address=cards.plain(email)
                )
            },
        )
        return
    st.button(
        _("Send the invitation"),
        key=f"invite_{identity}",
        icon=":material/key:",
        disabled=not account.is_active,
        on_click=attempt,
        args=("account", lambda db, actor: newcomers.invite_again(db, actor, identity)),
        kwargs={"done": _invited},
    )


def _address(account: AccountState, party: Party) -> None:
    email, checked = f"new_email_{account.account_id}", f"checked_{account.account_id}"

    def change(db: Db, actor: Actor) -> str:
        state = st.session_state
        return account_care.change_address(db, actor, account.account_id, state[email], is_checked=state[checked])

    with st.expander(_("Change the address"), icon=":material/edit:", key=f"address_{party}_{account.account_id}"):
        st.caption(_("The old address is told and stays findable; the new one gets a link to confirm it."))
        forms.email(_("New address"), key=email, autocomplete="off")
        refusal("new_address", "email")
        st.checkbox(_("I checked that this address belongs to the owner of this account"), key=checked)
        refusal("new_address", "checked")
        refusal("new_address")
        st.button(
            _("Change the address"),
            key=f"change_address_{account.account_id}",
            on_click=attempt,
            args=("new_address", change),
            kwargs={
                "done": lambda new: _("The address is now {address}; a link was sent to confirm it.").format(
                    address=cards.plain(new)
                ),
                "then": forms.emptied(email),
            },
        )
