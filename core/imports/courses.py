"""Courses with their days: each of one day in its own row, of several in the table of course days."""

from collections.abc import Callable, Iterator
from typing import Any

from core.i18n import N_
from core.imports import known
from core.imports.book import Book, CourseFacts, Ref, Seen
from core.imports.making import Maker
from core.imports.sheets import Sheet
from core.models import Course, CourseDay, CourseLevel, CourseSubject, CourseTeacher, CourseTheme, Teacher
from core.rules.course_days import DayValues, lasting
from core.rules.import_cells import EMPTY, parts_of
from core.text import folded, slug
from core.vocabulary import CourseStatus, CourseType, ImportKind, Mending

KNOWN = N_("This course is known: {proposal}. It stays as it is.")
NO_DAY = N_("This course has no day: fill in its date, or its days in a table of course days.")
KNOWN_DAYS = N_("This course is known: change its days at the course itself.")
TOO_EARLY = N_("The history begins on {first}: this day is earlier.")
TIMES = N_("This ends before it begins.")
Row = Callable[[dict[str, Any], list[DayValues], Maker], dict[str, Any]]
_KINDS = (ImportKind.COURSES, ImportKind.COURSE_DAYS, ImportKind.ENROLMENTS, ImportKind.NOTES, ImportKind.CERTIFICATES)


def check(book: Book) -> None:
    """Look each course up; one without any day, and two with one code, are a fault."""
    found = known.courses(book.db, {code for kind in _KINDS for code in book.texts(kind, "code")})
    for code, course in found.items():
        book.courses[code] = course.id
        book.course_facts[course.id] = CourseFacts(code, course.title, course.price_cents, course.first_day)
    doubles, count = Seen(), 0
    for sheet in book.sheets[ImportKind.COURSES]:
        for at, code in sheet.of("code"):
            if code is not None:
                doubles.is_double(sheet, at, "code", code)
            one = found.get(code)
            count += one is None
            ref: Ref = one.id if one else -count
            sheet.refs.append(ref)
            if one is None:
                book.courses.setdefault(code, ref)
            elif sheet.blame(at, "code", KNOWN, mending=Mending.ATTACH_KNOWN, proposal=one.title):
                sheet.attached.add(at)
            _own_day(book, sheet, at, ref)
    _check_days(book)
    _check_that_each_has_a_day(book)


def _own_day(book: Book, sheet: Sheet, at: int, ref: Ref) -> None:
    """The day that stands in the row of the course itself."""
    if sheet.values["held_on"][at] is None:
        return
    for name in ("starts_at", "ends_at"):
        if sheet.values[name][at] is None:
            sheet.blame(at, name, EMPTY)
    _add_day(book, sheet, at, ref)


def _add_day(book: Book, sheet: Sheet, at: int, ref: Ref) -> None:
    held_on, starts_at, ends_at = (sheet.values[name][at] for name in ("held_on", "starts_at", "ends_at"))
    if held_on is not None and held_on < book.history_since:
        sheet.blame(at, "held_on", TOO_EARLY, first=book.history_since)
    if held_on is None or starts_at is None or ends_at is None:
        return
    if ends_at <= starts_at:
        sheet.blame(at, "ends_at", TIMES)
        return
    minutes = sheet.values["hours"][at] or lasting(starts_at, ends_at)
    book.days[ref].append(DayValues(held_on, starts_at, ends_at, minutes, sheet.values["room"][at] or ""))


def _check_days(book: Book) -> None:
    doubles = Seen()
    for sheet in book.sheets[ImportKind.COURSE_DAYS]:
        for at, held_on, starts_at in sheet.of("held_on", "starts_at"):
            ref = book.course(sheet, at)
            sheet.refs.append(ref or 0)
            if ref is None:
                continue
            if ref > 0:
                sheet.blame(at, "code", KNOWN_DAYS)
            elif held_on is None or not doubles.is_double(sheet, at, "held_on", (ref, held_on, starts_at)):
                _add_day(book, sheet, at, ref)


def _check_that_each_has_a_day(book: Book) -> None:
    """Also the facts of each new course. A day that is at fault itself is none that lacks."""
    named = {ref for sheet in book.sheets[ImportKind.COURSE_DAYS] for ref in sheet.refs}
    for sheet in book.sheets[ImportKind.COURSES]:
        for at, code, title, price in sheet.of("code", "title", "price"):
            ref = sheet.refs[at]
            if ref > 0:
                continue
            if ref not in named and not sheet.text(at, "held_on"):
                sheet.blame(at, "held_on", NO_DAY)
            days = sorted(day.held_on for day in book.days[ref])
            book.course_facts[ref] = CourseFacts(code or "", title or "", price, days[0] if days else None)


def make(book: Book, maker: Maker) -> None:
    """The new courses, closed: nobody enrols in history."""
    make_as(book, maker, ImportKind.COURSES, _row)


def make_as(book: Book, maker: Maker, kind: ImportKind, row: Row) -> None:
    """The courses of a kind of table, each as `row` says, with what belongs to them."""
    facts: list[tuple[Ref, dict[str, Any]]] = []
    for sheet in book.sheets[kind]:
        refs = (ref for at, ref in enumerate(sheet.refs) if at not in sheet.attached)
        facts += zip(refs, sheet.new(), strict=True)
    ids = maker.put(Course, (row(each, book.days[ref], maker) for ref, each in facts))
    maker.owns(CourseDay, _days(book, ids, facts))
    for model, name, column in (
        (CourseLevel, "levels", "level"),
        (CourseSubject, "subjects", "subject"),
        (CourseTheme, "themes", "theme"),
    ):
        pairs = zip(ids, facts, strict=True)
        maker.owns(
            model, ({"course_id": course, column: each} for course, (_, row) in pairs for each in row[name] or ())
        )
    _make_teachers(
        maker, [(course, parts_of(row["teachers"] or "")) for course, (_, row) in zip(ids, facts, strict=True)]
    )


def _row(facts: dict[str, Any], days: list[DayValues], maker: Maker) -> dict[str, Any]:
    is_cancelled = bool(facts["is_cancelled"])
    return common_facts(facts, days) | {
        "status": CourseStatus.CANCELLED if is_cancelled else CourseStatus.CLOSED,
        "created_at": maker.now,
        "cancelled_at": maker.now if is_cancelled else None,
    }


def common_facts(facts: dict[str, Any], days: list[DayValues]) -> dict[str, Any]:
    """What is stored of a course, whether it is past or to come."""
    held = sorted(day.held_on for day in days)
    usual = CourseType.MULTI_DAY if len(set(held)) > 1 else CourseType.ONE_DAY
    texts = [facts[name] or "" for name in ("code", "title", "subtitle", "intro", "city", "teachers")]
    return {
        "code": facts["code"],
        "slug": slug(facts["title"]),
        "title": facts["title"],
        "subtitle": facts["subtitle"] or "",
        "intro": facts["intro"] or "",
        "search_text": folded(" ".join(texts)),
        "course_type": facts["course_type"] or usual,
        "price_cents": facts["price"],
        "capacity": facts["capacity"] or 0,
        "first_day": held[0] if held else None,
        "last_day": held[-1] if held else None,
        "total_minutes": sum(day.minutes for day in days),
        "is_online": bool(facts["is_online"]),
        "place": facts["place"] or "",
        "street": facts["street"] or "",
        "postcode": facts["postcode"] or "",
        "city": facts["city"] or "",
    }


def _days(book: Book, ids: list[int], facts: list[tuple[Ref, dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    for course_id, (ref, _row) in zip(ids, facts, strict=True):
        for day in book.days[ref]:
            yield {
                "course_id": course_id,
                "held_on": day.held_on,
                "starts_at": day.starts_at,
                "ends_at": day.ends_at,
                "minutes": day.minutes,
                "room": day.room,
                "online_url": day.online_url,
            }


def _make_teachers(maker: Maker, names: list[tuple[int, list[str]]]) -> None:
    """Who teaches, by name: one that is known is taken as it is."""
    wanted: dict[str, str] = {}
    for name in (name for _course, teachers in names for name in teachers):
        wanted.setdefault(name.casefold(), name)
    if not wanted:
        return
    found = known.teachers(maker.db)
    fresh = [name for name in wanted if name not in found]
    ids = maker.put(Teacher, ({"name": wanted[name]} for name in fresh))
    found |= zip(fresh, ids, strict=True)
    maker.owns(
        CourseTeacher,
        (
            {"course_id": course, "teacher_id": teacher}
            for course, teachers in names
            for teacher in dict.fromkeys(found[name.casefold()] for name in teachers)
        ),
    )
