"""Addresses and names as people type them, and when two persons are likely the same (D12)."""

import re
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from core.errors import DomainError
from core.i18n import N_
from core.text import address_key, folded
from core.vocabulary import Alike


class AddressNotValid(DomainError):
    """Not an e-mail address that mail can be sent to."""

    message = N_("This is not a valid e-mail address. Check it for typing errors.")


class FieldMissing(DomainError):
    """A field that must be filled in is empty."""

    message = N_("Fill this in.")


class BirthYearNotValid(DomainError):
    """Not a year in which a participant can be born."""

    message = N_("Fill in a year between {first} and {last}.")


def checked_address(text: str, *, field: str = "email") -> str:
    """An address as it is stored. Raises AddressNotValid, also for one outside ASCII (it could not be written to)."""
    try:
        valid = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False, test_environment=False)
    except EmailNotValidError as refused:
        raise AddressNotValid(field=field) from refused
    return address_key(valid.normalized)


def required(text: str | None, *, field: str, longest: int = 100) -> str:
    """A text that must be there, its spaces tidied, cut at nothing: too long is refused. Raises FieldMissing."""
    tidy = re.sub(r"\s+", " ", text or "").strip()
    if not tidy or len(tidy) > longest or not folded(tidy):
        raise FieldMissing(field=field)
    return tidy


def checked_birth_year(year: int | None, this_year: int) -> int | None:
    """A year of birth, optional. Raises BirthYearNotValid."""
    first, last = this_year - 100, this_year - 15
    if year is not None and not first <= year <= last:
        raise BirthYearNotValid(field="birth_year", first=str(first), last=str(last))
    return year


def phone_key(phone: str) -> str:
    """The digits by which two phone numbers compare: «+32 470 00 00 01» and «0470/000001» are the same."""
    digits = re.sub(r"\D", "", phone)
    digits = digits.removeprefix("00")
    return digits.removeprefix("32").removeprefix("0") if len(digits) >= 8 else ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of a person is compared to find doubles."""

    first_name: str
    last_name: str
    birth_year: int | None = None
    phone: str = ""
    institution_ids: frozenset[int] = frozenset()


def alike(new: Likeness, known: Likeness) -> frozenset[Alike]:
    """What two of the same name share beside it; nothing when the names differ."""
    if folded(f"{new.first_name} {new.last_name}") != folded(f"{known.first_name} {known.last_name}"):
        return frozenset()
    shared = {
        Alike.YEAR: new.birth_year is not None and new.birth_year == known.birth_year,
        Alike.PHONE: bool(phone_key(new.phone)) and phone_key(new.phone) == phone_key(known.phone),
        Alike.SCHOOL: bool(new.institution_ids & known.institution_ids),
    }
    return frozenset(reason for reason, is_shared in shared.items() if is_shared)


def is_likely_double(new: Likeness, known: Likeness) -> bool:
    """The same name and the same birth year, school or phone (D12)."""
    return bool(alike(new, known))
