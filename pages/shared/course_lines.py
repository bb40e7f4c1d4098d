"""The list of courses as coordinators work in it: its filters, kept views, and a line of it."""

from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from core import clock
from core.i18n import _, ngettext, number, short_day
from core.labels import colour, icon, label
from core.queries.course_list import CourseLine, Order, Wanted, When
from core.rules import school_year as years
from core.vocabulary import CourseStatus, Level, Occupancy, Theme
from pages.shared import cards
from pages.shared.address import Choice

FIRST_SCHOOL_YEAR = 2016
FILTERS = {
    "toestand": Choice(CourseStatus, [], is_list=True),
    "bezetting": Choice(Occupancy, [], is_list=True),
    "niveau": Choice(Level, [], is_list=True),
    "thema": Choice(Theme, [], is_list=True),
    "docent": Choice(int),
    "schooljaar": Choice(int),
    "van": Choice(date.fromisoformat, code_of=date.isoformat),
    "tot": Choice(date.fromisoformat, code_of=date.isoformat),
}
#: Everything of the list that stands in its address, and in a view that is kept.
CHOICES = FILTERS | {
    "periode": Choice(When, When.COMING),
    "zoek": Choice(empty=""),
    "sorteer": Choice(Order, Order.SOONEST),
}


def chosen() -> int:
    """How many filters are set."""
    return sum(bool(choice.write(st.session_state.get(name))) for name, choice in FILTERS.items())


def clear() -> None:
    """Callback: look at everything again."""
    for name, choice in CHOICES.items():
        if name not in ("periode", "sorteer"):
            st.session_state[name] = choice.read([])


def filters(teachers: Mapping[int, str], first_page: Callable[[], None]) -> None:
    """The filters that are not always needed; each is the widget of its key."""
    count = chosen()
    name = ngettext("Filters ({count} chosen)", "Filters ({count} chosen)", count) if count else _("Filters")
    box = st.expander(name, expanded=count > 0, icon=":material/tune:", key="course_filters")
    with box, st.grid(3, min_column_width=240):
        for key, heading, members, hint in (
            ("toestand", _("State"), list(CourseStatus), _("Every state")),
            ("bezetting", _("Occupancy"), list(Occupancy), _("However full")),
            ("niveau", _("Level"), list(Level), _("All levels")),
            ("thema", _("Theme"), list(Theme), _("All themes")),
        ):
            st.multiselect(
                heading,
                members,
                format_func=label,
                key=key,
                placeholder=hint,
                select_all=False,
                wrap=True,
                on_change=first_page,
            )
        year = years.school_year(clock.today()) + 1
        for key, heading, options, shown, hint in (
            ("docent", _("Taught by"), list(teachers), teachers.get, _("All teachers")),
            (
                "schooljaar",
                _("School year"),
                list(range(year, FIRST_SCHOOL_YEAR - 1, -1)),
                years.text,
                _("All school years"),
            ),
        ):
            st.selectbox(
                heading, options, index=None, format_func=shown, key=key, placeholder=hint, on_change=first_page
            )
        for key, heading in (("van", _("From")), ("tot", _("Until"))):
            st.date_input(
                heading, value=None, min_value=date(2000, 1, 1), format="DD/MM/YYYY", key=key, on_change=first_page
            )


def wanted() -> Wanted:
    """What the choices on the page ask for."""
    now = st.session_state
    return Wanted(
        when=now["periode"] or When.COMING,
        text=now["zoek"] or "",
        statuses=tuple(now["toestand"]),
        levels=tuple(now["niveau"]),
        themes=tuple(now["thema"]),
        occupancies=tuple(now["bezetting"]),
        teacher_id=now["docent"],
        school_year=now["schooljaar"],
        from_day=now["van"],
        until_day=now["tot"],
    )


def occupancy_badge(line: CourseLine) -> str:
    """The seats of a course in the colour of its occupancy, as Markdown; its words are the tooltip of the legend."""
    seats = f"{number(line.taken)} / {number(line.capacity)}"
    if line.occupancy is None:
        return f":gray-badge[{seats}]"
    waiting = ngettext("+ {count} waiting", "+ {count} waiting", line.waiting) if line.waiting else ""
    return f":{colour(line.occupancy)}-badge[{icon(line.occupancy)} {seats} {waiting}]"


def legend() -> None:
    """What the colours mean, in words."""
    st.caption(
        "  ".join(f":{colour(member)}-badge[{icon(member)} {label(member)}]" for member in Occupancy), width="content"
    )


def _when(line: CourseLine) -> str:
    if line.first_day is None:
        return _("no course day yet")
    if line.last_day in (None, line.first_day):
        return short_day(line.first_day)
    return f"{short_day(line.first_day)} – {short_day(line.last_day)} ({number(line.days)})"


def line(row: CourseLine) -> None:
    """One course: what, when, where, by whom; its state and how full it is."""
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.page_link(
                "coordinator/course_edit.py" if row.status is CourseStatus.DRAFT else "coordinator/course.py",
                label=f"**{cards.plain(row.title)}**",
                query_params={"id": str(row.course_id)},
            )
            state = "" if row.status is CourseStatus.PUBLISHED else f":{colour(row.status)}-badge[{label(row.status)}] "
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                st.markdown(state + occupancy_badge(row), width="content")
                st.page_link(
                    "coordinator/course_edit.py",
                    label=_("Edit"),
                    icon=":material/edit:",
                    query_params={"id": str(row.course_id)},
                )
        place = _("Online") if row.is_online else row.place
        facts = [row.code, _when(row), place, ", ".join(row.teachers), cards.price(row.price_cents)]
        if row.minimum and row.occupancy is Occupancy.BELOW_MINIMUM:
            facts.append(_("minimum {count}").format(count=number(row.minimum)))
        st.caption(" · ".join(cards.plain(fact) for fact in facts if fact))
