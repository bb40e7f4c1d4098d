"""Enrolments of the history: who had a seat, who paid. None of them is ever billed here."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from core import clock
from core.i18n import N_
from core.imports import known
from core.imports.book import Book, Ref, SeatFacts, Seen
from core.imports.making import Maker
from core.imports.sheets import Sheet
from core.models import Attendance, Course, Enrolment, Institution, Person
from core.vocabulary import ACTIVE, ActorKind, EnrolmentStatus, ImportKind

ENROLLED = N_("This participant is enrolled in this course already.")
NOT_CANCELLED = N_("Only a cancelled enrolment has this.")
BEFORE_ENROLLING = N_("This is before the enrolment itself.")
TOO_COSTLY = N_("Cancelling costs more than the course.")
STILL_TO_COME = N_("This course is known and still to come: enrol the participant at the course itself.")
PRESENCE_ELSEWHERE = N_("This course is known: note the absence at the course itself.")


def check(book: Book) -> None:
    """Look course, participant and payer of each enrolment up; a second standing one is a fault."""
    _known_seats(book)
    doubles, count = Seen(), 0
    for sheet in book.sheets[ImportKind.ENROLMENTS]:
        for at, payer, written in sheet.of("payer", "status"):
            course, person = book.course(sheet, at), book.person(sheet, at, "email")
            school = book.school(sheet, at, "payer", payer) if payer is not None else None
            count += 1
            sheet.refs.append(-count)
            _check_dates(book, sheet, at)
            _check_money(book, sheet, at, course)
            if course is None or person is None:
                continue
            status = written or EnrolmentStatus.CONFIRMED
            _check_known_course(book, sheet, at, course)
            standing = [seat for seat in book.seats[course, person] if seat.ref > 0 and seat.status in ACTIVE]
            if standing and status is EnrolmentStatus.CONFIRMED:
                sheet.blame(at, "email", ENROLLED)
            else:
                doubles.is_double(sheet, at, "email", (course, person, status))
            book.seats[course, person].append(SeatFacts(-count, course, person, status, school))


def _known_seats(book: Book) -> None:
    kinds = (ImportKind.ENROLMENTS, ImportKind.NOTES, ImportKind.CERTIFICATES)
    named = {code for kind in kinds for code in book.texts(kind, "code")}
    ids = {ref for code in named if (ref := book.courses.get(code)) is not None and ref > 0}
    for (course, person), seats in known.enrolments(book.db, ids).items():
        book.seats[course, person] += [
            SeatFacts(seat.id, course, person, seat.status, seat.payer_institution_id) for seat in seats
        ]


def _check_known_course(book: Book, sheet: Sheet, at: int, course: Ref) -> None:
    """A course of our own has rules, mails and presence of its own, which an import must not pass by."""
    if course < 0:
        return
    first_day = book.course_facts[course].first_day
    if first_day is None or first_day > book.today:
        sheet.blame(at, "code", STILL_TO_COME)
    if sheet.values["is_present"][at] is False:
        sheet.blame(at, "is_present", PRESENCE_ELSEWHERE)


def _check_dates(book: Book, sheet: Sheet, at: int) -> None:
    enrolled, cancelled, status = (sheet.values[name][at] for name in ("enrolled_on", "cancelled_on", "status"))
    book.past(sheet, at, "enrolled_on")
    book.past(sheet, at, "cancelled_on")
    if status is not EnrolmentStatus.CANCELLED and not sheet.is_blamed(at, "status"):
        for name in ("cancelled_on", "cancellation"):
            if sheet.values[name][at] is not None:
                sheet.blame(at, name, NOT_CANCELLED)
    elif cancelled is not None and enrolled is not None and cancelled < enrolled:
        sheet.blame(at, "cancelled_on", BEFORE_ENROLLING)


def _check_money(book: Book, sheet: Sheet, at: int, course: Ref | None) -> None:
    """An empty price is that of the course."""
    if course is None:
        return
    if sheet.values["price"][at] is None:
        sheet.values["price"][at] = book.course_facts[course].price_cents
    price, cost = sheet.values["price"][at], sheet.values["cancellation"][at]
    if price is not None and cost is not None and cost > price:
        sheet.blame(at, "cancellation", TOO_COSTLY)


def make(book: Book, maker: Maker) -> None:
    """The enrolments, and who was absent."""
    ids = maker.put(Enrolment, _rows(book, maker))
    _make_attendance(book, maker, ids)


def _rows(book: Book, maker: Maker) -> Iterator[dict[str, Any]]:
    for sheet in book.sheets[ImportKind.ENROLMENTS]:
        for facts in sheet.new():
            course, person = book.courses[facts["code"]], book.persons[facts["email"]]
            school = book.schools[_key(book, facts["payer"])] if facts["payer"] is not None else None
            on = facts["enrolled_on"] or book.course_facts[course].first_day or book.today
            yield {
                "course_id": maker.id_of(Course, course),
                "person_id": maker.id_of(Person, person),
                "payer_kind": known.payer_kind(school),
                "payer_institution_id": maker.id_of(Institution, school) if school is not None else None,
                "price_cents": facts["price"],
                "billing_reference": facts["reference"] or "",
                "enrolled_by": ActorKind.COORDINATOR,
            } | _state(facts, min(on, book.today))


def _key(book: Book, key: str) -> str:
    """The number of an institution as it was accepted: with its zeros."""
    return key if key in book.schools else key.zfill(6)


def _state(facts: dict[str, Any], on: date) -> dict[str, Any]:
    """Where an enrolment stands. It counts as billed: its notes are those of the import, and no other is ever made."""
    at = clock.at(on, time(12))
    state = {"created_at": at, "confirmed_at": at, "confirmed_on": on, "billed_on": on}
    if facts["status"] is not EnrolmentStatus.CANCELLED:
        nothing = {"cancelled_at": None, "cancellation_cents": None}
        return {"status": EnrolmentStatus.CONFIRMED} | state | nothing
    gone = {
        "cancelled_at": clock.at(facts["cancelled_on"] or on, time(12)),
        "cancellation_cents": facts["cancellation"] or 0,
    }
    return {"status": EnrolmentStatus.CANCELLED} | state | gone


def _make_attendance(book: Book, maker: Maker, ids: list[int]) -> None:
    """Presence on every day of a course in which somebody was absent; elsewhere nobody's presence was taken (D5)."""
    flags = [
        (book.courses[code], enrolment, is_present)
        for sheet in book.sheets[ImportKind.ENROLMENTS]
        for enrolment, (_at, code, is_present, status) in zip(
            _slice(ids, sheet), sheet.of("code", "is_present", "status"), strict=True
        )
        if status is not EnrolmentStatus.CANCELLED
    ]
    taken = {course for course, _enrolment, is_present in flags if is_present is False}
    days = known.days(book.db, {maker.id_of(Course, course) for course in taken})
    maker.owns(
        Attendance,
        (
            {
                "enrolment_id": enrolment,
                "course_day_id": day,
                "is_present": is_present is not False,
                "recorded_at": maker.now,
            }
            for course, enrolment, is_present in flags
            if course in taken
            for day in days[maker.id_of(Course, course)]
        ),
    )


def _slice(ids: list[int], sheet: Sheet) -> list[int]:
    return [ids[-ref - 1] for ref in sheet.refs]
