"""A secretariat enrols colleagues: choose them, see cost and places, confirm once; all or nothing (R28–R30)."""

from functools import partial

import streamlit as st

from core import clock
from core.db import Db, read
from core.errors import DomainError
from core.i18n import _, say
from core.queries import colleagues as people
from core.queries import course_details, institutions
from core.queries import questions as question_queries
from core.queries.courses import course_id_of
from core.rules import billing
from core.rules.enrolment import Offering, check_open
from core.services import colleagues
from core.services.colleagues import GroupResult
from core.vocabulary import Actor, Role
from pages.shared import cards, choosing, enrolling, forms, group, questions
from pages.shared.access import require
from pages.shared.decided import decided
from pages.shared.feedback import attempt, refusal

signed_in = require(Role.INSTITUTION)
with read() as db:
    course = course_details.course_detail(db, course_id_of(str(st.query_params.get("id") or "")))
    if course is None:
        st.title(_("This course was not found"), anchor=False)
        st.page_link("public/catalogue.py", label=_("All courses"), icon=":material/arrow_back:")
        st.stop()
    candidates = people.candidates(db, signed_in.actor, course.course_id)
    own = institutions.own(db, signed_in.actor)
    asked = question_queries.of_course(db, course.course_id)

place = f"group_{course.course_id}"
done: GroupResult | None = st.session_state.get(place)
if done is not None:
    group.what_happens_next(course, done, place)
    st.stop()
offering = Offering(course.status, course.first_day, course.deadline, course.capacity, course.taken, course.waiting)
waits = offering.places_left <= 0
st.title(_("Put colleagues on the waiting list") if waits else _("Enrol colleagues"), anchor=False)
cards.summary(course)
try:
    check_open(offering, clock.today())
except DomainError as refused:
    st.warning(cards.plain(say(refused)), icon=":material/block:")
    st.page_link("public/catalogue.py", label=_("All courses"), icon=":material/arrow_back:")
    st.stop()
if waits:
    enrolling.waiting_list()

st.subheader(_("Who?"), anchor=False)
if candidates:
    chosen = choosing.colleagues(candidates, str(course.course_id))
else:
    choosing.nobody_linked()
    chosen = ()
unnamed = 0 if waits else group.unnamed(offering.places_left - len(chosen), course.first_day)
st.session_state.setdefault("billing_reference", own.billing_reference)
forms.text(_("Your reference on the debit note (optional)"), key="billing_reference", longest=100)
names = {each.person_id: each.name for each in candidates if each.person_id in chosen}
questions.of_colleagues(asked, names, "group")
leaves_on = billing.leaves_on(clock.today(), decided().debit_note_after_days, own.note_grouping)
group.costs(course, list(names.values()), unnamed, offering.places_left, leaves_on, waits=waits)


def act(db: Db, actor: Actor) -> GroupResult:
    """Enrol those chosen now, or put them on the waiting list."""
    reference, given = forms.kept("billing_reference"), questions.given_for(asked, chosen)
    if waits:
        return colleagues.wait_for_colleagues(
            db, actor, course.course_id, chosen, billing_reference=reference, given=given
        )
    return colleagues.enrol_colleagues(
        db, actor, course.course_id, chosen, unnamed=unnamed, billing_reference=reference, given=given
    )


refusal("group")
st.button(
    _("Put on the waiting list") if waits else _("Confirm the enrolments"),
    key="confirm_group",
    type="primary",
    icon=":material/group_add:",
    disabled=not chosen and not unnamed,
    on_click=attempt,
    args=("group", act),
    kwargs={"then": partial(st.session_state.__setitem__, place)},
)
