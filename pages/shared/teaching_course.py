"""One course as its teacher sees it: the days, who is coming, material, evaluations; and the list of a day."""

import streamlit as st

from core.db import read
from core.i18n import _, ngettext
from core.queries import attendance, evaluation
from core.queries import teaching as queries
from core.queries.teaching import Attendee, TaughtCourse
from core.vocabulary import Actor
from pages.shared import cards, evaluation_results, giving_material, paging, presence_days, presence_list, teaching

PAGE, PAGE_SIZE = "attendee_page", 50
_FILE = "teacher/courses.py"


def row(course: TaughtCourse) -> None:
    """One course of the list."""
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{cards.plain(course.title)}**")
            st.caption(cards.plain(_facts(course)))
        with st.container(horizontal=True, width="content", vertical_alignment="center", gap="small"):
            text = ngettext("{count} participant", "{count} participants", course.seats)
            st.badge(text, icon=":material/group:", color="gray")
            st.page_link(
                _FILE,
                label=_("Open"),
                icon=":material/arrow_forward:",
                query_params={"cursus": str(course.course_id)},
            )


def one_day(actor: Actor, day_id: int) -> None:
    """The list of one day. Raises NotFound for a day of another's course."""
    with read() as db:
        day = attendance.of_day(db, actor, day_id)
    st.page_link(
        _FILE,
        label=_("The whole course"),
        icon=":material/arrow_back:",
        query_params={"cursus": str(day.course_id)},
    )
    presence_days.heading(day)
    presence_days.print_button(day)
    presence_list.draw(day_id, actor, teaching.actor)


def one_course(actor: Actor, course_id: int) -> None:
    """Everything of one course. Raises NotFound for another's."""
    with read() as db:
        course = queries.one(db, actor, course_id)
        days = attendance.days_of_course(db, actor, course_id)
        coming = queries.attendees(db, actor, course_id, page=paging.current(PAGE), size=PAGE_SIZE)
    st.page_link(_FILE, label=_("My lessons"), icon=":material/arrow_back:")
    st.title(cards.plain(course.title), anchor=False)
    st.caption(cards.plain(_facts(course)))
    st.subheader(_("Course days and attendance"), anchor=False)
    for each in days:
        presence_days.row(each, _FILE, names_course=False)
    st.subheader(_("Course material"), anchor=False)
    giving_material.draw(actor, course_id, acting=teaching.actor)
    _evaluations(actor, course_id)
    st.subheader(_("Who is coming"), anchor=False)
    if not coming:
        st.info(_("Nobody has enrolled yet."), icon=":material/group:")
    for person in coming:
        _attendee(person)
    paging.pages(course.seats, PAGE_SIZE, PAGE)


def _evaluations(actor: Actor, course_id: int) -> None:
    """What participants thought of it, without names; only once they were asked."""
    with read() as db:
        found = evaluation.of_course(db, actor, course_id)
    if found.asked:
        st.subheader(_("Evaluations"), anchor=False)
        evaluation_results.draw(found)


def _facts(course: TaughtCourse) -> str:
    place = _("Online") if course.is_online else course.place
    return " · ".join(filter(None, (course.code, cards.dates(course.first_day, course.last_day, course.days), place)))


def _attendee(person: Attendee) -> None:
    with st.container(border=True, gap="xxsmall"):
        st.markdown(f"**{cards.plain(person.name)}**")
        if person.school:
            st.caption(cards.plain(person.school))
        for question, answer in person.answers:
            st.caption(f":material/contact_support: {cards.plain(question)} **{cards.plain(answer)}**")
