"""Whether somebody may enrol, and why not."""

from datetime import UTC, date, datetime, time

import pytest

from core.errors import DomainError
from core.rules import enrolment as rules
from core.rules.enrolment import Meeting, Offering
from core.vocabulary import CourseStatus, PayerPolicy

TODAY = date(2026, 11, 23)


def offering(status: CourseStatus = CourseStatus.PUBLISHED, **values: object) -> Offering:
    facts = {"first_day": date(2026, 12, 7), "deadline": None, "capacity": 20, "taken": 5, "waiting": 0} | values
    return Offering(status, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("course", "refusal"),
    [
        (offering(), None),
        (offering(CourseStatus.DRAFT), rules.CourseNotOpen),
        (offering(CourseStatus.CLOSED), rules.CourseNotOpen),
        (offering(CourseStatus.CANCELLED), rules.CourseCancelled),
        (offering(first_day=TODAY), rules.CourseStarted),
        (offering(first_day=date(2026, 11, 24)), None),
        (offering(first_day=None), None),
        (offering(deadline=TODAY), None),
        (offering(deadline=date(2026, 11, 22)), rules.DeadlinePassed),
    ],
)
def test_a_course_is_open_or_says_why_not(course: Offering, refusal: type[DomainError] | None) -> None:
    if refusal is None:
        rules.check_open(course, TODAY)
        return
    with pytest.raises(refusal):
        rules.check_open(course, TODAY)


@pytest.mark.parametrize(("taken", "waiting", "left"), [(0, 0, 20), (19, 0, 1), (20, 0, 0), (21, 0, 0), (15, 1, 0)])
def test_no_seat_is_free_while_others_wait(taken: int, waiting: int, left: int) -> None:
    course = offering(taken=taken, waiting=waiting)
    assert course.places_left == left
    if left:
        rules.check_seat(course)
    else:
        with pytest.raises(rules.CourseFull):
            rules.check_seat(course)


@pytest.mark.parametrize(
    ("policy", "is_linked", "refusal"),
    [
        (PayerPolicy.ALLOWED, True, None),
        (PayerPolicy.ALLOWED, False, rules.PayerNotLinked),
        (PayerPolicy.FORBIDDEN, True, rules.PayerForbidden),
        (PayerPolicy.FORBIDDEN, False, rules.PayerNotLinked),
        (PayerPolicy.APPROVAL, True, None),
    ],
)
def test_an_institution_pays_only_when_linked_and_willing(
    policy: PayerPolicy, is_linked: bool, refusal: type[DomainError] | None
) -> None:
    if refusal is None:
        rules.check_payer("School", policy, is_linked=is_linked)
        return
    with pytest.raises(refusal) as refused:
        rules.check_payer("School", policy, is_linked=is_linked)
    assert refused.value.field == "payer"


def test_a_second_enrolment_is_refused_before_an_unconfirmed_address() -> None:
    with pytest.raises(rules.AlreadyEnrolled):
        rules.check_person("An", is_confirmed=False, is_enrolled=True)
    with pytest.raises(rules.AccountNotConfirmed):
        rules.check_person("An", is_confirmed=False, is_enrolled=False)
    rules.check_person("An", is_confirmed=True, is_enrolled=False)


def test_an_offer_holds_until_its_deadline() -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    rules.check_offer(noon, noon.replace(hour=11))
    for late in (None, noon):
        with pytest.raises(rules.NoOffer):
            rules.check_offer(late, noon)


@pytest.mark.parametrize(
    ("starts", "ends", "on", "meets"),
    [
        (time(9), time(12), TODAY, True),
        (time(11, 59), time(13), TODAY, True),
        (time(12), time(13), TODAY, False),
        (time(8), time(9), TODAY, False),
        (time(9), time(12), date(2026, 11, 24), False),
    ],
)
def test_courses_overlap_when_their_hours_do(starts: time, ends: time, on: date, meets: bool) -> None:
    mine = [Meeting("mijn", TODAY, time(9), time(12))]
    assert bool(rules.overlaps(mine, [Meeting("ander", on, starts, ends)])) is meets
