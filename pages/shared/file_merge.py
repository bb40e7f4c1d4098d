"""Merging a double into the person or institution whose file is open: find it, compare, choose, merge, undo."""

import streamlit as st

from core.access import NotFound
from core.db import Db, read
from core.i18n import _, moment, ngettext, short_day
from core.labels import label
from core.queries import merges as queries
from core.queries import people
from core.queries.merges import Conflict, Preview
from core.services import merges
from core.vocabulary import Actor, Party
from pages.shared import cards
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal


def field_name(name: str) -> str:
    """What a field is called."""
    return {
        "name": _("Name"),
        "birth_year": _("Year of birth"),
        "phone": _("Telephone"),
        "address": _("Address"),
        "function": _("Function"),
        "levels": _("Levels"),
        "subjects": _("Subjects"),
        "number": _("Institution number"),
        "kbo": _("KBO number"),
        "network": _("Network"),
        "payer_policy": _("Payer policy"),
        "billing": _("Billing name and reference"),
    }[name]


def section(reader: Actor, party: Party, identity: int, name: str) -> None:
    """Search the double, and undo what was merged."""
    st.caption(_("What is known of the double moves here; issued notes stay as they are. A merge can be undone."))
    text = st.text_input(
        _("Search the double"),
        value=name,
        key=f"double_{party}_{identity}",
        type="search",
        live=True,
        placeholder=_("Name, address or number"),
    )
    with read() as db:
        found = _found(db, reader, party, text or "")
        made = queries.standing(db, reader, party, identity)
    refusal("merge")
    for other, title, facts in found:
        if other == identity:
            continue
        with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(width="stretch", gap="xxsmall"):
                st.markdown(f"**{cards.plain(title)}**")
                st.caption(cards.plain(facts))
            st.button(
                _("Compare and merge"),
                key=f"merge_{other}",
                icon=":material/call_merge:",
                on_click=open_dialog,
                args=("merge", other),
            )
    if made:
        st.subheader(_("Merged into this one"), anchor=False)
    refusal("undo_merge")
    for row in made:
        with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{cards.plain(row.name)}** · {moment(row.made_at)} · {cards.plain(row.made_by)}")
            st.button(
                _("Undo the merge"),
                key=f"undo_merge_{row.merge_id}",
                icon=":material/undo:",
                on_click=attempt,
                args=("undo_merge", lambda db, actor, it=row.merge_id: merges.undo(db, actor, it)),
                kwargs={"done": _("The merge has been undone.")},
            )
    subject = dialog_subject("merge")
    if isinstance(subject, int):
        dialog(reader, party, identity, subject)


def _found(db: Db, reader: Actor, party: Party, text: str) -> list[tuple[int, str, str]]:
    if not text.strip():
        return []
    if party is Party.PERSON:
        persons = people.persons(db, reader, text, size=8).rows
        return [
            (
                row.person_id,
                row.name,
                " · ".join(filter(None, (row.email, row.phone, row.city, ", ".join(row.schools)))),
            )
            for row in persons
        ]
    schools = people.institutions(db, reader, text, size=8).rows
    return [
        (row.institution_id, row.name, " · ".join(filter(None, (f"{row.postcode} {row.city}", row.email, row.number))))
        for row in schools
    ]


def dialog(reader: Actor, party: Party, kept_id: int, absorbed_id: int, *, can_swap: bool = False) -> None:
    """Compare two, choose field by field and merge; `can_swap` offers to keep the other one instead."""
    try:
        with read() as db:
            shown = queries.preview(db, reader, party, kept_id, absorbed_id)
    except NotFound:
        return

    @st.dialog(_("Merge these two?"), icon=":material/call_merge:", width="large", on_dismiss=close_dialog)
    def ask() -> None:
        _compare(shown)

        def merge(db: Db, actor: Actor) -> int:
            state = st.session_state
            take = [row.name for row in shown.fields if state[f"take_{row.name}"]]
            give_up = [state[f"give_up_{row.kept.enrolment_id}"] for row in shown.conflicts]
            return merges.merge(db, actor, party, shown.kept_id, shown.absorbed_id, take=take, give_up=give_up)

        refusal("merge_now")
        with st.container(horizontal=True, horizontal_alignment="right"):
            if can_swap:
                st.button(
                    _("Keep the other one"),
                    key="swap_merge",
                    type="tertiary",
                    icon=":material/swap_horiz:",
                    on_click=_swap,
                    args=(absorbed_id, kept_id),
                )
            st.button(_("Keep them apart"), key="keep_apart", on_click=close_dialog)
            st.button(
                _("Merge"),
                key="confirm_merge",
                type="primary",
                on_click=attempt,
                args=("merge_now", merge),
                kwargs={"done": _("The two have been merged.")},
            )

    ask()


def _swap(kept_id: int, absorbed_id: int) -> None:
    """Callback: the same two, the other way round."""
    open_dialog("merge_pair", f"{kept_id}-{absorbed_id}")
    st.rerun()


def _compare(shown: Preview) -> None:
    """What differs, field by field, which place is given up, and what moves."""
    st.markdown(
        _("**{kept}** stays; **{absorbed}** goes into it.").format(
            kept=_named(shown.kept_name, shown.kept_email),
            absorbed=_named(shown.absorbed_name, shown.absorbed_email),
        )
    )
    if not shown.fields:
        st.caption(_("All data are the same."))
    for row in shown.fields:
        st.radio(
            field_name(row.name),
            [False, True],
            format_func={False: row.kept or "–", True: row.absorbed or "–"}.get,
            index=1 if row.absorbed and not row.kept else 0,
            key=f"take_{row.name}",
            horizontal=True,
        )
    for conflict in shown.conflicts:
        _conflict(conflict)
    moved = [
        ngettext("{count} enrolment moves here", "{count} enrolments move here", shown.enrolments),
        ngettext("{count} link moves here", "{count} links move here", shown.links),
    ]
    st.markdown(f":material/move_down: {', '.join(moved)}.")
    if shown.kept_email and shown.absorbed_email:
        st.info(
            _("Signing in stays with {kept}. {other} becomes a former address; both are told by mail.").format(
                kept=cards.plain(shown.kept_email), other=cards.plain(shown.absorbed_email)
            ),
            icon=":material/alternate_email:",
        )


def _named(name: str, email: str | None) -> str:
    """Namesakes are told apart by their address."""
    return cards.plain(f"{name} ({email or _('no account')})")


def _conflict(conflict: Conflict) -> None:
    """Both hold a place in one course: which of the two is given up, free of charge."""
    places = {each.enrolment_id: each for each in (conflict.absorbed, conflict.kept)}

    def facts(identity: int) -> str:
        place = places[identity]
        payer = place.payer or _("the participant pays")
        billed = _("debit note left on {date}").format(date=short_day(place.billed_on)) if place.billed_on else ""
        whose = _("of the double") if place is conflict.absorbed else _("of the one that stays")
        return " · ".join(filter(None, (whose, label(place.status), cards.plain(payer), billed)))

    st.radio(
        _("Both hold a place in «{course}». Which one is cancelled, free of charge?").format(
            course=cards.plain(conflict.course)
        ),
        list(places),
        format_func=facts,
        key=f"give_up_{conflict.kept.enrolment_id}",
    )
