"""What a bank line names: structured references (OGM) and numbers of notes, however the payer retyped them.

A number that merely passes the check digits proves nothing: it must be that of a note we issued (`billing.md` §9).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

_OGM = re.compile(r"(?<!\d)(\d{3})[\s./-]*(\d{4})[\s./-]*(\d{5})(?!\d)")
_NUMBER = re.compile(r"(?<![A-Z])DN[\s./-]*(20\d\d)[\s./-]*(\d{1,6})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a bank line says, `cents` signed: above 0 came in."""

    cents: int
    references: tuple[str, ...] = ()
    text: str = ""
    is_reversal: bool = False
    is_euro: bool = True


def references(seen: Seen) -> tuple[str, ...]:
    """The structured references of twelve digits in a line whose check digits fit, in order, each once."""
    given = [reference for reference in seen.references if len(reference) == 12 and reference.isdecimal()]
    text = " ".join([seen.text, *seen.references]) if seen.text or len(given) < len(seen.references) else ""
    typed = ["".join(match.groups()) for match in _OGM.finditer(text)]
    return tuple(dict.fromkeys(each for each in (*given, *typed) if _fits(each)))


def _fits(digits: str) -> bool:
    """Modulo 97, where a remainder of 0 is written 97; as `stdnum.be.ogm_vcs` does, without its cleaning."""
    return digits != "000000000000" and (int(digits[:10]) % 97 or 97) == int(digits[10:])


def nearly(seen: Seen) -> tuple[str, ...]:
    """The references that a mistyped one may have been meant as: one digit differs, or two neighbours are swapped.

    Of the 119 such strings only about one passes the check digits, so this guesses little; it is never booked.
    """
    typed = ("".join(match.groups()) for match in _OGM.finditer(seen.text))
    return tuple(dict.fromkeys(each for digits in typed if not _fits(digits) for each in _mistyped(digits)))


def _mistyped(digits: str) -> Iterator[str]:
    for place, written in enumerate(digits):
        for other in "0123456789":
            if other != written and _fits(meant := digits[:place] + other + digits[place + 1 :]):
                yield meant
        swapped = digits[:place] + digits[place : place + 2][::-1] + digits[place + 2 :]
        if swapped != digits and _fits(swapped):
            yield swapped


def numbers(seen: Seen) -> tuple[str, ...]:
    """The printed numbers of debit notes that a line names, also inside an RF reference (ISO 11649)."""
    texts = [seen.text]
    for reference in seen.references:
        if reference.startswith("RF") and _is_rf(reference):
            texts.append(reference[4:])
    found = [match for text in texts for match in _NUMBER.finditer(text)]
    return tuple(dict.fromkeys(f"DN-{match[1]}-{int(match[2]):06}" for match in found))


def _is_rf(reference: str) -> bool:
    try:
        mod_97_10.validate(reference[4:] + reference[:4])
    except ValidationError:
        return False
    return True
