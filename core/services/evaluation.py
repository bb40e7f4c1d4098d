"""The evaluation after a course: who followed it is asked once by mail; what is answered names nobody.

The link is used up when it is answered. No trace is left of that but `is_used` on the invitation: the moment of an
answer beside the moments of sign-ins would tell who gave it.
"""

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from core import access, audit, clock, mail, tokens
from core.db import Db
from core.decisions import decisions
from core.i18n import day
from core.models import (
    Attendance,
    Course,
    Enrolment,
    EvaluationAnswer,
    EvaluationForm,
    EvaluationInvitation,
)
from core.queries import evaluation as queries
from core.rules import evaluation as rules
from core.rules.evaluation import Answers
from core.vocabulary import Actor, AuditTag, CourseStatus, EnrolmentStatus

_HELD = (CourseStatus.PUBLISHED, CourseStatus.CLOSED)


def courses_due(db: Db) -> tuple[int, ...]:
    """The courses that ended lately with participants who must still be asked."""
    due = exists().where(_is_due(), Enrolment.course_id == Course.id).correlate(Course)
    return tuple(db.scalars(select(Course.id).where(_ended_lately(db), due).order_by(Course.last_day, Course.id)))


def invite(db: Db, actor: Actor, course_id: int) -> int:
    """Ask everybody who followed a course for an evaluation, once; returns how many were asked now.

    Raises NotFound, or NotAllowed for who does not act for CNO.
    """
    access.require_staff(actor)
    course = access.locked_course(db, course_id)
    if not db.scalar(select(exists().where(Course.id == course_id, _ended_lately(db)))):
        return 0
    if not queries.asked(db, course_id):
        return 0
    seats = db.scalars(
        select(Enrolment).where(Enrolment.course_id == course_id, _is_due()).order_by(Enrolment.id)
    ).all()
    for seat in seats:
        secret = secrets.token_urlsafe(32)
        db.add(
            EvaluationInvitation(
                enrolment_id=seat.id,
                course_id=course_id,
                token_hash=tokens.fingerprint(secret),
                invited_on=clock.today(),
            )
        )
        mail.queue(
            db,
            "evaluation",
            dedupe=f"enrolment:{seat.id}",
            enrolment=seat,
            facts={"valid_until": lambda: day(queries.open_until(db, clock.today()))},
            secret=secret,
        )
    if seats:
        audit.record(db, actor, AuditTag.EVALUATION_ASKED, course, persons=len(seats))
    return len(seats)


def give(db: Db, secret: str, answers: Answers) -> None:
    """Fill in an evaluation by the mailed link, once; nothing is kept of who did.

    Raises LinkNotValid, EvaluationEmpty or AnswerWrong.
    """
    paper = queries.look(db, secret)
    kept = rules.checked_answers({each.question_id: each.values for each in paper.questions}, answers)
    used = db.execute(
        update(EvaluationInvitation)
        .where(EvaluationInvitation.token_hash == tokens.fingerprint(secret), EvaluationInvitation.is_used.is_(False))
        .values(is_used=True)
        .returning(EvaluationInvitation.course_id)
    ).first()
    if used is None:
        raise tokens.LinkNotValid
    form = EvaluationForm(id=secrets.token_hex(16), course_id=used[0])
    db.add(form)
    db.flush()
    for question_id, answer in kept.items():
        db.add(
            EvaluationAnswer(
                form_id=form.id,
                question_id=question_id,
                stars=answer if isinstance(answer, int) else None,
                text=answer if isinstance(answer, str) else "",
            )
        )
    db.flush()


def _ended_lately(db: Db) -> ColumnElement[bool]:
    """Long enough ago to ask, and not so long that nobody remembers: history of years ago is left alone."""
    own = decisions(db)
    latest = clock.today() - timedelta(days=own.evaluation_after_days)
    return and_(
        Course.status.in_(_HELD), Course.last_day.between(latest - timedelta(days=own.evaluation_link_days), latest)
    )


def _is_due() -> ColumnElement[bool]:
    """A named seat of somebody who was there (or of a course whose presence was not taken), not asked yet."""
    own, others, seat = aliased(Attendance), aliased(Attendance), aliased(Enrolment)
    present = exists().where(own.enrolment_id == Enrolment.id, own.is_present)
    taken = exists().where(others.enrolment_id == seat.id, seat.course_id == Enrolment.course_id)
    asked = exists().where(EvaluationInvitation.enrolment_id == Enrolment.id)
    return and_(
        Enrolment.status == EnrolmentStatus.CONFIRMED,
        Enrolment.person_id.is_not(None),
        or_(present, ~taken),
        ~asked,
    )
