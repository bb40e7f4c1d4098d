"""What a colleague changed in a course while it stood open here: told field by field, nothing lost."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.i18n import _, moment
from core.queries.course_sheets import CourseSheet, Editor
from core.rules import courses as rules
from core.rules.courses import FIELDS, Change, CourseValues
from core.services.courses import Seen
from pages.shared import cards, course_form
from pages.shared.course_form import Choices

MINE, THEIRS = "mine", "theirs"


def found(sheet: CourseSheet) -> tuple[Change, ...]:
    """What is stored now and was not there when the form was opened."""
    return rules.changes(course_form.seen().values, sheet.values, course_form.typed())


def _key(sheet: CourseSheet, change: Change) -> str:
    return f"keep_{change.name}_{sheet.version}"


def draw(sheet: CourseSheet, changes: tuple[Change, ...], editors: Mapping[str, Editor], choices: Choices) -> bool:
    """Each field that a colleague changed: before, now, and what stands here; whether all is decided."""
    decided = True
    with st.container(border=True, gap="small"):
        st.warning(
            _(
                "This course was changed meanwhile. What you typed is still here: choose what stays, then save. "
                "Fields that are not in this list stay as you typed them."
            ),
            icon=":material/group:",
        )
        for change in changes:
            decided &= _one(sheet, change, editors.get(change.name), choices)
    return decided


def _one(sheet: CourseSheet, change: Change, editor: Editor | None, choices: Choices) -> bool:
    was, now, mine = (course_form.shown(change.name, value, choices) for value in (change.was, change.now, change.mine))
    who = cards.plain(editor.name) if editor else _("A colleague")
    st.markdown(f"**{_(FIELDS[change.name])}**")
    when = f" · {moment(editor.at)}" if editor else ""
    st.caption(f"{who}{when}: {was} → {now}")
    if change.mine == change.now:
        st.caption(_("You typed the same."))
        return True
    options = {
        MINE: _("Mine: {value}").format(value=mine),
        THEIRS: _("Of {name}: {value}").format(name=who, value=now),
    }
    chosen = st.radio(
        _(FIELDS[change.name]),
        list(options),
        index=None if change.is_conflict else 1,
        format_func=options.get,
        key=_key(sheet, change),
        label_visibility="collapsed",
    )
    return chosen is not None


def resolved(sheet: CourseSheet, *, overwrites: bool = False) -> tuple[CourseValues, Seen]:
    """The form with the choices made (or all of the own values), and what was seen when choosing."""
    changes = found(sheet)
    keep = {change.name for change in changes if overwrites or st.session_state.get(_key(sheet, change)) == MINE}
    return rules.merged(changes, course_form.typed(), frozenset(keep)), Seen(sheet.version, sheet.values)


def buttons(save: Callable[..., None], *, decided: bool) -> None:
    """Save with these choices, overwrite all of them, or throw the own input away."""
    with st.container(horizontal=True):
        st.button(
            _("Save with these choices"),
            key="save_choices",
            type="primary",
            icon=":material/save:",
            disabled=not decided,
            on_click=save,
        )
        st.button(
            _("Overwrite with everything of mine"),
            key="save_mine",
            icon=":material/edit:",
            on_click=save,
            kwargs={"overwrites": True},
        )
        st.button(
            _("Throw my input away"),
            key="drop_mine",
            type="tertiary",
            icon=":material/undo:",
            on_click=course_form.forget,
        )
