"""A year of payments in small, as `python -m bench year` runs it whole: nothing is booked wrong, the books agree."""

from collections import Counter

from bench.year import Size, Year

SMALL = Size(notes=240, files=80, schools=14, persons=40, courses=20)


def test_a_year_of_messy_payments_is_booked_without_one_mistake(database: str) -> None:
    result = Year(SMALL).run()
    told: Counter[str] = Counter()
    for counted in result.by_habit.values():
        told.update(counted)
    assert [each.movement for each in result.wrong] == []
    assert result.differing == []
    assert told["booked"] == result.placed > result.lines * 0.6
    assert told.total() == result.lines > 150
    assert told["proposed, right"] > told["proposed, wrong"] + told["nothing proposed"]
