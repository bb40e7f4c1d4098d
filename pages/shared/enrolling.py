"""What follows enrolling: the next steps, and accepting a seat that the waiting list offers."""

from datetime import datetime
from functools import partial

import streamlit as st

from core.i18n import _, day, moment
from core.queries.courses import CourseDetail
from core.services import enrolments as services
from core.services.enrolments import EnrolmentResult
from core.vocabulary import EnrolmentStatus
from pages.shared import cards
from pages.shared.feedback import attempt, refusal


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
    st.markdown(f":material/mail: {_('You get a confirmation by mail at once; your school too, when it pays.')}")
    if done.debit_note_on is not None:
        st.markdown(
            f":material/receipt_long: {_('The debit note leaves on {date}.').format(date=day(done.debit_note_on))}"
        )
    st.markdown(f":material/workspace_premium: {_('A week after the last day you download your certificate.')}")
    with st.container(horizontal=True):
        if done.status is EnrolmentStatus.CONFIRMED:
            st.link_button(
                _("Add to my calendar"),
                f"/download/calendar/{done.enrolment_id}.ics",
                icon=":material/calendar_add_on:",
            )
        st.page_link("pages/person/enrolments.py", label=_("My courses"), icon=":material/event_available:")


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
