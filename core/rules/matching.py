"""What a bank line pays: one certain answer, or a proposal with its reason in words (`billing.md` §9).

Only one thing is booked by itself: the reference of exactly one note of ours with exactly its open balance. A number
that merely passes the check digits proves nothing; it must equal a reference that was issued.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from stdnum.be import ogm_vcs
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from core.i18n import N_
from core.vocabulary import MatchKind, PayerKind

_OGM = re.compile(r"(?<!\d)(\d{3})[\s./-]*(\d{4})[\s./-]*(\d{5})(?!\d)")
_NUMBER = re.compile(r"(?<![A-Z])DN[\s./-]*(20\d\d)[\s./-]*(\d{1,6})(?!\d)", re.IGNORECASE)
MOST_TOGETHER, MOST_CONSIDERED = 5, 16

Payer = tuple[PayerKind, int]


@dataclass(frozen=True, slots=True)
class OpenNote:
    """A debit note as it stands. `left_cents`: still to be paid; below 0 it was paid too much."""

    note_id: int
    number: str
    ogm: str
    payer: Payer
    payer_name: str
    left_cents: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a bank line says, `cents` signed: above 0 came in."""

    cents: int
    references: tuple[str, ...] = ()
    text: str = ""
    is_reversal: bool = False
    is_euro: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """Cents for one note, signed as the line; `is_kept`: as credit of that note's payer instead of for the note."""

    note_id: int
    cents: int
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as an English msgid; the fields `amount`, `left` and `rest` are cents."""

    message: str
    fields: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to do with a bank line. Only `is_certain` may be done without a person."""

    kind: MatchKind
    reason: Reason
    parts: tuple[Part, ...] = ()
    is_certain: bool = False
    payer: Payer | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What is known around a bank line. Notes by reference and number; open ones of payers by account and by name.

    `kept`: credit of the payers of that account, by the note it hangs on. `reversed`: what the lines that this one may
    reverse were placed as; one entry a line, empty where it still waits.
    """

    by_ogm: Mapping[str, OpenNote] = field(default_factory=dict)
    by_number: Mapping[str, OpenNote] = field(default_factory=dict)
    of_account: Sequence[OpenNote] = ()
    of_name: Sequence[OpenNote] = ()
    kept: Mapping[int, int] = field(default_factory=dict)
    reversed: Sequence[tuple[Part, ...]] = ()


def references(seen: Seen) -> tuple[str, ...]:
    """The structured references of twelve digits in a line whose check digits fit, in order, each once."""
    given = [reference for reference in seen.references if len(reference) == 12 and reference.isdecimal()]
    typed = ["".join(match.groups()) for match in _OGM.finditer(" ".join([seen.text, *seen.references]))]
    return tuple(dict.fromkeys(each for each in (*given, *typed) if _fits(each)))


def _fits(digits: str) -> bool:
    return digits != "000000000000" and ogm_vcs.calc_check_digits(digits[:10]) == digits[10:]


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


def propose(seen: Seen, found: Found) -> Proposal:
    """What a line is, the surest sign first."""
    if not seen.is_euro:
        return Proposal(MatchKind.UNKNOWN, Reason(N_("The amount is not in euro.")))
    if seen.is_reversal:
        return _reversal(found)
    ours = [found.by_ogm[each] for each in references(seen) if each in found.by_ogm]
    named = [found.by_number[each] for each in numbers(seen) if each in found.by_number]
    if seen.cents < 0:
        return _refund(seen.cents, ours + named, found)
    if ours or named:
        return _named(seen.cents, ours, named)
    for kind, notes in ((MatchKind.KNOWN_PAYER, found.of_account), (MatchKind.SAME_NAME, found.of_name)):
        if notes:
            return _by_payer(kind, seen.cents, notes)
    return Proposal(MatchKind.UNKNOWN, Reason(N_("No reference, account or name of ours was recognised.")))


def _named(cents: int, ours: Sequence[OpenNote], named: Sequence[OpenNote]) -> Proposal:
    """The line names notes of ours, by reference or else by number."""
    notes = ours or named
    return _one(cents, notes[0], by_number=not ours) if len(notes) == 1 else _split(cents, notes)


def _one(cents: int, note: OpenNote, *, by_number: bool) -> Proposal:
    """The line names one note of ours."""
    facts: dict[str, str | int] = {
        "number": note.number,
        "payer": note.payer_name,
        "left": note.left_cents,
        "amount": cents,
    }
    if note.left_cents <= 0:
        reason = Reason(
            N_("Note {number} is settled already: keep {amount} as credit of {payer}, or pay it back."), facts
        )
        return Proposal(MatchKind.SETTLED, reason, (Part(note.note_id, cents, is_kept=True),), payer=note.payer)
    if cents < note.left_cents:
        reason = Reason(N_("{amount} of the {left} that are open of note {number} of {payer}."), facts)
        return Proposal(MatchKind.PARTIAL, reason, (Part(note.note_id, cents),), payer=note.payer)
    if cents > note.left_cents:
        rest = cents - note.left_cents
        reason = Reason(
            N_("{rest} more than the {left} that are open of note {number}: the rest stays as credit of {payer}."),
            {**facts, "rest": rest},
        )
        over = (Part(note.note_id, note.left_cents), Part(note.note_id, rest, is_kept=True))
        return Proposal(MatchKind.OVER, reason, over, payer=note.payer)
    parts = (Part(note.note_id, cents),)
    if by_number:
        reason = Reason(N_("The text names note {number} of {payer}, and the amount fits."), facts)
        return Proposal(MatchKind.NUMBER, reason, parts, payer=note.payer)
    reason = Reason(N_("Reference and amount are those of note {number} of {payer}."), facts)
    return Proposal(MatchKind.EXACT, reason, parts, is_certain=True, payer=note.payer)


def _split(cents: int, notes: Sequence[OpenNote]) -> Proposal:
    """The line names several notes: each its open balance in the order named, what is too much is kept."""
    parts, left = [], cents
    for note in notes:
        taken = min(left, max(0, note.left_cents))
        if taken:
            parts.append(Part(note.note_id, taken))
            left -= taken
    facts: dict[str, str | int] = {"numbers": _listed(notes), "amount": cents, "rest": left}
    if left:
        parts.append(Part(notes[0].note_id, left, is_kept=True))
        reason = Reason(N_("The text names {numbers}; {rest} is too much and stays as credit."), facts)
    elif sum(note.left_cents for note in notes) == cents:
        reason = Reason(N_("The text names {numbers}; together they are {amount}."), facts)
    else:
        reason = Reason(N_("The text names {numbers}; together more than {amount} is open."), facts)
    return Proposal(MatchKind.SEVERAL, reason, tuple(parts), payer=_common(notes))


def _by_payer(kind: MatchKind, cents: int, notes: Sequence[OpenNote]) -> Proposal:
    """Nothing is named, but who paid is known by the account or by the name: which open notes make the amount?"""
    payers = {note.payer for note in notes}
    facts: dict[str, str | int] = {"payer": notes[0].payer_name, "amount": cents}
    fitting = [note for note in notes if note.left_cents == cents]
    together = () if fitting else _together(cents, notes)
    if not fitting and not together:
        words = {
            MatchKind.KNOWN_PAYER: N_("{payer} paid from this account before, but no open notes make {amount}."),
            MatchKind.SAME_NAME: N_("The name is that of {payer}, but no open notes make {amount}."),
        }
        return Proposal(kind, Reason(words[kind], facts), payer=_common(notes))
    chosen = (fitting[0],) if fitting else together
    facts |= {"payer": chosen[0].payer_name, "numbers": _listed(chosen), "count": len(fitting)}
    parts = tuple(Part(note.note_id, note.left_cents) for note in chosen)
    return Proposal(kind, Reason(_payer_words(kind, len(fitting), len(payers)), facts), parts, payer=chosen[0].payer)


def _payer_words(kind: MatchKind, fitting: int, payers: int) -> str:
    if payers > 1:
        return N_("Several payers are possible; {numbers} of {payer} makes {amount}.")
    if fitting > 1:
        return N_("{count} open notes of {payer} are {amount} each; {numbers} is the oldest.")
    if kind is MatchKind.SAME_NAME:
        return N_("The name is that of {payer}; these {amount} are {numbers}.")
    return N_("{payer} paid from this account before; these {amount} are {numbers}.")


def _together(cents: int, notes: Sequence[OpenNote]) -> tuple[OpenNote, ...]:
    """The notes of one payer that make an amount: all, else the fewest and oldest; empty when none do."""
    for payer in dict.fromkeys(note.payer for note in notes):
        own = [note for note in notes if note.payer == payer and note.left_cents > 0]
        if len(own) > 1 and sum(note.left_cents for note in own) == cents:
            return tuple(own)
        for size in range(2, MOST_TOGETHER + 1):
            for chosen in combinations(own[:MOST_CONSIDERED], size):
                if sum(note.left_cents for note in chosen) == cents:
                    return chosen
    return ()


def _refund(cents: int, named: Sequence[OpenNote], found: Found) -> Proposal:
    """Money that left: it gives back what was paid too much of a credited note, or credit that was kept."""
    for note in (*named, *found.of_account):
        facts: dict[str, str | int] = {"number": note.number, "payer": note.payer_name, "amount": -cents}
        if note.left_cents == cents:
            reason = Reason(N_("Gives {payer} back what was paid too much of note {number}."), facts)
            return Proposal(MatchKind.REFUND, reason, (Part(note.note_id, cents),), payer=note.payer)
        if found.kept.get(note.note_id) == -cents:
            reason = Reason(N_("Gives {payer} back the credit of {amount}, kept with note {number}."), facts)
            return Proposal(MatchKind.REFUND, reason, (Part(note.note_id, cents, is_kept=True),), payer=note.payer)
    return Proposal(MatchKind.UNKNOWN, Reason(N_("Money that left: no credit of ours is that much.")))


def _reversal(found: Found) -> Proposal:
    """A line that undoes another: the opposite of what that one was placed as."""
    if len(found.reversed) == 1 and found.reversed[0]:
        parts = tuple(Part(part.note_id, -part.cents, part.is_kept) for part in found.reversed[0])
        return Proposal(MatchKind.REVERSAL, Reason(N_("The bank takes back a payment that was placed.")), parts, True)
    message = (
        N_("The bank takes a payment back; several can be meant.")
        if len(found.reversed) > 1
        else N_("The bank takes a payment back that is not placed: set both lines aside.")
    )
    return Proposal(MatchKind.REVERSAL, Reason(message))


def _common(notes: Sequence[OpenNote]) -> Payer | None:
    payers = {note.payer for note in notes}
    return notes[0].payer if len(payers) == 1 else None


def _listed(notes: Sequence[OpenNote]) -> str:
    return ", ".join(note.number for note in notes)
