"""The days of a course: the list, and the dialogs that say whom a change reaches before it is made."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import streamlit as st

from core import clock
from core.db import Db, read, write
from core.errors import DomainError
from core.i18n import _, day, hour, ngettext, number, say, weekday
from core.queries import course_reach, course_sheets
from core.queries.course_reach import Reach
from core.queries.course_sheets import CourseSheet, DayLine
from core.rules.course_days import DayValues, lasting
from core.services import course_days as services
from core.services.course_days import DayEffect, Tells
from core.vocabulary import Actor
from pages.shared import cards, forms
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

Act = Callable[..., DayEffect]
DIALOG = "course_day"
_SEEN = "_day_seen"
_LUNCH_FROM, _LUNCH = 300, 60  # minutes: a day that lasts longer than the first has a break of the second


def draw(sheet: CourseSheet) -> None:
    """The days, one a line, and what can be done with them."""
    if not sheet.days:
        st.info(_("No course day yet. A course can be published once it has one."), icon=":material/event:")
    for line in sheet.days:
        with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            values = line.values
            with st.container(gap="xxsmall", width="stretch"):
                st.markdown(
                    f":material/event: **{weekday(values.held_on)}**, {hour(values.starts_at)}–{hour(values.ends_at)}"
                )
                facts = [_("{minutes} minutes").format(minutes=number(values.minutes)), values.room, values.online_url]
                st.caption(" · ".join(cards.plain(fact) for fact in facts if fact))
            if not sheet.is_called_off:
                _button(_("Change"), f"change_day_{line.day_id}", ":material/edit:", line)
                _button(_("Remove"), f"remove_day_{line.day_id}", ":material/delete:", line)
    if sheet.days:
        hours = _("{hours} hours").format(hours=number(round(sheet.total_minutes / 60, 1)))
        st.caption(f"{_('In all')}: {hours}")
    if not sheet.is_called_off:
        _button(_("Add a day"), "add_day", ":material/add:", sheet.days[-1] if sheet.days else None)


def _button(name: str, key: str, symbol: str, line: DayLine | None) -> None:
    st.button(name, key=key, icon=symbol, on_click=_open, args=(key, line))


def _open(subject: str, line: DayLine | None) -> None:
    """Callback: fill the boxes of the dialog and open it."""
    values = line.values if line else DayValues(clock.today(), time(9, 30), time(16, 0), 330)
    for name in DayValues.__dataclass_fields__:
        st.session_state[f"day_{name}"] = getattr(values, name)
    st.session_state[_SEEN] = values
    open_dialog(DIALOG, subject)


def dialogs(sheet: CourseSheet, actor: Actor) -> None:
    """Open the dialog that was asked for, if any."""
    subject = str(dialog_subject(DIALOG) or "")
    if not subject:
        return
    verb, _sign, identity = subject.rpartition("_")
    if subject == "add_day":
        _show(_("Add a day"), sheet, actor, None, is_removal=False)
    elif any(str(line.day_id) == identity for line in sheet.days):
        title = _("Remove this day?") if verb == "remove_day" else _("Change this day")
        _show(title, sheet, actor, int(identity), is_removal=verb == "remove_day")


def _show(title: str, sheet: CourseSheet, actor: Actor, day_id: int | None, *, is_removal: bool) -> None:
    @st.dialog(title, icon=":material/event:", width="large", on_dismiss=close_dialog)
    def ask() -> None:
        with read() as db:
            now = course_sheets.sheet(db, actor, sheet.course_id)
            reach = course_reach.reach(db, actor, sheet.course_id)
        line = next((line for line in now.days if line.day_id == day_id), None) if now else None
        if now is None or (day_id is not None and line is None):
            st.warning(_("A colleague removed this day meanwhile."), icon=":material/group:")
            return
        stored = line.values if line else None
        if stored is not None and stored != st.session_state[_SEEN]:
            st.warning(
                _(
                    "A colleague changed this day meanwhile: it is now {now}. Saving replaces that by what stands here."
                ).format(now=cards.plain(services.day_text(stored))),
                icon=":material/group:",
            )
        if is_removal and stored is not None:
            st.markdown(f"**{cards.plain(services.day_text(stored))}**")
        elif not is_removal:
            _boxes()
        act = _action(now, day_id, stored, is_removal=is_removal)
        _consequences(actor, now, reach, act, is_removal=is_removal)
        refusal(DIALOG)
        _end(act, is_removal=is_removal)

    ask()


def _boxes() -> None:
    for column, draw_box in zip(st.columns([2, 1, 1, 1]), (_date, _start, _end_time, _minutes), strict=True):
        with column:
            draw_box()
    room, link = st.columns(2)
    with room:
        forms.text(_("Room"), key="day_room", longest=200)
    with link:
        forms.text(_("Online link"), key="day_online_url", longest=500, placeholder="https://…")
        refusal(DIALOG, "online_url")


def _date() -> None:
    st.date_input(_("Day"), format="DD/MM/YYYY", min_value=date(2000, 1, 1), key="day_held_on")
    refusal(DIALOG, "held_on")


def _start() -> None:
    st.time_input(_("From (hour)"), step=300, key="day_starts_at", on_change=_reckon)


def _end_time() -> None:
    st.time_input(_("Until (hour)"), step=300, key="day_ends_at", on_change=_reckon)
    refusal(DIALOG, "ends_at")


def _minutes() -> None:
    st.number_input(
        _("Minutes of training"), min_value=0, max_value=1440, step=5, key="day_minutes", help=_("Without breaks.")
    )
    refusal(DIALOG, "minutes")


def _reckon() -> None:
    """Callback of the hours: suggest the minutes of training, without a lunch break on a long day."""
    starts, ends = st.session_state["day_starts_at"], st.session_state["day_ends_at"]
    if starts is not None and ends is not None and ends > starts:
        whole = lasting(starts, ends)
        st.session_state["day_minutes"] = whole - _LUNCH if whole > _LUNCH_FROM else whole


def _typed() -> DayValues:
    return DayValues(**{name: st.session_state[f"day_{name}"] for name in DayValues.__dataclass_fields__})


def _action(sheet: CourseSheet, day_id: int | None, seen: DayValues | None, *, is_removal: bool) -> Act:
    """What the click does, with what is typed and chosen at that moment."""

    def act(db: Db, actor: Actor, told: Tells = Tells.ALL) -> DayEffect:
        now = st.session_state
        choices: dict[str, Any] = {
            "moves_deadline": bool(now.get("day_moves_deadline", False)),
            "tells": told if now.get("day_tells") else Tells.NOBODY,
        }
        if day_id is None or seen is None:
            return services.add(db, actor, sheet.course_id, _typed(), **choices)
        if is_removal:
            return services.remove(db, actor, day_id, seen=seen, **choices)
        return services.change(db, actor, day_id, _typed(), seen=seen, **choices)

    return act


def _consequences(actor: Actor, sheet: CourseSheet, reach: Reach, act: Act, *, is_removal: bool) -> None:
    """Whom it reaches, which dates move along, the mail that would leave."""
    if not reach.is_empty:
        _whom(actor, sheet, reach, is_removal=is_removal)
        st.toggle(_("Tell them by mail"), value=True, key="day_tells")
    if sheet.values.enrolment_deadline is not None and sheet.first_day is not None:
        st.toggle(
            _("When the first day moves, move the enrolment deadline ({date}) along").format(
                date=day(sheet.values.enrolment_deadline)
            ),
            value=True,
            key="day_moves_deadline",
        )
    try:
        with write() as db:
            effect, mails = services.tried(db, lambda: act(db, actor, Tells.ONE))
    except DomainError as refused:
        if refused.field is None:
            st.caption(f":material/info: {cards.plain(say(refused))}")
        return
    for line in _moved(effect):
        st.markdown(line)
    if mails:
        with st.expander(_("The mail as it will leave"), icon=":material/mail:"):
            st.caption(f"{cards.plain(mails[0].recipient)} · {cards.plain(mails[0].subject)}")
            st.text(mails[0].text)


def _whom(actor: Actor, sheet: CourseSheet, reach: Reach, *, is_removal: bool) -> None:
    counts = [
        ngettext("{count} participant", "{count} participants", reach.confirmed + reach.offered),
        ngettext("{count} waiting", "{count} waiting", reach.waiting) if reach.waiting else "",
        ngettext("{count} school that pays", "{count} schools that pay", len(reach.schools)) if reach.schools else "",
    ]
    with st.expander(f"{_('Whom this reaches')}: {', '.join(filter(None, counts))}", icon=":material/groups:"):
        st.markdown(", ".join(cards.plain(name) for name in reach.names) or "–")
        if reach.schools:
            st.caption(", ".join(cards.plain(name) for name in reach.schools))
    if is_removal:
        return
    with read() as db:
        clashes = course_reach.clashing(db, actor, sheet.course_id, _typed())
    if clashes:
        text = ngettext(
            "{count} of them has another course at these hours:",
            "{count} of them have another course at these hours:",
            len(clashes),
        )
        st.warning(f"{text} {', '.join(cards.plain(name) for name in clashes)}", icon=":material/event_repeat:")


def _moved(effect: DayEffect) -> list[str]:
    """The derived dates that change, in words."""
    names = (
        ("first_day", _("First day")),
        ("last_day", _("Last day")),
        ("certificate_from", _("Certificates from")),
        ("name_until", _("Names of reserved places until")),
        ("deadline", _("Enrolment deadline")),
    )
    lines = []
    for key, name in names:
        was, now = getattr(effect.before, key), getattr(effect.after, key)
        if was != now:
            lines.append(f":material/arrow_right_alt: {name}: {day(was) if was else '–'} → {day(now) if now else '–'}")
    if lines:
        lines.append(f":material/schedule: {_('Reminders and free cancelling count from the new first day.')}")
    return lines


def _end(act: Act, *, is_removal: bool) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(_("Do not"), key="keep_day", on_click=close_dialog)
        st.button(
            _("Remove the day") if is_removal else _("Save the day"),
            key="confirm_day",
            type="primary",
            on_click=attempt,
            args=(DIALOG, act),
            kwargs={"done": _done},
        )


def _done(effect: DayEffect) -> str:
    told = (
        ngettext("{count} mail is on its way.", "{count} mails are on their way.", effect.told)
        if effect.told
        else _("Nobody was told by mail.")
    )
    return f"{_('The days have been saved.')} {told}"
