"""Cells as people type them, and as Excel spoils them."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules import import_cells as cells
from core.rules.import_cells import Limits
from core.rules.import_columns import Column, Shape
from core.rules.import_faults import CellWrong
from core.vocabulary import CourseType, EnrolmentStatus, JobFunction, Level, Mending

LIMITS = Limits(date(2026, 11, 23), date(2000, 1, 1))
FREE_WORDS = {Shape.WORD: JobFunction, Shape.WORDS: Level}


def read(shape: Shape, text: str, **more: object) -> object:
    column = Column("x", "X", shape, words=more.pop("words", FREE_WORDS.get(shape)), **more)  # type: ignore[arg-type]
    return cells.read(column, text, LIMITS)


@pytest.mark.parametrize(
    ("shape", "text", "value"),
    [
        (Shape.DATE, "01/03/2017", date(2017, 3, 1)),
        (Shape.DATE, "1-3-2017", date(2017, 3, 1)),
        (Shape.DATE, "1.3.2017", date(2017, 3, 1)),
        (Shape.DATE, "2017-03-01", date(2017, 3, 1)),
        (Shape.DATE, "2017-03-01 00:00:00", date(2017, 3, 1)),
        (Shape.DATE, "42795", date(2017, 3, 1)),
        (Shape.DATE, "42795.0", date(2017, 3, 1)),
        (Shape.DATE, "29/02/2020", date(2020, 2, 29)),
        (Shape.TIME, "09:30", time(9, 30)),
        (Shape.TIME, "9.30", time(9, 30)),
        (Shape.TIME, "9u30", time(9, 30)),
        (Shape.TIME, "9u", time(9)),
        (Shape.TIME, "13:30:00", time(13, 30)),
        (Shape.TIME, "0.395833333333333", time(9, 30)),
        (Shape.MONEY, "190", 19_000),
        (Shape.MONEY, "190,00", 19_000),
        (Shape.MONEY, "€ 190,5", 19_050),
        (Shape.MONEY, "190.50", 19_050),
        (Shape.MONEY, "1.190,50 €", 119_050),
        (Shape.MONEY, "1 190,50", 119_050),
        (Shape.MONEY, "1,190.50", 119_050),
        (Shape.MONEY, "1.190", 119_000),
        (Shape.MONEY, "0", 0),
        (Shape.MONEY, "190.0", 19_000),
        (Shape.HOURS, "5,5", 330),
        (Shape.HOURS, "6", 360),
        (Shape.COUNT, "20", 20),
        (Shape.COUNT, "20.0", 20),
        (Shape.YEAR, "1985", 1985),
        (Shape.YES_NO, "Ja", True),
        (Shape.YES_NO, "neen", False),
        (Shape.EMAIL, " An.Peeters@Example.org", "an.peeters@example.org"),
        (Shape.EMAILS, "a@x.example; b@x.example;a@x.example", ("a@x.example", "b@x.example")),
        (Shape.PHONE, "+32 470 00 00 01", "+32 470 00 00 01"),
        (Shape.PHONE, "03/123.45.67", "03/123.45.67"),
        (Shape.NUMBER, "012345", "012345"),
        (Shape.NUMBER, "012 345", "012345"),
        (Shape.KBO, "BE 0257.216.482", "0257216482"),
        (Shape.OGM, "+++123/4567/89002+++", "123456789002"),
        (Shape.OGM, "***123/4567/89002***", "123456789002"),
        (Shape.OGM, "123456789002", "123456789002"),
        (Shape.WORD, "LERAAR", JobFunction.TEACHER),
        (Shape.WORD, "zorgcoordinator", JobFunction.CARE_COORDINATOR),
        (Shape.WORDS, "LO; buso", (Level.LO, Level.BUSO)),
        (Shape.SCHOOL, "12345", "12345"),
        (Shape.SCHOOL, "De Zonnewimpel", "name:de zonnewimpel"),
    ],
)
def test_a_cell_is_read_as_it_is_meant(shape: Shape, text: str, value: object) -> None:
    assert read(shape, text) == value


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (Shape.DATE, "31/02/2020"),
        (Shape.DATE, "29/02/2019"),
        (Shape.DATE, "03/25/2019"),
        (Shape.DATE, "1/3/17"),
        (Shape.DATE, "maart 2017"),
        (Shape.DATE, "01/03/1917"),
        (Shape.DATE, "20170301"),
        (Shape.TIME, "25:00"),
        (Shape.TIME, "halftien"),
        (Shape.MONEY, "-5"),
        (Shape.MONEY, "honderd"),
        (Shape.MONEY, "19.5000"),
        (Shape.MONEY, "99999999"),
        (Shape.HOURS, "lang"),
        (Shape.COUNT, "2,5"),
        (Shape.YEAR, "1885"),
        (Shape.YEAR, "2025"),
        (Shape.YEAR, "85"),
        (Shape.YES_NO, "misschien"),
        (Shape.EMAIL, "a@b"),
        (Shape.EMAIL, "a@school.test"),
        (Shape.EMAILS, "a@x.example; b@"),
        (Shape.PHONE, "bel mij"),
        (Shape.NUMBER, "1234567"),
        (Shape.NUMBER, "12a456"),
        (Shape.KBO, "0257.216.483"),
        (Shape.OGM, "123456789003"),
        (Shape.OGM, "12345678900212"),
        (Shape.WORD, "tovenaar"),
        (Shape.WORDS, "LO; universum"),
    ],
)
def test_what_cannot_be_meant_is_refused(shape: Shape, text: str) -> None:
    with pytest.raises(CellWrong) as wrong:
        read(shape, text)
    assert wrong.value.mending is None


@pytest.mark.parametrize(
    ("shape", "text", "proposal"),
    [
        (Shape.NUMBER, "12345", "012345"),
        (Shape.NUMBER, "7", "000007"),
        (Shape.KBO, "257216482", "0257216482"),
        (Shape.PHONE, "470000001", "0470000001"),
        (Shape.PHONE, "31234567", "031234567"),
        (Shape.OGM, "12345678939", "012345678939"),
    ],
)
def test_lost_zeros_are_proposed_and_the_proposal_can_be_read(shape: Shape, text: str, proposal: str) -> None:
    with pytest.raises(CellWrong) as wrong:
        read(shape, text)
    assert (wrong.value.mending, wrong.value.proposal) == (Mending.PAD_NUMBERS, proposal)
    assert read(shape, proposal) == proposal


def test_only_the_words_of_a_column_are_taken() -> None:
    only = (EnrolmentStatus.CONFIRMED, EnrolmentStatus.CANCELLED)
    assert read(Shape.WORD, "geannuleerd", words=EnrolmentStatus, only=only) is EnrolmentStatus.CANCELLED
    with pytest.raises(CellWrong) as wrong:
        read(Shape.WORD, "vervangen", words=EnrolmentStatus, only=only)
    assert wrong.value.fields["words"] == "bevestigd, geannuleerd"
    assert read(Shape.WORD, "eendaags", words=CourseType) is CourseType.ONE_DAY


def test_a_text_that_is_too_long_or_has_no_letter_is_refused() -> None:
    assert read(Shape.TEXT, "x" * 100, longest=100) == "x" * 100
    for text in ("x" * 101, "—"):
        with pytest.raises(CellWrong):
            read(Shape.TEXT, text, longest=100, is_required=True)


@pytest.mark.parametrize(
    ("shape", "text", "is_formula"),
    [
        (Shape.TEXT, "=1+1", True),
        (Shape.TEXT, "+32 Peeters", True),
        (Shape.TEXT, "-Peeters", True),
        (Shape.TEXT, "@SUM(A1)", True),
        (Shape.EMAIL, "=a@x.example", True),
        (Shape.TEXT, "Peeters-Maes", False),
        (Shape.PHONE, "+32 470 00 00 01", False),
        (Shape.PHONE, "+cmd|'/c calc'!A1", True),
        (Shape.OGM, "+++123/4567/89002+++", False),
        (Shape.MONEY, "-5,00", False),
        (Shape.MONEY, "=5", True),
    ],
)
def test_formulas_are_told_from_numbers(shape: Shape, text: str, is_formula: bool) -> None:
    assert cells.is_formula(Column("x", "X", shape), text) is is_formula


@given(st.sampled_from(list(Shape)), st.text(max_size=30))
def test_any_text_is_read_or_refused_and_breaks_nothing(shape: Shape, text: str) -> None:
    try:
        read(shape, text)
    except CellWrong as wrong:
        assert wrong.reason


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_date_comes_back_from_every_way_of_writing_it(day: date) -> None:
    serial = str((day - date(1899, 12, 30)).days)
    for text in (day.isoformat(), day.strftime("%d/%m/%Y"), serial):
        assert read(Shape.DATE, text) == day
