"""The imports that were made, the latest first, and undoing the last one."""

import streamlit as st

from core.db import read
from core.i18n import _, moment, ngettext, number
from core.imports.undoing import Obstacle
from core.labels import label
from core.queries import imports as imports_queries
from core.queries.imports import ImportPage, ImportRow
from core.services import imports
from core.vocabulary import Actor, ImportState
from pages.shared import cards, paging
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

PAGE_SIZE = 10
_PAGE = "import_page"


def current_page() -> int:
    """The page looked at now."""
    return paging.current(_PAGE)


def draw(found: ImportPage, actor: Actor) -> None:
    """One box an import."""
    if not found.total:
        st.info(_("Nothing has been imported yet."), icon=":material/history:")
    for row in found.rows:
        _import(row)
    paging.pages(found.total, PAGE_SIZE, _PAGE)
    _dialog(found, actor)


def _import(row: ImportRow) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            made = _("{moment} by {name}").format(moment=moment(row.made_at), name=cards.plain(row.made_by))
            st.markdown(f"**{made}**", width="content")
            is_undone = row.state is ImportState.UNDONE
            st.badge(label(row.state), color="gray" if is_undone else "green")
        counts = [f"{label(count.kind)}: {number(count.rows)}" for count in row.counts]
        st.markdown(" · ".join(counts))
        st.caption(cards.plain(", ".join(row.files)))
        if row.undone_at is not None:
            undone = _("Undone on {moment} by {name}").format(
                moment=moment(row.undone_at), name=cards.plain(row.undone_by)
            )
            st.caption(f":material/undo: {undone}")
        if row.is_last:
            st.button(
                _("Undo this import"),
                key=f"undo_{row.import_id}",
                icon=":material/undo:",
                on_click=open_dialog,
                args=("undo_import", row.import_id),
            )


def _reason(obstacle: Obstacle) -> str:
    """Why not, in words: an account that was used, something changed, something made on top of it."""
    if obstacle.table in ("account", "token", "sign_in", "outgoing_mail"):
        return _("accounts are already in use")
    if obstacle.is_change:
        return ngettext("{count} record was changed since", "{count} records were changed since", obstacle.count)
    text = {
        "enrolment": _("there are new enrolments"),
        "note": _("there are new notes"),
        "note_line": _("there are new notes"),
        "certificate": _("there are new certificates"),
        "affiliation": _("there are new links to institutions"),
        "material": _("there is new course material"),
    }
    return text.get(obstacle.table, _("other data refer to it"))


def _dialog(found: ImportPage, actor: Actor) -> None:
    subject = dialog_subject("undo_import")
    row = next((row for row in found.rows if row.import_id == subject), None)
    if row is None:
        return

    with read() as db:
        obstacles = imports_queries.obstacles(db, actor, row.import_id)
    reasons = "; ".join(dict.fromkeys(_reason(obstacle) for obstacle in obstacles))

    @st.dialog(_("Undo this import?"), icon=":material/undo:", on_dismiss=close_dialog)
    def ask() -> None:
        if reasons:
            st.warning(_("This can no longer be undone: {reasons}.").format(reasons=reasons), icon=":material/lock:")
        else:
            st.markdown(_("Everything that this import added is removed. What was there before stays as it is."))
        st.markdown(" · ".join(f"{label(count.kind)}: {number(count.rows)}" for count in row.counts))
        refusal("undo_import")
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Keep it"), key="keep_import", on_click=close_dialog)
            st.button(
                _("Undo the import"),
                key="confirm_undo_import",
                type="primary",
                disabled=bool(reasons),
                on_click=attempt,
                args=("undo_import", lambda db, actor: imports.undo(db, actor, row.import_id)),
                kwargs={"done": _("The import has been undone.")},
            )

    ask()
