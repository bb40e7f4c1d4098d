"""Certificates: by date, issued once, reissued, and their codes checked."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from core.access import NotAllowed, NotFound
from core.db import read, write
from core.models import Attendance, Certificate, CourseDay, Enrolment, MailSwitch, OutgoingMail, Person
from core.queries import course_certificates
from core.queries.certificates import checked
from core.rules.billing import (
    CertificateWithdrawn,
    NoCertificateYet,
    NoSeat,
    NothingToWithdraw,
    NotPresent,
    ReasonMissing,
)
from core.services import certificate_mails, certificates
from core.vocabulary import (
    CLOCK,
    Actor,
    ActorKind,
    CertificateStatus,
    CoordinatorRole,
    EnrolmentStatus,
    Language,
)
from tests.builders import a_course, a_person, acting, an_account, an_enrolment

COORDINATOR = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.COORDINATOR)


@pytest.fixture
def followed(database: str, noon: datetime) -> tuple[int, Actor]:
    """A seat in a course of two days, the last one in 37 days."""
    with write() as db:
        person = a_person(db)
        actor = acting(an_account(db, person, "an@school.example"))
        return an_enrolment(db, a_course(db, days=2), person).id, actor


def issued(seat: int, actor: Actor, language: Language = Language.DUTCH) -> int:
    with write() as db:
        return certificates.issue(db, actor, seat, language)


def test_it_appears_a_week_after_the_last_day(followed: tuple[int, Actor], noon: datetime) -> None:
    seat, actor = followed
    with clock.frozen(noon + timedelta(days=43)), pytest.raises(NoCertificateYet):
        issued(seat, actor)
    with clock.frozen(noon + timedelta(days=44)):
        assert issued(seat, actor) == issued(seat, actor)
        assert issued(seat, actor, Language.ENGLISH) != issued(seat, actor)


def test_two_downloads_at_once_make_one_certificate(followed: tuple[int, Actor], noon: datetime) -> None:
    seat, actor = followed
    found: list[int] = []
    with clock.frozen(noon + timedelta(days=50)):
        threads = [threading.Thread(target=lambda: found.append(issued(seat, actor))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    assert len(found) == 6
    assert len(set(found)) == 1
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Certificate)) == 1


def test_a_stranger_and_a_cancelled_seat_get_none(followed: tuple[int, Actor], noon: datetime) -> None:
    seat, actor = followed
    with write() as db:
        stranger = acting(an_account(db, a_person(db, "Bo"), "bo@school.example"))
    with clock.frozen(noon + timedelta(days=50)):
        with pytest.raises(NotFound):
            issued(seat, stranger)
        with write() as db:
            db.get_one(Enrolment, seat).status = EnrolmentStatus.CANCELLED
        with pytest.raises(NoSeat):
            issued(seat, actor)


def test_presence_decides_hours_once_it_was_taken(followed: tuple[int, Actor], noon: datetime) -> None:
    seat, actor = followed
    with write() as db:
        days = db.scalars(select(CourseDay).order_by(CourseDay.held_on)).all()
        other = an_enrolment(db, db.get_one(Enrolment, seat).course, a_person(db, "Bo"))
        for day, is_present in zip(days, (True, False), strict=True):
            db.add(Attendance(enrolment_id=seat, course_day_id=day.id, is_present=is_present, recorded_at=clock.now()))
        absent = other.id
    with clock.frozen(noon + timedelta(days=50)):
        with write() as db:
            code = db.get_one(Certificate, certificates.issue(db, actor, seat, Language.DUTCH)).code
        with read() as db:
            result = checked(db, code.lower())
        assert result is not None
        assert (result.followed_minutes, result.given_minutes) == (390, 780)
        with pytest.raises(NotPresent), write() as db:
            certificates.issue(db, COORDINATOR, absent, Language.DUTCH)


def test_a_new_version_leaves_the_old_code_alive_as_replaced(followed: tuple[int, Actor], noon: datetime) -> None:
    seat, actor = followed
    with clock.frozen(noon + timedelta(days=50)):
        old = issued(seat, actor)
        with write() as db:
            new = certificates.reissue(db, COORDINATOR, seat, Language.DUTCH)
        with read() as db:
            states = [checked(db, db.get_one(Certificate, each).code) for each in (old, new)]
    assert [state.status for state in states if state] == [CertificateStatus.REPLACED, CertificateStatus.VALID]


def test_an_unknown_code_gives_nothing(database: str) -> None:
    with read() as db:
        assert checked(db, "0000-0000-0000") is None
        assert checked(db, "onzin") is None


def test_a_withdrawn_certificate_is_not_made_again_until_a_coordinator_makes_a_new_version(
    followed: tuple[int, Actor], noon: datetime
) -> None:
    seat, actor = followed
    with clock.frozen(noon + timedelta(days=50)):
        old = [issued(seat, actor), issued(seat, actor, Language.ENGLISH)]
        with pytest.raises(ReasonMissing), write() as db:
            certificates.revoke(db, COORDINATOR, seat, reason=" ")
        with pytest.raises(NotAllowed), write() as db:
            certificates.revoke(db, actor, seat, reason="Zelf")
        with write() as db:
            assert certificates.revoke(db, COORDINATOR, seat, reason="Vergissing") == 2
        for language in Language:
            with pytest.raises(CertificateWithdrawn):
                issued(seat, actor, language)
        with pytest.raises(NothingToWithdraw), write() as db:
            certificates.revoke(db, COORDINATOR, seat, reason="Nog eens")
        with write() as db:
            new = certificates.reissue(db, COORDINATOR, seat, Language.DUTCH)
        assert issued(seat, actor) == new
        with read() as db:
            states = [checked(db, db.get_one(Certificate, each).code) for each in (*old, new)]
            assert db.get_one(Certificate, new).replaces_id == old[0]
    assert [state.status for state in states if state] == [
        CertificateStatus.WITHDRAWN,
        CertificateStatus.WITHDRAWN,
        CertificateStatus.VALID,
    ]


def test_the_coordinator_sees_that_a_name_was_mended_since(followed: tuple[int, Actor], noon: datetime) -> None:
    seat, actor = followed
    with clock.frozen(noon + timedelta(days=50)):
        issued(seat, actor)
        with write() as db:
            course_id = db.get_one(Enrolment, seat).course_id
            db.get_one(Person, actor.person_id).last_name = "Péters"
        with write() as db:
            certificates.reissue(db, COORDINATOR, seat, Language.ENGLISH)
        with read() as db:
            (row,) = course_certificates.of_course(db, COORDINATOR, course_id).rows
    assert [(version.language, version.differs) for version in row.versions] == [
        (Language.ENGLISH, False),
        (Language.DUTCH, True),
    ]


def test_participants_are_told_once_on_the_day_their_certificate_appears(
    followed: tuple[int, Actor], noon: datetime
) -> None:
    seat, _actor = followed
    with write() as db:
        seats = db.get_one(Enrolment, seat)
        absent = a_person(db, "Bo")
        an_account(db, absent, "bo@school.example")
        missed = an_enrolment(db, seats.course, absent)
        for day in seats.course.days:
            for each, was in ((seat, True), (missed.id, False)):
                db.add(Attendance(enrolment_id=each, course_day_id=day.id, is_present=was, recorded_at=clock.now()))
    for days, told in ((43, 0), (44, 1), (45, 1), (80, 1)):
        with clock.frozen(noon + timedelta(days=days)):
            with read() as db:
                courses = certificate_mails.to_announce(db)
            assert bool(courses) is (days in (44, 45))
            for course_id in courses:
                with write() as db:
                    certificate_mails.announce(db, CLOCK, course_id)
            with read() as db:
                ready = select(OutgoingMail.recipient).where(OutgoingMail.name == "certificate-ready")
                assert db.scalars(ready).all() == ["an@school.example"] * told
    with write() as db:
        db.add(MailSwitch(name="certificate-ready", addressee="person", is_on=False, changed_at=clock.now()))
    with clock.frozen(noon + timedelta(days=44)), read() as db:
        assert certificate_mails.to_announce(db) == ()
