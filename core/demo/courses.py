"""Made-up courses: coming ones, repeats, and a history back to 2017."""

import random
from datetime import date, time, timedelta

from core import clock
from core.db import Db
from core.demo.texts import BODY, COURSES, TEACHERS, CourseText
from core.models import (
    CancellationStep,
    CancellationTerms,
    Course,
    CourseDay,
    CourseLevel,
    CourseSubject,
    CourseTheme,
    Teacher,
)
from core.queries.courses import search_text_of
from core.text import slug
from core.vocabulary import CourseStatus, CourseType

_PLACES = (
    ("Campus Boogkeers", "Boogkeers 5", "2000", "Antwerpen"),
    ("Vormingscentrum De Wijngaard", "Guldenvliesstraat 12", "2800", "Mechelen"),
    ("Campus Coupure", "Coupure Links 60", "9000", "Gent"),
)
_TO_BRING = ("Een laptop en een les die u binnenkort geeft.", "", "Uw jaarplan en schrijfgerief.")
#: The courses (by their place in the season) that are held at the same hours as an earlier one.
SAME_DAY = {11: 9}


def terms(db: Db) -> CancellationTerms:
    """Cancellation terms for the kinds of course that do not follow the default (D1); returns some for one course."""
    own = CancellationTerms(name="Werksessie", steps=[CancellationStep(days_before=30, fixed_cents=0, percentage=50)])
    db.add(own)
    db.add(
        CancellationTerms(
            name="Postgraduaat",
            course_type=CourseType.POSTGRADUATE,
            steps=[
                CancellationStep(days_before=29, fixed_cents=5_000, percentage=0),
                CancellationStep(days_before=13, fixed_cents=0, percentage=50),
                CancellationStep(days_before=6, fixed_cents=0, percentage=100),
            ],
        )
    )
    return own


def teachers(db: Db) -> list[Teacher]:
    """The made-up teachers."""
    made = [Teacher(name=name, email=f"{slug(name).replace('-', '.')}@example.org") for name in TEACHERS]
    db.add_all(made)
    db.flush()
    return made


def _course_day(day: date) -> date:
    """A day or the first one after it on which a course can be held: no Sunday, not between Christmas and New Year."""
    while day.weekday() == 6 or (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 3):
        day += timedelta(days=1)
    return day


def course(
    db: Db, chance: random.Random, text: CourseText, first: date, staff: list[Teacher], *, serial: int, repeat: int = 0
) -> Course:
    """One course from its text, its first day on or after a date."""
    first = _course_day(first)
    count = {CourseType.ONE_DAY: 1, CourseType.MULTI_DAY: 3, CourseType.POSTGRADUATE: 12}.get(text.kind, 1)
    starts, ends, minutes = (time(19), time(21), 120) if text.is_online else (time(9, 30), time(16), 330)
    if text.kind is CourseType.MULTI_DAY:
        starts, ends, minutes = time(13, 30), time(16, 30), 180
    place, street, postcode, city = _PLACES[serial % len(_PLACES)]
    title = f"{text.title} - herhaling {repeat}" if repeat else text.title
    held = [_course_day(first + timedelta(days=14 * index)) for index in range(count)]
    chosen = chance.sample(staff, 2 if count > 1 else 1)
    made = Course(
        code=f"{first.year % 100}/{text.theme.name[:3]}/{100 + serial}{'ABCD'[repeat % 4]}",
        slug=slug(title),
        title=title,
        intro=text.intro,
        description=BODY,
        to_bring="Een laptop met koptelefoon." if text.is_online else _TO_BRING[serial % len(_TO_BRING)],
        target_group="Leraren, zorgcoördinatoren en directies die met dit thema aan de slag willen.",
        course_type=text.kind,
        status=CourseStatus.PUBLISHED,
        price_cents=text.share * 100 * (1 if count == 1 else 2 if count == 3 else 9),
        capacity=chance.choice((12, 16, 20, 24)),
        minimum=8,
        enrolment_deadline=first - timedelta(days=3),
        first_day=held[0],
        last_day=held[-1],
        total_minutes=minutes * count,
        is_online=text.is_online,
        place="" if text.is_online else place,
        street="" if text.is_online else street,
        postcode="" if text.is_online else postcode,
        city="" if text.is_online else city,
        created_at=clock.now(),
        published_at=clock.now() - timedelta(days=chance.randint(1, 60)),
        days=[
            CourseDay(
                held_on=on,
                starts_at=starts,
                ends_at=ends,
                minutes=minutes,
                room="" if text.is_online else f"R.{chance.randint(1, 3)}0{chance.randint(1, 9)}",
                online_url="https://meet.example/cno" if text.is_online else "",
            )
            for on in held
        ],
        teachers=chosen,
        levels=[CourseLevel(level=level) for level in text.levels],
        subjects=[CourseSubject(subject=subject) for subject in text.subjects],
        themes=[CourseTheme(theme=text.theme)],
    )
    made.search_text = search_text_of(made, [teacher.name for teacher in chosen])
    db.add(made)
    db.flush()
    return made


def coming(db: Db, chance: random.Random, staff: list[Teacher], count: int) -> list[Course]:
    """The season to come: each text once, then repeats."""
    made: list[Course] = []
    for serial in range(count):
        text, repeat = COURSES[serial % len(COURSES)], serial // len(COURSES)
        first = clock.today() + timedelta(days=10 + serial * 4 + chance.randint(0, 3))
        if serial in SAME_DAY:
            first = made[SAME_DAY[serial]].first_day or first
        made.append(course(db, chance, text, first, staff, serial=serial, repeat=repeat))
    return made


def past(db: Db, chance: random.Random, staff: list[Teacher]) -> list[Course]:
    """One course a school year since March 2017, and two that ended in the last weeks; the oldest first."""
    days = [date(2017, 3, 15)]
    days += [
        date(year, 10, 12)
        for year in range(2017, clock.today().year)
        if date(year, 10, 12) < clock.today() - timedelta(60)
    ]
    days += [clock.today() - timedelta(days=40), clock.today() - timedelta(days=9)]
    texts = [text for text in COURSES if text.kind is CourseType.ONE_DAY and text.share]
    made = [
        course(db, chance, texts[index % len(texts)], day, staff, serial=500 + index) for index, day in enumerate(days)
    ]
    several = next(text for text in COURSES if text.kind is CourseType.MULTI_DAY)
    made.append(course(db, chance, several, clock.today() - timedelta(days=50), staff, serial=590))
    return made
