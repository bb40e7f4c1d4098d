"""One course: what, for whom, when, where, by whom, how much, and the way in."""

import streamlit as st

from core import clock
from core.db import read
from core.errors import DomainError
from core.i18n import _, day, number, say
from core.labels import label
from core.queries import course_details, enrolments
from core.queries.courses import course_id_of
from core.rules.enrolment import Offering, check_open
from core.vocabulary import Role
from pages.shared import cards
from pages.shared.access import public

signed_in = public()
with read() as db:
    course = course_details.course_detail(db, course_id_of(str(st.query_params.get("id") or "")))
    mine = (
        enrolments.standing(db, signed_in.actor, course.course_id)
        if course is not None and signed_in is not None and signed_in.role is Role.PERSON
        else None
    )
st.page_link("public/catalogue.py", label=_("All courses"), icon=":material/arrow_back:")
if course is None:
    st.title(_("This course was not found"), anchor=False)
    st.info(
        _("Perhaps the address is incomplete. Search for the course in the catalogue."), icon=":material/search_off:"
    )
    st.stop()

st.title(cards.plain(course.title), anchor=False)
if course.subtitle:
    st.subheader(cards.plain(course.subtitle), anchor=False)
with st.container(horizontal=True, gap="xsmall"):
    for theme in course.themes:
        st.badge(label(theme), icon=cards.icon(theme), color="blue")
    for level in course.levels:
        st.badge(label(level), color="gray")
offering = Offering(course.status, course.first_day, course.deadline, course.capacity, course.taken, course.waiting)
try:
    check_open(offering, clock.today())
    closed = None
except DomainError as refused:
    closed = say(refused)
with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        st.markdown(f"## {cards.price(course.price_cents)}", width="content")
        st.markdown(
            f":material/calendar_month: {cards.dates(course.first_day, course.last_day, len(course.days))}",
            width="content",
        )
        cards.places_badge(course.places_left, course.waiting)
    if mine is not None:
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            cards.status_badge(mine[1])
            st.page_link("person/enrolments.py", label=_("My courses"), icon=":material/event_available:")
    elif closed is not None:
        st.warning(closed, icon=":material/event_busy:")
    else:
        st.button(
            _("Enrol in this course") if offering.places_left else _("Join the waiting list"),
            key="go_enrol",
            type="primary",
            icon=":material/how_to_reg:",
            on_click=st.session_state.__setitem__,
            args=("go_enrol_to", course.address),
        )
        if st.session_state.pop("go_enrol_to", None):
            st.switch_page("public/enrol.py", query_params={"id": course.address})
main, aside = st.columns([2, 1], gap="large")
with aside, st.container(border=True):
    st.progress(
        min(1.0, course.taken / course.capacity) if course.capacity else 1.0,
        text=_("{taken} of {capacity} places taken").format(
            taken=number(min(course.taken, course.capacity)), capacity=number(course.capacity)
        ),
    )
    if course.deadline and closed is None:
        st.caption(_("Enrol by {deadline} at the latest.").format(deadline=day(course.deadline)))
    st.markdown(
        f":material/{'videocam' if course.is_online else 'location_on'}: "
        + (
            _("Online")
            if course.is_online
            else cards.plain(
                ", ".join(filter(None, (course.place, course.street, f"{course.postcode} {course.city}".strip())))
            )
        )
    )
    if course.teachers:
        st.markdown(f":material/person: {cards.plain(', '.join(course.teachers))}")
    st.markdown(f":material/schedule: {_('{hours} hours').format(hours=number(course.total_minutes / 60))}")
    st.caption(f"{label(course.course_type)} · {label(course.language)} · {cards.plain(course.code)}")
with main:
    if course.intro:
        st.markdown(f"**{cards.plain(course.intro)}**")
    for paragraph in course.description.split("\n\n"):
        st.markdown(cards.plain(paragraph))
    st.subheader(_("When"), anchor=False)
    cards.day_list(course.days, is_online=course.is_online)
    if course.target_group:
        st.subheader(_("For whom"), anchor=False)
        st.markdown(cards.plain(course.target_group))
        if course.subjects:
            st.caption(", ".join(label(subject) for subject in course.subjects))
    if course.prerequisites:
        st.subheader(_("What you need"), anchor=False)
        st.markdown(cards.plain(course.prerequisites))
    if course.price_cents:
        st.subheader(_("Cancelling"), anchor=False)
        cards.terms(course.steps)
