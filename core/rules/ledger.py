"""The books as ledger lines: each note, bank line and placed payment, debit and credit (pure, amounts in cents)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Plan:
    """The accounts and codes of the ledger, as CNO decided them (`core.settings.Decisions`, «ledger_…»)."""

    customers: str
    revenue: str
    bank: str
    suspense: str
    kept: str
    aside: str
    cost_centre: str
    vat_code: str
    sales_journal: str
    credit_journal: str
    bank_journal: str
    other_journal: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the journal; of debit and credit one is 0. `is_late`: its day lies before the exported period."""

    journal: str
    document: str
    on: date
    account: str
    party: str
    text: str
    debit_cents: int
    credit_cents: int
    vat_code: str = ""
    cost_centre: str = ""
    reference: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """What a period moved on an account, in cents."""

    account: str
    debit_cents: int
    credit_cents: int


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """A note to be booked: its lines as text, amount and VAT category."""

    number: str
    is_credit: bool
    on: date
    party: str
    ogm: str
    lines: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class MoneyEntry:
    """Money: a line of the bank (`placed_as` empty), or where part of such a line went («note», «kept», «aside»)."""

    document: str
    on: date
    party: str
    text: str
    cents: int
    placed_as: str = ""
    reference: str = ""


def note_lines(entry: NoteEntry, plan: Plan) -> Iterator[LedgerLine]:
    """What is asked of a customer against turnover; a credit note the other way round."""
    journal = plan.credit_journal if entry.is_credit else plan.sales_journal
    base = LedgerLine(journal, entry.number, entry.on, plan.customers, entry.party, entry.number, 0, 0)
    base = replace(base, reference=entry.ogm)
    total = sum(cents for _text, cents, _vat in entry.lines)
    yield _on(base, plan.customers, -total if entry.is_credit else total)
    for text, cents, vat in entry.lines:
        code = plan.vat_code if vat == "E" else vat
        line = replace(base, text=text, vat_code=code, cost_centre=plan.cost_centre)
        yield _on(line, plan.revenue, cents if entry.is_credit else -cents)


def money_lines(entry: MoneyEntry, plan: Plan) -> Iterator[LedgerLine]:
    """The bank against what is not placed yet; placing it takes it from there to a customer, or to where it belongs."""
    journal = plan.other_journal if entry.placed_as else plan.bank_journal
    base = LedgerLine(journal, entry.document, entry.on, "", entry.party, entry.text, 0, 0, reference=entry.reference)
    if not entry.placed_as:
        yield _on(base, plan.bank, entry.cents)
        yield _on(base, plan.suspense, -entry.cents)
        return
    against = {"note": plan.customers, "kept": plan.kept, "aside": plan.aside}[entry.placed_as]
    yield _on(base, plan.suspense, entry.cents)
    yield _on(base, against, -entry.cents)


def _on(line: LedgerLine, account: str, cents: int) -> LedgerLine:
    """A line on an account: above 0 debit, below 0 credit."""
    return replace(line, account=account, debit_cents=max(cents, 0), credit_cents=max(-cents, 0))


def balances(lines: Iterable[LedgerLine]) -> tuple[Balance, ...]:
    """What the lines move on each account, by its number."""
    found: dict[str, tuple[int, int]] = {}
    for line in lines:
        debit, credit = found.get(line.account, (0, 0))
        found[line.account] = (debit + line.debit_cents, credit + line.credit_cents)
    return tuple(Balance(account, *found[account]) for account in sorted(found))


@dataclass(frozen=True, slots=True)
class Controls:
    """What a period holds by the books themselves: cents and counts, summed by the database and not from the lines.

    `received` came in at the bank, `paid_out` went out; `on_notes`, `kept` and `aside` are where it was placed, less
    what was undone. `late` of the entries lie before the period.
    """

    notes: int = 0
    issued: int = 0
    credit_notes: int = 0
    credited: int = 0
    bank_lines: int = 0
    received: int = 0
    paid_out: int = 0
    placings: int = 0
    on_notes: int = 0
    kept: int = 0
    aside: int = 0
    late: int = 0

    @property
    def entries(self) -> int:
        """Everything that is booked."""
        return self.notes + self.credit_notes + self.bank_lines + self.placings


def differences(controls: Controls, found: Sequence[Balance], plan: Plan) -> tuple[str, ...]:
    """The accounts whose lines do not move what the books say; none when all agree."""
    placed = controls.on_notes + controls.kept + controls.aside
    expected = {
        plan.customers: controls.issued - controls.credited - controls.on_notes,
        plan.revenue: controls.credited - controls.issued,
        plan.bank: controls.received - controls.paid_out,
        plan.suspense: placed - controls.received + controls.paid_out,
        plan.kept: -controls.kept,
        plan.aside: -controls.aside,
    }
    if len(expected) < len(fields := [plan.customers, plan.revenue, plan.bank, plan.suspense, plan.kept, plan.aside]):
        return tuple({account for account in fields if fields.count(account) > 1})
    moved = {each.account: each.debit_cents - each.credit_cents for each in found}
    wrong = [account for account, cents in expected.items() if moved.pop(account, 0) != cents]
    return (*wrong, *(account for account, cents in moved.items() if cents))
