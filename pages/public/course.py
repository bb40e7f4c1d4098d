"""One course: what, for whom, when, where, by whom, how much, and the way in."""

import streamlit as st

from core.db import read
from core.i18n import _, number
from core.queries import course_details, enrolments
from core.queries.courses import course_id_of
from core.vocabulary import Role
from pages.shared import cards, course_facts, filters
from pages.shared.access import public

signed_in = public()
role = signed_in.role if signed_in else None
with read() as db:
    course = course_details.course_detail(db, course_id_of(str(st.query_params.get("id") or "")))
    mine = (
        enrolments.standing(db, signed_in.actor, course.course_id)
        if course is not None and signed_in is not None and role is Role.PERSON
        else None
    )
st.page_link(
    "public/catalogue.py",
    label=_("Back to the courses"),
    icon=":material/arrow_back:",
    query_params=st.session_state.get(filters.LATEST),
)
if course is None:
    st.title(_("This course was not found"), anchor=False)
    st.info(
        _("Perhaps the address is incomplete. Search for the course in the catalogue."), icon=":material/search_off:"
    )
    st.stop()

course_facts.heading(course)
with st.container(border=True):
    course_facts.at_a_glance(course)
    course_facts.way_in(course, role, mine[1] if mine else None)
main, aside = st.columns([2, 1], gap="large")
with main:
    course_facts.description(course)
with aside:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{_('Course days')}**")
        cards.day_list(course.days, is_online=course.is_online)
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{_('Cancelling')}**")
        if course.price_cents:
            cards.terms(course.terms)
        else:
            st.markdown(_("This course is free of charge."))
    st.caption(
        f"{cards.plain(course.code)} · "
        + _("{taken} of {capacity} places taken").format(
            taken=number(min(course.taken, course.capacity)), capacity=number(course.capacity)
        )
    )
