"""What cancelling a course as a whole will do, before the click: who is told, which credit notes follow."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from core import access
from core.db import Db
from core.labels import holder
from core.models import Account, Course, CourseTeacher, Enrolment, Institution, Note, NoteLine, Person, Teacher
from core.vocabulary import ACTIVE, Actor, EnrolmentStatus, NoteKind


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """What cancelling the course does for one seat. `email` is empty when nobody can be written to."""

    enrolment_id: int
    person_name: str
    payer_name: str
    status: EnrolmentStatus
    email: str
    credit_cents: int
    unbilled_cents: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that cancelling a course will do. `kept` counts earlier cancellations that had a cost."""

    seats: tuple[SeatPlan, ...]
    schools: tuple[str, ...]
    teachers: tuple[str, ...]
    kept: int

    @property
    def credits(self) -> tuple[SeatPlan, ...]:
        """The seats for which a credit note follows."""
        return tuple(seat for seat in self.seats if seat.credit_cents)

    @property
    def credit_cents(self) -> int:
        """All credit notes together."""
        return sum(seat.credit_cents for seat in self.seats)

    @property
    def unbilled_cents(self) -> int:
        """What will not be billed."""
        return sum(seat.unbilled_cents for seat in self.seats)

    @property
    def unreachable(self) -> tuple[str, ...]:
        """Who cannot be told by mail."""
        return tuple(seat.person_name for seat in self.seats if not seat.email)


def plan(db: Db, actor: Actor, course_id: int) -> Plan:
    """What cancelling would do, by what holds now; a fixed number of queries. Raises NotFound or NotAllowed."""
    access.require_coordinator(actor)
    if db.get(Course, course_id) is None:
        raise access.NotFound
    of_person, of_school = aliased(Account), aliased(Account)
    found = db.execute(
        select(Enrolment, Person, Institution, of_person.email, of_school.email)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .outerjoin(Institution, Institution.id == Enrolment.payer_institution_id)
        .outerjoin(of_person, of_person.person_id == Person.id)
        .outerjoin(of_school, of_school.institution_id == Institution.id)
        .where(Enrolment.course_id == course_id, Enrolment.status.in_(ACTIVE))
        .order_by(Person.search_name, Enrolment.id)
    ).all()
    owed = _owed(db, course_id)
    seats = []
    for seat, person, school, email, school_email in found:
        name = holder(person.name if person else None)
        credit = owed.get(seat.seat, 0)
        is_unbilled = seat.status is EnrolmentStatus.CONFIRMED and seat.billed_on is None
        seats.append(
            SeatPlan(
                enrolment_id=seat.id,
                person_name=name,
                payer_name=school.name if school else name,
                status=seat.status,
                email=(email if person else school_email) or "",
                credit_cents=credit,
                unbilled_cents=seat.price_cents if is_unbilled else 0,
            )
        )
    given_up = select(func.count()).where(
        Enrolment.course_id == course_id,
        Enrolment.status == EnrolmentStatus.CANCELLED,
        Enrolment.cancellation_cents > 0,
    )
    teachers = select(Teacher.name).join(CourseTeacher).where(CourseTeacher.course_id == course_id)
    return Plan(
        tuple(seats),
        tuple(sorted({school.name for _seat, _person, school, *_rest in found if school is not None})),
        tuple(db.scalars(teachers.order_by(Teacher.name))),
        db.scalar(given_up) or 0,
    )


def _owed(db: Db, course_id: int) -> dict[int, int]:
    """What can still be credited of each seat's line of its last debit note, by the seat's first enrolment; cents."""
    seat = func.coalesce(Enrolment.seat_id, Enrolment.id)
    of_course = Enrolment.course_id == course_id
    debits = db.execute(
        select(seat, Note.id, NoteLine.amount_cents)
        .select_from(Enrolment)
        .join(NoteLine, NoteLine.enrolment_id == Enrolment.id)
        .join(Note, Note.id == NoteLine.note_id)
        .where(of_course, Note.kind == NoteKind.DEBIT)
        .order_by(Note.id)
    ).all()
    last = {first: (note_id, cents) for first, note_id, cents in debits}
    credited: dict[tuple[int, int], int] = defaultdict(int)
    for first, note_id, cents in db.execute(
        select(seat, Note.corrects_id, func.sum(NoteLine.amount_cents))
        .select_from(Enrolment)
        .join(NoteLine, NoteLine.enrolment_id == Enrolment.id)
        .join(Note, Note.id == NoteLine.note_id)
        .where(of_course, Note.kind == NoteKind.CREDIT)
        .group_by(seat, Note.corrects_id)
    ):
        credited[first, note_id or 0] = int(cents)
    return {first: max(0, cents - credited[first, note_id]) for first, (note_id, cents) in last.items()}
