"""Course days one a line, with how far their presence is noted."""

from datetime import date

import streamlit as st

from core import clock
from core.i18n import _, hour, ngettext, number, weekday
from core.queries.attendance import LOOK_BACK_DAYS, DayRow, When
from pages.shared import cards


def name_of(when: When) -> str:
    """What a list of days is called."""
    return {
        When.TODAY: _("Today"),
        When.OPEN: _("Not noted yet"),
        When.COMING: _("To come"),
        When.PAST: _("Over"),
    }[when]


def nothing(when: When, today: date) -> str:
    """What an empty list says."""
    return {
        When.TODAY: _("No course day today, {day}.").format(day=weekday(today)),
        When.OPEN: _("Of the last {days} days all presence is noted.").format(days=number(LOOK_BACK_DAYS)),
        When.COMING: _("No course day is to come."),
        When.PAST: _("No course day is over yet."),
    }[when]


def heading(day: DayRow) -> None:
    """The day in one box."""
    st.title(cards.plain(day.course_title), anchor=False)
    st.caption(cards.plain(" · ".join(filter(None, (day.course_code, moment_of(day), day.place)))))


def moment_of(day: DayRow) -> str:
    """When a day is held, in words."""
    meeting = day.meeting
    return f"{weekday(meeting.held_on)}, {hour(meeting.starts_at)}–{hour(meeting.ends_at)}"


def print_button(day: DayRow) -> None:
    """The list on paper."""
    st.link_button(
        _("Print the sign-in list"),
        f"/download/day/{day.day_id}/sign-in.pdf",
        key=f"print_{day.day_id}",
        icon=":material/print:",
    )


def row(day: DayRow, page: str, *, names_course: bool = True) -> None:
    """One day, how far it is, and the way to its list; on the page of its course without the course's name."""
    facts = (moment_of(day), day.place, day.course_code) if names_course else (day.place,)
    name = day.course_title if names_course else moment_of(day)
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{cards.plain(name)}**")
            st.caption(cards.plain(" · ".join(filter(None, facts))))
        with st.container(horizontal=True, width="content", vertical_alignment="center", gap="small"):
            _badge(day)
            if not names_course:
                print_button(day)
            st.page_link(
                page,
                label=_("Open the list"),
                icon=":material/checklist:",
                query_params={"dag": str(day.day_id)},
            )


def _badge(day: DayRow) -> None:
    if day.meeting.held_on > clock.today():
        text = ngettext("{count} participant", "{count} participants", day.seats)
        st.badge(text, icon=":material/group:", color="gray")
    elif not day.seats:
        st.badge(_("Nobody"), icon=":material/group:", color="gray")
    elif day.left:
        text = _("{count} not noted yet").format(count=number(day.left))
        st.badge(text, icon=":material/pending:", color="orange")
    else:
        text = _("{present} of {all} present").format(present=number(day.present), all=number(day.seats))
        st.badge(text, icon=":material/check_circle:", color="green")
