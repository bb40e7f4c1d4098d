"""The rows of one course for its coordinator: who, how to reach them, the money, what can be done."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.db import read
from core.i18n import _, moment, number, short_day
from core.labels import label
from core.money import euro
from core.queries import one_course
from core.queries.course_details import CourseDetail
from core.queries.enrolments import EnrolmentRow
from core.queries.one_course import Contact, Part
from core.queries.questions import Answer
from core.vocabulary import ACTIVE, Actor, CourseStatus, EnrolmentStatus, PayerKind
from pages.shared import cards, questions
from pages.shared.decided import decided
from pages.shared.feedback import open_dialog, refusal


def heading(course: CourseDetail) -> None:
    """The course in one box: state, dates, place, seats."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(cards.plain(course.title), anchor=False, width="stretch")
        with st.container(horizontal=True, width="content", gap="small"):
            st.page_link(
                "coordinator/course_edit.py",
                label=_("Data and course days"),
                icon=":material/edit:",
                query_params={"id": str(course.course_id)},
            )
            st.page_link(
                "public/course.py",
                label=_("As visitors see it"),
                icon=":material/visibility:",
                query_params={"id": course.address},
            )
    with st.container(horizontal=True, vertical_alignment="center"):
        if course.status is not CourseStatus.PUBLISHED:
            st.badge(label(course.status), color="orange")
        taken = _("{taken} of {capacity} seats taken").format(
            taken=number(course.taken), capacity=number(course.capacity)
        )
        is_full = course.taken >= course.capacity
        st.badge(taken, icon=":material/event_seat:", color="red" if is_full else "green")
        facts = [
            course.code,
            cards.dates(course.first_day, course.last_day, len(course.days)),
            _("Online") if course.is_online else ", ".join(filter(None, (course.place, course.city))),
            cards.price(course.price_cents),
        ]
        st.caption(cards.plain(" · ".join(filter(None, facts))), width="content")


def lists(course_id: int) -> None:
    """The list on paper and in a spreadsheet."""
    for kind, icon in (("xlsx", ":material/table:"), ("pdf", ":material/picture_as_pdf:")):
        st.link_button(
            _("List as {kind}").format(kind=kind.upper()),
            f"/download/course/{course_id}/participants.{kind}",
            key=f"list_{kind}",
            icon=icon,
        )


def nobody(part: Part) -> str:
    """What an empty list says."""
    return {
        Part.SEATED: _("Nobody here. Enrol somebody by hand, or wait for enrolments."),
        Part.WAITING: _("Nobody waits for a seat."),
        Part.GONE: _("Nobody has cancelled."),
    }[part]


def explain_waiting(actor: Actor, course: CourseDetail) -> None:
    """How the waiting list moves by itself, and who was offered a seat and why."""
    st.caption(
        _(
            "Who waits longest comes first. When a seat comes free the next in line gets an offer by itself, open for "
            "{hours} hours; nobody else can take that seat meanwhile."
        ).format(hours=number(decided().waiting_list_offer_hours))
    )
    with read() as db:
        given = one_course.offers(db, actor, course.course_id)
    if not given:
        return
    with st.expander(_("Who was offered a seat, and why"), icon=":material/history:"):
        for each in given:
            why = _("next in line") if each.why == "next in line" else each.why
            st.markdown(
                f"{moment(each.at)} · **{cards.plain(each.person_name)}** · {cards.plain(why)} · {cards.plain(each.by)}"
            )


def draw(
    row: EnrolmentRow,
    contact: Contact | None,
    course: CourseDetail,
    answers: Mapping[int, Sequence[Answer]] | None = None,
) -> None:
    """One enrolment with its actions. `answers` by enrolment, None when the course asks nothing."""
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(width="stretch", gap="xxsmall"):
                name = cards.plain(row.person_name)
                st.markdown(f"**{name}**" if row.person_id else f":orange[**{name}**]")
                for line in (_reach(contact), _money(row)):
                    if line:
                        st.caption(line)
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                if contact is not None and contact.is_undeliverable:
                    st.badge(_("Address refuses mail"), icon=":material/unsubscribe:", color="red")
                if row.status is not EnrolmentStatus.CONFIRMED:
                    cards.status_badge(row.status)
        if answers and row.enrolment_id in answers:
            st.caption(f":material/contact_support: {questions.lines(answers[row.enrolment_id])}")
        _actions(row, course, asks=answers is not None)
        refusal(f"seat_{row.enrolment_id}")


def _reach(contact: Contact | None) -> str:
    if contact is None:
        return ""
    texts = [contact.email, contact.phone, label(contact.function) if contact.function else ""]
    return " · ".join(cards.plain(text) for text in texts if text)


def _money(row: EnrolmentRow) -> str:
    parts = []
    if row.payer_kind is PayerKind.INSTITUTION:
        parts.append(_("payer: {payer}").format(payer=cards.plain(row.payer_name)))
    parts.append(cards.price(row.price_cents))
    if row.billed_on is not None:
        parts.append(_("the debit note left on {date}").format(date=short_day(row.billed_on)))
    elif row.debit_note_on is not None:
        parts.append(_("the debit note leaves on {date}").format(date=short_day(row.debit_note_on)))
    if row.billing_reference:
        parts.append(_("reference {text}").format(text=cards.plain(row.billing_reference)))
    if row.waiting_position is not None:
        parts.append(_("place {position}").format(position=number(row.waiting_position)))
    if row.offer_expires_at is not None:
        parts.append(_("offer until {moment}").format(moment=moment(row.offer_expires_at)))
    return " · ".join(parts)


def _actions(row: EnrolmentRow, course: CourseDetail, *, asks: bool) -> None:
    is_open = course.status in (CourseStatus.PUBLISHED, CourseStatus.CLOSED)
    with st.container(horizontal=True, gap="small"):
        if row.status is EnrolmentStatus.WAITLISTED and is_open:
            free = course.taken < course.capacity
            _button(_("Offer a seat"), "offer", row, ":material/notifications_active:", disabled=not free)
        if row.status is EnrolmentStatus.CONFIRMED and row.person_id is not None and not row.has_started:
            _button(_("Replace"), "swap", row, ":material/swap_horiz:")
        if asks and row.person_id is not None and row.status in ACTIVE:
            _button(_("Answers"), "answers", row, ":material/contact_support:")
        if row.is_coming or row.status is EnrolmentStatus.CONFIRMED:
            cost = f" ({euro(row.cancel_cents)})" if row.cancel_cents else ""
            _button(_("Cancel") + cost, "drop", row, ":material/cancel:")


def _button(text: str, name: str, row: EnrolmentRow, icon: str, *, disabled: bool = False) -> None:
    st.button(
        text,
        key=f"{name}_{row.enrolment_id}",
        icon=icon,
        disabled=disabled,
        help=_("There is no free seat to offer.") if disabled else None,
        on_click=open_dialog,
        args=(name, row.enrolment_id),
    )
