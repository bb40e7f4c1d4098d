"""Course days: one of today, presence in half days, evaluations with answers, teachers' links, certificates, calendars."""

import random
import secrets
from datetime import timedelta

from sqlalchemy import select

from core import access, clock, tokens
from core.db import Db, write
from core.demo.courses import course
from core.demo.situations import COORDINATOR, seat
from core.demo.texts import COURSES
from core.models import (
    Account,
    Attendance,
    Course,
    CourseDay,
    Enrolment,
    EvaluationAnswer,
    EvaluationForm,
    EvaluationInvitation,
    Institution,
    Person,
    Teacher,
)
from core.queries import evaluation
from core.rules.attendance import ABSENT, PRESENT, Mark
from core.services import calendar_feeds, certificates, teacher_links
from core.vocabulary import DayPart, EnrolmentStatus, EvaluationKind, Language

_LAST_MONTH = (
    PRESENT,
    PRESENT,
    Mark(is_present=True, part=DayPart.MORNING),
    Mark(is_present=True, part=DayPart.AFTERNOON),
    ABSENT,
)
_SAID = (
    "Veel bruikbaar materiaal, morgen al in de klas.",
    "De oefeningen in groepjes mochten langer duren.",
    "Helder, met humor en met voorbeelden uit de praktijk.",
    "Graag een vervolg volgend jaar!",
    "",
)
_SEATS_TODAY = 12


def today(db: Db, seed: int, staff: list[Teacher], people: list[Person], school: Institution) -> Course:
    """A course that is held today, half of it noted; its teacher has the link. Its notes are not due yet."""
    held = course(db, random.Random(seed), COURSES[3], clock.today(), staff, serial=620, repeat=3)
    for index, person in enumerate(people[30 : 30 + _SEATS_TODAY]):
        seat(db, held, person, None if index % 3 else school, clock.today() - timedelta(days=4))
    db.flush()
    if held.first_day == clock.today():  # else it fell on a Sunday and was put off
        _note(db, held, (PRESENT, PRESENT, PRESENT, PRESENT, ABSENT), most=_SEATS_TODAY // 2)
    for teacher in held.teachers:
        teacher_links.send(db, COORDINATOR, held.id, teacher.id)
    return held


def held(db: Db, seed: int, past: list[Course]) -> None:
    """The courses of the last weeks: who was there for how long, and what they thought of it.

    Of the one that ended last week presence must still be noted, as «Vandaag» says.
    """
    chance = random.Random(seed)
    _note(db, past[-3], _LAST_MONTH)
    for each in past[-3:]:
        _evaluated(db, chance, each)


def _note(db: Db, held: Course, marks: tuple[Mark, ...], most: int | None = None) -> None:
    """Presence on the first day, in turn; nobody who follows the course is left out unless only so many are noted."""
    day = db.scalars(select(CourseDay).where(CourseDay.course_id == held.id).order_by(CourseDay.held_on)).first()
    seats = _seats(db, held)
    if day is None:
        return
    for index, enrolment in enumerate(seats[: most or len(seats)]):
        mark = marks[index % len(marks)]
        db.add(
            Attendance(
                enrolment_id=enrolment.id,
                course_day_id=day.id,
                is_present=mark.is_present,
                part=mark.part,
                recorded_at=clock.now(),
                recorded_by=held.teachers[0].name,
            )
        )
    db.flush()


def _evaluated(db: Db, chance: random.Random, held: Course) -> None:
    """Everybody was asked and has answered."""
    seats = _seats(db, held)
    for enrolment in seats:
        db.add(
            EvaluationInvitation(
                enrolment_id=enrolment.id,
                course_id=held.id,
                token_hash=tokens.fingerprint(secrets.token_urlsafe(32)),
                invited_on=clock.today() - timedelta(days=8),
                is_used=True,
            )
        )
    asked = evaluation.asked(db, held.id)
    for number in range(len(seats)):
        form = EvaluationForm(id=f"{chance.getrandbits(128):032x}", course_id=held.id)
        db.add(form)
        db.flush()
        for question in asked:
            stars = chance.choice((3, 4, 4, 5, 5)) if question.values.kind is EvaluationKind.STARS else None
            options = question.values.options
            said = _SAID[(number + question.question_id) % len(_SAID)]
            text = "" if stars else chance.choice((options[0], *options[:2])) if options else said
            if stars or text:
                db.add(EvaluationAnswer(form_id=form.id, question_id=question.question_id, stars=stars, text=text))
    db.flush()


def _seats(db: Db, held: Course) -> list[Enrolment]:
    own = select(Enrolment).where(
        Enrolment.course_id == held.id,
        Enrolment.status == EnrolmentStatus.CONFIRMED,
        Enrolment.person_id.is_not(None),
    )
    return list(db.scalars(own.order_by(Enrolment.id)))


def papers(course_id: int, party: tuple[int, int]) -> None:
    """Certificates of a course of last month, one of them withdrawn; and the calendars of a person and a school."""
    with write() as db:
        present = select(Attendance.enrolment_id).where(Attendance.is_present)
        seats = select(Enrolment.id).where(Enrolment.course_id == course_id, Enrolment.id.in_(present))
        made = list(db.scalars(seats.order_by(Enrolment.id)))
        for enrolment_id in made:
            certificates.issue(db, COORDINATOR, enrolment_id, Language.DUTCH)
        certificates.revoke(db, COORDINATOR, made[-1], reason="Op naam van een verkeerde persoon")
        for owner, identity in zip((Account.person_id, Account.institution_id), party, strict=True):
            calendar_feeds.start(db, access.acting(db.scalars(select(Account).where(owner == identity)).one()))
