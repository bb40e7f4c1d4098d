"""How many minutes of a course each of many seats followed, and which days it missed (D5); two queries for all."""

from collections import defaultdict

from sqlalchemy import Select, and_, select

from core.db import Db
from core.models import Attendance, CourseDay, Enrolment
from core.rules.attendance import Mark, followed_minutes
from core.rules.billing import DayAttended, NotPresent, Participation, participation


def followed(db: Db, seats: Select[int]) -> dict[int, Participation | None]:
    """What came of each of these seats (a query of their ids), by its id; None for who was there on no day.

    As long as nobody of a course was noted, everybody counts as present.
    """
    taken = set(
        db.scalars(
            select(CourseDay.course_id)
            .join(Attendance, Attendance.course_day_id == CourseDay.id)
            .where(CourseDay.course_id.in_(select(Enrolment.course_id).where(Enrolment.id.in_(seats))))
            .distinct()
        )
    )
    rows = db.execute(
        select(Enrolment.id, Enrolment.course_id, CourseDay, Attendance)
        .join(CourseDay, CourseDay.course_id == Enrolment.course_id)
        .outerjoin(Attendance, and_(Attendance.enrolment_id == Enrolment.id, Attendance.course_day_id == CourseDay.id))
        .where(Enrolment.id.in_(seats))
        .order_by(Enrolment.id, CourseDay.held_on, CourseDay.starts_at)
    )
    days: dict[int, list[DayAttended]] = defaultdict(list)
    courses: dict[int, int] = {}
    for enrolment_id, course_id, meeting, mark in rows:
        courses[enrolment_id] = course_id
        days[enrolment_id].append(_attended(meeting, mark))
    found: dict[int, Participation | None] = {}
    for enrolment_id, attended in days.items():
        try:
            found[enrolment_id] = participation(attended, presence_was_taken=courses[enrolment_id] in taken)
        except NotPresent:
            found[enrolment_id] = None
    return found


def _attended(meeting: CourseDay, row: Attendance | None) -> DayAttended:
    if row is None:
        return DayAttended(meeting.held_on, meeting.minutes, is_present=None)
    minutes = followed_minutes(meeting.minutes, Mark(row.is_present, row.part, row.minutes))
    return DayAttended(meeting.held_on, meeting.minutes, row.is_present, minutes)
