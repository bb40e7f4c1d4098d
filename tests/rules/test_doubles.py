"""Which persons and institutions are likely the same, found among many."""

from core.rules.doubles import MOST_ALIKE, Namesake, Place, among_institutions, among_namesakes
from core.vocabulary import Alike


def test_namesakes_are_alike_by_birth_year_telephone_or_school() -> None:
    found = among_namesakes(
        [
            Namesake(1, 1980, "0470 00 00 01", {7}),
            Namesake(2, 1980, "+32 470/00.00.01"),
            Namesake(3, 1981, "", {7, 8}),
            Namesake(4, None, "", {9}),
        ]
    )
    assert found == {(1, 2): {Alike.YEAR, Alike.PHONE}, (1, 3): {Alike.SCHOOL}}


def test_what_too_many_share_tells_nothing() -> None:
    assert among_namesakes([Namesake(number, 1900) for number in range(MOST_ALIKE + 1)]) == {}


def test_institutions_are_alike_by_name_and_town_or_by_company_and_address() -> None:
    found = among_institutions(
        [
            Place(1, "de wimpel lier", "0257216482", "Kerkstraat 1", "2500"),
            Place(2, "de wimpel lier"),
            Place(3, "school de wimpel", "0257216482", "KERKSTRAAT 1", "2500"),
            Place(4, "zusterschool", "0257216482", "Markt 2", "2500"),
        ]
    )
    assert found == {(1, 2): {Alike.NAME}, (1, 3): {Alike.KBO}}
