"""Courses of the same hours: a warning before enrolling."""

from sqlalchemy import select

from core import access, clock
from core.db import Db
from core.models import Course, CourseDay, Enrolment
from core.rules import enrolment as rules
from core.vocabulary import ACTIVE, Actor


def overlapping(db: Db, actor: Actor, course_id: int) -> tuple[rules.Meeting, ...]:
    """The meetings of other courses the actor is enrolled in, at the same time as this course's: a warning.

    Raises NotFound for whoever is no person.
    """
    columns = (Course.title, CourseDay.held_on, CourseDay.starts_at, CourseDay.ends_at)
    wanted = db.execute(select(*columns).join(Course).where(Course.id == course_id)).all()
    mine = db.execute(
        select(*columns)
        .join(Course, Course.id == CourseDay.course_id)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(
            Enrolment.person_id == access.own_person_id(actor),
            Enrolment.status.in_(ACTIVE),
            Course.id != course_id,
            CourseDay.held_on >= clock.today(),
        )
    ).all()
    return rules.overlaps([rules.Meeting(*row) for row in wanted], [rules.Meeting(*row) for row in mine])
