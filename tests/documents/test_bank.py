"""Bank files as banks write them, and as they should not (`billing.md` §9, §12.4)."""

from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from coda import CODA  # febelfin-coda
from hypothesis import given
from hypothesis import strategies as st

from core.demo.bank_files import Movement, camt_053, coda
from core.documents import bank
from core.documents.bank import FileTooLarge, Line, NotABankFile, Statement, UnreadableBankFile

ACCOUNT = "BE71096123456769"
DAY = date(2026, 11, 23)
FIRST = Movement(DAY, 19_000, "ABC1", "ATHENEUM VOORBEELD", "BE10000000000404", ogm="202600012320")
SECOND = Movement(DAY, 9_500, "ABC2", "PEETERS AN", text="betaling ***202/6000/12421*** nascholing")
WRITERS = (camt_053, coda)


def _only(content: bytes) -> Statement:
    (found,) = bank.read(content, "bestand")
    return found


@pytest.mark.parametrize("write", WRITERS)
def test_the_synthetic_case_is_read(write: object) -> None:
    found = _only(write(ACCOUNT, [FIRST, SECOND], opened=100_000, number=7))  # type: ignore[operator]
    assert (found.account, found.number.lstrip("0"), found.doubts) == (ACCOUNT, "7", ())
    assert (found.opened_cents, found.closed_cents, found.last_day) == (100_000, 128_500, DAY)
    first, second = found.lines
    assert (first.cents, first.currency, first.bank_ref, first.end_to_end) == (19_000, "EUR", "ABC1", "")
    assert (first.name, first.iban, first.references) == ("ATHENEUM VOORBEELD", "BE10000000000404", ("202600012320",))
    assert (second.cents, second.references) == (9_500, ())
    assert second.text == "betaling ***202/6000/12421*** nascholing"


@pytest.mark.parametrize("version", [2, 4, 6, 8, 10, 13])
@pytest.mark.parametrize(
    ("kind", "message", "part"),
    [
        ("052", "BkToCstmrAcctRpt", "Rpt"),
        ("053", "BkToCstmrStmt", "Stmt"),
        ("054", "BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    ],
)
def test_every_kind_and_version_of_camt_says_the_same(version: int, kind: str, message: str, part: str) -> None:
    content = camt_053(ACCOUNT, [FIRST, SECOND], version=version).decode()
    content = content.replace("camt.053", f"camt.{kind}").replace("BkToCstmrStmt", message)
    content = content.replace("<Stmt>", f"<{part}>").replace("</Stmt>", f"</{part}>")
    found = _only(content.encode())
    assert found.format == f"camt.{kind}"
    assert found.lines == _only(camt_053(ACCOUNT, [FIRST, SECOND])).lines
    assert found.doubts == ()


def test_a_batch_booking_gives_its_details_and_each_its_own_amount() -> None:
    content = camt_053(ACCOUNT, [replace(FIRST, cents=28_500)]).decode()
    detail = content[content.index("<TxDtls>") : content.index("</NtryDtls>")]
    parts = "".join(
        detail.replace("<RltdPties>", f"<AmtDtls><TxAmt><Amt Ccy='EUR'>{amount}</Amt></TxAmt></AmtDtls><RltdPties>")
        for amount in ("190.00", "95.00")
    )
    found = _only(content.replace(detail, parts).encode())
    assert [(line.cents, line.bank_ref, line.sequence) for line in found.lines] == [
        (19_000, "ABC1", 0),
        (9_500, "ABC1", 0),
    ]
    assert found.doubts == ()


def test_what_is_not_booked_yet_is_counted_only() -> None:
    content = camt_053(ACCOUNT, [FIRST]).replace(b"<Sts>BOOK", b"<Sts>PDNG")
    assert (_only(content).lines, _only(content).pending) == ((), 1)


@pytest.mark.parametrize("write", WRITERS)
def test_a_reversal_and_a_debit_keep_their_sign_and_party(write: object) -> None:
    back = Movement(DAY, -19_000, "ABC9", "ATHENEUM VOORBEELD", "BE10000000000404", is_reversal=True)
    refund = Movement(DAY, -9_500, "ABC8", "PEETERS AN", "BE90000000000505", text="terugbetaling")
    first, second = _only(write(ACCOUNT, [back, refund])).lines  # type: ignore[operator]
    assert (first.cents, first.is_reversal, first.iban) == (-19_000, True, "BE10000000000404")
    assert (second.cents, second.is_reversal, second.iban, second.name) == (
        -9_500,
        False,
        "BE90000000000505",
        "PEETERS AN",
    )


@pytest.mark.parametrize("write", WRITERS)
def test_equal_lines_of_one_day_are_told_apart(write: object) -> None:
    found = _only(write(ACCOUNT, [FIRST, FIRST, SECOND]))  # type: ignore[operator]
    assert [line.sequence for line in found.lines] == [0, 1, 0]


def test_without_a_reference_of_the_bank_the_line_itself_is_the_reference() -> None:
    def refs(*movements: Movement) -> list[str]:
        return [line.bank_ref for line in _only(coda(ACCOUNT, movements)).lines]

    one, other = refs(replace(FIRST, bank_ref=""), replace(SECOND, bank_ref=""))
    assert one.startswith("#")
    assert one != other
    assert refs(replace(SECOND, bank_ref="")) == [other]


def test_several_statements_in_one_coda_file() -> None:
    both = coda(ACCOUNT, [FIRST], number=1) + coda(ACCOUNT, [SECOND], number=2, opened=19_000)
    assert [len(statement.lines) for statement in bank.read(both)] == [1, 1]


def test_a_globalised_coda_movement_gives_way_to_its_details() -> None:
    lines = coda(ACCOUNT, [replace(FIRST, cents=28_500, ogm="")]).decode("cp1252").split("\r\n")
    parent = lines[2][:53] + "1" + lines[2][54:]
    details = []
    for index, movement in enumerate((FIRST, SECOND), start=1):
        made = coda(ACCOUNT, [movement]).decode("cp1252").split("\r\n")[2:5]
        made = [line[:6] + f"{index:04}" + line[10:] for line in made]
        details += [made[0][:53] + "5" + made[0][54:], *made[1:]]
    trailer = lines[-2][:16] + f"{2 + 1 + 6:06}" + lines[-2][22:]
    content = "\r\n".join([lines[0], lines[1], parent, *details, lines[-3], trailer])
    found = _only(content.encode("cp1252"))
    assert [line.cents for line in found.lines] == [19_000, 9_500]
    assert found.doubts == ()


def test_short_coda_lines_and_cp1252_are_read() -> None:
    content = coda(ACCOUNT, [replace(SECOND, name="RENÉE D’HOND…")])
    short = b"\n".join(line.rstrip() for line in content.split(b"\r\n"))
    assert _only(short).lines[0].name == "RENÉE D’HOND…"


@pytest.mark.parametrize(
    ("kind", "said", "references"),
    [
        ("101", "202600012320", ("202600012320",)),
        ("102", "202600012320", ("202600012320",)),
        ("100", "RF82DN2026000123", ("RF82DN2026000123",)),
        ("127", "1234562", ()),
    ],
)
def test_structured_coda_communications(kind: str, said: str, references: tuple[str, ...]) -> None:
    content = coda(ACCOUNT, [FIRST]).replace(b"1101202600012320", f"1{kind}{said}".ljust(16).encode()[:54])
    lines = [line[:128].ljust(128) for line in content.split(b"\r\n")]
    lines[2] = lines[2][:61] + f"1{kind}{said}".ljust(54).encode() + coda(ACCOUNT, [FIRST]).split(b"\r\n")[2][115:]
    assert _only(b"\r\n".join(lines)).lines[0].references == references


def test_totals_that_do_not_fit_are_doubts_and_not_refusals() -> None:
    lines = coda(ACCOUNT, [FIRST]).split(b"\r\n")
    broken = [*lines[:5], lines[5].replace(b"190000", b"190010"), lines[6].replace(b"000005", b"000004"), b""]
    broken[6] = broken[6].replace(b"000000000190000", b"000000000200000")
    found = _only(b"\r\n".join(broken))
    assert (len(found.lines), len(found.doubts)) == (1, 3)
    wrong = camt_053(ACCOUNT, [FIRST]).replace(b"<Amt Ccy='EUR'>0.00<", b"<Amt Ccy='EUR'>0.01<")
    assert [doubt.fields["gap"] for doubt in _only(wrong).doubts] == ["-0.01"]


def test_a_version_nobody_knows_is_a_doubt() -> None:
    assert len(_only(camt_053(ACCOUNT, [FIRST], version=99)).doubts) == 1


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><Document><BkToCstmrStmt>&c;</BkToCstmrStmt></Document>"""
OUTSIDE = (
    b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document><BkToCstmrStmt>&x;</BkToCstmrStmt></Document>'
)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (BOMB, UnreadableBankFile),
        (OUTSIDE, UnreadableBankFile),
        (b"<Document><BkToCstmrStmt>", UnreadableBankFile),
        (camt_053(ACCOUNT, [FIRST]).replace(b"190.00", b"1x0.00"), UnreadableBankFile),
        (camt_053(ACCOUNT, [FIRST]).replace(b"190.00", b"190.005"), UnreadableBankFile),
        (camt_053(ACCOUNT, [FIRST]).replace(b"2026-11-23", b"2026-13-23"), UnreadableBankFile),
        (coda(ACCOUNT, [FIRST])[:-132], UnreadableBankFile),
        (coda(ACCOUNT, [FIRST]).replace(b"0000000000190000", b"0000000000xxx000"), UnreadableBankFile),
        (coda(ACCOUNT, [FIRST])[:127] + b"7" + coda(ACCOUNT, [FIRST])[128:], NotABankFile),
        (b"<Invoice/>", NotABankFile),
        (b"PK\x03\x04", NotABankFile),
        (b"", NotABankFile),
        (b"<" + b" " * (25 * 1024 * 1024), FileTooLarge),
    ],
    ids=[
        "bomb",
        "outside",
        "cut",
        "no number",
        "half cents",
        "no day",
        "cut coda",
        "no coda number",
        "version",
        "other xml",
        "zip",
        "empty",
        "25 MB",
    ],
)
def test_what_is_no_sound_bank_file_is_refused(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        bank.read(content, "bestand")


def test_both_formats_say_the_same_of_the_same_movements() -> None:
    def told(line: Line) -> tuple[object, ...]:
        return (line.booked_on, line.cents, line.bank_ref, line.name, line.iban, line.references, line.text)

    moved = [FIRST, SECOND, Movement(DAY, -500, "ABC3", "EEN BANK", text="kosten")]
    assert [told(line) for line in _only(coda(ACCOUNT, moved)).lines] == [
        told(line) for line in _only(camt_053(ACCOUNT, moved)).lines
    ]


_WORDS = st.text("ABCDEFGHIJ abcdefghij0123456789+*/éèçÜ-.", max_size=70).map(lambda text: " ".join(text.split()))
_MOVEMENTS = st.builds(
    Movement,
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(-99_999_999, 99_999_999).filter(bool),
    st.text("ABCDEF0123456789", min_size=1, max_size=21),
    _WORDS.map(lambda text: text[:35].strip()),
    st.sampled_from(["BE10000000000404", "NL00FICT0000000007", ""]),
    st.sampled_from(["202600012320", "RF82DN2026000123", ""]),
    _WORDS,
)


@given(st.lists(_MOVEMENTS, max_size=6), st.integers(-(10**9), 10**9))
def test_another_reader_of_coda_says_the_same(movements: list[Movement], opened: int) -> None:
    content = coda(ACCOUNT, movements, opened=opened, number=42)
    (theirs,) = CODA(StringIO(content.decode("cp1252"))).statements
    ours = _only(content)
    assert (ours.account, ours.doubts) == (theirs.account, ())
    assert (ours.opened_cents, ours.closed_cents) == (theirs.old_balance * 100, theirs.new_balance * 100)
    assert ours.closed_on == theirs.new_balance_date
    for line, move in zip(ours.lines, theirs.moves, strict=True):
        assert (line.cents, line.booked_on, line.valued_on) == (move.amount * 100, move.entry_date, move.value_date)
        assert (line.bank_ref, line.name) == (move.bank_reference.strip(), move.counterparty_name.strip())
        assert line.iban == move.counterparty_account[:34].strip()
        said = " ".join(move.communication.split())
        assert said == (line.references[0] if line.references else line.text)
