"""What somebody types to find a note: its number, its structured reference, an amount, or words of a name."""

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"([A-Za-z]{1,10})[ /-]?(\d{4})[ /-]?(\d{1,6})")
_AMOUNT = re.compile(r"(€ ?)?(\d{1,3}(?:[. ]\d{3})+|\d{1,7})(?:[,.](\d{2}))?(?: ?(€|eur|euro))?", re.IGNORECASE)
_REFERENCE = re.compile(r"[\d\s+*/.]+")
_OGM = 12  # digits


@dataclass(frozen=True, slots=True)
class NoteWords:
    """What a text can mean; what it cannot mean is empty. `cents`: an amount; `ogm`: the first digits of a reference.

    `number` is a printed number, `nr` that number without its series, `words` what may be part of a name.
    """

    number: str = ""
    nr: int | None = None
    ogm: str = ""
    cents: int | None = None
    words: str = ""

    def __bool__(self) -> bool:
        return self != NoteWords()


def read(text: str) -> NoteWords:
    """What a text means: digits alone are a number or a reference, with a comma or a euro sign an amount."""
    typed = " ".join(text.replace("\u00a0", " ").split())
    if not typed:
        return NoteWords()
    digits = re.sub(r"\D", "", typed)
    amount = _AMOUNT.fullmatch(typed)
    if amount and (amount[1] or amount[3] or amount[4]):
        return NoteWords(cents=int(re.sub(r"\D", "", amount[2])) * 100 + int(amount[3] or 0))
    if _REFERENCE.fullmatch(typed) and digits:
        if len(digits) > _OGM:
            return NoteWords(words=typed)
        return NoteWords(ogm=digits) if len(digits) > 6 else NoteWords(nr=int(digits))
    if number := _NUMBER.fullmatch(typed):
        return NoteWords(number=f"{number[1].upper()}-{number[2]}-{int(number[3]):06}")
    return NoteWords(number=typed if digits else "", words=typed)
