"""When an unpaid debit note is reminded of, and what a ladder of reminders may look like (`billing.md` §10).

Persons are consumers: book XIX of the Belgian code of economic law. Their first reminder is free, and nothing may be
charged until 14 calendar days have passed, counted from the day after the mail; a later reminder costs € 7.50 at most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from core.errors import DomainError
from core.i18n import N_
from core.rules.working_days import is_working_day
from core.vocabulary import PayerKind, ReminderText

MOST_STEPS = 6
FARTHEST = 365  # days after the due date
#: What a further reminder to a consumer may cost, in cents; postage aside (a mail has none).
MOST_TO_CONSUMER = 750
#: Calendar days that a consumer has, from the day after the mail.
RESPITE_DAYS = 14


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a ladder: what happens this many days after the due date, and what it costs in cents."""

    after_days: int
    text: ReminderText
    cost_cents: int = 0


#: The steps of each kind of payer, the first first; the number of a step is its place, from 1.
Ladder = Mapping[PayerKind, Sequence[Step]]


@dataclass(frozen=True, slots=True)
class Sent:
    """The last reminder of a note: its step and the day it was sent."""

    step: int
    on: date


class LadderRefused(DomainError):
    """Steps that cannot follow each other."""

    message = N_("A step lies 1 to 365 days after the due date and costs no less than nothing.")


class TooManyReminders(LadderRefused):
    """More steps than anybody should get."""

    message = N_("At most {most} steps.")


class StepsTooNear(LadderRefused):
    """Two steps with too few days between them."""

    message = N_("At least {days} days lie between two steps.")


class ListIsLast(LadderRefused):
    """A mail after the payer was handed to the team, or a cost for the list."""

    message = N_("What you follow up yourself is the last step, and costs nothing.")


class FirstIsFree(LadderRefused):
    """A consumer's first reminder with a cost."""

    message = N_("The first reminder to a person is free (book XIX of the code of economic law).")


class TooDearForConsumer(LadderRefused):
    """More than the law lets a consumer pay for a reminder."""

    message = N_("A further reminder to a person costs at most {most} euro (book XIX of the code of economic law).")


def days_between(payer: PayerKind, gap_days: int) -> int:
    """How many days lie at least between two steps; of a consumer's 14 days the first is the day after the mail."""
    return gap_days + 1 if payer is PayerKind.PERSON else gap_days


def check(payer: PayerKind, steps: Sequence[Step], gap_days: int) -> None:
    """Refuse a ladder that cannot be climbed, or that the law forbids. Raises a LadderRefused."""
    if len(steps) > MOST_STEPS:
        raise TooManyReminders(most=MOST_STEPS)
    if any(not 1 <= step.after_days <= FARTHEST or step.cost_cents < 0 for step in steps):
        raise LadderRefused
    apart = days_between(payer, gap_days)
    if any(later.after_days - step.after_days < apart for step, later in pairwise(steps)):
        raise StepsTooNear(days=apart)
    if any(step.text is ReminderText.LIST and (step.cost_cents or step is not steps[-1]) for step in steps):
        raise ListIsLast
    if payer is PayerKind.PERSON:
        if steps and steps[0].cost_cents:
            raise FirstIsFree
        if any(step.cost_cents > MOST_TO_CONSUMER for step in steps):
            raise TooDearForConsumer(most=f"{MOST_TO_CONSUMER / 100:.2f}".replace(".", ","))


def next_mail(steps: Sequence[Step], due_on: date, sent: Sent | None, on: date) -> int | None:
    """The number of the step whose mail is due: the highest that is and was not sent, never two at once.

    The days between two steps are another matter (:func:`is_soon`).
    """
    due = [
        number
        for number, step in enumerate(steps, start=1)
        if step.text is not ReminderText.LIST
        and due_on + timedelta(days=step.after_days) <= on
        and number > (sent.step if sent else 0)
    ]
    return max(due, default=None)


def is_to_follow_up(steps: Sequence[Step], due_on: date, sent: Sent | None, on: date) -> bool:
    """Whether the team follows this up itself: all mails went, and the last step has come."""
    last = steps[-1] if steps else None
    reached = last is not None and last.text is ReminderText.LIST and due_on + timedelta(days=last.after_days) <= on
    return reached and next_mail(steps, due_on, sent, on) is None


def is_soon(payer: PayerKind, sent: Sent | None, gap_days: int, on: date) -> bool:
    """Whether too few days have gone since the last reminder."""
    return sent is not None and sent.on + timedelta(days=days_between(payer, gap_days)) > on


def cost_of(step: Step, sent: Sent | None) -> int:
    """What a reminder costs, in cents: the first that somebody gets is free, also when an earlier step was passed."""
    return step.cost_cents if sent is not None else 0


def pay_by(sent_on: date) -> date:
    """The last of the 14 days that a reminder gives, counted from the day after it."""
    return sent_on + timedelta(days=RESPITE_DAYS)


def knows_the_bank(until: date | None, on: date, most_days: int) -> bool:
    """Whether the newest bank statement is no older than so many working days: else no reminder may leave."""
    if until is None:
        return False
    after = (until + timedelta(days=days) for days in range(1, max(0, (on - until).days) + 1))
    return sum(is_working_day(day) for day in after) <= most_days


def next_run(on: date) -> date:
    """The first working day from a day on (that day included): reminders leave on working days only."""
    while not is_working_day(on):
        on += timedelta(days=1)
    return on
