"""Teachers, one a line, and the boxes to write one in: on their page and beside the form of a course."""

from collections.abc import Callable

import streamlit as st

from core.db import Db
from core.i18n import _, ngettext
from core.queries.teachers import TeacherPage, TeacherRow
from core.rules.teachers import LONGEST_NAME, TeacherValues
from core.services import teachers
from core.vocabulary import Actor
from pages.shared import cards, forms
from pages.shared.course_teaching import revoke_button
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

DIALOG, REMOVAL, LINKS = "teacher", "remove_teacher", "teacher_links"
NEW, _SEEN = "new", "_teacher_seen"


def draw(row: TeacherRow) -> None:
    """One teacher, how often he or she teaches, what can be done."""
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{cards.plain(row.values.name)}**")
            facts = [row.values.email, ngettext("{count} course", "{count} courses", row.courses)]
            if row.coming:
                facts.append(ngettext("{count} still to come", "{count} still to come", row.coming))
            if row.links:
                facts.append(ngettext("{count} mailed link", "{count} mailed links", row.links))
            st.caption(" · ".join(cards.plain(fact) for fact in facts if fact))
        _button(_("Change"), DIALOG, row, ":material/edit:")
        if row.links:
            revoke_button(LINKS, row.teacher_id)
        if not row.courses:
            _button(_("Remove"), REMOVAL, row, ":material/delete:")


def _button(name: str, dialog: str, row: TeacherRow, symbol: str) -> None:
    key = f"{dialog}_{row.teacher_id}"
    st.button(name, key=key, icon=symbol, on_click=_open, args=(dialog, row))


def _open(dialog: str, row: TeacherRow) -> None:
    """Callback: remember how the teacher was seen, and open the dialog."""
    st.session_state[_SEEN] = row.values
    open_dialog(dialog, row.teacher_id)


def dialogs(found: TeacherPage) -> None:
    """Open the dialog that was asked for, if any."""
    if dialog_subject(DIALOG) == NEW:
        _write(_("New teacher"), TeacherValues(""), lambda db, actor: teachers.add(db, actor, typed(DIALOG)))
    for row in found.rows:
        if dialog_subject(DIALOG) == row.teacher_id:
            _change(row)
        if dialog_subject(REMOVAL) == row.teacher_id:
            _remove(row)


def boxes(place: str, values: TeacherValues) -> None:
    """Where a name and an address are typed."""
    forms.text(_("Name"), values.name, key=f"{place}_name", longest=LONGEST_NAME)
    refusal(place, "teacher_name")
    forms.text(_("E-mail address (optional)"), values.email, key=f"{place}_email", kind="email", longest=254)
    refusal(place, "teacher_email")
    refusal(place)


def typed(place: str) -> TeacherValues:
    """What stands in the boxes, in a callback."""
    return TeacherValues(forms.kept(f"{place}_name"), forms.kept(f"{place}_email"))


def _change(row: TeacherRow) -> None:
    seen: TeacherValues = st.session_state[_SEEN]
    _write(
        _("Change this teacher"),
        seen,
        lambda db, actor: teachers.change(db, actor, row.teacher_id, typed(DIALOG), seen=seen),
    )


def _write(title: str, values: TeacherValues, act: Callable[[Db, Actor], object]) -> None:
    @st.dialog(title, icon=":material/person:", on_dismiss=close_dialog)
    def ask() -> None:
        boxes(DIALOG, values)
        _end(_("Save"), DIALOG, act, _("The teacher has been saved."))

    ask()


def _remove(row: TeacherRow) -> None:
    @st.dialog(_("Remove this teacher?"), icon=":material/delete:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(f"**{cards.plain(row.values.name)}**")
        st.markdown(_("No course names this teacher."))
        refusal(REMOVAL)
        _end(
            _("Remove"),
            REMOVAL,
            lambda db, actor: teachers.remove(db, actor, row.teacher_id),
            _("The teacher has been removed."),
        )

    ask()


def _end(confirm: str, place: str, act: Callable[[Db, Actor], object], done: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(_("Do not"), key=f"keep_{place}", on_click=close_dialog)
        st.button(
            confirm,
            key=f"confirm_{place}",
            type="primary",
            on_click=attempt,
            args=(place, act),
            kwargs={"done": done},
        )
