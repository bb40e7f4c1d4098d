"""The steps of an import: templates, files, dry run, result, taking in with its progress."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.db import Db, read
from core.documents import import_sheets
from core.documents.sheets import MEDIA_TYPE
from core.errors import DomainError
from core.i18n import _, language, ngettext, number, say, speaking
from core.imports import report as reports
from core.imports.parcel import Upload
from core.imports.report import Report
from core.labels import label
from core.rules.import_kinds import FILE_NAMES, KINDS
from core.services import imports
from core.vocabulary import Actor, ImportKind, ImportPurpose, Mending
from pages.shared import cards
from pages.shared.feedback import attempt

PLACE = "import"
MOST_SHOWN = 1_000
MOST_MEGABYTES = 200
_WANTED, _REPORT, _SERIAL = "_import_wanted", "_import_report", "_import_serial"


def templates(purpose: ImportPurpose) -> None:
    """What to fill in: for courses one workbook; for the history one of every kind, and one of each."""
    if purpose is ImportPurpose.COURSES:
        st.markdown(
            _(
                "Fill in the template, or use your own file with the same headings: a row for each course, and a sheet"
                " with the days of courses of several days."
            )
        )
        _template(_("Template (Excel)"), "nieuwe-nascholingen.xlsx", KINDS[purpose], is_first=True)
        return
    st.markdown(
        _(
            "Fill in a template, or use your own files with the same headings. One workbook may hold several sheets."
            " PDFs of notes and certificates come along in a ZIP."
        )
    )
    with st.container(horizontal=True, gap="small"):
        _template(_("All in one workbook"), "geschiedenis.xlsx", KINDS[purpose], is_first=True)
        for kind in KINDS[purpose]:
            _template(label(kind), f"{FILE_NAMES[kind].replace(chr(39), '').lower()}.xlsx", (kind,))


def _template(name: str, file: str, kinds: tuple[ImportKind, ...], *, is_first: bool = False) -> None:
    st.download_button(
        name,
        _in_this_language(lambda: import_sheets.template(kinds)),
        file,
        MEDIA_TYPE,
        key=f"template_{file.removesuffix('.xlsx')}",
        icon=":material/download:",
        type="secondary" if is_first else "tertiary",
        on_click="ignore",
    )


def _in_this_language(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What is made when it is fetched, outside the page's own thread."""
    chosen_language = language()

    def made() -> bytes:
        with speaking(chosen_language):
            return make()

    return made


def chosen(purpose: ImportPurpose) -> list[Upload]:
    """The files that were chosen; a new box after every import."""
    is_history = purpose is ImportPurpose.HISTORY
    files = st.file_uploader(
        _("Excel (.xlsx), CSV, and a ZIP with PDFs") if is_history else _("Excel (.xlsx) or CSV"),
        type=["xlsx", "csv", "txt", "zip"] if is_history else ["xlsx", "csv", "txt"],
        accept_multiple_files=True,
        max_upload_size=MOST_MEGABYTES,
        key=f"import_files_{purpose}_{st.session_state.get(_SERIAL, 0)}",
    )
    return [Upload(file.name, file) for file in files]


def check_button(uploads: list[Upload]) -> None:
    """The button of the dry run."""
    st.button(
        _("Check"),
        key="check_import",
        type="primary",
        icon=":material/fact_check:",
        disabled=not uploads,
        on_click=_want,
        args=("check",),
    )


def _want(step: str) -> None:
    """Callback: the script does this step, so that it can show how far it is."""
    st.session_state[_WANTED] = step


def _mendings() -> frozenset[Mending]:
    return frozenset(mending for mending in Mending if st.session_state.get(f"mend_{mending}"))


def _identity(uploads: list[Upload]) -> tuple[object, ...]:
    return tuple(getattr(upload.source, "file_id", upload.name) for upload in uploads)


def checked(actor: Actor, uploads: list[Upload], purpose: ImportPurpose) -> Report | None:
    """The dry run of these files: made now when it was asked for, else the one of before; None when there is none."""
    identity = (purpose, *_identity(uploads))
    if uploads and st.session_state.get(_WANTED) == "check":
        st.session_state.pop(_WANTED)
        found = _dry_run(actor, uploads, purpose)
        st.session_state[_REPORT] = (identity, found)
    asked, kept = st.session_state.get(_REPORT, (None, None))
    return kept if asked == identity else None


def _dry_run(actor: Actor, uploads: list[Upload], purpose: ImportPurpose) -> Report | None:
    """Read, outside any transaction, and then check; a refusal is shown and gives None."""
    reading, checking = _("The files are read …"), _("Every row is checked …")
    bar = st.progress(0.0, reading)
    try:
        files = imports.opened(uploads, lambda share: bar.progress(share / 3, reading))
        with read() as db:
            return imports.check(
                db,
                actor,
                files,
                _mendings(),
                lambda share: bar.progress((1 + share * 2) / 3, checking),
                purpose=purpose,
            )
    except DomainError as refused:
        st.error(cards.plain(say(refused)), icon=":material/error:")
        return None
    finally:
        bar.empty()


def outcome(report: Report) -> None:
    """Counts, the proposals to accept, every fault, and what else there is to know."""
    with st.grid(4, min_column_width=180):
        for count in report.counts:
            with st.container(border=True, gap="xxsmall", height="stretch"):
                st.metric(label(count.kind), number(count.rows))
                if count.attached:
                    st.caption(ngettext("{count} known", "{count} known", count.attached))
                if count.faulty:
                    st.caption(f":red[{ngettext('{count} faulty row', '{count} faulty rows', count.faulty)}]")
    if report.is_clean:
        st.success(_("No faults: everything can be imported."), icon=":material/check_circle:")
    elif report.faults:
        faults = ngettext("{count} fault was found.", "{count} faults were found.", len(report.faults))
        st.error(f"{faults} {_('As long as there is one, nothing is imported.')}", icon=":material/error:")
    else:
        st.warning(_("There is nothing to import in these files."), icon=":material/inbox:")
    _proposals(report)
    if report.faults:
        _faults(report)
    if report.accepted:
        with st.expander(ngettext("{count} proposal accepted", "{count} proposals accepted", len(report.accepted))):
            _table(reports.lines_of(report.accepted[:MOST_SHOWN]), "accepted")
    for remark in report.remarks:
        place = f"**{cards.plain(remark.file)}** " if remark.file else ""
        st.caption(f":material/info: {place}{cards.plain(reports.said(remark))}")


def _proposals(report: Report) -> None:
    """What the platform would do with some faults; a tick accepts it, and everything is checked anew."""
    proposed = report.proposed()
    if proposed:
        st.markdown(f"**{_('Proposals')}**")
    for mending, count in proposed.items():
        rows = ngettext("{count} cell", "{count} cells", count)
        st.checkbox(f"{label(mending)} ({rows})", key=f"mend_{mending}", on_change=_want, args=("check",))


def _faults(report: Report) -> None:
    _table(reports.lines_of(report.faults[:MOST_SHOWN]), "faults")
    if len(report.faults) > MOST_SHOWN:
        st.caption(_("The first {count} are shown; all stand in the Excel file.").format(count=number(MOST_SHOWN)))
    st.download_button(
        _("All faults as Excel"),
        _in_this_language(lambda: import_sheets.fault_list(reports.lines_of(report.faults))),
        "fouten.xlsx",
        MEDIA_TYPE,
        key="download_faults",
        icon=":material/download:",
        on_click="ignore",
    )


def _table(lines: list[tuple[str, str, int, str, str, str, str]], key: str) -> None:
    names = [_("File"), _("Sheet"), _("Row"), _("Column"), _("Value"), _("What is wrong"), _("Proposal")]
    frame = pd.DataFrame(lines, columns=names)
    for name in (names[4], names[6]):  # the grid can be saved as CSV: no cell of it may become a formula
        frame[name] = frame[name].str.replace(r"^([=+@-].*)$", r"«\1»", regex=True)
    empty = [name for name in (names[1], names[6]) if not frame[name].any()]
    st.dataframe(frame.drop(columns=empty), hide_index=True, key=f"table_{key}")


def take_in(uploads: list[Upload], report: Report, purpose: ImportPurpose) -> None:
    """The button that imports everything, and how far it is."""
    st.button(
        ngettext("Import {count} row", "Import {count} rows", report.rows),
        key="take_in",
        type="primary",
        icon=":material/database_upload:",
        disabled=not report.is_clean,
        on_click=_want,
        args=("take_in",),
    )
    if not report.is_clean or st.session_state.get(_WANTED) != "take_in":
        return
    st.session_state.pop(_WANTED)
    bar = st.progress(0.0, _("The import is running; leave this page open …"))

    def carry_out(db: Db, actor: Actor) -> int:
        files = imports.opened(uploads)
        return imports.carry_out(db, actor, files, _mendings(), bar.progress, purpose=purpose)

    done = {
        ImportPurpose.HISTORY: _("Everything has been imported."),
        ImportPurpose.COURSES: _("The courses are in preparation: look at each of them, then publish it."),
    }
    attempt(PLACE, carry_out, done=done[purpose], then=_begin_anew)
    st.rerun()


def _begin_anew(_import_id: int) -> None:
    st.session_state.pop(_REPORT, None)
    st.session_state[_SERIAL] = st.session_state.get(_SERIAL, 0) + 1
    for mending in Mending:
        st.session_state.pop(f"mend_{mending}", None)
