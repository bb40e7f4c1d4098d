"""The large demo data, small: everything in it agrees, on both databases."""

import hashlib
import json
from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from core import clock, demo, jobs
from core.db import read, write
from core.demo import Size, large
from core.demo.large import BIG_SCHOOL_ADDRESS, BIG_SCHOOL_PERSONS
from core.models import (
    Account,
    Affiliation,
    Course,
    Enrolment,
    IncomingMail,
    Institution,
    Note,
    NoteLine,
    OutgoingMail,
    Person,
    Teacher,
)
from core.queries import billing as billing_queries
from core.services import billing
from core.vocabulary import CLOCK, SEATED, CourseStatus, EnrolmentStatus, NoteKind, Role
from pages.shared.signing import check
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution

SMALL = Size(persons=2_000, institutions=90, courses=120, enrolments=3_000, years=4, mails=900, threads=200)


def test_the_large_data_agrees_with_itself(database: str) -> None:
    with write() as db:
        an_account(db, None, "team@cno.example")
        db.add_all(Teacher(name=name) for name in ("Lotte Verhaegen", "Bram Çelik"))
    told: Counter[str] = Counter()
    large.grow(SMALL, demo.PASSWORD, 2026, lambda table, rows: told.update({table: rows}))
    assert {"person", "course", "enrolment", "note", "incoming_mail", "audit_event"} <= set(told)
    _sizes_and_limits()
    _notes()
    _big_school()
    _the_database_goes_on()
    assert jobs.run_due().failed == 0


def _sizes_and_limits() -> None:
    with read() as db:
        for table, wanted in ((Person, 2_000), (Institution, 90), (Course, 120), (Enrolment, 3_000)):
            assert db.scalar(select(func.count()).select_from(table)) == wanted
        taken = select(func.count()).where(Enrolment.course_id == Course.id, Enrolment.status.in_(SEATED))
        assert not db.scalar(select(func.count()).where(taken.correlate(Course).scalar_subquery() > Course.capacity))
        assert not db.scalar(
            select(func.count())
            .select_from(Enrolment)
            .join(Course)
            .where(Course.status == CourseStatus.CANCELLED, Enrolment.status != EnrolmentStatus.CANCELLED)
        )
        states = set(db.scalars(select(Enrolment.status).distinct()))
        assert states == set(EnrolmentStatus) - {EnrolmentStatus.OFFERED}
        assert not db.scalar(select(func.count()).where(Enrolment.created_at > clock.now()))
        assert not db.scalar(select(func.count()).where(Enrolment.cancelled_at < Enrolment.created_at))
        by_month = Counter(first.month for first in db.scalars(select(Course.first_day)) if first)
        assert by_month[7] < by_month[10]
        assert (db.scalar(select(func.count()).select_from(IncomingMail)) or 0) >= SMALL.threads
        assert (db.scalar(select(func.count()).select_from(OutgoingMail)) or 0) >= SMALL.mails * 0.9


def _notes() -> None:
    with read() as db:
        rows = db.execute(select(Note, NoteLine).join(NoteLine).where(Note.series.like("%NG-%"))).all()
        assert {note.kind for note, _line in rows} == set(NoteKind)
        chains: dict[str, list[Note]] = {}
        for note, line in rows:
            facts = json.loads(note.payload)
            assert note.payload == json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            assert note.payload_sha256 == hashlib.sha256(note.payload.encode()).hexdigest()
            assert (facts["total_cents"], facts["lines"][0]["enrolment_id"]) == (line.amount_cents, line.enrolment_id)
            chains.setdefault(note.series, []).append(note)
        for notes in chains.values():
            notes.sort(key=lambda note: note.nr)
            assert [note.nr for note in notes] == list(range(1, len(notes) + 1))
            assert [note.issued_on for note in notes] == sorted(note.issued_on for note in notes)
            assert [note.prev_sha256 for note in notes[1:]] == [note.payload_sha256 for note in notes[:-1]]
        debit = aliased(Note)
        assert not db.scalar(
            select(func.count())
            .select_from(Note)
            .join(debit, debit.id == Note.corrects_id)
            .where(Note.total_cents > debit.total_cents)
        )
        assert billing_queries.notes_without_file(db) == ()


def _big_school() -> None:
    with read() as db:
        school = db.scalars(select(Account).where(Account.email == BIG_SCHOOL_ADDRESS)).one()
        linked = select(func.count()).where(
            Affiliation.institution_id == school.institution_id, Affiliation.ended_on.is_(None)
        )
        assert db.scalar(linked) == BIG_SCHOOL_PERSONS
        paid = select(func.count()).where(Enrolment.payer_institution_id == school.institution_id)
        assert (db.scalar(paid) or 0) >= 10
    assert check(Role.INSTITUTION, BIG_SCHOOL_ADDRESS, demo.PASSWORD) is not None


def _the_database_goes_on() -> None:
    """What is made after the load gets numbers of its own, also from PostgreSQL's sequences."""
    with write() as db:
        seat = an_enrolment(db, a_course(db), a_person(db), an_institution(db))
        seat.confirmed_on = clock.today() - timedelta(days=7)
        db.flush()
        assert billing.issue_debit_note(db, CLOCK, seat.id) is not None
