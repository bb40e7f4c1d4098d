"""A row of «Onze nascholingen», with what can be done with it now or why not (R42)."""

from datetime import timedelta

import streamlit as st

from core import clock
from core.i18n import _, day, moment, number, short_day
from core.money import euro
from core.queries.enrolments import EnrolmentRow
from core.rules import seats
from core.services import enrolments
from core.vocabulary import ACTIVE, ActorKind, CourseStatus, EnrolmentStatus
from pages.shared import cards
from pages.shared.decided import decided
from pages.shared.feedback import attempt, open_dialog, refusal

PICKED = "picked_enrolments"


def draw(row: EnrolmentRow, earlier: tuple[str, ...]) -> None:
    """One seat: who, which course, its state and money, the actions at the end."""
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            name = (
                f"**{cards.plain(row.person_name)}**"
                if row.person_id
                else f":orange[**{cards.plain(row.person_name)}**]"
            )
            if _can_cancel(row):
                st.checkbox(
                    name,
                    value=row.enrolment_id in picked(),
                    key=f"pick_{row.enrolment_id}",
                    on_change=_toggle,
                    args=(row.enrolment_id,),
                    width="content",
                )
            else:
                st.markdown(name, width="content")
            with st.container(horizontal=True, width="content"):
                if row.course_status is CourseStatus.CANCELLED:
                    st.badge(_("Course cancelled"), icon=":material/cancel:", color="red")
                if row.is_coming or row.status is not EnrolmentStatus.CONFIRMED:
                    cards.status_badge(row.status)
        st.page_link("public/course.py", label=cards.plain(row.course_title), query_params={"id": row.course_address})
        st.markdown(
            f":material/calendar_month: {cards.dates(row.first_day, row.last_day, row.days)}"
            f"  ·  {cards.where(row.place, is_online=row.is_online)}"
        )
        for line in _facts(row, earlier):
            st.caption(line)
        _actions(row, earlier)


def picked() -> set[int]:
    """The seats ticked for cancelling together."""
    found: set[int] = st.session_state.setdefault(PICKED, set())
    return found


def _toggle(enrolment_id: int) -> None:
    st.session_state[PICKED] = picked() ^ {enrolment_id}


def _facts(row: EnrolmentRow, earlier: tuple[str, ...]) -> list[str]:
    lines = [_money(row)]
    if earlier:
        chain = " → ".join(cards.plain(name) for name in (*earlier, row.person_name))
        lines.append(f":material/swap_horiz: {chain}")
    if row.status is EnrolmentStatus.WAITLISTED:
        lines.append(_("Place {position} on the waiting list").format(position=number(row.waiting_position or 1)))
    if row.status is EnrolmentStatus.OFFERED and row.offer_expires_at:
        lines.append(_("The seat is kept until {moment}.").format(moment=moment(row.offer_expires_at)))
    if row.person_id is None and row.is_coming:
        until = seats.last_day_to_name(row.first_day, decided().name_seats_until_days)
        if until is not None and clock.today() <= until:
            lines.append(f":material/badge: {_('Fill in the name until {date}.').format(date=day(until))}")
    return lines


def _money(row: EnrolmentRow) -> str:
    if row.status is EnrolmentStatus.CANCELLED:
        return _("Cancelled")
    parts = [cards.price(row.price_cents)]
    if row.billed_on is not None:
        parts.append(_("the debit note left on {date}").format(date=short_day(row.billed_on)))
    elif row.debit_note_on is not None:
        parts.append(_("the debit note leaves on {date}").format(date=short_day(row.debit_note_on)))
    if row.billing_reference:
        parts.append(_("reference {text}").format(text=cards.plain(row.billing_reference)))
    if row.enrolled_by is ActorKind.PERSON:
        parts.append(_("enrolled him- or herself"))
    return " · ".join(parts)


def _can_cancel(row: EnrolmentRow) -> bool:
    return row.is_coming and row.cancel_cents is not None


def why_not(row: EnrolmentRow) -> str | None:
    """Why a seat can no longer be replaced or cancelled; None when it can."""
    if row.status not in ACTIVE:
        return _("This seat no longer stands.")
    if not row.has_started or row.first_day is None:
        return None
    return _("The course started on {first_day}; this was possible until {until}.").format(
        first_day=day(row.first_day), until=day(row.first_day - timedelta(days=1))
    )


def _actions(row: EnrolmentRow, earlier: tuple[str, ...]) -> None:
    """What the end of the row offers; what cannot be done is greyed, with the reason."""
    reason = why_not(row)
    identity = row.enrolment_id
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if row.status is EnrolmentStatus.OFFERED:
            st.button(
                _("Accept the seat"),
                key=f"accept_{identity}",
                type="primary",
                icon=":material/check:",
                on_click=attempt,
                args=(f"row_{identity}", lambda db, actor: enrolments.accept_offer(db, actor, identity)),
                kwargs={"done": _("The seat is yours. You both get a confirmation by mail.")},
            )
        if row.status is EnrolmentStatus.CONFIRMED and row.person_id is None:
            _dialog_button(_("Fill in the name"), "name", row, reason, ":material/badge:")
        elif row.status in {EnrolmentStatus.CONFIRMED, EnrolmentStatus.REPLACED}:
            _dialog_button(_("Replace"), "replace", row, reason, ":material/swap_horiz:")
        if earlier and row.status is EnrolmentStatus.CONFIRMED and reason is None:
            _dialog_button(_("Undo the replacement"), "undo", row, None, ":material/undo:")
        if row.status in ACTIVE:
            cost = "" if not row.cancel_cents else f" ({euro(row.cancel_cents)})"
            _dialog_button(_("Cancel") + cost, "cancel", row, reason, ":material/cancel:")
        if row.is_coming and not row.is_billed and row.price_cents:
            _dialog_button(_("Payer and reference"), "change", row, None, ":material/edit:")
        if row.has_certificate:
            st.link_button(
                _("Certificate"),
                f"/download/certificate/{identity}",
                key=f"certificate_{identity}",
                icon=":material/workspace_premium:",
            )
    refusal(f"row_{identity}")


def _dialog_button(text: str, name: str, row: EnrolmentRow, reason: str | None, icon: str) -> None:
    st.button(
        text,
        key=f"{name}_{row.enrolment_id}",
        icon=icon,
        disabled=reason is not None,
        help=reason,
        on_click=open_dialog,
        args=(name, row.enrolment_id),
    )
