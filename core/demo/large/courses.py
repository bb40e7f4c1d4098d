"""Courses of twenty years in their seasons, full ones and poor ones, of the large data."""

from datetime import date
from math import ceil

from sqlalchemy import func, select

from core.db import Db
from core.demo.large.bulk import Loader, Row, Sink, Tell, instant, iso
from core.demo.large.ground import Given, Ground
from core.demo.large.texts import AUDIENCES, PLACES, TOPICS
from core.demo.texts import BODY
from core.models import (
    Course,
    CourseDay,
    CourseLevel,
    CourseSubject,
    CourseTeacher,
    CourseTheme,
    Enrolment,
    Teacher,
)
from core.text import folded, slug
from core.vocabulary import CourseStatus, CourseType, Subject

#: How many courses begin in each month, from January on: few in summer, most in autumn and March.
_SEASON = (10, 11, 14, 8, 10, 3, 0, 4, 7, 13, 14, 6)
_WEEKDAYS = (10, 20, 40, 20, 10)
_COLUMNS = (
    *("id", "code", "slug", "title", "intro", "description", "target_group", "search_text", "course_type", "status"),
    *("price_cents", "capacity", "minimum", "enrolment_deadline", "first_day", "last_day", "total_minutes"),
    *("is_online", "place", "street", "postcode", "city", "created_at", "published_at", "cancelled_at"),
)
_INTRO = "Een nascholing met voorbeelden uit de klas, die u de volgende dag gebruikt."
_TARGET = "Leraren, zorgcoördinatoren en directies die met dit thema aan de slag willen."


def courses(db: Db, ground: Ground, tell: Tell) -> None:
    """As many courses as are asked for, one year of them still to come; the oldest first."""
    first = (db.scalar(select(func.max(Course.id))) or 0) + 1
    day_id = (db.scalar(select(func.max(CourseDay.id))) or 0) + 1
    enrolments = ground.size.enrolments - (db.scalar(select(func.count()).select_from(Enrolment)) or 0)
    load = Loader(db, tell)
    rows = load.sink(Course, *_COLUMNS)
    days = load.sink(CourseDay, "id", "course_id", "held_on", "starts_at", "ends_at", "minutes", "room", "online_url")
    sinks = {
        "teacher": load.sink(CourseTeacher, "course_id", "teacher_id"),
        "level": load.sink(CourseLevel, "course_id", "level"),
        "subject": load.sink(CourseSubject, "course_id", "subject"),
        "theme": load.sink(CourseTheme, "course_id", "theme"),
    }
    teachers: list[Row] = [tuple(row) for row in db.execute(select(Teacher.id, Teacher.name))]
    begins = _begins(ground, ground.size.courses - first + 1)
    wanted = _wanted(ground, begins, enrolments)
    for index, begin in enumerate(begins):
        made, row, held = _course(ground, first + index, begin, wanted[index], _of(teachers, index))
        made.day_ids = tuple(range(day_id, day_id + len(made.days)))
        day_id += len(made.days)
        ground.courses.append(made)
        rows.add(row)
        for identity, on in zip(made.day_ids, made.days, strict=True):
            days.add((identity, made.identity, iso(on), *held))
        _kinds(ground, made.identity, index, teachers, sinks)
        load.spill()
    load.flush()


def _begins(ground: Ground, count: int) -> list[int]:
    """The first days: more from year to year, in their season, on a weekday."""
    chance = ground.chance
    today = date.fromordinal(ground.today)
    years = range(today.year - ground.size.years, today.year + 2)
    found: list[int] = []
    while len(found) < count:
        year = chance.choices(years, range(20, 20 + len(years)))[0]
        month = chance.choices(range(1, 13), _SEASON)[0]
        on = date(year, month, chance.randint(1, 28)).toordinal()
        on += chance.choices(range(5), _WEEKDAYS)[0] - date.fromordinal(on).weekday()
        if -365 * ground.size.years <= on - ground.today <= 330 and on != ground.today:
            found.append(on)
    return sorted(found)


def _wanted(ground: Ground, begins: list[int], total: int) -> list[int]:
    """How many enrolments each course gets, all together exactly the total; coming ones are still filling."""
    chance = ground.chance
    weights = []
    for begin in begins:
        popular = chance.lognormvariate(0, 0.7) * chance.choices((1, 0.1), (88, 12))[0]
        ahead = begin - ground.today
        if ahead > 120 and chance.random() < 0.06:  # still in preparation
            popular = 0.0
        weights.append(popular * max(0.05, 1 - ahead / 240) if ahead > 0 else popular)
    scale = total / sum(weights)
    counts = [max(1, min(900, int(weight * scale))) if weight else 0 for weight in weights]
    index, left = 0, total - sum(counts)
    while left:
        step = 1 if left > 0 else -1
        place = index % len(counts)
        if counts[place] + step >= 1 and weights[place] > 0.3:
            counts[place] += step
            left -= step
        index += 1
    return counts


def _course(ground: Ground, identity: int, begin: int, wanted: int, teachers: list[Row]) -> tuple[Given, Row, Row]:
    """A course, its row, and what all its days share."""
    chance, today, index = ground.chance, ground.today, len(ground.courses)
    kind, count, gap, hours, minutes, online = chance.choices(_SHAPES, _SHAPE_WEIGHTS)[0]
    place, street, postcode, city, _weight = chance.choices(PLACES, [each[4] for each in PLACES])[0]
    where = ("", "", "", "") if online else (place, street, postcode, city)
    seats = ceil(wanted * 0.83)
    made = Given(
        identity=identity,
        code=f"{iso(begin)[2:4]}/{slug(TOPICS[index % len(TOPICS)][1].name)[:3].upper()}/{identity}",
        title=_title(index),
        days=tuple(begin + gap * number for number in range(count)),
        price=0 if index % 25 == 0 else 100 * chance.choice(_EUROS) * min(count, 6),
        is_cancelled=wanted > 0 and chance.random() < 0.03,
        capacity=max(6, seats if chance.random() < 0.22 else ceil(seats / chance.uniform(0.25, 0.9) / 5) * 5),
        wanted=wanted,
        minutes=minutes * count,
        place="online" if online else f"{place}, {city}",
        teachers=tuple(str(teacher[1]) for teacher in teachers),
    )
    made_at, cancelled_at = instant(min(begin - 150, today - 1), 32_400), instant(min(begin - 10, today - 1), 36_000)
    status = CourseStatus.PUBLISHED if wanted else CourseStatus.DRAFT
    search = folded(f"{made.code} {made.title} {where[3]} {' '.join(made.teachers)}")
    row = (
        *(identity, made.code, slug(made.title), made.title, _INTRO, BODY, _TARGET, search, kind.value),
        *(CourseStatus.CANCELLED.value if made.is_cancelled else status.value, made.price, made.capacity),
        *(min(8, made.capacity), iso(begin - 3), iso(begin), iso(made.days[-1]), made.minutes, int(online), *where),
        *(made_at, made_at if wanted else None, cancelled_at if made.is_cancelled else None),
    )
    room = "" if online else f"R.{index % 4}0{index % 9}"
    return made, row, (*hours, minutes, room, "https://meet.example/cno" if online else "")


_EUROS = (90, 95, 110, 120, 125, 135, 145, 160, 175, 195)
#: Kind, days, days between, hours, minutes a day, online.
_SHAPES = (
    (CourseType.ONE_DAY, 1, 0, ("09:30:00.000000", "16:00:00.000000"), 330, False),
    (CourseType.MULTI_DAY, 3, 21, ("13:30:00.000000", "16:30:00.000000"), 180, False),
    (CourseType.ONE_DAY, 1, 0, ("19:00:00.000000", "21:00:00.000000"), 120, True),
    (CourseType.POSTGRADUATE, 12, 14, ("09:30:00.000000", "16:00:00.000000"), 330, False),
)
_SHAPE_WEIGHTS = (55, 25, 15, 5)


def _title(index: int) -> str:
    topic, audience = TOPICS[index % len(TOPICS)][0], AUDIENCES[index // len(TOPICS) % len(AUDIENCES)][0]
    repeat = index // (len(TOPICS) * len(AUDIENCES))
    return f"{topic} {audience}" + (f" - herhaling {repeat}" if repeat else "")


def _of(teachers: list[Row], index: int) -> list[Row]:
    return [teachers[(index * 3 + number) % len(teachers)] for number in range(1 + (index % 3 == 0))]


def _kinds(ground: Ground, course_id: int, index: int, teachers: list[Row], sinks: dict[str, Sink]) -> None:
    _topic, theme, subjects = TOPICS[index % len(TOPICS)]
    chosen: set[Subject] = set(subjects)
    if ground.chance.random() < 0.15:
        chosen.add(ground.chance.choice(list(Subject)))
    for teacher in _of(teachers, index):
        sinks["teacher"].add((course_id, teacher[0]))
    for level in AUDIENCES[index // len(TOPICS) % len(AUDIENCES)][1]:
        sinks["level"].add((course_id, level.value))
    for subject in chosen:
        sinks["subject"].add((course_id, subject.value))
    sinks["theme"].add((course_id, theme.value))
