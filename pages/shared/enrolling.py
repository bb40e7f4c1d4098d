"""The parts of enrolling: data check, payer, terms; the next steps; accepting a seat that the waiting list offers."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

import streamlit as st

from core import clock
from core.i18n import _, day, hour, moment, say, weekday
from core.queries.course_details import CourseDetail
from core.queries.enrolments import PossiblePayer
from core.queries.persons import OwnDetails
from core.rules.billing import certificate_from, leaves_on
from core.rules.enrolment import Meeting
from core.services import enrolments as services
from core.services.enrolments import EnrolmentResult
from core.vocabulary import EnrolmentStatus, NoteGrouping
from pages.shared import cards
from pages.shared.decided import decided
from pages.shared.feedback import attempt, refusal
from pages.shared.own_payer import name_of


def overlaps(found: Sequence[Meeting]) -> None:
    """A warning for each course of the same hours that one has already."""
    for other in found:
        st.warning(
            _("You already have «{title}» on {date} from {start} to {end}.").format(
                title=cards.plain(other.title),
                date=weekday(other.held_on),
                start=hour(other.starts_at),
                end=hour(other.ends_at),
            ),
            icon=":material/event_repeat:",
        )


def waiting_list() -> None:
    """What the waiting list of a full course means (D14)."""
    st.info(
        _(
            "The course is full. On the waiting list you pay nothing; when a seat comes free you get a mail "
            "and have {hours} hours to accept it."
        ).format(hours=decided().waiting_list_offer_hours),
        icon=":material/hourglass_top:",
    )


def data_check(own: OwnDetails, email: str) -> None:
    """The own data as documents will show them, and the way to mend them."""
    st.subheader(_("Are your details right?"), anchor=False)
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        address = cards.address(own.street, own.postcode, own.city)
        facts = [f"**{cards.plain(f'{own.first_name} {own.last_name}')}**"]
        facts += [cards.plain(text) for text in (email, address, own.phone) if text]
        st.markdown("  \n".join(facts), width="content")
        st.page_link("person/details.py", label=_("Change my details"), icon=":material/edit:")


def payer(payers: Sequence[PossiblePayer]) -> int:
    """The choice of who pays; 0 is the person. An institution that forbids it is named with the reason (R34)."""
    st.subheader(_("To whom is the debit note addressed?"), anchor=False)
    possible = {0: _("Myself")} | {each.institution_id: name_of(each) for each in payers if each.refusal is None}
    chosen: int = st.radio(
        _("Payer"), list(possible), format_func=possible.get, key="choose_payer", label_visibility="collapsed"
    )
    if any(each.institution_id == chosen and each.is_asked_first for each in payers):
        st.info(
            _(
                "This institution wants to approve first. It is asked by mail; as long as it has not agreed you are "
                "the payer, and when it does not answer before the debit note leaves you stay so."
            ),
            icon=":material/contact_support:",
        )
    for each in payers:
        if each.refusal is not None:
            st.caption(f":material/block: {cards.plain(say(each.refusal))}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            _("Is your school not in the list? Mark it first under «My details» → «Institutions I am attached to»."),
            width="content",
        )
        st.page_link("person/details.py", label=_("Link my school"), icon=":material/add_link:")
    return chosen


def agreement(course: CourseDetail, grouping: NoteGrouping, *, waits: bool) -> None:
    """What it costs, when the debit note leaves, and the terms."""
    st.subheader(_("What you agree to"), anchor=False)
    if not course.price_cents:
        st.markdown(f":material/redeem: {_('This course is free of charge.')}")
        return
    if waits:
        text = _("The price is **{price}**, due only once you have a seat.").format(
            price=cards.price(course.price_cents)
        )
    else:
        on = leaves_on(clock.today(), decided().debit_note_after_days, grouping)
        text = _(
            "The price is **{price}**. The debit note leaves on **{date}**; until then payer and reference "
            "can still change."
        ).format(price=cards.price(course.price_cents), date=day(on))
    st.markdown(f":material/receipt_long: {text}")
    cards.terms(course.terms)


def what_happens_next(course: CourseDetail, done: EnrolmentResult) -> None:
    """The screen after enrolling: what was agreed, which mails come when, the calendar file."""
    if done.status is EnrolmentStatus.WAITLISTED:
        st.title(_("You are on the waiting list"), anchor=False)
        st.info(_("You get a mail as soon as a seat comes free for you."), icon=":material/hourglass_top:")
    else:
        st.title(_("You are enrolled"), anchor=False)
        st.success(_("Your seat is confirmed. You will find it under «My courses»."), icon=":material/check_circle:")
    cards.summary(course)
    st.subheader(_("What happens now?"), anchor=False)
    for line in _next_steps(course, done):
        st.markdown(line)
    with st.container(horizontal=True, vertical_alignment="center"):
        if done.status is EnrolmentStatus.CONFIRMED:
            st.link_button(
                _("Add to my calendar"),
                f"/download/calendar/{done.enrolment_id}.ics",
                icon=":material/calendar_add_on:",
            )
        st.page_link("person/enrolments.py", label=_("My courses"), icon=":material/event_available:")


def _next_steps(course: CourseDetail, done: EnrolmentResult) -> Iterator[str]:
    """What follows, and when."""
    own = decided()
    if done.status is not EnrolmentStatus.CONFIRMED:
        yield f":material/mail: {_('You get a confirmation by mail at once.')}"
        accept = _("When a seat comes free for you, you have {hours} hours to accept it.")
        yield f":material/timer: {accept.format(hours=own.waiting_list_offer_hours)}"
        return
    yield f":material/mail: {_('You get a confirmation by mail at once; your school too, when it pays.')}"
    if done.debit_note_on is not None:
        yield f":material/receipt_long: {_('The debit note leaves on {date}.').format(date=day(done.debit_note_on))}"
    if course.last_day is not None:
        appears = certificate_from(course.last_day, own.certificate_after_days)
        text = _("From {date} on you download your certificate under «My courses».").format(date=day(appears))
        yield f":material/workspace_premium: {text}"


def offer(course: CourseDetail, enrolment_id: int, _status: EnrolmentStatus, expires_at: datetime | None) -> None:
    """A seat is on offer: take it before the deadline."""
    st.title(_("A seat is waiting for you"), anchor=False)
    cards.summary(course)
    if expires_at is not None:
        st.info(
            _("The seat is kept for you until {moment}.").format(moment=moment(expires_at)), icon=":material/timer:"
        )
    refusal("accept")
    st.button(
        _("Accept the seat"),
        key=f"accept_{enrolment_id}",
        type="primary",
        icon=":material/check:",
        on_click=attempt,
        args=("accept", lambda db, actor: services.accept_offer(db, actor, enrolment_id)),
        kwargs={"then": partial(st.session_state.__setitem__, f"enrolled_{course.course_id}")},
    )
