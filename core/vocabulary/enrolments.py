"""The life of a seat, and who pays for it."""

from enum import StrEnum


class EnrolmentStatus(StrEnum):
    """Where a seat stands («inschrijving»)."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


ENROLMENT_TRANSITIONS: dict[EnrolmentStatus, frozenset[EnrolmentStatus]] = {
    EnrolmentStatus.CONFIRMED: frozenset({EnrolmentStatus.CANCELLED, EnrolmentStatus.REPLACED}),
    EnrolmentStatus.WAITLISTED: frozenset(
        {EnrolmentStatus.OFFERED, EnrolmentStatus.CONFIRMED, EnrolmentStatus.CANCELLED}
    ),
    EnrolmentStatus.OFFERED: frozenset({EnrolmentStatus.CONFIRMED, EnrolmentStatus.CANCELLED}),
    EnrolmentStatus.CANCELLED: frozenset(),
    EnrolmentStatus.REPLACED: frozenset({EnrolmentStatus.CONFIRMED}),
}
#: The states that hold a seat of the course.
SEATED = (EnrolmentStatus.CONFIRMED, EnrolmentStatus.OFFERED)
#: The states in which a person counts as enrolled, so that a second enrolment is refused.
ACTIVE = (EnrolmentStatus.CONFIRMED, EnrolmentStatus.OFFERED, EnrolmentStatus.WAITLISTED)


class PayerKind(StrEnum):
    """To whom an enrolment is billed (R15)."""

    PERSON = "person"
    INSTITUTION = "institution"


class PayerRequestState(StrEnum):
    """Where the question to an institution stands whether it pays for an enrolment."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    LAPSED = "lapsed"
