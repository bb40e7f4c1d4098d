"""The form of a course: its fields, what is typed in them, and how a value reads in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import streamlit as st

from core.i18n import _, number, short_day
from core.labels import label
from core.money import euro
from core.queries.course_sheets import CourseSheet
from core.rules.courses import FIELDS, LONGEST, CourseValues
from core.rules.teachers import TeacherValues
from core.services import teachers
from core.services.courses import Seen
from core.vocabulary import CourseType, Language, Level, Subject, Theme
from pages.shared import cards, forms, teacher_rows
from pages.shared.feedback import attempt, refusal

PLACE = "course"
_EDITING, _TEACHER = "_editing_course", "form_teacher"
_DEAREST, _MOST = 100_000.0, 5_000
_LONGEST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Choices:
    """What the lists of the form offer besides the words of the domain."""

    teachers: Mapping[int, str]
    terms: Mapping[int, tuple[str, CourseType | None]]


def key(name: str) -> str:
    """The key of a field's widget."""
    return f"edit_{name}"


def seen() -> Seen:
    """What stood in the form when it was opened."""
    found: tuple[int, Seen] = st.session_state[_EDITING]
    return found[1]


def see(sheet: CourseSheet) -> None:
    """Remember what a colleague changed as seen, without touching what is typed."""
    st.session_state[_EDITING] = (sheet.course_id, Seen(sheet.version, sheet.values))


def forget(_result: object = None) -> None:
    """Callback: begin again from what is stored."""
    st.session_state.pop(_EDITING, None)


def open_for(sheet: CourseSheet | None) -> None:
    """Fill the form from what is stored, once; what is typed stays until it is saved or thrown away."""
    identity, values = (sheet.course_id, sheet.values) if sheet else (0, CourseValues())
    opened = st.session_state.get(_EDITING)
    if opened is not None and opened[0] == identity and key("title") in st.session_state:
        return
    st.session_state[_EDITING] = (identity, Seen(sheet.version if sheet else 0, values))
    for name in FIELDS:
        value = getattr(values, name)
        if isinstance(value, frozenset):
            value = sorted(value)
        st.session_state[key(name)] = value / 100 if name == "price_cents" else value


def typed() -> CourseValues:
    """What stands in the form now."""
    values: dict[str, Any] = {name: st.session_state.get(key(name)) for name in FIELDS}
    for name in ("levels", "subjects", "themes", "teacher_ids"):
        values[name] = frozenset(values[name] or ())
    values["price_cents"] = round((values["price_cents"] or 0) * 100)
    for name in ("capacity", "minimum"):
        values[name] = int(values[name] or 0)
    return CourseValues(**values)


def draw(choices: Choices, *, is_locked: bool) -> None:
    """All fields, in the order in which one writes an announcement."""
    st.subheader(_("What"), anchor=False)
    for column, name in zip(st.columns([3, 1]), ("title", "code"), strict=True):
        with column:
            _text(name, is_locked=is_locked)
    _text("subtitle", is_locked=is_locked)
    _area("intro", 90, is_locked=is_locked)
    _area("description", 220, is_locked=is_locked)
    with st.grid(2, min_column_width=280):
        _area("target_group", 90, is_locked=is_locked)
        _area("prerequisites", 90, is_locked=is_locked)
        _area("to_bring", 90, is_locked=is_locked)
        _one("course_type", list(CourseType), is_locked=is_locked)
        _one("language", list(Language), is_locked=is_locked)
        _several("levels", list(Level), is_locked=is_locked)
        _several("subjects", list(Subject), is_locked=is_locked)
        _several("themes", list(Theme), is_locked=is_locked)
        with st.container(gap="xsmall"):
            _several("teacher_ids", list(choices.teachers), names=choices.teachers, is_locked=is_locked)
            if not is_locked:
                _new_teacher()
    st.subheader(_("Places and price"), anchor=False)
    with st.grid(4, min_column_width=180):
        _amount(is_locked=is_locked)
        _count("capacity", 1, is_locked=is_locked)
        _count("minimum", 0, is_locked=is_locked)
        _deadline(is_locked=is_locked)
    _terms(choices, is_locked=is_locked)
    st.subheader(_("Where"), anchor=False)
    st.toggle(_("Online"), key=key("is_online"), disabled=is_locked, on_change="ignore")
    for column, name in zip(st.columns([2, 2, 1, 2]), ("place", "street", "postcode", "city"), strict=True):
        with column:
            _text(name, is_locked=is_locked)


def _new_teacher() -> None:
    """Somebody who is not in the list yet: added, and chosen at once."""
    with st.popover(_("Not in the list?"), icon=":material/person_add:", type="tertiary"):
        teacher_rows.boxes(_TEACHER, TeacherValues(""))
        st.button(
            _("Add and choose this teacher"),
            key="add_teacher",
            type="primary",
            on_click=attempt,
            args=(_TEACHER, lambda db, actor: teachers.add(db, actor, teacher_rows.typed(_TEACHER))),
            kwargs={"then": _choose_teacher},
        )
        st.page_link("coordinator/teachers.py", label=_("All teachers (save this course first)"))


def _choose_teacher(teacher_id: int) -> None:
    st.session_state[key("teacher_ids")] = [*st.session_state.get(key("teacher_ids"), ()), teacher_id]
    forms.emptied(f"{_TEACHER}_name", f"{_TEACHER}_email")(None)


def _text(name: str, *, is_locked: bool) -> None:
    with st.container(gap="xxsmall"):
        forms.text(_(FIELDS[name]), key=key(name), longest=LONGEST[name], disabled=is_locked)
        refusal(PLACE, name)


def _area(name: str, height: int, *, is_locked: bool) -> None:
    st.text_area(_(FIELDS[name]), key=key(name), height=height, disabled=is_locked, on_change="ignore")


def _one(name: str, members: list[StrEnum], *, is_locked: bool) -> None:
    st.selectbox(_(FIELDS[name]), members, format_func=label, key=key(name), disabled=is_locked, on_change="ignore")


def _several(
    name: str, options: list[Any], *, is_locked: bool, names: Mapping[int, str] | None = None
) -> Collection[Any]:
    return st.multiselect(
        _(FIELDS[name]),
        options,
        format_func=label if names is None else lambda identity: names.get(identity, ""),
        key=key(name),
        placeholder=_("Choose one or more"),
        select_all=False,
        wrap=True,
        disabled=is_locked,
        on_change="ignore",
    )


def _amount(*, is_locked: bool) -> None:
    with st.container(gap="xxsmall"):
        st.number_input(
            f"{_(FIELDS['price_cents'])} (€)",
            min_value=0.0,
            max_value=_DEAREST,
            step=5.0,
            format="%.2f",
            key=key("price_cents"),
            disabled=is_locked,
            on_change="ignore",
        )
        refusal(PLACE, "price_cents")


def _count(name: str, least: int, *, is_locked: bool) -> None:
    with st.container(gap="xxsmall"):
        st.number_input(
            _(FIELDS[name]),
            min_value=least,
            max_value=_MOST,
            step=1,
            key=key(name),
            disabled=is_locked,
            on_change="ignore",
        )
        refusal(PLACE, name)


def _deadline(*, is_locked: bool) -> None:
    with st.container(gap="xxsmall"):
        st.date_input(
            _(FIELDS["enrolment_deadline"]),
            value=None,
            min_value=date(2000, 1, 1),
            max_value=date(2100, 12, 31),
            format="DD/MM/YYYY",
            key=key("enrolment_deadline"),
            disabled=is_locked,
            on_change="ignore",
        )
        refusal(PLACE, "enrolment_deadline")


def _terms(choices: Choices, *, is_locked: bool) -> None:
    st.selectbox(
        _(FIELDS["terms_id"]),
        [None, *choices.terms],
        format_func=lambda identity: terms_name(choices, identity),
        key=key("terms_id"),
        placeholder=_("Those of this kind of course"),
        disabled=is_locked,
        on_change="ignore",
    )


def terms_name(choices: Choices, identity: int | None) -> str:
    """The cancellation terms by name."""
    if identity is None:
        return _("Those of this kind of course")
    name, kind = choices.terms.get(identity, ("", None))
    return f"{name} ({label(kind)})" if kind else name


def shown(name: str, value: Any, choices: Choices) -> str:
    """A value of a field in words."""
    if name == "terms_id":
        text = terms_name(choices, value)
    elif name == "teacher_ids":
        text = ", ".join(choices.teachers.get(identity, "?") for identity in sorted(value))
    elif name == "price_cents":
        text = euro(value)
    elif isinstance(value, frozenset):
        text = ", ".join(label(member) for member in sorted(value))
    else:
        text = _one_shown(value)
    text = " ".join(text.split()) or "–"
    return cards.plain(text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…")


def _one_shown(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, StrEnum):
        return label(value)
    if isinstance(value, date):
        return short_day(value)
    return number(value) if isinstance(value, int) else str(value or "")
