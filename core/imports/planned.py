"""Courses to come, as drafts: by the rules of the course form, each row with every reason why not."""

from collections.abc import Collection
from datetime import date
from typing import Any

from core.errors import DomainError
from core.i18n import N_
from core.imports import courses, known
from core.imports.book import Book, Ref, Seen
from core.imports.making import Maker
from core.imports.sheets import Sheet
from core.rules import courses as rules
from core.rules.course_days import DayValues, check_day, lasting
from core.rules.courses import CourseValues
from core.rules.import_cells import EMPTY, parts_of
from core.rules.import_faults import Remark
from core.text import folded
from core.vocabulary import CourseStatus, ImportKind, Language

PASSED = N_("This day has passed: here come the courses that are still to be held.")
UNKNOWN_TERMS = N_("These cancellation terms are not known. Known are: {names}.")
NEW_TEACHERS = N_("Teachers who are not known yet and will be added: {names}.")
_ONE_DAY = ("held_on", "starts_at", "ends_at")
#: What makes a row go on without the value that was refused, so that the next fault of it is found too.
_WITHOUT: dict[str, dict[str, Any]] = {
    "capacity": {"capacity": 1_000_000},
    "minimum": {"minimum": 0},
    "enrolment_deadline": {"enrolment_deadline": None},
}


def check(book: Book) -> None:
    """New codes, days to come that do not fall together, numbers that can be."""
    codes = book.texts(ImportKind.PLANNED_COURSES, "code") | book.texts(ImportKind.PLANNED_DAYS, "code")
    taken = known.course_titles(book.db, {code.lower() for code in codes})
    terms, doubles, count = known.terms(book.db), Seen(), 0
    for sheet in book.sheets[ImportKind.PLANNED_COURSES]:
        sheet.values["terms_id"] = [None] * len(sheet)
        for at, code in sheet.of("code"):
            count += 1
            sheet.refs.append(-count)
            if code is not None and not doubles.is_double(sheet, at, "code", code.lower()):
                book.courses[code] = -count
                if code.lower() in taken:
                    sheet.blame(at, "code", rules.CodeTaken.message, code=code, title=taken[code.lower()])
            _find_terms(sheet, at, terms)
            _own_day(book, sheet, at, -count)
    _check_days(book, taken)
    _check_numbers(book)
    _remark_new_teachers(book)


def _find_terms(sheet: Sheet, at: int, terms: dict[str, int]) -> None:
    name = sheet.values["terms"][at]
    if name is None:
        return
    sheet.values["terms_id"][at] = terms.get(folded(name))
    if folded(name) not in terms:
        sheet.blame(at, "terms", UNKNOWN_TERMS, names=", ".join(sorted(terms)) or "–")


def _own_day(book: Book, sheet: Sheet, at: int, ref: Ref) -> None:
    """The day that stands in the row of the course itself; a draft may go without."""
    if any(sheet.text(at, name) for name in _ONE_DAY):
        for name in _ONE_DAY:
            if not sheet.text(at, name):
                sheet.blame(at, name, EMPTY)
        _add_day(book, sheet, at, ref)


def _add_day(book: Book, sheet: Sheet, at: int, ref: Ref) -> None:
    held_on, starts_at, ends_at = (sheet.values[name][at] for name in _ONE_DAY)
    if held_on is not None and held_on <= book.today:
        sheet.blame(at, "held_on", PASSED)
    if held_on is None or starts_at is None or ends_at is None:
        return
    values = {name: sheet.values[name][at] or "" for name in ("room", "online_url")}
    minutes = sheet.values["hours"][at] or lasting(starts_at, ends_at)
    day = DayValues(held_on, starts_at, ends_at, minutes, **values)
    try:
        check_day(day, book.days[ref])
    except DomainError as refused:
        _refuse(sheet, at, refused)
    else:
        book.days[ref].append(day)


def _refuse(sheet: Sheet, at: int, refused: DomainError) -> str:
    """Blame the cell that a rule refuses; its column."""
    column = "hours" if refused.field == "minutes" else refused.field or ""
    fields: dict[str, Any] = dict(refused.fields)
    sheet.blame(at, column, refused.message, **fields)
    return column


def _check_days(book: Book, taken: Collection[str]) -> None:
    for sheet in book.sheets[ImportKind.PLANNED_DAYS]:
        for at, code in sheet.of("code"):
            if code is not None and code not in book.courses and code.lower() in taken:
                sheet.blame(at, "code", courses.KNOWN_DAYS)
            ref = book.course(sheet, at)
            sheet.refs.append(ref or 0)
            if ref is not None:
                _add_day(book, sheet, at, ref)


def _check_numbers(book: Book) -> None:
    for sheet in book.sheets[ImportKind.PLANNED_COURSES]:
        for at, capacity, minimum, deadline in sheet.of("capacity", "minimum", "enrolment_deadline"):
            first = min((day.held_on for day in book.days[sheet.refs[at]]), default=None)
            values = CourseValues(
                capacity=_WITHOUT["capacity"]["capacity"] if capacity is None else capacity,
                minimum=minimum or 0,
                enrolment_deadline=deadline,
            )
            _check_values(sheet, at, values, first)


def _check_values(sheet: Sheet, at: int, values: CourseValues, first_day: date | None) -> None:
    """Blame every number that the rules of a course refuse."""
    for _number in (*_WITHOUT, None):
        try:
            rules.check(values, taken=0, first_day=first_day)
        except DomainError as refused:
            column = _refuse(sheet, at, refused)
            values = rules.with_values(values, **_WITHOUT[column])
        else:
            return


def _remark_new_teachers(book: Book) -> None:
    written: dict[str, str] = {}
    for text in sorted(book.texts(ImportKind.PLANNED_COURSES, "teachers")):
        for name in parts_of(text):
            written.setdefault(name.casefold(), name)
    fresh = written.keys() - known.teachers(book.db).keys() if written else set()
    if fresh:
        names = ", ".join(written[name] for name in sorted(fresh))
        book.remarks.append(Remark("", "", NEW_TEACHERS, {"names": names}))


def make(book: Book, maker: Maker) -> None:
    """The courses, in preparation: a coordinator looks at each and publishes it."""
    courses.make_as(book, maker, ImportKind.PLANNED_COURSES, _row)


def _row(facts: dict[str, Any], days: list[DayValues], maker: Maker) -> dict[str, Any]:
    texts = {name: facts[name] or "" for name in ("description", "target_group", "prerequisites")}
    return (
        courses.common_facts(facts, days)
        | texts
        | {
            "status": CourseStatus.DRAFT,
            "language": facts["language"] or Language.DUTCH,
            "minimum": facts["minimum"] or 0,
            "enrolment_deadline": facts["enrolment_deadline"],
            "terms_id": facts["terms_id"],
            "created_at": maker.now,
        }
    )
