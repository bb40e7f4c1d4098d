"""Enrolling: who pays, what it costs, when the debit note leaves, confirm; then what happens next (R14–R16)."""

from functools import partial

import streamlit as st

from core import clock
from core.db import Db, read
from core.errors import DomainError
from core.i18n import _, say
from core.queries import course_details, enrolments, persons
from core.queries import overlaps as overlap_queries
from core.queries import questions as question_queries
from core.queries.courses import course_id_of
from core.rules.enrolment import Offering, check_open, check_person
from core.services import enrolments as services
from core.services.enrolments import EnrolmentResult
from core.vocabulary import Actor, EnrolmentStatus, NoteGrouping, Role
from pages.shared import cards, enrolling, forms, questions
from pages.shared.access import require
from pages.shared.feedback import attempt, refusal

signed_in = require(Role.PERSON)
with read() as db:
    course = course_details.course_detail(db, course_id_of(str(st.query_params.get("id") or "")))
    if course is None:
        st.title(_("This course was not found"), anchor=False)
        st.page_link("public/catalogue.py", label=_("All courses"), icon=":material/arrow_back:")
        st.stop()
    mine = enrolments.standing(db, signed_in.actor, course.course_id)
    payers = enrolments.possible_payers(db, signed_in.actor)
    details = persons.own_details(db, signed_in.actor)
    asked = question_queries.of_course(db, course.course_id)
    overlaps = overlap_queries.overlapping(db, signed_in.actor, course.course_id)

done: EnrolmentResult | None = st.session_state.get(f"enrolled_{course.course_id}")
if done is not None and mine is not None and mine[0] == done.enrolment_id:
    enrolling.what_happens_next(course, done)
    st.stop()
if mine is not None and mine[1] is EnrolmentStatus.OFFERED:
    enrolling.offer(course, *mine)
    st.stop()

offering = Offering(course.status, course.first_day, course.deadline, course.capacity, course.taken, course.waiting)
waits = offering.places_left <= 0
st.title(_("Join the waiting list") if waits else _("Enrol"), anchor=False)
cards.summary(course)
try:
    check_open(offering, clock.today())
    check_person(signed_in.name, is_confirmed=signed_in.is_confirmed, is_enrolled=mine is not None)
except DomainError as refused:
    st.warning(cards.plain(say(refused)), icon=":material/block:")
    st.page_link("person/enrolments.py", label=_("My courses"), icon=":material/event_available:")
    st.stop()

enrolling.overlaps(overlaps)
if waits:
    enrolling.waiting_list()
enrolling.data_check(details, signed_in.email)
payer_id = enrolling.payer(payers)
if payer_id:
    forms.text(_("Reference of your school (optional)"), key="billing_reference", longest=100)
if asked:
    st.subheader(_("What the course asks"), anchor=False)
    questions.fields(asked, "enrol")
grouping = next((each.note_grouping for each in payers if each.institution_id == payer_id), NoteGrouping.ENROLMENT)
enrolling.agreement(course, grouping, waits=waits)


def act(db: Db, actor: Actor) -> EnrolmentResult:
    """Enrol, or join the waiting list, with what is chosen now."""
    verb = services.join_waiting_list if waits else services.enrol
    chosen = st.session_state.get("choose_payer") or None
    return verb(
        db,
        actor,
        course.course_id,
        payer_institution_id=chosen,
        billing_reference=str(st.session_state.get("billing_reference") or "") if chosen else "",
        given=questions.given(asked),
    )


refusal("enrol")
refusal("enrol", "payer")
st.button(
    _("Join the waiting list") if waits else _("Confirm my enrolment"),
    key="confirm_enrolment",
    type="primary",
    icon=":material/how_to_reg:",
    on_click=attempt,
    args=("enrol", act),
    kwargs={"then": partial(st.session_state.__setitem__, f"enrolled_{course.course_id}")},
)
