"""Addresses and names as people type them, and who is likely the same person."""

import pytest

from core.rules.accounts import (
    AddressNotValid,
    BirthYearNotValid,
    FieldMissing,
    Likeness,
    checked_address,
    checked_birth_year,
    is_likely_double,
    phone_key,
    required,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("  An.Peeters@School.Example ", "an.peeters@school.example"), ("a+b@x.example.be", "a+b@x.example.be")],
)
def test_an_address_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert checked_address(typed) == stored


@pytest.mark.parametrize(
    "typed", ["", "an", "an@", "an@school", "an peeters@school.be", "zoë@school.be", "a@b@c.be", "an@school.be, b@c.be"]
)
def test_what_cannot_be_written_to_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(AddressNotValid) as refused:
        checked_address(typed, field="new_email")
    assert refused.value.field == "new_email"


@pytest.mark.parametrize("typed", ["", "   ", None, "--", "x" * 101])
def test_an_empty_name_is_refused(typed: str | None) -> None:
    with pytest.raises(FieldMissing):
        required(typed, field="first_name")


def test_spaces_in_a_name_are_tidied() -> None:
    assert required("  Jan   Jozef ", field="first_name") == "Jan Jozef"


@pytest.mark.parametrize(("year", "is_fine"), [(None, True), (1926, True), (2011, True), (1925, False), (2012, False)])
def test_a_birth_year_is_one_of_somebody_who_teaches(year: int | None, is_fine: bool) -> None:
    if is_fine:
        assert checked_birth_year(year, 2026) == year
    else:
        with pytest.raises(BirthYearNotValid):
            checked_birth_year(year, 2026)


@pytest.mark.parametrize("phone", ["+32 470 00 00 01", "0470/00.00.01", "0032470000001", "0470 000 001"])
def test_one_number_has_one_key_however_it_is_written(phone: str) -> None:
    assert phone_key(phone) == "470000001"


KNOWN = Likeness("Zoë", "De Wolf-Claes", 1980, "0470 00 00 01", frozenset({1, 2}))


@pytest.mark.parametrize(
    ("new", "is_double"),
    [
        (Likeness("Zoe", "de wolf claes", 1980), True),
        (Likeness("ZOË", "De Wolf Claes", None, "+32470000001"), True),
        (Likeness("Zoë", "De Wolf-Claes", 1981, "", frozenset({2})), True),
        (Likeness("Zoë", "De Wolf-Claes"), False),
        (Likeness("Zoë", "De Wolf-Claes", 1981, "0471 00 00 01", frozenset({3})), False),
        (Likeness("Zita", "De Wolf-Claes", 1980, "0470 00 00 01", frozenset({1})), False),
    ],
)
def test_the_same_name_and_one_thing_more_is_likely_the_same_person(new: Likeness, is_double: bool) -> None:
    assert is_likely_double(new, KNOWN) is is_double


def test_an_unknown_birth_year_or_phone_is_no_likeness() -> None:
    assert not is_likely_double(Likeness("An", "Peeters", None, ""), Likeness("An", "Peeters", None, ""))
