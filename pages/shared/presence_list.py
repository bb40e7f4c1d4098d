"""The list of a course day, to tap who is there: for coordinators and for teachers, on a phone as well."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from functools import partial

import streamlit as st

from core import clock
from core.db import Db, read
from core.i18n import _, hour, hours, number, short_day
from core.labels import label
from core.queries import attendance as queries
from core.queries.attendance import DayRow, RosterRow
from core.rules.attendance import ABSENT, PRESENT, Mark
from core.services import attendance
from core.vocabulary import Actor, DayPart
from pages.shared import cards, paging
from pages.shared.feedback import attempt, refusal

PAGE_SIZE, PAGE, SEARCH = 40, "presence_page", "presence_name"
_REST, _PART_OF = "_presence_rest", "_presence_part_of"
_LOOK_AGAIN = timedelta(seconds=20)
#: Gives on whose behalf something is noted, looked up afresh at each tap.
Acting = Callable[[], Actor]


class Choice(StrEnum):
    """What can be tapped beside a name."""

    PRESENT = "present"
    PART = "part"
    ABSENT = "absent"


_ICONS = {
    Choice.PRESENT: ":material/check_circle:",
    Choice.PART: ":material/timelapse:",
    Choice.ABSENT: ":material/cancel:",
}


def draw(day_id: int, seer: Actor, acting: Acting, *, may_note: bool = True) -> None:
    """The counts and the list of a day. On the day itself it looks by itself for what colleagues note."""
    with read() as db:
        is_today = queries.of_day(db, seer, day_id).meeting.held_on == clock.today()
    again = st.fragment(_list, run_every=_LOOK_AGAIN if is_today and may_note else None)
    again(day_id, seer, acting, may_note)


def _list(day_id: int, seer: Actor, acting: Acting, may_note: bool) -> None:
    with read() as db:
        day = queries.of_day(db, seer, day_id)
        found = queries.roster(
            db, seer, day_id, str(st.session_state.get(SEARCH) or ""), page=paging.current(PAGE), size=PAGE_SIZE
        )
    may_note = may_note and day.meeting.held_on <= clock.today()
    _counts(day)
    if may_note:
        _all_at_once(day, acting)
    elif day.meeting.held_on > clock.today():
        st.info(
            _("Presence can be noted from {day} on.").format(day=short_day(day.meeting.held_on)),
            icon=":material/event:",
        )
    if found.total > PAGE_SIZE or st.session_state.get(SEARCH):
        st.text_input(
            _("Search"),
            key=SEARCH,
            type="search",
            live=True,
            placeholder=_("Name of the participant"),
            label_visibility="collapsed",
            on_change=partial(paging.first, PAGE),
        )
    if not found.total:
        st.info(_("Nobody is on the list of this day."), icon=":material/group:")
    for row in found.rows:
        _row(day, row, acting, may_note=may_note)
    paging.pages(found.total, PAGE_SIZE, PAGE)


def _counts(day: DayRow) -> None:
    with st.container(horizontal=True, gap="small"):
        texts = (
            (_("{count} present"), day.present, ":material/check_circle:", "green"),
            (_("{count} absent"), day.absent, ":material/cancel:", "red"),
            (_("{count} not noted yet"), day.left, ":material/pending:", "gray"),
        )
        for text, count, icon, colour in texts:
            st.badge(text.format(count=number(count)), icon=icon, color=colour)


def _all_at_once(day: DayRow, acting: Acting) -> None:
    """Everybody left is present; and the way back, as long as it is this browser that did it."""
    place = f"rest_{day.day_id}"
    noted: tuple[int, ...] = st.session_state.get(_REST, {}).get(day.day_id, ())
    with st.container(horizontal=True):
        if day.left:
            st.button(
                _("Everybody left is present"),
                key=f"everybody_{day.day_id}",
                icon=":material/done_all:",
                type="primary",
                on_click=attempt,
                args=(place, lambda db, _actor: attendance.record_rest(db, acting(), day.day_id)),
                kwargs={"then": partial(_remember, day.day_id)},
            )
        if noted:
            st.button(
                _("Undo «everybody is present» ({count})").format(count=number(len(noted))),
                key=f"undo_{day.day_id}",
                icon=":material/undo:",
                on_click=attempt,
                args=(place, lambda db, _actor: attendance.take_back_rest(db, acting(), day.day_id, noted)),
                kwargs={"then": lambda _count: _remember(day.day_id, ())},
            )
    refusal(place)


def _remember(day_id: int, noted: tuple[int, ...]) -> None:
    st.session_state[_REST] = {day_id: noted}


def _row(day: DayRow, row: RosterRow, acting: Acting, *, may_note: bool) -> None:
    key = f"presence_{day.day_id}_{row.enrolment_id}"
    with (
        st.container(border=True, gap="xsmall"),
        st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"),
    ):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{cards.plain(row.name)}**")
            st.caption(" · ".join(filter(None, (cards.plain(row.school), _noted(day, row)))))
        if may_note and row.is_named and row.has_seat:
            with st.container(width=360, gap="xsmall"):
                _choices(day, row, acting)
                _part(day, row, acting)
                refusal(key)


def _choices(day: DayRow, row: RosterRow, acting: Acting) -> None:
    """Three large buttons, for a thumb: what stands is filled in, also when a colleague noted it."""
    stands = _choice(row.mark)
    with st.container(horizontal=True, gap="xxsmall"):
        for choice in Choice:
            st.button(
                f"{_ICONS[choice]}  \n{_words(choice)}",  # two lines: over 44 px high
                key=f"{choice}_{day.day_id}_{row.enrolment_id}",
                type="primary" if choice is stands else "secondary",
                width="stretch",
                wrap=True,
                on_click=_tapped,
                args=(day, row, choice, acting),
            )


def _noted(day: DayRow, row: RosterRow) -> str:
    """When and by whom it was noted, and how much of the day that is."""
    if not row.has_seat:
        return _("has no place any more")
    if row.mark is None or row.at is None:
        return ""
    at = row.at.astimezone(clock.BRUSSELS)
    when = hour(at.time()) if at.date() == clock.today() else f"{short_day(at.date())} {hour(at.time())}"
    part = ""
    if row.mark.is_present and row.mark.part is not DayPart.WHOLE:
        part = _("{hours} of {all} hours").format(hours=hours(row.minutes), all=hours(day.meeting.minutes))
    by = _("noted at {when} by {name}").format(when=when, name=cards.plain(row.by)) if row.by else ""
    return " · ".join(filter(None, (part, by)))


def _choice(mark: Mark | None) -> Choice | None:
    if mark is None:
        return None
    if not mark.is_present:
        return Choice.ABSENT
    return Choice.PRESENT if mark.part is DayPart.WHOLE else Choice.PART


def _words(choice: Choice) -> str:
    return {Choice.PRESENT: _("Present"), Choice.PART: _("Partly"), Choice.ABSENT: _("Not there")}[choice]


def _tapped(day: DayRow, row: RosterRow, choice: Choice, acting: Acting) -> None:
    """Callback: note what was tapped; tapped once more, it is taken back; a part asks which one."""
    key = f"presence_{day.day_id}_{row.enrolment_id}"
    st.session_state.pop(_PART_OF, None)
    if row.mark is not None and choice is _choice(row.mark):
        seen = row.mark
        attempt(key, lambda db, _actor: attendance.take_back(db, acting(), day.day_id, row.enrolment_id, seen=seen))
    elif choice is Choice.PART:
        st.session_state[_PART_OF] = row.enrolment_id
    else:
        _note(day, row, acting, PRESENT if choice == Choice.PRESENT else ABSENT)


def _note(day: DayRow, row: RosterRow, acting: Acting, mark: Mark) -> None:
    """Callback: note a mark, and close the question for which part."""

    def act(db: Db, _actor: Actor) -> None:
        attendance.record(db, acting(), day.day_id, row.enrolment_id, mark, seen=row.mark)

    attempt(f"presence_{day.day_id}_{row.enrolment_id}", act, then=lambda _n: st.session_state.pop(_PART_OF, None))


def _part(day: DayRow, row: RosterRow, acting: Acting) -> None:
    """Which part of the day: a half where it has halves, or a number of minutes."""
    if st.session_state.get(_PART_OF) != row.enrolment_id:
        return
    if day.meeting.has_halves:
        with st.container(horizontal=True, gap="xsmall"):
            for part in (DayPart.MORNING, DayPart.AFTERNOON):
                mark = Mark(is_present=True, part=part)
                args = (day, row, acting, mark)
                st.button(label(part), key=f"{part}_{row.enrolment_id}", on_click=_note, args=args)
    key = f"minutes_{row.enrolment_id}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.number_input(
            _("Minutes, of {all}").format(all=number(day.meeting.minutes)),
            min_value=1,
            max_value=max(day.meeting.minutes - 1, 1),
            value=max(day.meeting.minutes // 2, 1),
            step=15,
            key=key,
            width=170,
        )
        st.button(_("Note the minutes"), key=f"note_{key}", on_click=_note_minutes, args=(day, row, acting, key))


def _note_minutes(day: DayRow, row: RosterRow, acting: Acting, key: str) -> None:
    minutes = int(st.session_state.get(key) or 0)
    _note(day, row, acting, Mark(is_present=True, part=DayPart.MINUTES, minutes=minutes))
