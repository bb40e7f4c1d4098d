"""One course to write: its texts, places and price; its days; its questions; what can be done with it as a whole."""

import streamlit as st

from core.db import Db, read
from core.i18n import _, number
from core.queries import course_list, course_sheets
from core.queries import questions as question_queries
from core.services import courses
from core.vocabulary import Actor, Role
from pages.shared import (
    course_actions,
    course_cancelling,
    course_conflict,
    course_days,
    course_form,
    course_questions,
)
from pages.shared.access import require
from pages.shared.course_form import PLACE, Choices
from pages.shared.feedback import attempt, refusal

signed_in = require(Role.COORDINATOR)
go_to = st.session_state.pop(course_actions.GO_TO, None)
if go_to == 0:
    st.switch_page("coordinator/courses.py")
if go_to is not None:
    st.query_params["id"] = str(go_to)
asked = str(st.query_params.get("id") or "")
with read() as db:
    sheet = course_sheets.sheet(db, signed_in.actor, int(asked) if asked.isdecimal() else None)
    asked = question_queries.all_of_course(db, signed_in.actor, sheet.course_id) if sheet else ()
    choices = Choices(course_list.teachers(db, signed_in.actor), course_sheets.terms(db))
st.page_link("coordinator/courses.py", label=_("All courses"), icon=":material/arrow_back:")
if asked and sheet is None:
    st.title(_("This course was not found"), anchor=False)
    st.stop()
course_form.open_for(sheet)


def create(db: Db, actor: Actor) -> int:
    """Make a draft of what is typed."""
    return courses.create(db, actor, course_form.typed())


def save(*, overwrites: bool = False) -> None:
    """Callback: save what is typed, with what was chosen where a colleague changed something meanwhile."""
    if sheet is None:
        return
    identity = sheet.course_id
    values, seen = course_conflict.resolved(sheet, overwrites=overwrites)
    attempt(
        PLACE,
        lambda db, actor: courses.change(db, actor, identity, values, seen=seen),
        done=course_actions.saved_text,
        then=course_form.forget,
    )


if sheet is None:
    st.title(_("New course"), anchor=False)
    course_form.draw(choices, is_locked=False)
    refusal(PLACE)
    st.button(
        _("Make the course"),
        key="create_course",
        type="primary",
        icon=":material/add:",
        on_click=attempt,
        args=(PLACE, create),
        kwargs={
            "done": _("The course is in preparation. Add its days, then publish it."),
            "then": course_actions.go_to,
        },
    )
    st.stop()

course_actions.heading(sheet)
course_cancelling.state(sheet, signed_in.actor)
course_actions.draw(sheet)
texts, days, questions = st.tabs(
    [
        _("Texts, places and price"),
        _("Course days ({count})").format(count=number(len(sheet.days))),
        _("Questions at enrolment ({count})").format(count=number(sum(each.is_asked for each in asked))),
    ]
)
with texts:
    changes = course_conflict.found(sheet)
    course_form.draw(choices, is_locked=sheet.is_called_off)
    course_actions.price_note(sheet)
    refusal(PLACE)
    if changes:
        with read() as db:
            editors = course_sheets.editors(db, signed_in.actor, sheet.course_id, course_form.seen().version)
        decided = course_conflict.draw(sheet, changes, editors, choices)
        course_conflict.buttons(save, decided=decided)
    elif not sheet.is_called_off:
        st.button(_("Save"), key="save_course", type="primary", icon=":material/save:", on_click=save)
with days:
    course_days.draw(sheet)
with questions:
    course_questions.draw(sheet, asked)
course_actions.dialogs(sheet, signed_in.actor)
course_days.dialogs(sheet, signed_in.actor)
course_questions.dialog(sheet, asked)
course_cancelling.dialog(sheet, signed_in.actor)
