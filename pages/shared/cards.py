"""How a course and an enrolment look, wherever they are shown."""

import re
from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.i18n import _, day, hour, ngettext, number, weekday
from core.labels import colour, icon, label
from core.money import euro
from core.queries.course_details import CourseDetail, DayRow
from core.queries.courses import CourseRow
from core.rules.cancellation import Step
from core.vocabulary import EnrolmentStatus, Level

MANY_LEVELS = 6
_JOINER = "\u2060"  # has no width; keeps Markdown from making a link of a bare address


def plain(text: str) -> str:
    """User text in Markdown: its signs show as they are, nothing becomes a link, a picture or a formula."""
    for sign in "\\&`*_{}[]()#+-.!|<>~$:":
        text = text.replace(sign, f"\\{sign}")
    return re.sub(r"(?i)(www|@|//)", lambda found: f"{_JOINER}{found[0]}{_JOINER}", " ".join(text.split()))


def mail_link(address: str) -> str:
    """An e-mail address to click on or to copy."""
    return address if re.fullmatch(r"[\w.+-]+@[\w.-]+", address) else plain(address)


def address(street: str, postcode: str, city: str) -> str:
    """A postal address on one line; its street may be of several lines."""
    lines = [line.strip() for line in street.splitlines() if line.strip()]
    return ", ".join(filter(None, (*lines, f"{postcode} {city}".strip())))


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
        text = (
            ngettext("Full, {count} on the waiting list", "Full, {count} on the waiting list", waiting)
            if waiting
            else _("Full")
        )
        st.badge(text, icon=":material/event_busy:", color="red")
    elif left <= 5:
        st.badge(ngettext("{count} place left", "{count} places left", left), icon=":material/bolt:", color="orange")
    else:
        st.badge(
            ngettext("{count} place left", "{count} places left", left), icon=":material/event_seat:", color="green"
        )


def levels_of(levels: Sequence[Level]) -> str:
    """For which levels of education, as short as teachers say it: «KO, LO»."""
    return _("All levels") if len(levels) > MANY_LEVELS else ", ".join(levels)


def course(row: CourseRow) -> None:
    """A course as a card of the catalogue; the whole is one cell of a grid."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        theme = f"{icon(row.theme)} {label(row.theme)}" if row.theme is not None else ""
        st.caption(" · ".join(filter(None, (theme, levels_of(row.levels)))))
        st.markdown(f"#### {plain(row.title)}")
        if row.intro:
            st.markdown(plain(row.intro if len(row.intro) <= 140 else row.intro[:137].rstrip() + "…"))
        st.space("stretch")
        st.markdown(f":material/calendar_month: {dates(row.first_day, row.last_day, row.days)}")
        st.markdown(where(row.place, row.city, is_online=row.is_online))
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{price(row.price_cents)}**", width="content")
            places_badge(row.places_left, row.waiting)
        st.page_link(
            "public/course.py",
            label=f":primary[**{_('View course')}**]",
            icon=":material/arrow_forward:",
            query_params={"id": row.address},
        )


def where(*parts: str, is_online: bool) -> str:
    """Where a course is held, with its symbol."""
    return (
        f":material/videocam: {_('Online')}"
        if is_online
        else f":material/location_on: {plain(', '.join(filter(None, parts)))}"
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
        st.markdown(where(course.place, course.city, is_online=course.is_online))
        st.markdown(f":material/sell: **{price(course.price_cents)}**")
