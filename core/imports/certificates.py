"""Certificates of the history: their own numbers and codes, and the PDF that came along."""

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from core.decisions import decisions
from core.i18n import N_
from core.imports import known
from core.imports.book import Book, SeatFacts, Seen
from core.imports.making import Maker
from core.imports.notes import is_ours, refuse_taken, seat_of
from core.models import Certificate, CertificateFile, Course, CourseDay, CourseTeacher, Enrolment, Teacher
from core.rules import billing as rules
from core.services.billing_payload import organiser
from core.settings import settings
from core.vocabulary import ACTIVE, ImportKind, Language

CODE_WRONG = N_("This is not a code of a certificate. Leave it empty: a new one is made.")
TWICE = N_("This enrolment has a certificate already.")
NOT_FOLLOWED = N_("This enrolment was cancelled: there is no certificate for it.")
Facts = dict[str, Any]


def check(book: Book) -> None:
    """Numbers and codes that are new, an enrolment that stands and has no certificate yet."""
    numbers, codes, seats, count = Seen(), Seen(), Seen(), 0
    sheets = book.sheets[ImportKind.CERTIFICATES]
    taken = known.taken(book.db, Certificate.number, book.texts(ImportKind.CERTIFICATES, "number"))
    for sheet in sheets:
        sheet.values["seat"] = [None] * len(sheet)
        for at, code in sheet.of("certificate_code"):
            if code is not None:
                sheet.values["certificate_code"][at] = rules.read_code(code)
                if sheet.values["certificate_code"][at] is None:
                    sheet.blame(at, "certificate_code", CODE_WRONG)
    taken_codes = known.taken(book.db, Certificate.code, book.texts(ImportKind.CERTIFICATES, "certificate_code"))
    for sheet in sheets:
        for at, number, code in sheet.of("number", "certificate_code"):
            count += 1
            sheet.refs.append(-count)
            if number is not None and not numbers.is_double(sheet, at, "number", number):
                ours = is_ours(number, book.today.year)
                refuse_taken(sheet, at, "number", is_taken=number in taken, is_ours=ours)
            if code is not None and not codes.is_double(sheet, at, "certificate_code", code):
                refuse_taken(sheet, at, "certificate_code", is_taken=code in taken_codes, is_ours=False)
            book.past(sheet, at, "issued_on")
            book.check_pdf(sheet, at)
            seat = seat_of(book, sheet, at)
            sheet.values["seat"][at] = seat
            if seat is not None and seat.status not in ACTIVE:
                sheet.blame(at, "email", NOT_FOLLOWED)
            elif seat is not None:
                seats.is_double(sheet, at, "email", seat.ref)
    _refuse_second(book)


def _refuse_second(book: Book) -> None:
    sheets = book.sheets[ImportKind.CERTIFICATES]
    known_refs = {seat.ref for sheet in sheets for _at, seat in sheet.of("seat") if seat is not None and seat.ref > 0}
    certified = known.certified(book.db, known_refs)
    for sheet in sheets:
        for at, seat in sheet.of("seat"):
            if seat is not None and seat.ref in certified:
                sheet.blame(at, "email", TWICE)


def make(book: Book, maker: Maker) -> None:
    """The certificates; one without PDF is rendered when it is first fetched, as our own are."""
    rows = [row for sheet in book.sheets[ImportKind.CERTIFICATES] for row in sheet.new()]
    courses = _courses(book, {maker.id_of(Course, row["seat"].course) for row in rows})
    ids = maker.put(Certificate, _rows(book, maker, rows, courses))
    maker.owns(CertificateFile, _files(book, maker, ids, rows), at_once=20)


def _rows(book: Book, maker: Maker, rows: list[Facts], courses: dict[int, Facts]) -> Iterator[Facts]:
    for nr, row in enumerate(rows, start=1):
        seat: SeatFacts = row["seat"]
        code = row["certificate_code"] or _new_code()
        facts = _words(book, row, courses[maker.id_of(Course, seat.course)]) | _check_address(code)
        payload = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        yield {
            "series": maker.run.series,
            "nr": nr,
            "number": row["number"],
            "code": code,
            "enrolment_id": maker.id_of(Enrolment, seat.ref),
            "language": Language.DUTCH,
            "issued_on": row["issued_on"],
            "payload": payload,
            "payload_sha256": hashlib.sha256(payload.encode()).hexdigest(),
            "created_at": maker.now,
        }


def _new_code() -> str:
    body = "".join(secrets.choice(rules.CODE_ALPHABET) for _ in range(11))
    return body + rules.check_character(body)


def _check_address(code: str) -> Facts:
    own = settings().public_url
    return {"code": code, "check_url": f"{own}/attest/{code}", "check_host": own.partition("://")[2]}


def _words(book: Book, row: Facts, course: Facts) -> Facts:
    decided = decisions(book.db)
    return {
        "language": Language.DUTCH.value,
        "number": row["number"],
        "issued_on": row["issued_on"].isoformat(),
        "person": book.person_names[row["seat"].person],
        "followed_minutes": min(row["hours"] or course["given_minutes"], course["given_minutes"]),
        "missed": [],
        "organiser": organiser(decided),
        "signatory": {"name": decided.signatory_name, "function": decided.signatory_function},
    } | course


def _courses(book: Book, course_ids: set[int]) -> dict[int, Facts]:
    """What a certificate says of each course; asked after the courses of the import are made."""
    days: dict[int, list[Facts]] = defaultdict(list)
    minutes: dict[int, int] = defaultdict(int)
    for day in known.rows(book.db, select(CourseDay).order_by(CourseDay.held_on), CourseDay.course_id, course_ids):
        meeting = day[0]
        minutes[meeting.course_id] += meeting.minutes
        days[meeting.course_id].append(
            {
                "date": meeting.held_on.isoformat(),
                "from": meeting.starts_at.strftime("%H:%M"),
                "to": meeting.ends_at.strftime("%H:%M"),
            }
        )
    teachers: dict[int, list[str]] = defaultdict(list)
    names = select(CourseTeacher.course_id, Teacher.name).join(Teacher).order_by(Teacher.name)
    for course_id, name in known.rows(book.db, names, CourseTeacher.course_id, course_ids):
        teachers[course_id].append(name)
    columns = select(Course.id, Course.code, Course.title, Course.place, Course.city, Course.is_online)
    return {
        identity: {
            "course_code": code,
            "course_title": title,
            "days": days[identity],
            "given_minutes": minutes[identity],
            "place": "online" if is_online else ", ".join(filter(None, (place, city))),
            "teachers": teachers[identity],
        }
        for identity, code, title, place, city, is_online in known.rows(book.db, columns, Course.id, course_ids)
    }


def _files(book: Book, maker: Maker, ids: list[int], rows: list[Facts]) -> Iterator[Facts]:
    for identity, row in zip(ids, rows, strict=True):
        if row["file"]:
            content = book.parcel.pdf(row["file"])
            yield {
                "certificate_id": identity,
                "sha256": hashlib.sha256(content).hexdigest(),
                "content": content,
                "created_at": maker.now,
            }
