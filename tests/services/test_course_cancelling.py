"""A course cancelled as a whole: everybody told once, all that was billed credited once, killed half-way or not."""

import signal
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core import clock, jobs
from core.access import NotAllowed
from core.db import read, write
from core.models import AuditEvent, Course, Enrolment, Note, OutgoingMail
from core.queries import billing as billing_queries
from core.queries import cancelling_plan
from core.rules import courses as rules
from core.rules.enrolment import CourseCancelled
from core.services import billing, course_cancelling, enrolments, waiting_list
from core.services.course_cancelling import CourseUnderWay
from core.vocabulary import (
    CLOCK,
    Actor,
    AuditTag,
    CoordinatorRole,
    CourseStatus,
    EnrolmentStatus,
    NoteKind,
)
from tests.builders import (
    a_coordinator,
    a_course,
    a_person,
    acting,
    an_account,
    an_enrolment,
    an_institution,
    queued,
)
from tests.services.dying import dying, ended


@pytest.fixture
def bo(database: str) -> Actor:
    with write() as db:
        return a_coordinator(db, "Bo Claes")


def a_full_course(persons: int, billed: int) -> int:
    """A course with participants, every third paid by a school, the first billed; two wait, one place is unnamed."""
    with write() as db:
        course = a_course(db, capacity=persons + 1)
        school = an_institution(db)
        an_account(db, school, "secretariaat@school.example")
        for number in range(persons + 2):
            person = a_person(db, f"An{number}")
            an_account(db, person, f"an{number}@school.example")
            an_enrolment(
                db,
                course,
                person,
                school if number % 3 == 0 else None,
                status=EnrolmentStatus.CONFIRMED if number < persons else EnrolmentStatus.WAITLISTED,
                confirmed_on=clock.today() - timedelta(days=8 if number < billed else 1),
            )
        an_enrolment(db, course, None, school)
        course_id = course.id
    with write() as db:
        for identity in db.scalars(select(Enrolment.id).where(Enrolment.course_id == course_id)).all():
            billing.issue_debit_note(db, CLOCK, identity)
    return course_id


def begin(actor: Actor, course_id: int, reason: str = "De docent is ziek.") -> None:
    with write() as db:
        course_cancelling.begin(db, actor, course_id, reason=reason)


def go_on(actor: Actor, course_id: int) -> bool:
    with read() as db:
        left = course_cancelling.progress(db, actor, course_id).left
    for identity in left:
        with write() as db:
            course_cancelling.take_back(db, actor, identity)
    with write() as db:
        return course_cancelling.finish(db, actor, course_id)


def test_the_plan_says_who_is_told_and_what_is_credited_and_it_happens_so(bo: Actor, noon: datetime) -> None:
    course_id = a_full_course(6, 4)
    with write() as db:
        an_enrolment(db, db.get_one(Course, course_id), a_person(db, "Zonder", "Account"))
        given_up = an_enrolment(
            db,
            db.get_one(Course, course_id),
            a_person(db, "Weg"),
            status=EnrolmentStatus.CANCELLED,
            cancellation_cents=5_000,
        ).id
    with read() as db:
        plan = cancelling_plan.plan(db, bo, course_id)
        assert queued(db) == []
    assert (len(plan.seats), len(plan.credits), plan.credit_cents, plan.kept) == (10, 4, 4 * 19_000, 1)
    assert plan.unbilled_cents == 4 * 19_000
    assert plan.unreachable == ("Zonder Account",)
    assert plan.schools == ("Basisschool De Zonnewimpel",)
    begin(bo, course_id)
    assert go_on(bo, course_id)
    with read() as db:
        course = db.get_one(Course, course_id)
        assert (course.status, course.cancellation_reason) == (CourseStatus.CANCELLED, "De docent is ziek.")
        credit = db.scalars(select(Note).where(Note.kind == NoteKind.CREDIT)).all()
        assert sorted(note.total_cents for note in credit) == [19_000] * 4
        told = [mail.recipient for mail in queued(db)]
        assert sorted(told) == sorted(
            [f"an{number}@school.example" for number in range(8)] + ["secretariaat@school.example"]
        )
        (school,) = queued(db, "course-cancelled-school")
        assert "- An0 Peeters\n- An3 Peeters\n- An6 Peeters\n- 1 × nog te bepalen" in school.body
        assert "creditnota" in school.body
        by_address = {mail.recipient: mail.body for mail in queued(db, "course-cancelled")}
        assert "€ 190,00" in by_address["an1@school.example"].replace("\xa0", " ")
        assert "niets te betalen" in by_address["an5@school.example"]
        assert "De docent is ziek." in by_address["an1@school.example"]
        assert db.get_one(Enrolment, given_up).cancellation_cents == 5_000
        tags = db.scalars(select(AuditEvent.tag).where(AuditEvent.subject_type == "course"))
        assert set(tags) >= {AuditTag.COURSE_CANCELLING, AuditTag.COURSE_CANCELLED}


def test_while_it_is_cancelled_nobody_enrols_cancels_or_takes_a_seat(bo: Actor, noon: datetime) -> None:
    course_id = a_full_course(2, 0)
    begin(bo, course_id)
    with write() as db:
        late = acting(an_account(db, a_person(db, "Laat"), "laat@school.example"))
        first = db.scalars(select(Enrolment).where(Enrolment.course_id == course_id).order_by(Enrolment.id)).first()
        assert first is not None
        holder = Actor(kind=late.kind, person_id=first.person_id)
        identity = first.id
    with pytest.raises(CourseCancelled), write() as db:
        enrolments.enrol(db, late, course_id)
    with pytest.raises(CourseCancelled), write() as db:
        enrolments.cancel(db, holder, identity)
    with write() as db:
        assert waiting_list.offer_free_seats(db, CLOCK, course_id) == 0
        assert not course_cancelling.finish(db, bo, course_id)


def test_a_second_go_changes_nothing(bo: Actor, noon: datetime) -> None:
    course_id = a_full_course(3, 3)
    begin(bo, course_id)
    assert go_on(bo, course_id)
    with read() as db:
        before = [db.scalar(select(func.count()).select_from(kind)) for kind in (OutgoingMail, Note, AuditEvent)]
        identities = db.scalars(select(Enrolment.id)).all()
    for identity in identities:
        with write() as db:
            assert not course_cancelling.take_back(db, bo, identity)
    assert not go_on(bo, course_id)
    with read() as db:
        assert before == [
            db.scalar(select(func.count()).select_from(kind)) for kind in (OutgoingMail, Note, AuditEvent)
        ]
    with pytest.raises(rules.CourseCalledOff):
        begin(bo, course_id)


def test_a_draft_and_a_course_that_began_are_not_cancelled_so_and_a_reader_cancels_nothing(
    bo: Actor, noon: datetime
) -> None:
    with write() as db:
        draft, begun = a_course(db, status=CourseStatus.DRAFT).id, a_course(db, in_days=-1, days=2).id
        reader = acting(an_account(db, None, "lezer@cno.example", coordinator_role=CoordinatorRole.READER))
    for identity, actor, refusal in (
        (draft, bo, rules.StepNotPossible),
        (begun, bo, CourseUnderWay),
        (draft, reader, NotAllowed),
    ):
        with pytest.raises(refusal):
            begin(actor, identity)


#: Where the clock's work dies: within a transaction, between two, and at the end.
PLACES: dict[str, tuple[Any, str]] = {
    "before-commit": (course_cancelling, "_tell"),
    "after-commit": (jobs, "_take_back"),
    "finish": (course_cancelling, "finish"),
}


def clocks_work(step: str = "", number: int = 0) -> int:
    """How a process ends that does the clock's work, killed at a step when one is named."""
    with pytest.MonkeyPatch.context() as patch:
        if step:
            module, name = PLACES[step]
            patch.setattr(module, name, dying(getattr(module, name), number))
        patch.setattr(billing_queries, "notes_without_file", lambda _db: ())  # no PDFs: they are another matter
        return ended(jobs.run_due)


def test_a_course_of_200_killed_again_and_again_tells_everybody_once_and_credits_once(bo: Actor, database: str) -> None:
    """Check 4: SIGKILL within a transaction, between two, and at the end; then it is finished by the clock."""
    course_id = a_full_course(200, 120)
    begin(bo, course_id)
    assert clocks_work("before-commit", 61) == -signal.SIGKILL
    with read() as db:
        half = course_cancelling.progress(db, bo, course_id)
        assert (half.done, len(half.left)) == (60, 143)
    assert clocks_work("after-commit", 70) == -signal.SIGKILL
    assert clocks_work("before-commit", 1) == -signal.SIGKILL
    with read() as db:
        assert course_cancelling.progress(db, bo, course_id).done == 130
    assert clocks_work("finish", 1) == -signal.SIGKILL
    with read() as db:
        assert db.get_one(Course, course_id).status is CourseStatus.CANCELLING
    assert clocks_work() == 0
    with read() as db:
        assert db.get_one(Course, course_id).status is CourseStatus.CANCELLED
        told = db.execute(
            select(OutgoingMail.name, OutgoingMail.recipient, func.count()).group_by(
                OutgoingMail.name, OutgoingMail.recipient
            )
        ).all()
        debits = set(db.scalars(select(Note.id).where(Note.kind == NoteKind.DEBIT)))
        credited = db.execute(
            select(Note.corrects_id, func.count(), func.sum(Note.total_cents))
            .where(Note.kind == NoteKind.CREDIT)
            .group_by(Note.corrects_id)
        ).all()
        numbers = db.scalars(select(Note.nr).where(Note.kind == NoteKind.CREDIT).order_by(Note.nr)).all()
        standing = db.scalar(select(func.count()).where(Enrolment.status != EnrolmentStatus.CANCELLED))
    assert {count for *_who, count in told} == {1}
    assert len(told) == 202 + 1
    assert ("course-cancelled-school", "secretariaat@school.example", 1) in [tuple(row) for row in told]
    assert len(debits) == 120
    assert {note for note, *_rest in credited} == debits
    assert {(count, cents) for _note, count, cents in credited} == {(1, 19_000)}
    assert list(numbers) == list(range(1, 121))
    assert standing == 0
