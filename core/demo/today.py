"""What needs somebody on the first day, so that «Vandaag» shows each of its cards."""

import random
from datetime import timedelta

from sqlalchemy import func, select

from core import clock
from core.db import Db, write
from core.demo.courses import course
from core.demo.situations import seat
from core.demo.texts import COURSES
from core.models import Account, Course, Enrolment, OutgoingMail, Person, Teacher
from core.vocabulary import SEATED, CourseStatus, EnrolmentStatus, OutgoingState, Role

_MISSING = 3
_UNKNOWN = "550 5.1.1 Recipient address rejected: user unknown"


def below_minimum(db: Db, soon: Course) -> None:
    """A course to be decided on within two weeks that a few participants lack."""
    soon.minimum = min(soon.capacity, _taken(db, soon) + _MISSING)


def a_list_that_can_move(db: Db, full: Course, person: Person) -> None:
    """A course where somebody waits while one seat is free: a larger room was found."""
    seat(db, full, person, None, clock.today() - timedelta(days=2), EnrolmentStatus.WAITLISTED)
    full.capacity = _taken(db, full) + 1


def drafts(db: Db, seed: int, staff: list[Teacher]) -> None:
    """Two courses in preparation: one that can be published, one that still lacks its days."""
    chance = random.Random(seed)
    for serial, (text, days) in enumerate(((COURSES[0], 100), (COURSES[4], 130)), start=700):
        made = course(db, chance, text, clock.today() + timedelta(days=days), staff, serial=serial, repeat=2)
        made.status, made.published_at = CourseStatus.DRAFT, None
    made.days, made.first_day, made.last_day, made.total_minutes, made.enrolment_deadline = [], None, None, 0, None


def an_address_that_bounces() -> None:
    """The last note to somebody's own address came back: the note did not arrive, automatic mail has stopped."""
    with write() as db:
        mail, account = db.execute(
            select(OutgoingMail, Account)
            .join(Account, Account.id == OutgoingMail.account_id)
            .where(OutgoingMail.name == "debit-note", Account.role == Role.PERSON)
            .order_by(OutgoingMail.id.desc())
            .limit(1)
        ).one()
        mail.state, mail.code, mail.error = OutgoingState.FAILED, int(_UNKNOWN[:3]), _UNKNOWN
        account.undeliverable_since = clock.now() - timedelta(days=1)


def _taken(db: Db, wanted: Course) -> int:
    db.flush()
    count = select(func.count()).where(Enrolment.course_id == wanted.id, Enrolment.status.in_(SEATED))
    return db.scalar(count) or 0
