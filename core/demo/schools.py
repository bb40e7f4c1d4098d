"""What the demo's own school has going on: colleagues in courses past and to come, paid, credited, asked and waited for."""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from core import clock
from core.db import Db, read, write
from core.demo.courses import SAME_DAY
from core.demo.situations import COORDINATOR, file, seat
from core.models import Affiliation, Course, Enrolment, Institution, Person
from core.queries import billing
from core.services import enrolments, payer_requests
from core.vocabulary import Actor, ActorKind, EnrolmentStatus

#: Who has the one of these courses cannot follow the other.
((OVERLAPPING, ONE),) = SAME_DAY.items()
_ROOM = 20
_REFERENCE = "Bestelbon 2026-014"


def busy(db: Db, past: list[Course], coming: list[Course], school: Institution) -> None:
    """Colleagues of a school in courses of every kind; to be called once the other seats are given."""
    db.flush()
    coming[OVERLAPPING].capacity = _ROOM
    for course, (number, days) in zip((past[-3], past[-2], past[-4]), ((2, 60), (2, 30), (1, 30)), strict=True):
        if course.first_day is not None:
            for person in _free(db, course, school)[:number]:
                seat(db, course, person, school, course.first_day - timedelta(days=days))
    for index, number, days in ((0, 1, 1), (6, 2, 1), (ONE, 1, 2)):
        for person in _free(db, coming[index], school)[:number]:
            made = seat(db, coming[index], person, school, clock.today() - timedelta(days=days))
            if number > 1:
                made.enrolled_by, made.billing_reference = ActorKind.INSTITUTION, _REFERENCE
    db.flush()
    enrolled = _free(db, coming[OVERLAPPING], school)[1]
    seat(db, coming[OVERLAPPING], enrolled, None, clock.today() - timedelta(days=2))
    waits = seat(db, coming[2], _free(db, coming[2], school)[0], school, clock.today(), EnrolmentStatus.WAITLISTED)
    waits.enrolled_by = ActorKind.INSTITUTION
    db.flush()


def ask_to_pay(db: Db, course: Course, person: Person, school: Institution) -> None:
    """For somebody's standing enrolment a school that approves first was asked to pay, at enrolling."""
    enrolment = db.scalars(
        select(Enrolment).where(Enrolment.course_id == course.id, Enrolment.person_id == person.id)
    ).one()
    with clock.frozen(enrolment.created_at):
        payer_requests.ask(db, Actor(ActorKind.PERSON, person_id=person.id, name=person.name), enrolment, school)


def _free(db: Db, course: Course, school: Institution) -> list[Person]:
    """The colleagues of a school who are not in a course yet and have no namesake, the latest in the data first."""
    linked = db.scalars(
        select(Person)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(
            Affiliation.institution_id == school.id,
            Person.id.not_in(
                select(Enrolment.person_id).where(Enrolment.course_id == course.id, Enrolment.person_id.is_not(None))
            ),
        )
        .order_by(Person.id.desc())
    ).all()
    names = [person.name for person in linked]
    return [person for person in linked if names.count(person.name) == 1]


def credited(course_id: int, school_id: int) -> None:
    """One of the debit notes of a past course was credited: the colleague cancelled in time."""
    with read() as db:
        enrolment = db.scalars(
            select(Enrolment)
            .where(Enrolment.course_id == course_id, Enrolment.payer_institution_id == school_id)
            .order_by(Enrolment.id.desc())
            .limit(1)
        ).one()
        on, identity = enrolment.course.first_day or clock.today(), enrolment.id
    with clock.frozen(datetime.combine(on - timedelta(days=12), time(9), clock.BRUSSELS)):
        with write() as db:
            enrolments.cancel(db, COORDINATOR, identity, reason="Ziek")
        with read() as db:
            waiting = billing.notes_without_file(db)
        for note_id in waiting:
            file(note_id)
