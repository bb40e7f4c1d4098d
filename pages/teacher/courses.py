"""«Mijn cursussen» of a teacher, who comes by the mailed link: the own courses, who comes, presence, evaluations."""

import streamlit as st

from core.access import NotFound
from core.db import read
from core.i18n import _
from core.queries import teaching as queries
from pages.shared import address, cards, teaching, teaching_course
from pages.shared.access import public
from pages.shared.address import Choice

public()
teacher = teaching.require_teacher()
CHOICES = {"dag": Choice(int), "cursus": Choice(int)}

address.adopt(CHOICES)
address.tell(CHOICES)
day_id, course_id = st.session_state.get("dag"), st.session_state.get("cursus")
try:
    if day_id is not None:
        teaching_course.one_day(teacher.actor, day_id)
        st.stop()
    if course_id is not None:
        teaching_course.one_course(teacher.actor, course_id)
        st.stop()
except NotFound:
    st.title(_("This course was not found"), anchor=False)
    st.page_link("teacher/courses.py", label=_("My lessons"), icon=":material/arrow_back:")
    st.stop()

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.title(_("My lessons"), anchor=False, width="stretch")
    st.link_button(_("Close on this device"), "/docent", key="leave_teaching", icon=":material/logout:")
st.caption(cards.plain(teacher.name))
with read() as db:
    found = queries.courses(db, teacher.actor)
if not found:
    st.info(_("You have no course to come, nor one of the last weeks."), icon=":material/event:")
for course in found:
    teaching_course.row(course)
