"""The parts of a course's page: what is known at a glance, the way in, the long text."""

import streamlit as st

from core import clock
from core.errors import DomainError
from core.i18n import _, day, hour, number, say
from core.labels import label
from core.queries.course_details import CourseDetail
from core.rules.enrolment import Offering, check_open
from core.vocabulary import EnrolmentStatus, Role
from pages.shared import cards


def heading(course: CourseDetail) -> None:
    """Themes, levels, title."""
    with st.container(horizontal=True, gap="xsmall"):
        for theme in course.themes:
            st.badge(label(theme), icon=cards.icon(theme), color="blue")
        if len(course.levels) > cards.MANY_LEVELS:
            st.badge(_("All levels"), color="gray")
        else:
            for level in course.levels:
                st.badge(label(level), color="gray")
    st.title(cards.plain(course.title), anchor=False)
    if course.subtitle:
        st.subheader(cards.plain(course.subtitle), anchor=False)


def at_a_glance(course: CourseDetail) -> None:
    """When, where, by whom, for how much."""
    first = course.days[0] if course.days else None
    hours = f"{hour(first.starts_at)}–{hour(first.ends_at)}" if first and len(course.days) == 1 else ""
    town = cards.address(course.street, course.postcode, course.city)
    cells = (
        (
            ":material/calendar_month:",
            _("When"),
            cards.dates(course.first_day, course.last_day, len(course.days)),
            " · ".join(filter(None, (hours, _("{hours} hours").format(hours=number(course.total_minutes / 60))))),
        ),
        (
            ":material/videocam:" if course.is_online else ":material/location_on:",
            _("Where"),
            _("Online") if course.is_online else cards.plain(course.place),
            "" if course.is_online else cards.plain(town),
        ),
        (":material/person:", _("Given by"), cards.plain(", ".join(course.teachers)) or "–", label(course.language)),
        (":material/sell:", _("Price"), cards.price(course.price_cents), label(course.course_type)),
    )
    with st.grid(4, min_column_width=200):
        for symbol, name, fact, more in cells:
            with st.container(gap="xxsmall"):
                st.caption(f"{symbol} {name}")
                st.markdown(f"**{fact}**")
                st.caption(more)


def way_in(course: CourseDetail, role: Role | None, standing: EnrolmentStatus | None) -> None:
    """The button that enrols, or why there is none."""
    offering = Offering(course.status, course.first_day, course.deadline, course.capacity, course.taken, course.waiting)
    try:
        check_open(offering, clock.today())
    except DomainError as refused:
        closed = say(refused)
    else:
        closed = ""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            if not closed:
                cards.places_badge(course.places_left, course.waiting)
            if course.deadline and not closed:
                st.caption(
                    _("Enrol by {deadline} at the latest.").format(deadline=day(course.deadline)), width="content"
                )
        if standing is not None:
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                cards.status_badge(standing)
                st.page_link("person/enrolments.py", label=_("My courses"), icon=":material/event_available:")
        elif not closed and role is not Role.COORDINATOR:
            _button(course, offering, "institution/enrol.py" if role is Role.INSTITUTION else "public/enrol.py")
    if closed and standing is None:
        st.warning(cards.plain(closed), icon=":material/event_busy:")


def _button(course: CourseDetail, offering: Offering, page: str) -> None:
    st.button(
        _("Enrol in this course") if offering.places_left else _("Join the waiting list"),
        key="go_enrol",
        type="primary",
        icon=":material/how_to_reg:",
        on_click=st.session_state.__setitem__,
        args=("go_enrol_to", course.address),
    )
    if st.session_state.pop("go_enrol_to", None):
        st.switch_page(page, query_params={"id": course.address})


def description(course: CourseDetail) -> None:
    """What the course is about, for whom, what one needs."""
    if course.intro:
        st.markdown(f"**{cards.plain(course.intro)}**")
    for paragraph in course.description.split("\n\n"):
        st.markdown(cards.plain(paragraph))
    if course.target_group:
        st.subheader(_("For whom"), anchor=False)
        st.markdown(cards.plain(course.target_group))
    if course.subjects:
        st.caption(_("Subjects: {subjects}").format(subjects=", ".join(label(subject) for subject in course.subjects)))
    if len(course.levels) > cards.MANY_LEVELS:
        st.caption(_("Levels: {levels}").format(levels=", ".join(label(level) for level in course.levels)))
    if course.prerequisites:
        st.subheader(_("What you need"), anchor=False)
        st.markdown(cards.plain(course.prerequisites))
    if course.to_bring:
        st.subheader(_("What to bring along"), anchor=False)
        st.markdown(cards.plain(course.to_bring))
