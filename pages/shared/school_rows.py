"""A row of «Onze nascholingen», with what can be done with it now or why not (R42)."""

from datetime import timedelta

import streamlit as st

from core import clock
from core.i18n import _, day, moment, ngettext, number, short_day
from core.labels import holder
from core.money import euro
from core.queries.enrolments import EnrolmentRow
from core.queries.paid_enrolments import Period
from core.queries.questions import Answer
from core.rules import seats
from core.services import enrolments
from core.vocabulary import ACTIVE, CALLED_OFF, ActorKind, EnrolmentStatus
from pages.shared import cards, questions
from pages.shared.decided import decided
from pages.shared.feedback import attempt, open_dialog, refusal

PICKED = "picked_enrolments"


def draw(row: EnrolmentRow, earlier: tuple[str, ...], answers: tuple[Answer, ...] = ()) -> None:
    """One seat: who, which course, its state and money, what we answered for a colleague, the actions at the end."""
    with st.container(border=True, gap="xsmall", key=f"seat_{row.enrolment_id}"):
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
                    on_change=_keep,
                    args=(row.enrolment_id,),
                    width="content",
                )
            else:
                st.markdown(name, width="content")
            with st.container(horizontal=True, width="content"):
                if row.course_status in CALLED_OFF:
                    st.badge(_("Course cancelled"), icon=":material/cancel:", color="red")
                if row.is_coming or row.status is not EnrolmentStatus.CONFIRMED:
                    cards.status_badge(row.status)
        st.markdown(cards.plain(row.course_title))
        st.markdown(
            f":material/calendar_month: {cards.dates(row.first_day, row.last_day, row.days)}"
            f"  ·  {cards.where(row.place, is_online=row.is_online)}"
        )
        for line in _facts(row, earlier):
            st.caption(line)
        if answers:
            st.caption(f":material/contact_support: {questions.lines(answers)}")
        _actions(row, earlier)


def unnamed_places(count: int, *, period: str, person: str) -> None:
    """The places still to be named, as a task; the button looks for them in the list, by the keys of its filters."""
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        text = ngettext("{count} reserved place has no name yet.", "{count} reserved places have no name yet.", count)
        st.markdown(f":material/badge: :orange[**{text}**]", width="content")
        st.button(
            _("Show in the list"),
            key="show_unnamed",
            icon=":material/search:",
            on_click=st.session_state.update,
            args=({period: Period.COMING, person: holder(None).strip("()")},),
        )


def picked() -> set[int]:
    """The seats ticked for cancelling together."""
    found: set[int] = st.session_state.setdefault(PICKED, set())
    return found


def _keep(enrolment_id: int) -> None:
    is_ticked = bool(st.session_state[f"pick_{enrolment_id}"])
    st.session_state[PICKED] = picked() | {enrolment_id} if is_ticked else picked() - {enrolment_id}


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
    if row.enrolled_by is ActorKind.PERSON and row.replaces_id is None:
        parts.append(_("enrolled him- or herself"))
    return " · ".join(parts)


def _can_cancel(row: EnrolmentRow) -> bool:
    return row.is_coming and row.cancel_cents is not None


def why_not(row: EnrolmentRow) -> str | None:
    """Why a seat can no longer be replaced or cancelled, and until when it could; None when it can."""
    if not row.has_started or row.first_day is None:
        return None
    return _("Replacing and cancelling was possible until {until}; the course began on {first_day}.").format(
        first_day=short_day(row.first_day), until=short_day(row.first_day - timedelta(days=1))
    )


def _actions(row: EnrolmentRow, earlier: tuple[str, ...]) -> None:
    """What the end of the row offers; what cannot be done is greyed, with the reason in words above it."""
    reason = why_not(row) if row.status in ACTIVE else None
    is_over = reason is not None
    identity = row.enrolment_id
    if reason:
        st.caption(f":material/lock_clock: {reason}")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if row.has_certificate:
            st.link_button(
                _("Certificate"),
                f"/download/certificate/{identity}",
                key=f"certificate_{identity}",
                icon=":material/workspace_premium:",
            )
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
            _dialog_button(_("Fill in the name"), "name", row, ":material/badge:", disabled=is_over)
        elif row.status is EnrolmentStatus.CONFIRMED:
            _dialog_button(_("Replace"), "replace", row, ":material/swap_horiz:", disabled=is_over)
        if row.status in ACTIVE:
            cost = "" if not row.cancel_cents else f" ({euro(row.cancel_cents)})"
            _dialog_button(_("Cancel") + cost, "cancel", row, ":material/cancel:", disabled=is_over)
        if row.is_coming and not row.is_billed and row.price_cents:
            _dialog_button(_("Payer and reference"), "change", row, ":material/edit:")
        if earlier and row.status is EnrolmentStatus.CONFIRMED and not is_over:
            _dialog_button(_("Undo the replacement"), "undo", row, ":material/undo:")
        st.page_link(
            "public/course.py",
            label=_("View course"),
            icon=":material/arrow_forward:",
            query_params={"id": row.course_address},
        )
    refusal(f"row_{identity}")


def _dialog_button(text: str, name: str, row: EnrolmentRow, icon: str, *, disabled: bool = False) -> None:
    st.button(
        text,
        key=f"{name}_{row.enrolment_id}",
        icon=icon,
        disabled=disabled,
        on_click=open_dialog,
        args=(name, row.enrolment_id),
    )
