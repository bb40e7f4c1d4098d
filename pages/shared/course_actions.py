"""What one can do with a course as a whole: publish, close, open again, take back, repeat, delete."""

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from core import clock
from core.db import Db, read
from core.i18n import _, day, ngettext
from core.labels import colour, icon, label
from core.queries.course_sheets import CourseSheet
from core.services import course_repeats, courses
from core.services.courses import Saved
from core.vocabulary import Actor, CourseStatus
from pages.shared import cards, course_cancelling, course_form, forms
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

GO_TO = "_go_to_course"


def heading(sheet: CourseSheet) -> None:
    """Its title, its state, how full it is."""
    st.title(cards.plain(sheet.values.title), anchor=False)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.badge(label(sheet.status), icon=icon(sheet.status), color=colour(sheet.status))
        if sheet.status in (CourseStatus.PUBLISHED, CourseStatus.CLOSED):
            st.badge(label(sheet.occupancy), icon=icon(sheet.occupancy), color=colour(sheet.occupancy))
        facts = [
            sheet.values.code,
            cards.dates(sheet.first_day, sheet.last_day, len(sheet.days)),
            ngettext("{count} place taken", "{count} places taken", sheet.taken),
        ]
        if sheet.waiting:
            facts.append(ngettext("{count} waiting", "{count} waiting", sheet.waiting))
        st.caption(" · ".join(cards.plain(fact) for fact in facts), width="content")


def draw(sheet: CourseSheet) -> None:
    """The buttons that this state allows, and below them why the last one was refused."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for to, (name, symbol, done) in _steps(sheet).items():
            st.button(
                name,
                key=f"move_{to}",
                type="primary" if sheet.status is CourseStatus.DRAFT else "secondary",
                icon=symbol,
                on_click=attempt,
                args=("course_step", _moving(sheet.course_id, to)),
                kwargs={"done": done},
            )
        _dialog_button(_("Make a repeat"), "repeat", sheet, ":material/content_copy:")
        course_cancelling.button(sheet)
        if sheet.status is CourseStatus.DRAFT and not sheet.has_history:
            _dialog_button(_("Delete"), "delete_course", sheet, ":material/delete:")
        if sheet.status is not CourseStatus.DRAFT:
            st.page_link(
                "coordinator/course.py",
                label=_("Participants"),
                icon=":material/groups:",
                query_params={"id": str(sheet.course_id)},
            )
            st.page_link(
                "public/course.py",
                label=_("As visitors see it"),
                icon=":material/visibility:",
                query_params={"id": sheet.address},
            )
    refusal("course_step")


def _steps(sheet: CourseSheet) -> dict[CourseStatus, tuple[str, str, str]]:
    """The state each button leads to: its name, its icon, what is said after it."""
    publish = (_("Publish"), ":material/public:", _("The course is on the website: one can enrol."))
    reopen = (_("Open for enrolling"), ":material/lock_open:", _("One can enrol again."))
    close = (_("Close for enrolling"), ":material/lock:", _("Nobody can enrol any more. What stands stays."))
    withdraw = (_("Back to preparation"), ":material/undo:", _("The course is off the website."))
    match sheet.status:
        case CourseStatus.DRAFT:
            return {CourseStatus.PUBLISHED: publish}
        case CourseStatus.CLOSED:
            return {CourseStatus.PUBLISHED: reopen}
        case CourseStatus.PUBLISHED if not sheet.has_history:
            return {CourseStatus.CLOSED: close, CourseStatus.DRAFT: withdraw}
        case CourseStatus.PUBLISHED:
            return {CourseStatus.CLOSED: close}
    return {}


def _moving(course_id: int, to: CourseStatus) -> Callable[[Db, Actor], None]:
    return lambda db, actor: courses.move(db, actor, course_id, to)


def _dialog_button(name: str, dialog: str, sheet: CourseSheet, symbol: str) -> None:
    st.button(name, key=f"ask_{dialog}", icon=symbol, on_click=open_dialog, args=(dialog, sheet.course_id))


def saved_text(saved: Saved) -> str:
    """What is said after saving: that existing enrolments keep their price, that seats were offered."""
    if not saved.changed:
        return _("Nothing was changed.")
    parts = [_("The course has been saved.")]
    if saved.keep_price:
        parts.append(
            ngettext(
                "{count} enrolment keeps the price it was made at.",
                "{count} enrolments keep the price they were made at.",
                saved.keep_price,
            )
        )
    if saved.offered:
        parts.append(
            ngettext(
                "{count} seat was offered to the waiting list.",
                "{count} seats were offered to the waiting list.",
                saved.offered,
            )
        )
    return " ".join(parts)


def price_note(sheet: CourseSheet) -> None:
    """Before the price is changed: for whom it will not change."""
    standing = sheet.taken + sheet.waiting
    if standing:
        text = ngettext(
            "{count} enrolment keeps the price it was made at; a new price is for who enrols later.",
            "{count} enrolments keep the price they were made at; a new price is for who enrols later.",
            standing,
        )
        st.caption(f":material/info: {text}")


def dialogs(sheet: CourseSheet, actor: Actor) -> None:
    """Open the dialog that was asked for, if any."""
    if dialog_subject("repeat") == sheet.course_id:
        _repeat(sheet, actor)
    if dialog_subject("delete_course") == sheet.course_id:
        _delete(sheet)


def _repeat(sheet: CourseSheet, actor: Actor) -> None:
    with read() as db:
        proposal = course_repeats.suggestion(db, actor, sheet.course_id)

    def act(db: Db, actor: Actor) -> int:
        state = st.session_state
        return course_repeats.repeat(
            db,
            actor,
            sheet.course_id,
            first_day=state["repeat_first_day"],
            title=state["repeat_title"],
            code=state["repeat_code"],
        )

    @st.dialog(_("Make a repeat"), icon=":material/content_copy:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(
            _("A new course in preparation, with the same texts, days, questions, price and costs. Nobody is told.")
        )
        earliest = max(clock.today(), sheet.first_day or clock.today()) + timedelta(days=1)
        first = st.date_input(
            _("First day"), value=earliest, format="DD/MM/YYYY", min_value=date(2000, 1, 1), key="repeat_first_day"
        )
        forms.text(_("Title"), proposal.title, key="repeat_title", longest=200)
        refusal("repeat", "repeat_title")
        forms.text(_("Code"), proposal.code, key="repeat_code", longest=30)
        refusal("repeat", "repeat_code")
        if sheet.first_day is not None and isinstance(first, date):
            shift = first - sheet.first_day
            for line in sheet.days:
                st.caption(f"{day(line.values.held_on)} → {day(line.values.held_on + shift)}")
        refusal("repeat")
        _end(
            "repeat",
            _("Make the repeat"),
            act,
            _("The repeat is ready in preparation: look at its days, then publish it."),
        )

    ask()


def _delete(sheet: CourseSheet) -> None:
    @st.dialog(_("Delete this course?"), icon=":material/delete:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(f"**{cards.plain(sheet.values.title)}**")
        st.markdown(_("It is in preparation and nobody is enrolled. This cannot be undone."))
        refusal("delete_course")
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Keep it"), key="keep_course", on_click=close_dialog)
            st.button(
                _("Delete"),
                key="confirm_delete_course",
                type="primary",
                on_click=attempt,
                args=("delete_course", lambda db, actor: courses.delete(db, actor, sheet.course_id)),
                kwargs={"done": _("The course has been deleted."), "then": _to_list},
            )

    ask()


def _end(place: str, confirm: str, act: Callable[[Db, Actor], int], done: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(_("Do not"), key=f"keep_{place}", on_click=close_dialog)
        st.button(
            confirm,
            key=f"confirm_{place}",
            type="primary",
            on_click=attempt,
            args=(place, act),
            kwargs={"done": done, "then": go_to},
        )


def go_to(course_id: int) -> None:
    """After an action: have the page open this course."""
    course_form.forget()
    st.session_state[GO_TO] = course_id


def _to_list(_result: object) -> None:
    course_form.forget()
    st.session_state[GO_TO] = 0
