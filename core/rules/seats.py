"""What may still change of a seat that an institution pays for: its holder, its payer, its reference (D4, R31)."""

from datetime import date, timedelta

from core.errors import DomainError
from core.i18n import N_

#: Why the enrolment of somebody whose replacing was undone is cancelled; such a row is no seat of its own.
UNDONE = "replacement undone"


class NobodyChosen(DomainError):
    """A group of nobody."""

    message = N_("Choose at least one colleague, or reserve a place to be named later.")


class NotEnoughPlaces(DomainError):
    """The course has seats, but fewer than the whole group needs: nobody is enrolled."""

    message = N_("You chose {wanted} places, but only {left} are left. Nobody has been enrolled.")


class TooManyUnnamed(DomainError):
    """More places without a name than one click reserves."""

    message = N_("At most {most} places can be reserved without a name at once. Nobody has been enrolled.")


class ColleagueNotLinked(DomainError):
    """Somebody in the choice has not marked the institution, or no longer."""

    message = N_("{name} is not linked to your institution (any more). Nothing has been changed.")


class ReplacedTooLate(DomainError):
    """The first day has begun, or the last day that the terms of the course give is over."""

    message = N_("This course starts on {first_day}: replacing was possible until {until}.")


class NamedTooLate(DomainError):
    """The last day to name who takes a reserved place is over."""

    message = N_("The name of this participant could be filled in until {until}.")


class HasName(DomainError):
    """The place was named already, perhaps by a colleague a moment ago."""

    message = N_("{name} already takes this place. Use «Replace» for somebody else.")


class SameHolder(DomainError):
    """Somebody cannot replace himself."""

    message = N_("{name} has this place already.")


class ChangedMeanwhile(DomainError):
    """Somebody else was quicker."""

    message = N_("This seat changed a moment ago, perhaps by a colleague. Look at the list again.")


class CannotUndo(DomainError):
    """There is no replacement to take back."""

    message = N_("This replacement can no longer be undone.")


class AlreadyBilled(DomainError):
    """The debit note left: the payer and the reference stand on paper."""

    message = N_("The debit note left on {billed_on}: this can no longer be changed here. Write to us.")


class EnrolledByInstitution(DomainError):
    """The institution itself made the enrolment, so neither side hands the bill to the other here."""

    message = N_(
        "Your institution made this enrolment itself: it stays the payer. You can cancel it or name a colleague."
    )


class PayerSetByTeam(DomainError):
    """The CNO team made the enrolment on request and wrote down who pays, so the bill is not handed on here."""

    message = N_("The CNO team noted who pays for this enrolment. Write to us to change it.")


class AlreadyDeclined(DomainError):
    """The institution was asked about this enrolment before, and does not pay."""

    message = N_("{name} has answered before that it does not pay for this enrolment. Ask your school.")


class RequestClosed(DomainError):
    """The question whether the institution pays was answered, or lapsed."""

    message = N_("This question has been answered already, or its time is over.")


def check_replaceable(until: date | None, first_day: date | None, today: date) -> None:
    """Refuse a change of holder after the last day for it. Raises ReplacedTooLate."""
    if until is not None and today > until:
        raise ReplacedTooLate(first_day=first_day, until=until)


def last_day_to_name(first_day: date | None, days_before: int) -> date | None:
    """Until when a reserved place can be named: so many days before the first day."""
    return first_day - timedelta(days=days_before) if first_day else None


def check_nameable(first_day: date | None, days_before: int, today: date) -> None:
    """Refuse a name for a reserved place after the last day for it. Raises NamedTooLate."""
    until = last_day_to_name(first_day, days_before)
    if until is not None and today > until:
        raise NamedTooLate(until=until)


def last_day_to_answer(confirmed_on: date | None, note_after_days: int) -> date | None:
    """Until when a school can answer whether it pays: the day before the debit note leaves."""
    return confirmed_on + timedelta(days=note_after_days - 1) if confirmed_on else None


def check_unbilled(billed_on: date | None) -> None:
    """Refuse a change of payer or reference once the debit note left. Raises AlreadyBilled."""
    if billed_on is not None:
        raise AlreadyBilled(billed_on=billed_on)


def check_group(wanted: int, left: int) -> None:
    """Refuse a group that is empty or does not fit as a whole. Raises NobodyChosen or NotEnoughPlaces."""
    if wanted <= 0:
        raise NobodyChosen
    if wanted > left:
        raise NotEnoughPlaces(wanted=wanted, left=left)


def is_name_reminder_due(first_day: date, reminded_on: date | None, today: date, days_before: tuple[int, ...]) -> bool:
    """Whether a reserved place is to be reminded of its name: a step was reached that no reminder followed yet.

    `days_before` are the steps, in days before the first day; `reminded_on` is when the last mail said so. After a stop
    only one reminder leaves.
    """
    reached = [first_day - timedelta(days=days) for days in days_before if first_day - timedelta(days=days) <= today]
    return bool(reached) and (reminded_on is None or reminded_on < max(reached))


def next_name_reminder(
    first_day: date, reminded_on: date | None, today: date, days_before: tuple[int, ...]
) -> date | None:
    """The day of the next reminder to name a reserved place: today when one is due, None when no step is left."""
    if is_name_reminder_due(first_day, reminded_on, today, days_before):
        return today
    coming = [first_day - timedelta(days=days) for days in days_before if first_day - timedelta(days=days) > today]
    return min(coming, default=None)
