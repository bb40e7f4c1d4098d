"""«Evaluaties»: what participants thought of a course and of a teacher, and what they are asked."""

import streamlit as st

from core.access import NotFound
from core.db import read
from core.i18n import _, ngettext
from core.queries import evaluated, evaluation
from core.vocabulary import Role
from pages.shared import address, cards, evaluation_questions, evaluation_results, paging
from pages.shared.access import require
from pages.shared.address import Choice

signed_in = require(Role.COORDINATOR)
PAGE_SIZE, PAGE, FILE = 20, "evaluated_page", "coordinator/evaluations.py"
OF_COURSES, OF_TEACHERS, QUESTIONS = "nascholingen", "docenten", "vragen"
TABS = (OF_COURSES, OF_TEACHERS, QUESTIONS)
CHOICES = {
    "cursus": Choice(int),
    "docent": Choice(int),
    "toon": Choice(lambda text: text if text in TABS else OF_COURSES, OF_COURSES),
    "zoek_evaluatie": Choice(empty=""),
}


def first_page() -> None:
    """Callback: another list begins at its first page."""
    paging.first(PAGE)


def one(course_id: int | None, teacher_id: int | None) -> None:
    """The results of a course, or of all courses of a teacher."""
    st.page_link(FILE, label=_("All evaluations"), icon=":material/arrow_back:")
    try:
        with read() as db:
            if course_id is not None:
                found = evaluation.of_course(db, signed_in.actor, course_id)
            else:
                found = evaluation.of_teacher(db, signed_in.actor, teacher_id or 0)
    except NotFound:
        st.title(_("This evaluation was not found"), anchor=False)
        return
    st.title(cards.plain(found.title), anchor=False)
    if course_id is not None and found.forms:
        link = f"/download/course/{course_id}/evaluations.xlsx"
        st.link_button(_("As a workbook (XLSX)"), link, key="evaluations_xlsx", icon=":material/table:")
    evaluation_results.draw(found)
    if course_id is not None:
        st.subheader(_("What is asked"), anchor=False)
        evaluation_questions.draw(signed_in.actor, course_id)


address.adopt(CHOICES)
course_id, teacher_id = st.session_state.get("cursus"), st.session_state.get("docent")
if course_id is not None or teacher_id is not None:
    address.tell(CHOICES)
    one(course_id, teacher_id)
    st.stop()
st.title(_("Evaluations"), anchor=False)
names = {OF_COURSES: _("By course"), OF_TEACHERS: _("By teacher"), QUESTIONS: _("What is asked")}
tab = st.segmented_control(
    _("Part"),
    TABS,
    key="toon",
    required=True,
    format_func=names.get,
    label_visibility="collapsed",
    on_change=first_page,
)
if tab == QUESTIONS:
    address.tell(CHOICES)
    st.caption(_("These questions are asked after every course, unless a course has questions of its own."))
    evaluation_questions.draw(signed_in.actor)
    st.stop()
text = st.text_input(
    _("Search"),
    key="zoek_evaluatie",
    type="search",
    live=True,
    placeholder=_("Title, code or name"),
    label_visibility="collapsed",
    on_change=first_page,
)
address.tell(CHOICES)
listed, word = (evaluated.courses, "cursus") if tab == OF_COURSES else (evaluated.teachers, "docent")
with read() as db:
    found = listed(db, signed_in.actor, text or "", page=paging.current(PAGE), size=PAGE_SIZE)
st.caption(ngettext("{count} found", "{count} found", found.total))
if not found.total:
    st.info(_("No evaluation was asked for yet: that is done after the last course day."), icon=":material/reviews:")
for each in found.rows:
    evaluation_results.row(each, FILE, word)
paging.pages(found.total, PAGE_SIZE, PAGE)
