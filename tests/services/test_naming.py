"""Reminders to name who takes a reserved place: derived from the first day, one a step, one after a stop."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from core import clock, jobs
from core.access import NotAllowed
from core.db import read, write
from core.models import AuditEvent
from core.services import colleagues, coming_changes, enrolments, naming
from core.vocabulary import CLOCK, AuditTag, ComingKind
from tests.builders import acting, an_account
from tests.services.schools import course, enrolled, id_of, in_days, mails, row, school, sent_to, staff, text_of

SCHOOL = "secretariaat@wimpel.example"


pytestmark = pytest.mark.usefixtures("unrendered")


def tick(*days: int) -> list[int]:
    """How many reminders have left after the clock's run on each of these days."""
    counts = []
    for day in days:
        with clock.frozen(in_days(day)):
            assert jobs.run_due().failed == 0
            assert jobs.run_due().failed == 0
            counts.append(len(mails("name-seats")))
    return counts


def test_a_reminder_leaves_at_each_step_and_once(database: str, noon: datetime) -> None:
    enrolled(school(), course(in_days=30), unnamed=2)
    assert tick(0, 15, 16, 17, 24, 25, 26, 29) == [0, 0, 1, 1, 1, 2, 2, 2]
    first, last = mails("name-seats")
    assert {first.recipient, last.recipient} == {SCHOOL}
    assert "Plaatsen zonder naam: 2" in text_of(first)
    assert "tot en met 22 december 2026" in text_of(first)


def test_after_a_stop_one_reminder_leaves_not_two(database: str, noon: datetime) -> None:
    enrolled(school(), course(in_days=30), unnamed=1)
    assert tick(27, 28, 29) == [1, 1, 1]


@pytest.mark.parametrize("stopped_until", [30, 45])
def test_once_nothing_can_be_named_any_more_nobody_is_reminded(
    database: str, noon: datetime, stopped_until: int
) -> None:
    enrolled(school(), course(in_days=30), unnamed=1)
    assert tick(stopped_until) == [0]


def test_who_reserves_late_is_not_reminded_at_once(database: str, noon: datetime) -> None:
    wimpel = school()
    enrolled(wimpel, course(in_days=10), unnamed=1)  # the mail that confirms it says until when
    enrolled(wimpel, course(in_days=3), unnamed=1)
    assert tick(0, 1, 4, 5, 6) == [0, 0, 0, 1, 1]


def test_named_and_cancelled_places_need_no_reminder_and_each_school_gets_its_own(
    database: str, noon: datetime
) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    (an,) = staff("An", of=(wimpel,))
    course_id = course(in_days=30)
    first, second, third = enrolled(wimpel, course_id, unnamed=3)
    (other,) = enrolled(kade, course_id, unnamed=1)
    with write() as db:
        colleagues.name_seat(db, wimpel, first, id_of(an))
        enrolments.cancel(db, wimpel, second)
    assert tick(16) == [2]
    assert sent_to("name-seats") == ["info@kade.example", SCHOOL]
    assert all("Plaatsen zonder naam: 1" in text_of(mail) for mail in mails("name-seats"))
    assert {row(third).name_reminded_on, row(other).name_reminded_on} == {date(2026, 12, 9)}
    with write() as db:
        enrolments.cancel(db, kade, other)
    assert tick(25) == [3]
    with read() as db:
        traces = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.ENROLMENT_NAME_REMINDED)).all()
    assert len(traces) == 3


def test_a_held_reminder_waits_and_only_cno_reminds(database: str, noon: datetime) -> None:
    wimpel = school()
    course_id = course(in_days=30)
    enrolled(wimpel, course_id, unnamed=1)
    with write() as db:
        team = acting(an_account(db, None, "team@cno.example"))
        coming_changes.hold(db, team, ComingKind.NAME_REMINDER, course_id)
    assert tick(16, 17) == [0, 0]
    with write() as db:
        coming_changes.release(db, team, ComingKind.NAME_REMINDER, course_id)
    assert tick(18) == [1]
    with pytest.raises(NotAllowed), write() as db:
        naming.remind(db, wimpel, course_id)
    with clock.frozen(in_days(18)), write() as db:
        assert naming.remind(db, CLOCK, course_id) == 0
