"""CODA 2.x, the Belgian banks' own format (Febelfin): lines of 128 characters in cp1252."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from core.documents.bank.statement import (
    Doubt,
    Line,
    NotABankFile,
    Statement,
    UnreadableBankFile,
    balance_doubts,
    compact,
    numbered,
    own_reference,
)
from core.i18n import N_

_WIDTH = 128
_VERSIONS = ("1", "2")
_OGM_TYPES = ("101", "102")
_RF_TYPE = "100"
_OPERATION_REVERSED = ("49", "99")
_PARENTS, _DETAILS = "123", "5678"


@dataclass(slots=True)
class _Movement:
    """Records 21, 22 and 23 of one movement, put together."""

    first: str
    communication: str
    client_reference: str = ""
    iban: str = ""
    name: str = ""

    @property
    def sequence(self) -> str:
        return self.first[2:6]

    @property
    def is_whole(self) -> bool:
        """Whether it counts in the balance: what has a detail number is part of another."""
        return self.first[6:10] == "0000"

    @property
    def kind(self) -> str:
        return self.first[53]

    @property
    def cents(self) -> int:
        return _cents(self.first[31:47])


@dataclass(slots=True)
class _Account:
    """A statement while it is read, from record 0 to record 9."""

    account: str = ""
    currency: str = "EUR"
    number: str = ""
    opened: int | None = None
    closed: int | None = None
    closed_on: date | None = None
    records: int = 0
    movements: list[_Movement] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def read(content: bytes, name: str) -> tuple[Statement, ...]:
    """The statements of a CODA file. Raises NotABankFile for another version, UnreadableBankFile when it is broken."""
    counted: dict[tuple[object, ...], int] = {}
    found: list[Statement] = []
    at = 0
    try:
        current: _Account | None = None
        for at, record in enumerate(content.decode("cp1252", "replace").split("\n"), start=1):  # noqa: B007 - named in a refusal
            line = record.rstrip("\r\x1a").ljust(_WIDTH)
            if line.startswith("0"):
                _check_version(line, name)
                current = _Account()
            elif line.strip():
                current = _begun(current)
                _take(current, line)
                if line[0] == "9":
                    found.append(_statement(current, counted))
                    current = None
    except (ValueError, IndexError, ArithmeticError) as broken:
        raise UnreadableBankFile(name=name, place=f"{at}") from broken
    if current is not None:
        raise UnreadableBankFile(name=name, place=f"{at}")
    return tuple(found)


def _begun(current: _Account | None) -> _Account:
    if current is None:
        raise ValueError("0")
    return current


def _check_version(line: str, name: str) -> None:
    if line[127] not in _VERSIONS:
        raise NotABankFile(name=name)
    _day(line[5:11])


def _take(current: _Account, line: str) -> None:
    """Add one record to the statement that is being read."""
    current.records += line[0] in "1238"
    match line[0]:
        case "1":
            is_old = line[1] == "0"
            current.account = compact(line[5:17] if is_old else line[5:39])
            current.currency = (line[18:21] if is_old else line[39:42]).strip() or "EUR"
            current.opened, current.number = _cents(line[42:58]), line[125:128].strip()
        case "2" if line[1] == "1":
            current.movements.append(_Movement(line, line[61:115]))
        case "2" if line[1] in "23":
            _go_on(current.movements[-1], line)
        case "8":
            current.closed, current.closed_on = _cents(line[41:57]), _day(line[57:63])
        case "9":
            _check_totals(current, line)


def _go_on(movement: _Movement, line: str) -> None:
    if line[1] == "2":
        movement.communication += line[10:63]
        movement.client_reference = line[63:98].strip()
    else:
        movement.iban, movement.name = compact(line[10:44]), line[47:82].strip()
        movement.communication += line[82:125]


def _check_totals(current: _Account, line: str) -> None:
    """Compare the trailer with what was read: record count, total debit, total credit."""
    whole = [movement.cents for movement in current.movements if movement.is_whole]
    debit, credit = -sum(cents for cents in whole if cents < 0), sum(cents for cents in whole if cents > 0)
    if line[16:22].strip() and int(line[16:22]) != current.records:
        current.doubts.append(
            Doubt(
                N_("The bank counts {said} records, the file holds {found}."),
                {"said": int(line[16:22]), "found": current.records},
            )
        )
    if (_cents("0" + line[22:37]), _cents("0" + line[37:52])) != (debit, credit):
        current.doubts.append(Doubt(N_("The totals of the bank differ from those of the movements.")))


def _statement(current: _Account, counted: dict[tuple[object, ...], int]) -> Statement:
    if not current.account:
        raise ValueError("1")
    moved = sum(movement.cents for movement in current.movements if movement.is_whole)
    lines = [_line(movement, current.currency) for movement in _single(current.movements)]
    return Statement(
        format="CODA",
        account=current.account,
        number=current.number,
        lines=numbered(lines, counted, current.account),
        opened_cents=current.opened,
        closed_cents=current.closed,
        closed_on=current.closed_on,
        doubts=(*current.doubts, *balance_doubts(current.opened, moved, current.closed)),
    )


def _single(movements: list[_Movement]) -> Iterator[_Movement]:
    """Every movement once: a globalised one gives way to its details."""
    detailed: dict[str, bool] = defaultdict(bool)
    for movement in movements:
        detailed[movement.sequence] |= movement.kind in _DETAILS
    for movement in movements:
        if not (movement.is_whole and movement.kind in _PARENTS and detailed[movement.sequence]):
            yield movement


def _line(movement: _Movement, currency: str) -> Line:
    references, text = _communication(movement.communication)
    booked_on, valued_on = _day(movement.first[115:121]), _day(movement.first[47:53])
    if booked_on is None:
        raise ValueError("21")
    end_to_end = movement.client_reference
    return Line(
        booked_on=booked_on,
        valued_on=valued_on,
        cents=movement.cents,
        currency=currency,
        bank_ref=own_reference(movement.first[10:31], movement.iban, movement.name, text, *references, end_to_end),
        end_to_end="" if end_to_end == "NOTPROVIDED" else end_to_end,
        name=movement.name,
        iban=movement.iban,
        references=references,
        text=text,
        type_code=movement.first[53:61].strip(),
        is_reversal=movement.first[56:58] in _OPERATION_REVERSED,
    )


def _communication(whole: str) -> tuple[tuple[str, ...], str]:
    """The structured references and the free text of a communication (records 21, 22 and 23 one after another)."""
    if whole[0] != "1":
        return (), " ".join(whole[1:].split())
    kind, rest = whole[1:4], whole[4:]
    if kind in _OGM_TYPES:
        return (rest[:12],), rest[12:].strip()
    if kind == _RF_TYPE:
        return (compact(rest.split("  ", 1)[0]),), ""
    return (), " ".join(rest.split())


def _cents(field_text: str) -> int:
    """A sign digit (0 credit, 1 debit) and fifteen digits of which three are decimals, in cents."""
    sign, digits = field_text[0], field_text[1:]
    if sign not in "01" or not digits.isdecimal() or digits[-1] != "0":
        raise ValueError(field_text)
    cents = int(digits) // 10
    return -cents if sign == "1" else cents


@lru_cache(maxsize=512)  # the lines of a file speak of few days
def _day(text: str) -> date | None:
    """DDMMYY; zeros and blanks are no day."""
    if not text.strip("0 "):
        return None
    return datetime.strptime(text, "%d%m%y").date()  # noqa: DTZ007 - a day without a zone
