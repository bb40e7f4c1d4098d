"""«Onze nascholingen»: what a school pays, by period, person, course and school year, page by page."""

from datetime import datetime

import pytest

from core import clock
from core.db import read, write
from core.queries import paid_enrolments as queries
from core.queries.paid_enrolments import Found, Period, Wanted
from core.services import affiliations, enrolments, replacements
from core.vocabulary import CLOCK, Actor, PayerPolicy
from tests.services.schools import course, enrolled, enrols, id_of, in_days, school, staff


def names(found: Found) -> list[str]:
    return [f"{row.person_name} – {row.course_title}" for row in found.rows]


def paid(by: Actor, *, page: int = 1, size: int = 20, **wanted: object) -> Found:
    with read() as db:
        return queries.paid(db, by, Wanted(**wanted), page=page, size=size)  # type: ignore[arg-type]


@pytest.fixture
def year(database: str, noon: datetime) -> tuple[Actor, Actor]:
    """A school with courses in two school years, and another school that shares one of them."""
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    an, bo = staff("An", "Bo", of=(wimpel,))
    (dirk,) = staff("Dirk", of=(kade,))
    sums, words = course(title="Rekenen tot100%", in_days=20), course(title="Woordenschat", in_days=300)
    enrolled(wimpel, sums, an, bo, unnamed=1)
    enrolled(wimpel, words, bo)
    enrolled(kade, sums, dirk)
    enrols(an, words)  # paid alone
    return wimpel, kade


def test_each_school_sees_what_it_pays_the_next_course_first_and_places_without_a_name_last(
    year: tuple[Actor, Actor],
) -> None:
    wimpel, kade = year
    assert names(paid(wimpel)) == [
        "An Peeters – Rekenen tot100%",
        "Bo Peeters – Rekenen tot100%",
        "(nog te bepalen) – Rekenen tot100%",
        "Bo Peeters – Woordenschat",
    ]
    assert names(paid(kade)) == ["Dirk Peeters – Rekenen tot100%"]
    for actor in (staff("Els")[0], CLOCK):
        assert paid(actor).total == 0
    with read() as db:
        assert (queries.unnamed(db, wimpel), queries.unnamed(db, kade)) == (1, 0)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"person": "bo"}, 2),
        ({"person": "PEETERS bo"}, 2),
        ({"person": "zoë"}, 0),
        ({"person": "% _"}, 4),  # nothing is left to look for
        ({"course": "rekenen"}, 3),
        ({"course": "tot100%"}, 3),
        ({"course": "woord%schat"}, 1),  # parts of words, whatever stands between them
        ({"course": "26/TST"}, 4),
        ({"course": "26/tst woord"}, 1),
        ({"school_year": 2026}, 3),
        ({"school_year": 2027}, 1),
        ({"school_year": 2025}, 0),
        ({"person": "an", "course": "woorden"}, 0),
        ({"person": "bo", "course": "woorden", "school_year": 2027}, 1),
    ],
)
def test_filters_are_words_of_names_titles_and_codes(
    year: tuple[Actor, Actor], wanted: dict[str, object], count: int
) -> None:
    found = paid(year[0], **wanted)
    assert (found.total, len(found.rows)) == (count, count)


def test_pages_together_are_the_whole_list_each_row_once(year: tuple[Actor, Actor]) -> None:
    whole = names(paid(year[0]))
    pages = [paid(year[0], page=number, size=3) for number in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [3, 1, 0]
    assert {page.total for page in pages} == {4}
    assert [name for page in pages for name in names(page)] == whole
    assert names(paid(year[0], page=0, size=3)) == whole[:3]


def test_what_is_over_cancelled_or_certified_has_a_list_of_its_own(year: tuple[Actor, Actor], noon: datetime) -> None:
    wimpel, _kade = year
    with read() as db:
        first = queries.paid(db, wimpel, Wanted()).rows[0]
    with write() as db:
        enrolments.cancel(db, wimpel, first.enrolment_id)
    assert names(paid(wimpel, period=Period.PAST)) == ["An Peeters – Rekenen tot100%"]
    assert paid(wimpel).total == 3
    with clock.frozen(in_days(20)):  # on the day itself it is still to come
        assert paid(wimpel).total == 3
    with clock.frozen(in_days(21)):
        assert names(paid(wimpel)) == ["Bo Peeters – Woordenschat"]
        assert paid(wimpel, period=Period.PAST).total == 3
        assert paid(wimpel, period=Period.CERTIFIED).total == 0
    with clock.frozen(in_days(27)):  # a place that nobody took gets no certificate
        assert names(paid(wimpel, period=Period.CERTIFIED)) == ["Bo Peeters – Rekenen tot100%"]
    with clock.frozen(in_days(400)):
        assert names(paid(wimpel, period=Period.PAST))[0] == "Bo Peeters – Woordenschat"  # the latest first


def test_the_school_years_run_from_the_first_to_the_last_course(year: tuple[Actor, Actor]) -> None:
    with read() as db:
        assert queries.school_years(db, year[0]) == (2027, 2026)
        assert queries.school_years(db, year[1]) == (2026,)
        assert queries.school_years(db, CLOCK) == ()


def test_a_seat_appears_once_with_those_who_held_it_before(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo, cas = staff("An", "Bo", "Cas", of=(wimpel,))
    course_id = course()
    first, other = enrolled(wimpel, course_id, an, cas)
    with write() as db:
        replacements.replace(db, wimpel, first, id_of(bo))
    with read() as db:
        second = queries.paid(db, wimpel, Wanted()).rows[0].enrolment_id
    with write() as db:
        enrolments.cancel(db, wimpel, other)
        replacements.replace(db, wimpel, second, id_of(cas))
    found = paid(wimpel)
    third = found.rows[0].enrolment_id
    with read() as db:
        assert queries.earlier_holders(db, wimpel, found.rows) == {third: ("An Peeters", "Bo Peeters")}
        assert queries.earlier_holders(db, wimpel, ()) == {}
    assert names(found) == ["Cas Peeters – Didactiek Nederlands"]
    with write() as db:
        replacements.undo(db, wimpel, third)
        replacements.undo(db, wimpel, second)
    found = paid(wimpel)
    assert names(found) == ["An Peeters – Didactiek Nederlands"]
    assert names(paid(wimpel, period=Period.PAST)) == ["Cas Peeters – Didactiek Nederlands"]  # the cancelled one only
    with read() as db:
        assert queries.earlier_holders(db, wimpel, found.rows) == {}
        assert queries.chosen(db, wimpel, (first, third, 9_999)) == found.rows


def test_questions_of_staff_are_listed_the_most_urgent_first(database: str, noon: datetime) -> None:
    approves = school(policy=PayerPolicy.APPROVAL)
    an, bo, cas = staff("An", "Bo", "Cas", of=(approves,))
    with clock.frozen(in_days(1)):
        enrols(an, course(title="Later"), approves)
    enrols(bo, course(title="Eerst"), approves)
    gone = enrols(cas, course(title="Weg"), approves)
    with write() as db:
        enrolments.cancel(db, cas, gone)
        affiliations.unlink(db, an, 1)  # the question stands until it lapses
    with read() as db:
        asked = queries.open_requests(db, approves)
        assert queries.open_requests(db, an) == queries.open_requests(db, CLOCK) == ()
    assert [(row.person_name, row.course_title) for row in asked] == [("Bo Peeters", "Eerst"), ("An Peeters", "Later")]
