"""What finance types to find a note, and bands of age."""

from datetime import date, timedelta

import pytest

from core.rules import ageing
from core.rules.note_words import NoteWords, read
from core.rules.open_parts import open_parts

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", NoteWords()),
        ("   ", NoteWords()),
        ("+++202/6000/12320+++", NoteWords(ogm="202600012320")),
        ("***202/6000/12320***", NoteWords(ogm="202600012320")),
        ("2026 0001 2320", NoteWords(ogm="202600012320")),
        ("202600012320", NoteWords(ogm="202600012320")),
        ("2026000", NoteWords(ogm="2026000")),
        ("123", NoteWords(nr=123)),
        ("DN-2026-000123", NoteWords(number="DN-2026-000123")),
        ("dn 2026 123", NoteWords(number="DN-2026-000123")),
        ("cn-2025-7", NoteWords(number="CN-2025-000007")),
        ("190,00", NoteWords(cents=19_000)),
        ("€ 190", NoteWords(cents=19_000)),
        ("1.250,50 euro", NoteWords(cents=125_050)),
        ("€\u00a01 250,50", NoteWords(cents=125_050)),
        ("12.50", NoteWords(cents=1_250)),
        ("An Peeters", NoteWords(words="An Peeters")),
        ("26/TST/001A", NoteWords(number="26/TST/001A", words="26/TST/001A")),
        ("1234567890123", NoteWords(words="1234567890123")),
    ],
)
def test_what_is_typed_is_read_as_meant(text: str, meant: NoteWords) -> None:
    assert read(text) == meant


def test_each_day_lies_in_the_one_band_whose_bounds_hold_it() -> None:
    for late in range(-40, 130):
        due = TODAY - timedelta(days=late)
        bands = [
            number
            for number, (first, last) in enumerate(ageing.bounds(TODAY))
            if (first is None or due >= first) and (last is None or due <= last)
        ]
        assert bands == [ageing.band_of(due, TODAY)]
    assert [ageing.band_of(TODAY - timedelta(days=late), TODAY) for late in (0, 1, 30, 31, 60, 61, 90, 91)] == [
        *(0, 1, 1, 2, 2, 3, 3, 4)
    ]
    assert ageing.band_of(None, TODAY) == 0


@pytest.mark.parametrize(
    ("asked", "paid", "left"),
    [
        ((100, 200, 300), 0, (100, 200, 300)),
        ((100, 200, 300), 150, (0, 150, 300)),
        ((100, 200, 300), 600, (0, 0, 0)),
        ((100, 0, 300), 250, (0, 0, 150)),
        ((100, 200), 350, (0, -50)),
        ((100,), -20, (120,)),
    ],
)
def test_the_parts_of_a_note_add_up_to_what_it_asks(asked: tuple[int, ...], paid: int, left: tuple[int, ...]) -> None:
    assert open_parts(asked, paid) == left
    assert sum(left) == sum(asked) - paid
