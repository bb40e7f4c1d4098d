"""Presence on a course day: noted on the day itself or from paper, by a coordinator or a teacher, and changed later.

Each seat is locked while its presence is noted: of two who tap at once both hear what stands, and nothing is lost.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core import access, audit, clock, tokens
from core.db import Db
from core.models import Attendance, CourseDay, Enrolment, Person
from core.rules import attendance as rules
from core.rules.attendance import PRESENT, Mark, Meeting
from core.services import certificates
from core.vocabulary import Actor, ActorKind, AuditTag, DayPart, EnrolmentStatus

_SEAL = "presence"
#: A day, a seat in its course, and what is noted of the two.
_Place = tuple[CourseDay, Enrolment, Attendance | None]


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of noting: who it is, what stands now, since when and by whom; `is_news`: it was noted just now."""

    name: str
    mark: Mark
    at: datetime
    by: str
    is_news: bool


@dataclass(frozen=True, slots=True)
class Scanned:
    """What came of scanning a code of the sign-in list."""

    course_id: int
    day_id: int
    course_title: str
    held_on: date
    noted: Noted


def code_of(enrolment_id: int, day_id: int) -> str:
    """What the QR code of a participant on the sign-in list of a day holds: it tells nothing and opens nothing else."""
    return tokens.sealed(_SEAL, enrolment_id, day_id)


def record(db: Db, actor: Actor, day_id: int, enrolment_id: int, mark: Mark, *, seen: Mark | None) -> Noted:
    """Note the presence of a participant on a day; `seen` is what the list showed before.

    What stands already is left as it is. Raises NotFound, NotAllowed, PresenceChangedMeanwhile or the refusals of
    `core.rules.attendance`.
    """
    day, enrolment, row = _locked(db, actor, day_id, enrolment_id)
    rules.check_mark(meeting_of(day), mark)
    if row is not None and _mark(row) != mark:
        _check_seen(enrolment, row, seen)
    return _noted(db, actor, (day, enrolment, row), mark)


def take_back(db: Db, actor: Actor, day_id: int, enrolment_id: int, *, seen: Mark) -> None:
    """Forget what was noted by mistake: nothing is known of that day any more. Raises as :func:`record`."""
    day, enrolment, row = _locked(db, actor, day_id, enrolment_id)
    if row is None:
        return
    _check_seen(enrolment, row, seen)
    _forget(db, actor, day, enrolment, row)


def record_rest(db: Db, actor: Actor, day_id: int) -> tuple[int, ...]:
    """Note everybody as present of whom nothing is noted yet; returns whom, so that it can be taken back.

    Raises NotFound, NotAllowed, DayNotYet or CourseOff.
    """
    day = _day(db, actor, day_id)
    seats = db.scalars(
        select(Enrolment)
        .where(
            Enrolment.course_id == day.course_id,
            Enrolment.status == EnrolmentStatus.CONFIRMED,
            Enrolment.person_id.is_not(None),
        )
        .order_by(Enrolment.id)
        .with_for_update(key_share=True, of=Enrolment)
    ).all()
    known = set(db.scalars(select(Attendance.enrolment_id).where(Attendance.course_day_id == day.id)))
    noted = [seat for seat in seats if seat.id not in known]
    for seat in noted:
        _noted(db, actor, (day, seat, None), PRESENT)
    return tuple(seat.id for seat in noted)


def take_back_rest(db: Db, actor: Actor, day_id: int, enrolment_ids: tuple[int, ...]) -> int:
    """Undo :func:`record_rest`, but for whom something else was noted since; returns how many were undone.

    Raises as :func:`record_rest`.
    """
    day = _day(db, actor, day_id)
    undone = 0
    for enrolment_id in sorted(enrolment_ids):
        enrolment = _seat(db, day, enrolment_id)
        row = db.get(Attendance, (enrolment.id, day.id), populate_existing=True)
        if row is not None and _mark(row) == PRESENT:
            _forget(db, actor, day, enrolment, row)
            undone += 1
    return undone


def scan(db: Db, actor: Actor, code: str) -> Scanned:
    """Note somebody as present by the code on the sign-in list; a second scan says since when that is known.

    Raises LinkNotValid for what is no such code, and as :func:`record`.
    """
    numbers = tokens.unsealed(_SEAL, code)
    if len(numbers) != 2:
        raise tokens.LinkNotValid
    enrolment_id, day_id = numbers
    day, enrolment, row = _locked(db, actor, day_id, enrolment_id)
    mark = _mark(row) if row is not None and row.is_present else PRESENT
    noted = _noted(db, actor, (day, enrolment, row), mark)
    return Scanned(day.course_id, day.id, day.course.title, day.held_on, noted)


def meeting_of(day: CourseDay) -> Meeting:
    """A course day as the rules know it."""
    return Meeting(day.held_on, day.starts_at, day.ends_at, day.minutes)


def _day(db: Db, actor: Actor, day_id: int) -> CourseDay:
    """A day whose presence the actor may note now."""
    if actor.kind is not ActorKind.TEACHER:
        access.require_coordinator(actor)
    day = access.taught_day(db, actor, day_id)
    rules.check_day(day.held_on, day.course.status, clock.today())
    return day


def _seat(db: Db, day: CourseDay, enrolment_id: int) -> Enrolment:
    """A seat of the day's course, locked: whoever else notes its presence waits."""
    enrolment = db.scalar(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.course_id == day.course_id)
        .with_for_update(key_share=True, of=Enrolment)
        .execution_options(populate_existing=True)
    )
    if enrolment is None:
        raise access.NotFound
    return enrolment


def _locked(db: Db, actor: Actor, day_id: int, enrolment_id: int) -> _Place:
    day = _day(db, actor, day_id)
    enrolment = _seat(db, day, enrolment_id)
    rules.check_seat(enrolment.status, _name(enrolment), _holder(db, enrolment))
    return day, enrolment, db.get(Attendance, (enrolment.id, day.id), populate_existing=True)


def _name(enrolment: Enrolment) -> str | None:
    return enrolment.person.name if enrolment.person else None


def _holder(db: Db, enrolment: Enrolment) -> str | None:
    """Who has the seat now, when a colleague took it over."""
    if enrolment.status is not EnrolmentStatus.REPLACED:
        return None
    found = db.scalar(
        select(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.seat_id == enrolment.seat, Enrolment.status == EnrolmentStatus.CONFIRMED)
    )
    return found.name if found else None


def _mark(row: Attendance) -> Mark:
    return Mark(row.is_present, row.part, row.minutes)


def _check_seen(enrolment: Enrolment, row: Attendance, seen: Mark | None) -> None:
    if _mark(row) != seen:
        raise rules.PresenceChangedMeanwhile(
            by=row.recorded_by, name=_name(enrolment) or "", now=rules.words(_mark(row))
        )


def _noted(db: Db, actor: Actor, place: _Place, mark: Mark) -> Noted:
    """Write a mark down, with its trace; what stands already stays as it was first noted."""
    day, enrolment, row = place
    name = _name(enrolment) or ""
    if row is not None and _mark(row) == mark:
        return Noted(name, mark, row.recorded_at, row.recorded_by, is_news=False)
    was = None if row is None else _mark(row)
    if row is None:
        row = Attendance(enrolment_id=enrolment.id, course_day_id=day.id)
        db.add(row)
    row.is_present, row.part, row.minutes = mark.is_present, mark.part, mark.minutes
    row.recorded_at, row.recorded_by = clock.now(), actor.name
    db.flush()
    if was is None:
        audit.record(db, actor, AuditTag.ATTENDANCE_RECORDED, enrolment, held_on=day.held_on, presence=_told(mark))
    else:
        audit.record(
            db, actor, AuditTag.ATTENDANCE_CHANGED, enrolment, held_on=day.held_on, was=_told(was), now=_told(mark)
        )
    certificates.follow_presence(db, actor, enrolment)
    return Noted(name, mark, row.recorded_at, row.recorded_by, is_news=True)


def _forget(db: Db, actor: Actor, day: CourseDay, enrolment: Enrolment, row: Attendance) -> None:
    was = _mark(row)
    db.delete(row)
    db.flush()
    audit.record(db, actor, AuditTag.ATTENDANCE_TAKEN_BACK, enrolment, held_on=day.held_on, presence=_told(was))
    certificates.follow_presence(db, actor, enrolment)


def _told(mark: Mark) -> str:
    """A mark in the audit trail: a word of its own, or the minutes."""
    if not mark.is_present:
        return "absent"
    return f"{mark.minutes} min" if mark.part is DayPart.MINUTES else mark.part.value
