"""How a course and an enrolment look, wherever they are shown."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum

import streamlit as st

from core.i18n import _, day, hour, ngettext, number, weekday
from core.labels import colour, icon, label
from core.money import euro
from core.queries.course_details import CourseDetail, DayRow
from core.queries.courses import CourseRow
from core.rules.cancellation import Step
from core.vocabulary import EnrolmentStatus


def plain(text: str) -> str:
    """User text in Markdown: its signs show as they are, nothing becomes a link, a picture or a formula."""
    for sign in "\\`*_{}[]()#+-.!|<>~$:":
        text = text.replace(sign, f"\\{sign}")
    return text


def price(cents: int) -> str:
    """A price, or the word for none."""
    return euro(cents) if cents else _("Free")


def dates(first: date | None, last: date | None, days: int) -> str:
    """When a course takes place, in a few words."""
    if first is None:
        return _("Date to be set")
    if last is None or last == first:
        return weekday(first)
    return _("{days} days from {first} to {last}").format(days=number(days), first=day(first), last=day(last))


def places_badge(left: int, waiting: int) -> None:
    """How many seats are left, in a colour."""
    if left <= 0:
        text = _("Full, {count} waiting").format(count=number(waiting)) if waiting else _("Full")
        st.badge(text, icon=":material/event_busy:", color="red")
    elif left <= 5:
        st.badge(ngettext("{count} place left", "{count} places left", left), icon=":material/bolt:", color="orange")
    else:
        st.badge(
            ngettext("{count} place left", "{count} places left", left), icon=":material/event_seat:", color="green"
        )


def course(row: CourseRow, symbol: Callable[[StrEnum], str]) -> None:
    """A course as a card of the catalogue; the whole is one cell of a grid."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        if row.theme is not None:
            st.caption(f"{symbol(row.theme)} {label(row.theme)}")
        st.markdown(f"#### {plain(row.title)}")
        if row.intro:
            st.markdown(plain(row.intro if len(row.intro) <= 140 else row.intro[:137].rstrip() + "…"))
        st.space("stretch")
        st.markdown(f":material/calendar_month: {dates(row.first_day, row.last_day, row.days)}")
        place = _("Online") if row.is_online else plain(", ".join(filter(None, (row.place, row.city))))
        st.markdown(f":material/{'videocam' if row.is_online else 'location_on'}: {place}")
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{price(row.price_cents)}**", width="content")
            places_badge(row.places_left, row.waiting)
        st.page_link(
            "public/course.py",
            label=_("View course"),
            icon=":material/arrow_forward:",
            query_params={"id": row.address},
        )


def day_list(days: tuple[DayRow, ...], *, is_online: bool) -> None:
    """The meetings of a course, one a line."""
    for meeting in days:
        where = "" if is_online or not meeting.room else f" · {plain(meeting.room)}"
        st.markdown(
            f":material/event: **{weekday(meeting.held_on)}**, {hour(meeting.starts_at)}–{hour(meeting.ends_at)}{where}"
        )


def terms(steps: tuple[Step, ...]) -> None:
    """What cancelling costs, step by step; replacing is always free (R41)."""
    farthest = number(max(step.days_before for step in steps) + 1)
    st.markdown(f":material/check: {_('Until {days} days before the first day: free of charge').format(days=farthest)}")
    for step in sorted(steps, key=lambda candidate: -candidate.days_before):
        st.markdown(f":material/euro: {step_text(step)}")
    st.markdown(f":material/swap_horiz: {_('A colleague may always take the place, free of charge')}")


def step_text(step: Step) -> str:
    """One step of the terms in words."""
    cost = []
    if step.fixed_cents:
        cost.append(euro(step.fixed_cents))
    if step.percentage:
        cost.append(
            _("the full price") if step.percentage == 100 else _("{share} % of the price").format(share=step.percentage)
        )
    text = " + ".join(cost) or _("free of charge")
    return _("From {days} days before the first day: {cost}").format(days=number(step.days_before), cost=text)


def status_badge(status: EnrolmentStatus) -> None:
    """The state of an enrolment as a badge."""
    st.badge(label(status), icon=icon(status), color=colour(status))


def summary(course: CourseDetail) -> None:
    """The facts of a course in one box: dates, place, price."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{plain(course.title)}**")
        st.markdown(f":material/calendar_month: {dates(course.first_day, course.last_day, len(course.days))}")
        place = _("Online") if course.is_online else plain(", ".join(filter(None, (course.place, course.city))))
        st.markdown(f":material/{'videocam' if course.is_online else 'location_on'}: {place}")
        st.markdown(f":material/sell: **{price(course.price_cents)}**")
