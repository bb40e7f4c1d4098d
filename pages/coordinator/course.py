"""One course: participants, waiting list, who left, a mail to them, go or no-go."""

import streamlit as st

from core.db import read
from core.i18n import _, number
from core.queries import course_details, one_course, questions
from core.queries.one_course import Part
from core.vocabulary import CoordinatorRole, Role
from pages.shared import (
    address,
    course_answers,
    course_certificates,
    course_dialogs,
    course_letters,
    course_rows,
    course_teaching,
    giving_material,
    go_ahead,
    paging,
)
from pages.shared.access import require
from pages.shared.address import Choice
from pages.shared.feedback import open_dialog

signed_in = require(Role.COORDINATOR)
PAGE_SIZE = 25
ANSWERS, LETTER, GO, DAYS = "antwoorden", "mail", "beslissen", "aanwezigheid"
MATERIAL, PAPERS = "materiaal", "attesten"
TABS = [*Part, DAYS, MATERIAL, PAPERS, ANSWERS, LETTER, GO]
CHOICES = {
    "id": Choice(int),
    "deel": Choice(lambda text: text if text in TABS else Part.SEATED, Part.SEATED),
    "naam": Choice(empty=""),
}


def first_page() -> None:
    """Callback: another list begins at its first page."""
    paging.first("course_page")


address.adopt(CHOICES)
course_id = st.session_state.get("id") or 0
with read() as db:
    course = course_details.course_detail(db, course_id)
    asked = questions.all_of_course(db, signed_in.actor, course_id)
    counts = one_course.counts(db, signed_in.actor, course_id)
if course is None:
    st.title(_("This course was not found"), anchor=False)
    st.page_link("coordinator/today.py", label=_("Back to today"), icon=":material/arrow_back:")
    st.stop()

course_rows.heading(course)
names = {
    Part.SEATED: _("Participants ({count})").format(count=number(counts[Part.SEATED])),
    Part.WAITING: _("Waiting list ({count})").format(count=number(counts[Part.WAITING])),
    Part.GONE: _("Cancelled ({count})").format(count=number(counts[Part.GONE])),
    DAYS: _("Attendance"),
    ANSWERS: _("Answers"),
    LETTER: _("Mail"),
    GO: _("Go or no-go"),
    MATERIAL: _("Course material"),
    PAPERS: _("Certificates"),
}
stays = (Part.SEATED, st.session_state.get("deel"))  # an empty list is not worth a place, unless it is looked at
tab = st.segmented_control(
    _("Part"),
    [each for each in TABS if (asked if each == ANSWERS else each in stays or counts.get(each) != 0)],
    required=True,
    format_func=names.get,
    key="deel",
    label_visibility="collapsed",
    wrap=False,
    on_change=first_page,
)
if tab == DAYS:
    address.tell(CHOICES)
    course_teaching.draw(signed_in.actor, course.course_id)
    st.stop()
if tab in (ANSWERS, LETTER, GO):
    address.tell(CHOICES)
    part_of = {ANSWERS: course_answers.draw, LETTER: course_letters.draw, GO: go_ahead.draw}
    part_of[tab](signed_in.actor, course)
    st.stop()
if tab in (MATERIAL, PAPERS):
    address.tell(CHOICES)
    draw = giving_material.draw if tab == MATERIAL else course_certificates.draw
    draw(signed_in.actor, course_id, may_change=signed_in.actor.coordinator_role != CoordinatorRole.READER)
    st.stop()

part = Part(tab)
with st.container(horizontal=True, vertical_alignment="bottom"):
    text = st.text_input(
        _("Search"),
        key="naam",
        type="search",
        live=True,
        placeholder=_("Name of the participant or the payer"),
        label_visibility="collapsed",
        on_change=first_page,
        width=320,
    )
    if part is Part.SEATED:
        st.button(_("Enrol by hand"), key="by_hand", icon=":material/person_add:", on_click=open_dialog, args=("hand",))
        course_rows.lists(course_id)
address.tell(CHOICES)
with read() as db:
    found = one_course.participants(
        db, signed_in.actor, course_id, part, text or "", page=paging.current("course_page"), size=PAGE_SIZE
    )
    given = questions.answers(db, signed_in.actor, [row.enrolment_id for row in found.rows]) if asked else None
if part is Part.WAITING:
    course_rows.explain_waiting(signed_in.actor, course)
if not found.total:
    st.info(course_rows.nobody(part), icon=":material/group:")
for row in found.rows:
    course_rows.draw(row, found.contacts.get(row.person_id or 0), course, given)
paging.pages(found.total, PAGE_SIZE, "course_page")
course_dialogs.draw(signed_in.actor, course)
