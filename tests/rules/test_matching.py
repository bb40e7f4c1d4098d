"""What a bank line pays, and why (`billing.md` §9)."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import ogm_vcs, vat

from core.rules.matching import propose
from core.rules.proposals import Found, OpenNote, Part, Undone
from core.rules.references import Seen, nearly, numbers, references
from core.vocabulary import MatchKind, PayerKind

SCHOOL, OTHER = (PayerKind.INSTITUTION, 1), (PayerKind.INSTITUTION, 2)


def ogm(nr: int) -> str:
    base = f"2026{nr:06}"
    return base + str(ogm_vcs.calc_check_digits(base))


def note(nr: int, left: int, payer: tuple[PayerKind, int] = SCHOOL) -> OpenNote:
    return OpenNote(nr, f"DN-2026-{nr:06}", ogm(nr), payer, f"School {payer[1]}", left)


TWELVE, THIRTEEN, FIFTEEN = note(12, 9_500), note(13, 9_500), note(15, 9_500)
PAID, TOO_MUCH = note(20, 0), note(21, -4_000)
NOTES = (TWELVE, THIRTEEN, FIFTEEN, PAID, TOO_MUCH, note(30, 9_500, OTHER))
BY = {"by_ogm": {each.ogm: each for each in NOTES}, "by_number": {each.number: each for each in NOTES}}


def printed(nr: int) -> str:
    return f"***{ogm_vcs.format(ogm(nr))}***"


@pytest.mark.parametrize(
    "text",
    [
        printed(12),
        f"+++{ogm_vcs.format(ogm(12))}+++",
        f"betaling {ogm(12)} nascholing",
        f"nr. {ogm(12)[:3]} {ogm(12)[3:7]} {ogm(12)[7:]}",
        f"{ogm(12)[:3]}.{ogm(12)[3:7]}.{ogm(12)[7:]} en 0470 12 34 56",
        f"{ogm(12)[:3]}-{ogm(12)[3:7]}-{ogm(12)[7:]}, {printed(12)}",
    ],
)
def test_a_reference_is_found_however_it_was_retyped(text: str) -> None:
    assert references(Seen(9_500, text=text)) == (ogm(12),)


@pytest.mark.parametrize("text", ["202600001299", f"1{ogm(12)}", f"{ogm(12)}7", "000000000000", "BE71096123456769", ""])
def test_what_only_looks_like_a_reference_is_none(text: str) -> None:
    assert references(Seen(1, text=text)) == ()


@given(st.integers(0, 999_999), st.integers(0, 11), st.integers(1, 9))
def test_no_reference_with_one_wrong_digit_is_taken(nr: int, place: int, more: int) -> None:
    right = ogm(nr)
    wrong = right[:place] + str((int(right[place]) + more) % 10) + right[place + 1 :]
    assert references(Seen(1, (wrong,))) == ()


def _wrong(right: str) -> Iterator[str]:
    """Every string that differs in one digit, and every one with two different neighbours swapped."""
    for place, digit in enumerate(right):
        yield from (right[:place] + other + right[place + 1 :] for other in "0123456789" if other != digit)
        if right[place : place + 2] != right[place : place + 2][::-1]:
            yield right[:place] + right[place : place + 2][::-1] + right[place + 2 :]


def test_every_wrong_digit_and_every_swap_of_neighbours_in_a_reference_is_refused() -> None:
    wrong = list(_wrong(ogm(123)))
    assert len(wrong) >= 12 * 9
    assert [each for each in wrong if references(Seen(1, (each,))) or references(Seen(1, text=each))] == []


def test_every_wrong_digit_in_a_creditor_reference_is_refused() -> None:
    wrong = list(_wrong("822026000123"))  # RF82 DN 2026000123
    assert len(wrong) >= 12 * 9
    assert [each for each in wrong if numbers(Seen(1, (f"RF{each[:2]}DN{each[2:]}",)))] == []


def test_every_wrong_digit_in_a_company_number_is_refused() -> None:
    assert vat.is_valid("0257216482")
    assert [each for each in _wrong("0257216482") if each[0] in "01" and vat.is_valid(each)] == []


def test_numbers_of_notes_are_found_in_words_and_in_an_rf_reference() -> None:
    assert numbers(Seen(1, text="dn-2026-12 en DN 2026/000013")) == ("DN-2026-000012", "DN-2026-000013")
    assert numbers(Seen(1, ("RF82DN2026000123",))) == ("DN-2026-000123",)
    assert numbers(Seen(1, ("RF83DN2026000123",))) == ()


KEPT = True
CASES = {
    "exact": (Seen(9_500, (ogm(12),)), MatchKind.EXACT, (Part(12, 9_500),), True),
    "in text": (Seen(9_500, text=printed(12)), MatchKind.EXACT, (Part(12, 9_500),), True),
    "ours beside another's": (Seen(9_500, (ogm(12), ogm(999))), MatchKind.EXACT, (Part(12, 9_500),), True),
    "another's": (Seen(9_500, (ogm(999),)), MatchKind.UNKNOWN, (), False),
    "partial": (Seen(5_000, (ogm(12),)), MatchKind.PARTIAL, (Part(12, 5_000),), False),
    "over": (Seen(10_000, (ogm(12),)), MatchKind.OVER, (Part(12, 9_500), Part(12, 500, KEPT)), False),
    "settled": (Seen(9_500, (ogm(20),)), MatchKind.SETTLED, (Part(20, 9_500, KEPT),), False),
    "overpaid": (Seen(9_500, (ogm(21),)), MatchKind.SETTLED, (Part(21, 9_500, KEPT),), False),
    "several": (
        Seen(19_000, text=f"{printed(12)} {printed(13)}"),
        MatchKind.SEVERAL,
        (Part(12, 9_500), Part(13, 9_500)),
        True,
    ),
    "several of two payers": (
        Seen(19_000, (ogm(12), ogm(30))),
        MatchKind.SEVERAL,
        (Part(12, 9_500), Part(30, 9_500)),
        False,
    ),
    "several, one settled": (
        Seen(19_000, (ogm(12), ogm(13), ogm(20))),
        MatchKind.SEVERAL,
        (Part(12, 9_500), Part(13, 9_500)),
        False,
    ),
    "another number beside it": (
        Seen(9_500, (ogm(12),), "nota DN-2026-000013"),
        MatchKind.SEVERAL,
        (Part(12, 9_500),),
        False,
    ),
    "its own number beside it": (Seen(9_500, (ogm(12),), "nota DN-2026-12"), MatchKind.EXACT, (Part(12, 9_500),), True),
    "another number beside it, with the sum of both": (
        Seen(19_000, (ogm(12),), "nota DN-2026-000013"),
        MatchKind.SEVERAL,
        (Part(12, 9_500), Part(13, 9_500)),
        False,
    ),
    "several, too little": (
        Seen(12_000, (ogm(12), ogm(13))),
        MatchKind.SEVERAL,
        (Part(12, 9_500), Part(13, 2_500)),
        False,
    ),
    "several, too much": (
        Seen(20_000, (ogm(12), ogm(13), ogm(20))),
        MatchKind.SEVERAL,
        (Part(12, 9_500), Part(13, 9_500), Part(12, 1_000, KEPT)),
        False,
    ),
    "number": (Seen(9_500, text="nota DN-2026-000012"), MatchKind.NUMBER, (Part(12, 9_500),), False),
    "dollars": (Seen(9_500, (ogm(12),), is_euro=False), MatchKind.UNKNOWN, (), False),
    "nothing": (Seen(9_500, text="bedankt"), MatchKind.UNKNOWN, (), False),
    "refund by name": (Seen(-4_000, text=printed(21)), MatchKind.REFUND, (Part(21, -4_000),), False),
    "money out": (Seen(-4_100, text=printed(21)), MatchKind.UNKNOWN, (), False),
}


@pytest.mark.parametrize(("seen", "kind", "parts", "is_certain"), CASES.values(), ids=CASES)
def test_what_a_line_is(seen: Seen, kind: MatchKind, parts: tuple[Part, ...], is_certain: bool) -> None:
    found = propose(seen, Found(**BY))  # type: ignore[arg-type]
    assert (found.kind, found.parts, found.is_certain) == (kind, parts, is_certain)
    assert found.reason.message.format(**{"left": 0, "rest": 0, **found.reason.fields})


def test_these_285_euro_are_three_notes_of_the_same_school() -> None:
    strange = note(14, 19_000, OTHER)
    found = propose(Seen(28_500), Found(of_account=(TWELVE, THIRTEEN, FIFTEEN)))
    assert (found.kind, [part.note_id for part in found.parts]) == (MatchKind.KNOWN_PAYER, [12, 13, 15])
    assert found.reason.fields["numbers"] == "DN-2026-000012, DN-2026-000013, DN-2026-000015"
    mixed = propose(Seen(28_500), Found(of_name=(TWELVE, strange)))
    assert (mixed.kind, mixed.parts) == (MatchKind.SAME_NAME, ())  # never notes of two payers together


def test_a_known_account_proposes_the_note_that_fits_or_nothing() -> None:
    notes = (TWELVE, note(16, 12_000), THIRTEEN)
    assert propose(Seen(12_000), Found(of_account=notes)).parts == (Part(16, 12_000),)
    assert propose(Seen(9_500), Found(of_account=notes)).parts == (Part(12, 9_500),)
    assert propose(Seen(9_501), Found(of_account=notes)).parts == ()
    assert not propose(Seen(12_000), Found(of_account=notes)).is_certain


def test_a_refund_goes_to_the_credited_note_or_the_kept_credit_of_the_account() -> None:
    found = Found(of_account=(TOO_MUCH, PAID), kept={20: 1_500})
    assert propose(Seen(-4_000), found).parts == (Part(21, -4_000),)
    assert propose(Seen(-1_500), found).parts == (Part(20, -1_500, is_kept=True),)
    assert propose(Seen(-1_501), found).kind is MatchKind.UNKNOWN


def test_a_reversal_undoes_only_what_is_beyond_doubt() -> None:
    placed = (Part(12, 9_500), Part(12, 500, is_kept=True))
    seen = Seen(-10_000, is_reversal=True)
    found = propose(seen, Found(undone=Undone((placed,))))
    assert (found.is_certain, found.parts) == (True, (Part(12, -9_500), Part(12, -500, is_kept=True)))
    for unsure in ((placed, placed), ((),), ()):
        assert not propose(seen, Found(undone=Undone(unsure))).is_certain


@pytest.mark.parametrize("wrong", ["202600001207", "202600010206", "206200001206"])
def test_a_mistyped_reference_proposes_the_note_that_is_one_digit_away_and_asks_exactly_this(wrong: str) -> None:
    seen = Seen(9_500, text=f"***{wrong[:3]}/{wrong[3:7]}/{wrong[7:]}***")
    assert (references(seen), ogm(12) in nearly(seen)) == ((), True)
    found = propose(seen, Found(nearly=(TWELVE, note(16, 12_000)), of_account=(THIRTEEN,)))
    assert (found.kind, found.parts, found.is_certain) == (MatchKind.NEARLY, (Part(12, 9_500),), False)
    unsure = propose(seen, Found(nearly=(TWELVE, FIFTEEN), of_account=(THIRTEEN,)))
    assert (unsure.kind, unsure.parts) == (MatchKind.KNOWN_PAYER, (Part(13, 9_500),))


def test_a_number_of_another_payers_note_is_not_believed() -> None:
    seen = Seen(9_500, text="nota DN-2026-000030")
    mine = propose(seen, Found(**BY, of_account=(THIRTEEN,), payers=frozenset({SCHOOL})))  # type: ignore[arg-type]
    assert (mine.kind, mine.parts) == (MatchKind.KNOWN_PAYER, (Part(13, 9_500),))
    assert mine.reason.message.format(**mine.reason.fields).count("DN-2026-0000") == 2
    nothing = propose(seen, Found(**BY, payers=frozenset({SCHOOL})))  # type: ignore[arg-type]
    assert (nothing.kind, nothing.parts) == (MatchKind.NUMBER, ())
    assert propose(seen, Found(**BY, payers=frozenset({OTHER}))).parts == (Part(30, 9_500),)  # type: ignore[arg-type]


def test_a_reversal_of_the_same_account_only_is_proposed() -> None:
    found = propose(Seen(-9_500, is_reversal=True), Found(undone=Undone(alike=((Part(12, 9_500),),))))
    assert (found.kind, found.parts, found.is_certain) == (MatchKind.REVERSAL, (Part(12, -9_500),), False)


def test_a_reference_copied_from_an_old_transfer_proposes_the_open_note_of_the_same_payer() -> None:
    found = propose(Seen(9_500, (ogm(20),)), Found(**BY, of_named=(note(16, 12_000), note(30, 9_500, OTHER), THIRTEEN)))  # type: ignore[arg-type]
    assert (found.kind, found.parts, found.is_certain) == (MatchKind.SETTLED, (Part(13, 9_500),), False)
    assert found.reason.fields["other"] == THIRTEEN.number


def test_of_several_groups_that_make_the_amount_the_reason_says_so() -> None:
    notes = (TWELVE, THIRTEEN, FIFTEEN, note(16, 12_000))
    found = propose(Seen(19_000), Found(of_account=notes))
    assert found.parts == (Part(12, 9_500), Part(13, 9_500))
    assert "Several groups" in found.reason.message
    assert "Several groups" not in propose(Seen(28_500), Found(of_account=notes)).reason.message


@given(st.lists(st.integers(1, 50_000), min_size=1, max_size=8), st.integers(1, 200_000))
def test_parts_never_exceed_the_line_nor_a_note(lefts: list[int], cents: int) -> None:
    notes = tuple(note(nr, left) for nr, left in enumerate(lefts, start=1))
    for found in (
        propose(Seen(cents, tuple(each.ogm for each in notes)), Found({each.ogm: each for each in notes})),
        propose(Seen(cents), Found(of_account=notes)),
    ):
        assert sum(part.cents for part in found.parts) in (cents, 0)
        for part in found.parts:
            assert part.is_kept or part.cents <= lefts[part.note_id - 1]
        assert found.is_certain == (len(notes) == 1 and found.kind is MatchKind.EXACT)
