"""The demo data: every situation a visitor should meet on the first day (`sample-data.md` §8)."""

from datetime import timedelta

import pytest
from sqlalchemy import exists, func, select

from core import clock, demo, jobs
from core.db import read, write
from core.demo import situations
from core.models import (
    Account,
    Certificate,
    Course,
    Enrolment,
    FormerAddress,
    Institution,
    IntentSetting,
    Material,
    Note,
    NoteFile,
    PayerRequest,
    Person,
)
from core.queries import attention, billing, due_notes, enrolments, matching, paid_enrolments, payments
from core.services import sign_ins
from core.vocabulary import (
    SEATED,
    CertificateStatus,
    CourseStatus,
    EnrolmentStatus,
    IntentMode,
    MatchKind,
    NoteState,
    OutgoingState,
    PayerPolicy,
    PayerRequestState,
    Role,
)
from pages.shared.signing import check
from tests.builders import acting, queued


def test_the_first_day_of_the_demo(sqlite_database: str) -> None:
    demo.fill()
    with pytest.raises(demo.NotEmpty):
        demo.fill()
    today = clock.today()
    with read() as db:
        count = {
            table: db.scalar(select(func.count()).select_from(table)) for table in (Person, Institution, Course, Note)
        }
        assert (count[Person], count[Institution]) == (600, 60)
        assert count[Course] >= 40
        account = db.scalars(select(Account).where(Account.email == demo.PERSON_ADDRESS)).one()
        mine = enrolments.own_enrolments(db, acting(account))
        assert any(row.is_coming and row.status is EnrolmentStatus.CONFIRMED for row in mine)
        assert any(row.has_certificate for row in mine)
        assert any(row.certificate_from and row.certificate_from <= today for row in mine)
        due = due_notes.due(db)
        assert due, "a note is due today"
        seats = (
            select(func.count()).where(Enrolment.course_id == Course.id, Enrolment.status.in_(SEATED)).scalar_subquery()
        )
        assert db.scalar(select(exists().where(Course.first_day > today, seats >= Course.capacity)))
        assert db.scalar(select(exists().where(Enrolment.status == EnrolmentStatus.OFFERED)))
        assert db.scalar(select(exists().where(Enrolment.status == EnrolmentStatus.WAITLISTED)))
        assert db.scalar(select(exists().where(Certificate.status == CertificateStatus.REPLACED)))
        assert db.scalar(select(exists().where(Institution.payer_policy == PayerPolicy.FORBIDDEN)))
        assert db.scalar(select(exists().where(FormerAddress.id.is_not(None))))
        assert db.scalar(select(exists().where(Material.id.is_not(None))))
        assert db.scalar(select(func.count()).select_from(NoteFile)) >= (count[Note] or 0)
        own = acting(db.scalars(select(Account).where(Account.email == demo.INSTITUTION_ADDRESS)).one())
        coming = paid_enrolments.paid(db, own, paid_enrolments.Wanted()).rows
        assert {row.status for row in coming} == {EnrolmentStatus.CONFIRMED, EnrolmentStatus.WAITLISTED}
        assert paid_enrolments.unnamed(db, own) == 1
        assert NoteState.CREDITED in {row.state for row in billing.notes_of(db, own, billing.WantedNotes())}
        asked = db.scalars(select(PayerRequest)).one()
        assert (asked.state, asked.institution.payer_policy) == (PayerRequestState.WAITING, PayerPolicy.APPROVAL)
        lines = payments.waiting(db, situations.COORDINATOR).rows
        assert {line.kind for line in lines} >= {
            MatchKind.NUMBER,
            MatchKind.SETTLED,
            MatchKind.NEARLY,
            MatchKind.PARTIAL,
            MatchKind.KNOWN_PAYER,
            MatchKind.UNKNOWN,
        }
        notes = matching.notes(db, Note.id > 0)
        assert all(note.left_cents == 0 for note in notes[:30]), "old notes are paid"
        assert any(note.left_cents > 0 for note in notes) and payments.credits_kept(db, situations.COORDINATOR).total
        states = {row.state for row in billing.notes_of(db, own, billing.WantedNotes())}
        assert states >= {NoteState.PAID, NoteState.OPEN, NoteState.CREDITED}
        newest = payments.newest_booked(db)
        assert newest is not None and today - timedelta(days=4) < newest < today
        assert all(not file.doubts for file in payments.files(db, situations.COORDINATOR, size=100).rows)
        assert {mail.state for mail in queued(db)} <= {OutgoingState.SENT, OutgoingState.PENDING, OutgoingState.FAILED}
        assert all(attention.counts(db, situations.COORDINATOR).values()), "«Vandaag» shows each of its cards"
        drafts = db.scalars(select(Course.first_day).where(Course.status == CourseStatus.DRAFT)).all()
        assert (len(drafts), drafts.count(None)) == (2, 1)
        assert set(db.scalars(select(IntentSetting.mode))) == {IntentMode.ON}
        waiting = [mail for mail in queued(db) if mail.state is OutgoingState.PENDING]
    for role, address in (
        (Role.PERSON, demo.PERSON_ADDRESS),
        (Role.INSTITUTION, demo.INSTITUTION_ADDRESS),
        (Role.COORDINATOR, demo.COORDINATOR_ADDRESS),
    ):
        assert check(role, address, demo.PASSWORD) is not None
        assert check(role, address, "een ander wachtwoord") is None
    assert len(waiting) < 10, "a first start does not flood anybody"
    assert jobs.run_due().failed == 0


def test_one_seed_gives_one_demo(sqlite_database: str) -> None:
    demo.fill(demo.Size(persons=200, institutions=20, courses=40))
    with write() as db:
        account_id = db.scalars(select(Account.id).where(Account.email == demo.PERSON_ADDRESS)).one()
        assert sign_ins.start(db, account_id)
        names = db.scalars(select(Person.last_name).order_by(Person.id)).all()
    assert names[:2] == ["Peeters", "D'Hondt-Çelik"]
    assert len(set(names)) > 20
