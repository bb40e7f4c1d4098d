"""What a bank line pays: one certain answer, or a proposal with its reason in words (`billing.md` §9).

Booked by itself is only what leaves no doubt: the references of notes of one payer of ours with exactly what is open of
them together, and a reversal of one payment that was placed. A sign that speaks against it makes it a proposal.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations, islice

from core.i18n import N_
from core.rules.proposals import NOTHING, Found, OpenNote, Part, Payer, Proposal, Reason, Undone
from core.rules.references import Seen, numbers, references
from core.vocabulary import MatchKind

MOST_TOGETHER, MOST_CONSIDERED = 5, 16


def propose(seen: Seen, found: Found) -> Proposal:
    """What a line is, the surest sign first."""
    ours = [found.by_ogm[each] for each in references(seen) if each in found.by_ogm]
    named = [found.by_number[each] for each in numbers(seen) if each in found.by_number]
    sure = certain(seen, ours, named, found.undone)
    if sure is not None:
        return sure
    if not seen.is_euro:
        return Proposal(MatchKind.UNKNOWN, Reason(N_("The amount is not in euro.")))
    if seen.is_reversal or seen.cents < 0:
        return _reversal(found.undone) if seen.is_reversal else _refund(seen.cents, ours + named, found)
    if ours or named:
        return _named(seen.cents, ours, named, found)
    fitting = [note for note in found.nearly if note.left_cents == seen.cents]
    if len(fitting) == 1:
        return _nearly(seen.cents, fitting[0])
    return _by_payer(seen.cents, found)


def certain(
    seen: Seen,
    ours: Sequence[OpenNote],
    named: Sequence[OpenNote] = (),
    undone: Undone = NOTHING,
) -> Proposal | None:
    """What may be booked without a person, or None.

    `ours`: the notes whose references the line carries, `named`: those whose numbers it writes.
    """
    if not seen.is_euro:
        return None
    if seen.is_reversal:
        return _taken_back(undone.same)
    is_beside = any(note not in ours for note in named)
    if not ours or is_beside or any(note.left_cents <= 0 or note.payer != ours[0].payer for note in ours):
        return None
    if _sum(ours) != seen.cents:
        return None
    parts = tuple(Part(note.note_id, note.left_cents) for note in ours)
    facts: dict[str, str | int] = {"payer": ours[0].payer_name, "amount": seen.cents}
    if len(ours) == 1:
        reason = Reason(
            N_("Reference and amount are those of note {number} of {payer}."), {**facts, "number": ours[0].number}
        )
        return Proposal(MatchKind.EXACT, reason, parts, is_certain=True, payer=ours[0].payer)
    reason = Reason(
        N_("The references are those of {numbers} of {payer}, together {amount}."), {**facts, "numbers": _listed(ours)}
    )
    return Proposal(MatchKind.SEVERAL, reason, parts, is_certain=True, payer=ours[0].payer)


def _taken_back(placed: Sequence[tuple[Part, ...]]) -> Proposal | None:
    if len(placed) != 1 or not placed[0]:
        return None
    reason = Reason(N_("The bank takes back a payment that was placed."))
    return Proposal(MatchKind.REVERSAL, reason, _opposite(placed[0]), is_certain=True)


def _opposite(parts: Sequence[Part]) -> tuple[Part, ...]:
    return tuple(Part(part.note_id, -part.cents, part.is_kept) for part in parts)


def _named(cents: int, ours: Sequence[OpenNote], named: Sequence[OpenNote], found: Found) -> Proposal:
    """The line names notes of ours, by reference or by number."""
    beside = [note for note in named if note not in ours]
    if len(ours) + len(beside) == 1:
        note = (*ours, *beside)[0]
        is_anothers = not ours and found.payers and note.payer not in found.payers
        return _anothers(cents, note, found) if is_anothers else _one(cents, note, found.of_named)
    if ours and beside and _sum(ours) == cents:
        facts: dict[str, str | int] = {"numbers": _listed(ours), "others": _listed(beside), "amount": cents}
        reason = Reason(N_("The reference is that of {numbers} and {amount} fits, but {others} is named too."), facts)
        parts = tuple(Part(note.note_id, note.left_cents) for note in ours if note.left_cents > 0)
        return Proposal(MatchKind.SEVERAL, reason, parts, payer=_common(ours))
    return _split(cents, [*ours, *beside])


def _one(cents: int, note: OpenNote, of_payer: Sequence[OpenNote]) -> Proposal:
    """The line names one note of ours, and yet it is not certain."""
    facts: dict[str, str | int] = {
        "number": note.number,
        "payer": note.payer_name,
        "left": note.left_cents,
        "amount": cents,
    }
    if note.left_cents <= 0:
        return _settled(cents, note, of_payer, facts)
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
    reason = Reason(N_("The text names note {number} of {payer}, and the amount fits."), facts)
    return Proposal(MatchKind.NUMBER, reason, (Part(note.note_id, cents),), payer=note.payer)


def _settled(cents: int, note: OpenNote, of_payer: Sequence[OpenNote], facts: Mapping[str, str | int]) -> Proposal:
    """The note that is named asks nothing any more: an old transfer was copied, or it was paid twice."""
    for other in of_payer:
        if other.payer == note.payer and other.left_cents == cents:
            reason = Reason(
                N_("Note {number} is settled already; {other} of {payer} is open for exactly {amount}."),
                {**facts, "other": other.number},
            )
            return Proposal(MatchKind.SETTLED, reason, (Part(other.note_id, cents),), payer=note.payer)
    reason = Reason(N_("Note {number} is settled already: keep {amount} as credit of {payer}, or pay it back."), facts)
    return Proposal(MatchKind.SETTLED, reason, (Part(note.note_id, cents, is_kept=True),), payer=note.payer)


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
    elif _sum(notes) == cents:
        reason = Reason(N_("The text names {numbers}; together they are {amount}."), facts)
    else:
        reason = Reason(N_("The text names {numbers}; together more than {amount} is open."), facts)
    return Proposal(MatchKind.SEVERAL, reason, tuple(parts), payer=_common(notes))


def _nearly(cents: int, note: OpenNote) -> Proposal:
    """The reference is no reference, but one digit away from that of a note that asks exactly this."""
    reason = Reason(
        N_("But for one digit the reference is that of note {number} of {payer}, and {amount} fits."),
        {"number": note.number, "payer": note.payer_name, "amount": cents},
    )
    return Proposal(MatchKind.NEARLY, reason, (Part(note.note_id, cents),), payer=note.payer)


def _anothers(cents: int, note: OpenNote, found: Found) -> Proposal:
    """The text writes the number of a note, but the money comes from another payer: a digit may be wrong."""
    other = _by_payer(cents, found)
    facts: dict[str, str | int] = {"number": note.number, "owner": note.payer_name, "amount": cents}
    if not other.parts:
        reason = Reason(N_("The text names note {number} of {owner}, but the money comes from another payer."), facts)
        return Proposal(MatchKind.NUMBER, reason)
    reason = Reason(
        N_("The text names note {number} of {owner}, but {payer} paid; these {amount} are {numbers}."),
        {**other.reason.fields, **facts},
    )
    return Proposal(other.kind, reason, other.parts, payer=other.payer)


def _by_payer(cents: int, found: Found) -> Proposal:
    """Nothing of ours is named: what does it pay, by the account it came from, else by the name on it?"""
    for kind, notes in ((MatchKind.KNOWN_PAYER, found.of_account), (MatchKind.SAME_NAME, found.of_name)):
        if notes:
            return _of_payers(kind, cents, notes)
    return Proposal(MatchKind.UNKNOWN, Reason(N_("No reference, account or name of ours was recognised.")))


def _of_payers(kind: MatchKind, cents: int, notes: Sequence[OpenNote]) -> Proposal:
    """Nothing is named, but who paid is known by the account or by the name: which open notes make the amount?"""
    payers = {note.payer for note in notes}
    facts: dict[str, str | int] = {"payer": notes[0].payer_name, "amount": cents}
    fitting = [(note,) for note in notes if note.left_cents == cents] or _together(cents, notes)
    if not fitting:
        words = {
            MatchKind.KNOWN_PAYER: N_("{payer} paid from this account before, but no open notes make {amount}."),
            MatchKind.SAME_NAME: N_("The name is that of {payer}, but no open notes make {amount}."),
        }
        return Proposal(kind, Reason(words[kind], facts), payer=_common(notes))
    chosen = fitting[0]
    facts |= {"payer": chosen[0].payer_name, "numbers": _listed(chosen), "count": len(fitting)}
    parts = tuple(Part(note.note_id, note.left_cents) for note in chosen)
    words_for = _payer_words(kind, len(chosen), len(fitting), len(payers))
    return Proposal(kind, Reason(words_for, facts), parts, payer=chosen[0].payer)


def _payer_words(kind: MatchKind, together: int, fitting: int, payers: int) -> str:
    if payers > 1:
        return N_("Several payers are possible; {numbers} of {payer} makes {amount}.")
    if fitting > 1 and together > 1:
        return N_("Several groups of open notes of {payer} make {amount}; the oldest: {numbers}.")
    if fitting > 1:
        return N_("{count} open notes of {payer} are {amount} each; {numbers} is the oldest.")
    if kind is MatchKind.SAME_NAME:
        return N_("The name is that of {payer}; these {amount} are {numbers}.")
    return N_("{payer} paid from this account before; these {amount} are {numbers}.")


def _together(cents: int, notes: Sequence[OpenNote]) -> list[tuple[OpenNote, ...]]:
    """The notes of one payer that make an amount: all, else the fewest and oldest, and one group more when there is."""
    for payer in dict.fromkeys(note.payer for note in notes):
        own = [note for note in notes if note.payer == payer and note.left_cents > 0]
        if len(own) > 1 and _sum(own) == cents:
            return [tuple(own)]
        for size in range(2, MOST_TOGETHER + 1):
            groups = combinations(own[:MOST_CONSIDERED], size)
            fitting = list(islice((group for group in groups if _sum(group) == cents), 2))
            if fitting:
                return fitting
    return []


def _sum(notes: Sequence[OpenNote]) -> int:
    return sum(note.left_cents for note in notes)


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


def _reversal(undone: Undone) -> Proposal:
    """A line that undoes another, but which one, or as what it was placed, is not certain."""
    meant = undone.same or undone.alike
    if len(meant) == 1 and meant[0]:
        reason = Reason(N_("The bank takes a payment back; the only one of this account with this amount is this one."))
        return Proposal(MatchKind.REVERSAL, reason, _opposite(meant[0]))
    message = (
        N_("The bank takes a payment back; several can be meant.")
        if len(meant) > 1
        else N_("The bank takes a payment back that is not placed: set both lines aside.")
    )
    return Proposal(MatchKind.REVERSAL, Reason(message))


def _common(notes: Sequence[OpenNote]) -> Payer | None:
    payers = {note.payer for note in notes}
    return notes[0].payer if len(payers) == 1 else None


def _listed(notes: Sequence[OpenNote]) -> str:
    return ", ".join(note.number for note in notes)
