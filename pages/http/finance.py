"""What finance takes along: all that is open, and the journal of a period."""

from collections.abc import Callable, Iterator

from starlette.requests import Request
from starlette.responses import Response

from core import clock
from core.db import Db, read
from core.documents import ledger as documents
from core.documents import sheets
from core.documents.sheets import Column
from core.i18n import _, number
from core.labels import label
from core.queries import debtors, note_search
from core.queries import ledger as ledgers
from core.queries.accounts import SignedIn
from core.queries.billing import StoredFile
from core.queries.debtors import Owed
from core.queries.note_search import MOST, Asked, Show
from core.rules import ageing
from core.vocabulary import Actor
from pages.http import downloads

_AT_ONCE = 2_000
Row = tuple[object, ...]


def open_amounts(request: Request) -> Response:
    """GET /download/open-amounts.xlsx: what is open by age, by payer, by course, and note by note."""

    def fetch(visitor: SignedIn) -> Response:
        with read() as db:
            found = debtors.ages(db, visitor.actor)
            payers, courses = (list(_all(db, visitor.actor, query)) for query in (debtors.payers, debtors.courses))
            notes = list(_notes(db, visitor.actor))
        bands = [Column(name, "euro") for name in ageing.names()]
        ages = [*zip(ageing.names(), found.notes, found.bands, strict=True)]
        ages.append((_("Together"), sum(found.notes), found.cents))
        if sum(found.notes) > len(notes):
            ages.append((_("Of the notes the first {count} are listed.").format(count=number(len(notes))), None, None))
        content = sheets.workbook(
            {
                _("By age"): (
                    (Column(_("Days overdue")), Column(_("Notes"), "number"), Column(_("Open"), "euro")),
                    ages,
                ),
                _("By payer"): ((Column(_("Payer")), Column(_("Town")), *_sums(), *bands), _added(payers)),
                _("By course"): ((Column(_("Course")), Column(_("Code")), *_sums(), *bands), _added(courses)),
                _("Note by note"): (_note_columns(), notes),
            }
        )
        name = f"{_('open-amounts')}-{clock.today()}.xlsx"
        return downloads.file(StoredFile(name, sheets.MEDIA_TYPE, content))

    return downloads.answered(request, fetch)


def ledger(request: Request) -> Response:
    """GET /download/ledger/<export>.csv|xlsx: the journal of an exported period, the same each time."""

    def fetch(visitor: SignedIn) -> Response:
        with read() as db:
            found = ledgers.export(db, visitor.actor, request.path_params["identity"])
            controls = ledgers.controls_of(db, visitor.actor, found.export_id)
        name = f"{_('journal')}-{found.first_day}-{found.last_day}"
        if request.url.path.endswith(".csv"):
            return downloads.file(StoredFile(f"{name}.csv", "text/csv; charset=utf-8", documents.to_csv(found.lines)))
        days = (found.first_day, found.last_day)
        content = documents.to_xlsx(found.lines, found.balances, controls, days)
        return downloads.file(StoredFile(f"{name}.xlsx", sheets.MEDIA_TYPE, content))

    return downloads.answered(request, fetch)


def _sums() -> tuple[Column, ...]:
    return Column(_("Notes"), "number"), Column(_("Open"), "euro")


def _all(db: Db, actor: Actor, query: Callable[..., Owed]) -> Iterator[Row]:
    """Every payer or course, the most first."""
    page = 1
    while rows := query(db, actor, page=page, size=_AT_ONCE).rows:
        yield from ((row.name, row.remark, row.notes, row.cents, *row.bands) for row in rows)
        page += 1


def _added(rows: list[Row]) -> list[Row]:
    """The rows, and a last one that adds them up."""
    numbers = [[cell for cell in row[2:] if isinstance(cell, int)] for row in rows]
    return [*rows, (_("Together"), "", *(sum(column) for column in zip(*numbers, strict=True)))] if rows else []


def _notes(db: Db, actor: Actor) -> Iterator[Row]:
    for page in range(1, MOST // _AT_ONCE + 1):
        rows = note_search.search(db, actor, Asked(Show.OPEN), page=page, size=_AT_ONCE).rows
        for row in rows:
            yield (
                *(row.number, row.payer_name, row.person_name, row.course_code, row.course_title, row.issued_on),
                *(row.due_on, row.total_cents, row.left_cents, label(row.state) if row.state else ""),
            )
        if len(rows) < _AT_ONCE:
            return


def _note_columns() -> tuple[Column, ...]:
    texts = (_("Note"), _("Payer"), _("Participant"), _("Code"), _("Course"))
    return (
        *(Column(text) for text in texts),
        *(Column(_("Issued"), "date"), Column(_("Due"), "date")),
        *(Column(_("Amount"), "euro"), Column(_("Open"), "euro"), Column(_("State"))),
    )
