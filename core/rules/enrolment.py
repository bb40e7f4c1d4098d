"""Whether somebody may enrol, and why not. The page asks what would happen; the service does it by the same answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from core.errors import DomainError
from core.i18n import N_
from core.vocabulary import CALLED_OFF, CourseStatus, PayerPolicy


class AccountNotConfirmed(DomainError):
    """The address of the account has not been confirmed (D13)."""

    message = N_("Confirm your e-mail address first: click the link in the mail we sent you.")


class CourseNotOpen(DomainError):
    """The course is not published, or closed by hand."""

    message = N_("Enrolling in this course is not possible: it is closed.")


class CourseCancelled(DomainError):
    """The course will not take place."""

    message = N_("This course has been cancelled.")


class CourseStarted(DomainError):
    """The first day has begun."""

    message = N_("This course started on {first_day}: enrolling is no longer possible.")


class DeadlinePassed(DomainError):
    """The last day for enrolling is over."""

    message = N_("Enrolling was possible until {deadline}.")


class CourseFull(DomainError):
    """No seat is left; the waiting list is the offer."""

    message = N_("This course is full. You can join the waiting list.")


class CourseHasRoom(DomainError):
    """There are seats, so nobody joins the waiting list."""

    message = N_("There are seats left: you can enrol right away.")


class AlreadyEnrolled(DomainError):
    """The person holds a seat, or waits for one."""

    message = N_("{name} is already enrolled in this course or on its waiting list.")


class PayerForbidden(DomainError):
    """The institution does not allow its staff to name it as payer (R34)."""

    message = N_("{name} does not allow its staff to name it as payer. Choose «Myself», or ask your school.")


class PayerNotLinked(DomainError):
    """The person has not marked the institution in the portal (R16)."""

    message = N_("You are not linked to this institution. Link it first under «My details».")


class NoOffer(DomainError):
    """No seat is offered, or the offer has run out."""

    message = N_("No seat is on offer for you, or the offer has expired.")


@dataclass(frozen=True, slots=True)
class Offering:
    """What of a course decides whether one can enrol. `taken` counts confirmed and offered seats."""

    status: CourseStatus
    first_day: date | None
    deadline: date | None
    capacity: int
    taken: int
    waiting: int = 0

    @property
    def places_left(self) -> int:
        """Seats that can be given now; none while others wait for one."""
        return 0 if self.waiting else max(0, self.capacity - self.taken)


def check_open(course: Offering, today: date) -> None:
    """Refuse a course that cannot be enrolled in today, whatever its seats.

    Raises CourseCancelled, CourseNotOpen, CourseStarted or DeadlinePassed.
    """
    if course.status in CALLED_OFF:
        raise CourseCancelled
    if course.status is not CourseStatus.PUBLISHED:
        raise CourseNotOpen
    if course.first_day is not None and today >= course.first_day:
        raise CourseStarted(first_day=course.first_day)
    if course.deadline is not None and today > course.deadline:
        raise DeadlinePassed(deadline=course.deadline)


def check_person(name: str, *, is_confirmed: bool, is_enrolled: bool) -> None:
    """Refuse an account without a confirmed address, and a second enrolment of the same person."""
    if is_enrolled:
        raise AlreadyEnrolled(name=name)
    if not is_confirmed:
        raise AccountNotConfirmed


def check_payer(name: str, policy: PayerPolicy, *, is_linked: bool) -> None:
    """Refuse an institution as payer that is not linked or does not want it (R34).

    One that wants to approve is not refused: it is asked, and the person pays until it agrees.
    """
    if not is_linked:
        raise PayerNotLinked(field="payer")
    if policy is PayerPolicy.FORBIDDEN:
        raise PayerForbidden(field="payer", name=name)


def check_seat(course: Offering) -> None:
    """Refuse a seat when none is left. Raises CourseFull."""
    if course.places_left <= 0:
        raise CourseFull


def check_offer(expires_at: datetime | None, now: datetime) -> None:
    """Refuse to accept an offer that has run out. Raises NoOffer."""
    if expires_at is None or expires_at <= now:
        raise NoOffer


@dataclass(frozen=True, slots=True)
class Meeting:
    """One course day, for comparing calendars."""

    title: str
    held_on: date
    starts_at: time
    ends_at: time


def overlaps(wanted: Iterable[Meeting], others: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """The meetings of other courses that take place at the same time: a warning, not a refusal."""
    mine = list(wanted)
    return tuple(
        other
        for other in others
        if any(
            day.held_on == other.held_on and day.starts_at < other.ends_at and other.starts_at < day.ends_at
            for day in mine
        )
    )
