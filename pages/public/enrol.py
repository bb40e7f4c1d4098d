"""Enrolling: who pays, what it costs, when the debit note leaves, confirm; then what happens next (R14–R16)."""

from datetime import timedelta
from functools import partial

import streamlit as st

from core import clock
from core.db import Db, read
from core.errors import DomainError
from core.i18n import _, day, hour, say, weekday
from core.queries import courses, enrolments
from core.rules.enrolment import Offering, check_open, check_person
from core.services import enrolments as services
from core.services.enrolments import EnrolmentResult
from core.settings import settings
from core.vocabulary import Actor, EnrolmentStatus, Role
from pages.shared import cards, enrolling
from pages.shared.access import require
from pages.shared.feedback import attempt, refusal

signed_in = require(Role.PERSON)
with read() as db:
    course = courses.course_detail(db, courses.course_id_of(str(st.query_params.get("id") or "")))
    if course is None:
        st.title(_("This course was not found"), anchor=False)
        st.page_link("pages/public/catalogue.py", label=_("All courses"), icon=":material/arrow_back:")
        st.stop()
    mine = enrolments.standing(db, signed_in.actor, course.course_id)
    payers = enrolments.possible_payers(db, signed_in.actor)
    overlaps = services.overlapping(db, signed_in.actor, course.course_id)

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
    st.warning(say(refused), icon=":material/block:")
    st.page_link("pages/person/enrolments.py", label=_("My courses"), icon=":material/event_available:")
    st.stop()

for other in overlaps:
    st.warning(
        _("You already have «{title}» on {date} from {start} to {end}.").format(
            title=other.title, date=weekday(other.held_on), start=hour(other.starts_at), end=hour(other.ends_at)
        ),
        icon=":material/event_repeat:",
    )
if waits:
    st.info(
        _(
            "The course is full. On the waiting list you pay nothing; when a seat comes free you get a mail and have {hours} hours to accept it."
        ).format(hours=settings().waiting_list_offer_hours),
        icon=":material/hourglass_top:",
    )
st.subheader(_("To whom is the debit note addressed?"), anchor=False)
possible = {0: _("Myself")} | {
    payer.institution_id: _("Institution {name}").format(name=payer.name) for payer in payers if payer.refusal is None
}
payer_id = st.radio(
    _("Payer"), list(possible), format_func=possible.get, key="choose_payer", label_visibility="collapsed"
)
for payer in payers:
    if payer.refusal is not None:
        st.caption(f":material/block: {say(payer.refusal)}")
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.caption(
        _("Is your school not in the list? Mark it first under «My details» → «Institutions I am attached to»."),
        width="content",
    )
    st.page_link("pages/person/details.py", label=_("Link my school"), icon=":material/add_link:")
reference = (
    st.text_input(_("Reference of your school (optional)"), key="billing_reference", max_chars=100) if payer_id else ""
)
st.subheader(_("What you agree to"), anchor=False)
if course.price_cents:
    leaves_on = clock.today() + timedelta(days=settings().debit_note_after_days)
    st.markdown(
        ":material/receipt_long: "
        + _(
            "The price is **{price}**. The debit note leaves on **{date}**; until then payer and reference can still change."
        ).format(price=cards.price(course.price_cents), date=day(leaves_on))
        if not waits
        else ":material/receipt_long: "
        + _("The price is **{price}**, due only once you have a seat.").format(price=cards.price(course.price_cents))
    )
    cards.terms(course.steps)
else:
    st.markdown(f":material/redeem: {_('This course is free of charge.')}")


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
