"""What a course can be, what is missing before publication, what two coordinators changed, codes of repeats."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from core.rules import course_days as day_rules
from core.rules import courses as rules
from core.rules.accounts import FieldMissing
from core.rules.course_days import DayValues
from core.rules.courses import CourseValues
from core.vocabulary import CALLED_OFF, CourseStatus, Level, Occupancy, Theme

GOOD = CourseValues(code="26/TAA/101A", title="Didactiek", price_cents=9_500, capacity=20, minimum=8)
FIRST = date(2026, 12, 3)


@pytest.mark.parametrize(
    ("changed", "refusal", "field"),
    [
        ({"price_cents": -1}, rules.PriceNotPossible, "price_cents"),
        ({"capacity": 0}, rules.CapacityNotPossible, "capacity"),
        ({"capacity": 11}, rules.CapacityTaken, "capacity"),
        ({"minimum": 21}, rules.MinimumTooHigh, "minimum"),
        ({"minimum": -1}, rules.MinimumTooHigh, "minimum"),
        ({"enrolment_deadline": date(2026, 12, 4)}, rules.DeadlineTooLate, "enrolment_deadline"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    changed: dict[str, object], refusal: type[DomainError], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        rules.check(replace(GOOD, **changed), taken=12, first_day=FIRST)  # type: ignore[arg-type]
    assert refused.value.field == field


@pytest.mark.parametrize("changed", [{}, {"capacity": 12}, {"enrolment_deadline": FIRST}, {"price_cents": 0}])
def test_what_can_be_passes(changed: dict[str, object]) -> None:
    rules.check(replace(GOOD, **changed), taken=12, first_day=FIRST)  # type: ignore[arg-type]


def test_seats_taken_beyond_the_capacity_by_hand_let_it_stay_but_not_go_lower() -> None:
    rules.check(replace(GOOD, capacity=20), taken=21, first_day=FIRST, was_capacity=20)
    with pytest.raises(rules.CapacityTaken):
        rules.check(replace(GOOD, capacity=19), taken=21, first_day=FIRST, was_capacity=20)


DAY = DayValues(FIRST, time(9, 30), time(16, 0), 330)


@pytest.mark.parametrize(
    ("changed", "refusal", "field"),
    [
        ({"ends_at": time(9, 30)}, day_rules.EndsTooEarly, "ends_at"),
        ({"minutes": 0}, day_rules.DurationNotPossible, "minutes"),
        ({"minutes": 391}, day_rules.DurationNotPossible, "minutes"),
        ({"online_url": "javascript:alert(1)"}, day_rules.LinkNotValid, "online_url"),
        ({"online_url": "https://meet.example/a b"}, day_rules.LinkNotValid, "online_url"),
        ({"starts_at": time(8, 0), "ends_at": time(9, 31), "minutes": 60}, day_rules.DaysOverlap, "held_on"),
    ],
)
def test_a_day_that_cannot_be_is_refused(changed: dict[str, object], refusal: type[DomainError], field: str) -> None:
    with pytest.raises(refusal) as refused:
        day_rules.check_day(replace(DAY, **changed), [DAY])  # type: ignore[arg-type]
    assert refused.value.field == field


def test_two_half_days_follow_each_other() -> None:
    evening = replace(DAY, starts_at=time(16, 0), ends_at=time(18, 0), minutes=120, online_url="https://meet.example/x")
    day_rules.check_day(evening, [DAY])


@pytest.mark.parametrize("name", ["title", "code"])
def test_a_course_has_a_title_and_a_code(name: str) -> None:
    with pytest.raises(FieldMissing) as refused:
        rules.tidied(replace(GOOD, **{name: "  "}))  # type: ignore[arg-type]
    assert refused.value.field == name


def test_stray_spaces_go() -> None:
    tidy = rules.tidied(replace(GOOD, title=" Didactiek  nu ", intro="\n Kort. "))
    assert (tidy.title, tidy.intro, tidy.course_type) == ("Didactiek nu", "Kort.", GOOD.course_type)


def test_what_a_visitor_needs_to_know_is_listed_as_missing() -> None:
    assert len(rules.missing_for_publication(GOOD, None, FIRST)) == 6
    ready = replace(
        GOOD,
        intro="Kort.",
        levels=frozenset({Level.SO}),
        themes=frozenset({Theme.AI}),
        teacher_ids=frozenset({1}),
        is_online=True,
    )
    assert rules.missing_for_publication(ready, FIRST, date(2026, 12, 2)) == ()
    assert rules.missing_for_publication(ready, FIRST, FIRST) == ("a first day in the future",)


def test_only_a_cancelled_course_cannot_be_changed() -> None:
    for status in CourseStatus:
        if status in CALLED_OFF:
            with pytest.raises(rules.CourseCalledOff):
                rules.check_editable(status)
        else:
            rules.check_editable(status)


def test_what_a_colleague_changed_is_told_and_what_both_changed_is_a_conflict() -> None:
    theirs = replace(GOOD, price_cents=12_000, title="Didactiek vandaag", minimum=10)
    mine = replace(GOOD, title="Didactiek nu", capacity=24, minimum=10)
    found = rules.changes(GOOD, theirs, mine)
    assert [(change.name, change.is_conflict) for change in found] == [
        ("title", True),
        ("price_cents", False),
        ("minimum", False),
    ]
    kept = rules.merged(found, mine, frozenset({"title"}))
    assert (kept.title, kept.price_cents, kept.capacity) == ("Didactiek nu", 12_000, 24)
    assert rules.merged(found, mine, frozenset()).title == "Didactiek vandaag"


_VALUES = st.builds(
    CourseValues,
    title=st.sampled_from("ab"),
    price_cents=st.integers(0, 2),
    capacity=st.integers(1, 3),
    levels=st.frozensets(st.sampled_from(Level), max_size=2),
)


@given(base=_VALUES, theirs=_VALUES, mine=_VALUES)
def test_merging_takes_every_value_from_one_of_the_two_and_loses_none_unseen(
    base: CourseValues, theirs: CourseValues, mine: CourseValues
) -> None:
    found = rules.changes(base, theirs, mine)
    told = {change.name for change in found}
    for name in rules.FIELDS:
        value = getattr(rules.merged(found, mine, frozenset()), name)
        assert value == getattr(theirs if name in told else mine, name)
        assert getattr(rules.merged(found, mine, frozenset(told)), name) == getattr(mine, name)


@pytest.mark.parametrize(
    ("taken", "waiting", "expected"),
    [
        (0, 0, Occupancy.BELOW_MINIMUM),
        (7, 0, Occupancy.BELOW_MINIMUM),
        (8, 0, Occupancy.GOING),
        (18, 0, Occupancy.NEARLY_FULL),
        (20, 0, Occupancy.FULL),
        (20, 1, Occupancy.WAITING),
        (19, 1, Occupancy.WAITING),
    ],
)
def test_the_colour_of_occupancy(taken: int, waiting: int, expected: Occupancy) -> None:
    assert rules.occupancy(taken, 20, 8, waiting) is expected


@pytest.mark.parametrize(
    ("code", "taken", "expected"),
    [
        ("26/TAA/101A", set(), "27/TAA/101B"),
        ("26/TAA/101A", {"27/TAA/101B"}, "27/TAA/101C"),
        ("26/TAA/101Z", set(), "27/TAA/101-2"),
        ("26/TAA/101", set(), "27/TAA/101A"),
        ("TAALCURSUS", set(), "TAALCURSUT"),
    ],
)
def test_the_code_of_a_repeat_is_the_next_free_one(code: str, taken: set[str], expected: str) -> None:
    assert rules.next_code(code, 2027, frozenset(taken)) == expected


def test_a_repeat_of_a_repeat_repeats_the_original() -> None:
    assert rules.original_title("AI in de klas: wat nu? - herhaling 12") == "AI in de klas: wat nu?"
    assert rules.original_title("Les - herhaling") == "Les - herhaling"
