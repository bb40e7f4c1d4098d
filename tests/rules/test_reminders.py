"""When an unpaid note is reminded of, and which ladders are refused (billing.md §10)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules import reminders as rules
from core.rules.reminders import Sent, Step
from core.vocabulary import PayerKind, ReminderText

DUE = date(2026, 10, 1)
FRIENDLY, FIRM, LIST = ReminderText.FRIENDLY, ReminderText.FIRM, ReminderText.LIST
LADDER = (Step(7, FRIENDLY), Step(21, FIRM), Step(35, LIST))


def after(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "sent", "step", "is_listed"),
    [
        (6, None, None, False),
        (7, None, 1, False),
        (20, None, 1, False),
        (21, None, 2, False),  # a stop of weeks: the highest step due, never two
        (60, None, 2, False),  # and no list before any mail
        (20, Sent(1, after(7)), None, False),
        (21, Sent(1, after(7)), 2, False),
        (34, Sent(2, after(21)), None, False),
        (35, Sent(2, after(21)), None, True),
    ],
)
def test_the_highest_step_that_is_due_is_next(days: int, sent: Sent | None, step: int | None, is_listed: bool) -> None:
    assert rules.next_mail(LADDER, DUE, sent, after(days)) == step
    assert rules.is_to_follow_up(LADDER, DUE, sent, after(days)) is is_listed


def test_fourteen_days_lie_between_two_steps_and_a_person_gets_a_day_more() -> None:
    sent = Sent(1, DUE)
    assert [rules.is_soon(PayerKind.INSTITUTION, sent, 14, after(days)) for days in (13, 14)] == [True, False]
    assert [rules.is_soon(PayerKind.PERSON, sent, 14, after(days)) for days in (14, 15)] == [True, False]
    assert not rules.is_soon(PayerKind.PERSON, None, 14, DUE)
    assert rules.pay_by(DUE) == after(14)  # the day before a person may be charged


def test_the_first_reminder_that_somebody_gets_is_free_whichever_step_it_is() -> None:
    assert rules.cost_of(Step(21, FIRM, 500), None) == 0
    assert rules.cost_of(Step(21, FIRM, 500), Sent(1, DUE)) == 500


@pytest.mark.parametrize(
    ("payer", "steps", "refusal"),
    [
        (PayerKind.INSTITUTION, LADDER, None),
        (PayerKind.INSTITUTION, (), None),
        (PayerKind.PERSON, (Step(7, FRIENDLY), Step(22, FIRM, 750), Step(37, LIST)), None),
        (PayerKind.PERSON, LADDER, rules.StepsTooNear),
        (PayerKind.INSTITUTION, (Step(7, FRIENDLY), Step(20, FIRM)), rules.StepsTooNear),
        (PayerKind.INSTITUTION, (Step(0, FRIENDLY),), rules.LadderRefused),
        (PayerKind.INSTITUTION, (Step(7, FRIENDLY, -1),), rules.LadderRefused),
        (PayerKind.INSTITUTION, (Step(7, LIST), Step(30, FIRM)), rules.ListIsLast),
        (PayerKind.INSTITUTION, (Step(7, FRIENDLY), Step(30, LIST, 100)), rules.ListIsLast),
        (PayerKind.INSTITUTION, tuple(Step(1 + 20 * n, FIRM) for n in range(7)), rules.TooManyReminders),
        (PayerKind.PERSON, (Step(7, FRIENDLY, 100),), rules.FirstIsFree),
        (PayerKind.PERSON, (Step(7, FRIENDLY), Step(30, FIRM, 751)), rules.TooDearForConsumer),
    ],
)
def test_a_ladder_that_cannot_be_climbed_or_is_unlawful_is_refused(
    payer: PayerKind, steps: tuple[Step, ...], refusal: type[rules.LadderRefused] | None
) -> None:
    if refusal is None:
        rules.check(payer, steps, 14)
        return
    with pytest.raises(refusal) as refused:
        rules.check(payer, steps, 14)
    assert type(refused.value) is refusal


@pytest.mark.parametrize(
    ("until", "on", "is_known"),
    [
        (None, date(2026, 11, 23), False),
        (date(2026, 11, 20), date(2026, 11, 23), True),  # Friday, Monday
        (date(2026, 11, 18), date(2026, 11, 23), True),  # three working days later
        (date(2026, 11, 17), date(2026, 11, 23), False),
        (date(2026, 11, 6), date(2026, 11, 12), True),  # Armistice Day is none
        (date(2026, 11, 5), date(2026, 11, 12), False),
        (date(2026, 11, 23), date(2026, 11, 23), True),
    ],
)
def test_the_bank_is_known_for_three_working_days(until: date | None, on: date, is_known: bool) -> None:
    assert rules.knows_the_bank(until, on, 3) is is_known


def test_the_next_run_is_on_a_working_day() -> None:
    assert rules.next_run(date(2026, 11, 21)) == date(2026, 11, 23)
    assert rules.next_run(date(2026, 12, 25)) == date(2026, 12, 28)
    assert rules.next_run(date(2026, 11, 24)) == date(2026, 11, 24)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=25))
def test_whatever_days_the_clock_runs_no_step_is_sent_twice_or_too_soon(pauses: list[int]) -> None:
    sent: list[Sent] = []
    on = DUE
    for pause in pauses:
        on += timedelta(days=pause)
        last = sent[-1] if sent else None
        step = rules.next_mail(LADDER, DUE, last, on)
        if step is not None and not rules.is_soon(PayerKind.INSTITUTION, last, 14, on):
            sent.append(Sent(step, on))
    steps = [each.step for each in sent]
    assert steps == sorted(set(steps))
    assert all((later.on - each.on).days >= 14 for each, later in pairwise(sent))
