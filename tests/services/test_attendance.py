"""Presence: noted once, changed with a trace, never lost, and counted on the certificate."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock, tokens
from core.access import NotAllowed, NotFound
from core.db import read, write
from core.models import Attendance, AuditEvent, Certificate, CourseTeacher, Enrolment
from core.queries import attendance as queries
from core.queries import sign_in_lists
from core.queries.attendance import When
from core.rules import attendance as rules
from core.rules.attendance import ABSENT, PRESENT, Mark
from core.services import attendance, certificates, replacements
from core.vocabulary import (
    Actor,
    ActorKind,
    AuditTag,
    CertificateStatus,
    CoordinatorRole,
    CourseStatus,
    DayPart,
    EnrolmentStatus,
    Language,
)
from tests.builders import (
    a_coordinator,
    a_course,
    a_person,
    a_teacher,
    acting,
    an_account,
    an_affiliation,
    an_enrolment,
    an_institution,
)
from tests.services.test_institution_races import at_once, doing, won

MORNING = Mark(is_present=True, part=DayPart.MORNING)


class Day:
    """A course of today with An, Bo and a place to be named, its teacher and a coordinator."""

    def __init__(self) -> None:
        with write() as db:
            school = an_institution(db)
            an_account(db, school, "school@school.example")
            an, bo = a_person(db, "An", "Peeters"), a_person(db, "Bo", "Claes")
            self.an_account = acting(an_account(db, an, "an@school.example"))
            an_affiliation(db, an, school)
            course = a_course(db, in_days=0)
            teacher = a_teacher(db, "Lut Maes", "lut@docent.example")
            db.add(CourseTeacher(course_id=course.id, teacher_id=teacher.id))
            self.course_id, self.id = course.id, course.days[0].id
            self.an, self.bo = an_enrolment(db, course, an).id, an_enrolment(db, course, bo).id
            self.unnamed = an_enrolment(db, course, None, school).id
            self.coordinator = a_coordinator(db)
            self.teacher = Actor(ActorKind.TEACHER, name="Lut Maes", teacher_id=teacher.id)

    def note(self, seat: int, mark: Mark = PRESENT, *, seen: Mark | None = None, actor: Actor | None = None) -> object:
        with write() as db:
            return attendance.record(db, actor or self.coordinator, self.id, seat, mark, seen=seen)

    def marks(self) -> dict[int, Mark | None]:
        with read() as db:
            rows = queries.roster(db, self.coordinator, self.id).rows
        return {row.enrolment_id: row.mark for row in rows}


@pytest.fixture
def day(database: str, noon: datetime) -> Day:
    return Day()


def traces(*tags: AuditTag) -> list[tuple[str, dict[str, str]]]:
    with read() as db:
        found = db.scalars(select(AuditEvent).where(AuditEvent.tag.in_(tags)).order_by(AuditEvent.id)).all()
        return [(event.actor_name, json.loads(event.details)) for event in found]


def test_a_teacher_notes_presence_and_a_coordinator_changes_it_with_a_trace(day: Day, noon: datetime) -> None:
    day.note(day.an, actor=day.teacher)
    with clock.frozen(noon + timedelta(days=3)):
        day.note(day.an, MORNING, seen=PRESENT)
    assert day.marks()[day.an] == MORNING
    assert traces(AuditTag.ATTENDANCE_RECORDED) == [("Lut Maes", {"held_on": "2026-11-23", "presence": "whole"})]
    assert traces(AuditTag.ATTENDANCE_CHANGED) == [
        ("Bo Claes", {"held_on": "2026-11-23", "was": "whole", "now": "morning"})
    ]


def test_noting_the_same_twice_is_one_note(day: Day, noon: datetime) -> None:
    first = day.note(day.an)
    with clock.frozen(noon + timedelta(minutes=5)):
        second = day.note(day.an, actor=day.teacher)
    assert isinstance(first, attendance.Noted)
    assert isinstance(second, attendance.Noted)
    assert (first.is_news, second.is_news) == (True, False)
    assert (second.at, second.by) == (noon, "Bo Claes")
    assert len(traces(AuditTag.ATTENDANCE_RECORDED, AuditTag.ATTENDANCE_CHANGED)) == 1


def test_who_saw_an_older_list_hears_what_was_noted_meanwhile(day: Day) -> None:
    day.note(day.an, ABSENT, actor=day.teacher)
    with pytest.raises(rules.PresenceChangedMeanwhile) as refused:
        day.note(day.an, PRESENT, seen=None)
    assert refused.value.fields == {"by": "Lut Maes", "name": "An Peeters", "now": "afwezig"}
    with pytest.raises(rules.PresenceChangedMeanwhile), write() as db:
        attendance.take_back(db, day.coordinator, day.id, day.an, seen=PRESENT)
    assert day.marks()[day.an] == ABSENT


def test_what_was_noted_by_mistake_is_taken_back_and_traced(day: Day) -> None:
    day.note(day.an)
    with write() as db:
        attendance.take_back(db, day.coordinator, day.id, day.an, seen=PRESENT)
    assert day.marks()[day.an] is None
    assert len(traces(AuditTag.ATTENDANCE_TAKEN_BACK)) == 1


def test_everybody_left_is_present_at_once_and_that_can_be_undone(day: Day) -> None:
    day.note(day.bo, ABSENT)
    with write() as db:
        noted = attendance.record_rest(db, day.teacher, day.id)
    assert noted == (day.an,)
    assert day.marks() == {day.an: PRESENT, day.bo: ABSENT, day.unnamed: None}
    with read() as db:
        row = queries.of_day(db, day.teacher, day.id)
    assert (row.seats, row.present, row.absent, row.left) == (3, 1, 1, 1)
    with write() as db:
        assert attendance.take_back_rest(db, day.teacher, day.id, (*noted, day.bo)) == 1
    assert day.marks() == {day.an: None, day.bo: ABSENT, day.unnamed: None}


@pytest.mark.parametrize(
    ("mark", "minutes"),
    [(PRESENT, 390), (MORNING, 195), (Mark(True, DayPart.MINUTES, 100), 100), (ABSENT, 0)],
)
def test_the_list_counts_the_minutes_followed(day: Day, mark: Mark, minutes: int) -> None:
    day.note(day.an, mark)
    with read() as db:
        assert queries.roster(db, day.coordinator, day.id, "peet").rows[0].minutes == minutes


@pytest.mark.parametrize("minutes", [None, 0, 390, -5])
def test_minutes_outside_the_day_are_refused(day: Day, minutes: int | None) -> None:
    with pytest.raises(rules.MinutesWrong):
        day.note(day.an, Mark(is_present=True, part=DayPart.MINUTES, minutes=minutes))


def test_nothing_is_noted_before_the_day_nor_of_a_cancelled_course(day: Day, noon: datetime) -> None:
    with clock.frozen(noon - timedelta(days=1)), pytest.raises(rules.DayNotYet):
        day.note(day.an)
    with write() as db:
        db.get_one(Enrolment, day.an).course.status = CourseStatus.CANCELLED
    with pytest.raises(rules.CourseOff):
        day.note(day.an)


def test_who_gave_up_the_place_is_not_noted_and_who_took_it_over_is(database: str, noon: datetime) -> None:
    with write() as db:
        school = an_institution(db)
        institution = acting(an_account(db, school, "school@school.example"))
        people = [a_person(db, name) for name in ("An", "Bo", "Cas")]
        for person in people:
            an_affiliation(db, person, school)
            an_account(db, person, f"{person.first_name.lower()}@school.example")
        course = a_course(db, in_days=3)
        seat = an_enrolment(db, course, people[0], school)
        gone = an_enrolment(db, course, people[2], school, status=EnrolmentStatus.CANCELLED)
        replacements.replace(db, institution, seat.id, people[1].id)
        new = db.scalars(select(Enrolment.id).where(Enrolment.replaces_id == seat.id)).one()
        coordinator, day_id, old, cancelled = a_coordinator(db), course.days[0].id, seat.id, gone.id
    with clock.frozen(noon + timedelta(days=3)):
        with pytest.raises(rules.SeatPassedOn) as refused, write() as db:
            attendance.record(db, coordinator, day_id, old, PRESENT, seen=None)
        assert refused.value.fields["holder"].startswith("Bo")
        with pytest.raises(rules.SeatPassedOn), write() as db:
            attendance.scan(db, coordinator, attendance.code_of(old, day_id))
        with pytest.raises(rules.NoSeatHere), write() as db:
            attendance.record(db, coordinator, day_id, cancelled, PRESENT, seen=None)
        with write() as db:
            assert attendance.scan(db, coordinator, attendance.code_of(new, day_id)).noted.is_news
        with read() as db:
            assert [row.enrolment_id for row in queries.roster(db, coordinator, day_id).rows] == [new]


def test_a_place_without_a_name_is_not_noted(day: Day) -> None:
    with pytest.raises(rules.SeatUnnamed):
        day.note(day.unnamed)


def test_a_scan_notes_once_and_then_says_since_when(day: Day, noon: datetime) -> None:
    code = attendance.code_of(day.an, day.id)
    with write() as db:
        first = attendance.scan(db, day.teacher, code)
    with clock.frozen(noon + timedelta(minutes=2)), write() as db:
        second = attendance.scan(db, day.coordinator, code)
    assert (first.noted.name, first.noted.is_news, first.held_on) == ("An Peeters", True, noon.date())
    assert (second.noted.is_news, second.noted.at, second.noted.by) == (False, noon, "Lut Maes")


def test_a_scan_keeps_a_half_day_and_corrects_an_absence(day: Day) -> None:
    day.note(day.an, MORNING)
    day.note(day.bo, ABSENT)
    with write() as db:
        assert not attendance.scan(db, day.teacher, attendance.code_of(day.an, day.id)).noted.is_news
        assert attendance.scan(db, day.teacher, attendance.code_of(day.bo, day.id)).noted.is_news
    assert day.marks() == {day.an: MORNING, day.bo: PRESENT, day.unnamed: None}


def test_a_code_opens_nothing_for_others_and_cannot_be_made(day: Day) -> None:
    code = attendance.code_of(day.an, day.id)
    assert "an" not in code
    with write() as db:
        foreign = Actor(ActorKind.TEACHER, name="Ander", teacher_id=a_teacher(db, "Ander").id)
    for actor in (foreign, day.an_account):
        with pytest.raises((NotFound, NotAllowed)), write() as db:
            attendance.scan(db, actor, code)
    for wrong in ("", code[:-1], tokens.sealed("presence", day.an), tokens.sealed("other", day.an, day.id)):
        with pytest.raises(tokens.LinkNotValid), write() as db:
            attendance.scan(db, day.coordinator, wrong)
    with pytest.raises(NotFound), write() as db:
        attendance.scan(db, day.coordinator, attendance.code_of(day.an, day.id + 999))


def test_a_teacher_sees_and_notes_only_the_own_courses(day: Day, noon: datetime) -> None:
    with write() as db:
        other = a_course(db, "Andere cursus", in_days=0).days[0].id
    with read() as db:
        assert [row.day_id for row in queries.days(db, day.teacher, When.TODAY).rows] == [day.id]
        assert queries.days(db, day.coordinator, When.TODAY).total == 2
        for call in (queries.of_day, queries.roster, sign_in_lists.sheet):
            with pytest.raises(NotFound):
                call(db, day.teacher, other)
    with clock.frozen(noon + timedelta(days=31)), read() as db, pytest.raises(NotFound):
        queries.roster(db, day.teacher, day.id)


def test_a_reader_looks_but_notes_nothing(day: Day) -> None:
    reader = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.READER, name="Lezer")
    with read() as db:
        assert queries.roster(db, reader, day.id).total == 3
    with pytest.raises(NotAllowed):
        day.note(day.an, actor=reader)


def test_days_that_miss_somebody_are_found_until_all_is_noted(day: Day, noon: datetime) -> None:
    def missing() -> list[int]:
        with read() as db:
            return [row.day_id for row in queries.days(db, day.coordinator, When.OPEN).rows]

    with clock.frozen(noon + timedelta(days=1)):
        assert missing() == [day.id]
        day.note(day.an)
        assert missing() == [day.id]
        day.note(day.bo, ABSENT)
        assert missing() == []


def test_two_who_tap_at_once_make_one_note_and_lose_none(day: Day) -> None:
    with write() as db:
        db.get_one(Enrolment, day.unnamed).status = EnrolmentStatus.CANCELLED
    for _turn in range(4):
        outcomes = at_once(
            doing(attendance.record, day.coordinator, day.id, day.an, PRESENT, seen=None),
            doing(attendance.record, day.teacher, day.id, day.an, ABSENT, seen=None),
            doing(attendance.record, day.teacher, day.id, day.bo, MORNING, seen=None),
            doing(attendance.scan, day.teacher, attendance.code_of(day.bo, day.id)),
            doing(attendance.record_rest, day.coordinator, day.id),
        )
        unexpected = [
            each for each in outcomes if isinstance(each, type) and each is not rules.PresenceChangedMeanwhile
        ]
        assert unexpected == []
        assert won(outcomes)
        with read() as db:
            rows = db.scalars(select(Attendance)).all()
            assert sorted(row.enrolment_id for row in rows) == [day.an, day.bo]
            told = traces(AuditTag.ATTENDANCE_RECORDED)
            assert len(told) == 2, "one first note a participant"
        for seat, mark in day.marks().items():
            assert mark is not None
            with write() as db:
                attendance.take_back(db, day.coordinator, day.id, seat, seen=mark)
        with write() as db:
            for event in db.scalars(select(AuditEvent)):
                db.delete(event)


def test_a_late_change_replaces_the_certificate_and_an_absence_withdraws_it(day: Day, noon: datetime) -> None:
    day.note(day.an)
    day.note(day.bo)

    def states() -> list[tuple[str, int]]:
        with read() as db:
            found = db.scalars(select(Certificate).where(Certificate.enrolment_id == day.an).order_by(Certificate.id))
            return [(row.status.value, json.loads(row.payload)["followed_minutes"]) for row in found]

    with clock.frozen(noon + timedelta(days=10)):
        with write() as db:
            certificates.issue(db, day.coordinator, day.an, Language.DUTCH)
        day.note(day.an, MORNING, seen=PRESENT, actor=day.teacher)
        assert states() == [(CertificateStatus.REPLACED, 390), (CertificateStatus.VALID, 195)]
        day.note(day.an, ABSENT, seen=MORNING)
        assert states() == [(CertificateStatus.REPLACED, 390), (CertificateStatus.WITHDRAWN, 195)]


def test_the_sign_in_list_holds_names_and_schools_and_no_more(day: Day) -> None:
    with read() as db:
        sheet = sign_in_lists.sheet(db, day.teacher, day.id)
    assert [(line.name, line.school) for line in sheet.lines] == [
        ("An Peeters", "Basisschool De Zonnewimpel"),
        ("Bo Claes", ""),
        ("(nog te bepalen)", "Basisschool De Zonnewimpel"),
    ]
    assert (sheet.has_halves, sheet.teachers) == (True, ("Lut Maes",))
