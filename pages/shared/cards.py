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
from core.rules.cancellation import FROM_ENROLMENT, Step, Terms
from core.vocabulary import DayCount, EnrolmentStatus, Level

MANY_LEVELS = 6
_JOINER = "\u2060"  # has no width; keeps Markdown from making a link of a bare address
_SPACES = re.compile(r"[^\S\u00a0]+")  # an amount keeps the space that does not break


def plain(text: str) -> str:
    """User text in Markdown: its signs show as they are, nothing becomes a link, a picture or a formula."""
    for sign in "\\&`*_{}[]()#+-.!|<>~$:":
        text = text.replace(sign, f"\\{sign}")
    return re.sub(r"(?i)(www|@|//)", lambda found: f"{_JOINER}{found[0]}{_JOINER}", _SPACES.sub(" ", text).strip())


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


def terms(own: Terms) -> None:
    """What cancelling costs, step by step; replacing is always free (R41)."""
    for line in terms_lines(own):
        st.markdown(line)


def terms_lines(own: Terms) -> list[str]:
    """The terms in words, one line a step."""
    farthest = max((step.days_before for step in own.steps), default=0)
    lines = []
    if not own.steps:
        lines.append(f":material/check: {_('Cancelling is always free of charge')}")
    elif farthest < FROM_ENROLMENT:
        before = _days_before(farthest + 1, own.counting)
        lines.append(f":material/check: {_('Until {before}: free of charge').format(before=before)}")
    for step in sorted(own.steps, key=lambda candidate: -candidate.days_before):
        lines.append(f":material/euro: {step_text(step, own.counting)}")
    if own.is_free_when_ill:
        lines.append(f":material/medical_services: {_('Free of charge with a proof of illness or accident')}")
    if own.absence is not None and own.absence.percentage < 100:
        absence = _("Not showing up: {cost}").format(cost=cost_text(own.absence))
        lines.append(f":material/person_off: {absence}")
    if own.replace_until_days > 1 or own.counting is DayCount.WORKING:
        replacing = _("A colleague may take the place until {before}, free of charge").format(
            before=_days_before(own.replace_until_days, own.counting)
        )
    else:
        replacing = _("A colleague may always take the place, free of charge")
    return [*lines, f":material/swap_horiz: {replacing}"]


def _days_before(days: int, counting: DayCount) -> str:
    if counting is DayCount.WORKING:
        return ngettext("{count} working day before the first day", "{count} working days before the first day", days)
    return ngettext("{count} day before the first day", "{count} days before the first day", days)


def cost_text(step: Step) -> str:
    """What a step costs, in words: a fee, a part of the price, or both."""
    cost = []
    if step.fixed_cents:
        cost.append(euro(step.fixed_cents))
    if step.percentage:
        cost.append(
            _("the full price") if step.percentage == 100 else _("{share} % of the price").format(share=step.percentage)
        )
    return " + ".join(cost) or _("free of charge")


def step_text(step: Step, counting: DayCount) -> str:
    """One step of the terms in words."""
    if step.days_before >= FROM_ENROLMENT:
        return _("From enrolling on: {cost}").format(cost=cost_text(step))
    return _("From {before} on: {cost}").format(before=_days_before(step.days_before, counting), cost=cost_text(step))


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
