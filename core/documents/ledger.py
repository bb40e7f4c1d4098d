"""The journal as a file for bookkeeping: CSV with semicolons and decimal commas, or a workbook with its totals."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from core.documents import sheets
from core.documents.sheets import Column
from core.i18n import _
from core.rules.ledger import Balance, Controls, LedgerLine

#: The columns of the CSV: bookkeeping programs know them by these names, whatever the reader's language.
_HEADINGS = (
    *("dagboek", "document", "datum", "rekening", "relatie", "omschrijving", "debet", "credit"),
    *("btw_code", "kostenplaats", "mededeling", "correctie"),
)
#: A cell that a spreadsheet would take for a formula begins with one of these.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(lines: Iterable[LedgerLine]) -> bytes:
    """The lines as CSV: UTF-8 with a mark, semicolons, amounts as 190,00; the same lines give the same bytes."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for line in lines:
        texts = (line.journal, line.document, line.on.isoformat(), line.account, line.party, line.text)
        rest = (line.vat_code, line.cost_centre, line.reference, "ja" if line.is_late else "")
        amounts = (_amount(line.debit_cents), _amount(line.credit_cents))
        writer.writerow([*map(_plain, texts), *amounts, *map(_plain, rest)])
    return stream.getvalue().encode("utf-8-sig")


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"


def _plain(text: str) -> str:
    one_line = " ".join(text.split())
    return f"'{one_line}" if one_line.startswith(_FORMULA) else one_line


def to_xlsx(
    lines: Sequence[LedgerLine], balances: Sequence[Balance], controls: Controls, days: tuple[date, date]
) -> bytes:
    """The lines, what they move on each account, and the totals of the books that they agree with."""
    columns = (
        *(Column(_("Journal")), Column(_("Document")), Column(_("Date"), "date"), Column(_("Ledger account"))),
        *(Column(_("Payer")), Column(_("Description")), Column(_("Debit"), "euro"), Column(_("Credit"), "euro")),
        *(Column(_("VAT code")), Column(_("Cost centre")), Column(_("Reference")), Column(_("Correction"))),
    )
    rows = [
        (
            *(line.journal, line.document, line.on, line.account, line.party, line.text),
            *(line.debit_cents, line.credit_cents, line.vat_code, line.cost_centre, line.reference),
            _("yes") if line.is_late else "",
        )
        for line in lines
    ]
    debit, credit = (sum(line.debit_cents for line in lines), sum(line.credit_cents for line in lines))
    accounts = [(each.account, each.debit_cents, each.credit_cents) for each in balances]
    accounts.append((_("Together"), debit, credit))
    totals = [(name, count, cents) for name, count, cents in told(controls)]
    first, last = days
    return sheets.workbook(
        {
            _("Journal"): (columns, rows),
            _("Accounts"): (
                (Column(_("Ledger account")), Column(_("Debit"), "euro"), Column(_("Credit"), "euro")),
                accounts,
            ),
            _("Control totals"): (
                (
                    Column(f"{first:%d/%m/%Y} - {last:%d/%m/%Y}"),
                    Column(_("How many"), "number"),
                    Column(_("Amount"), "euro"),
                ),
                totals,
            ),
        }
    )


def told(controls: Controls) -> tuple[tuple[str, int | None, int | None], ...]:
    """The totals of a period in words: what, how many, cents."""
    return (
        (_("Debit notes issued"), controls.notes, controls.issued),
        (_("Credit notes issued"), controls.credit_notes, controls.credited),
        (_("Lines of the bank"), controls.bank_lines, controls.received - controls.paid_out),
        (_("Received at the bank"), None, controls.received),
        (_("Paid out by the bank"), None, controls.paid_out),
        (_("Placings of payments"), controls.placings, controls.on_notes + controls.kept + controls.aside),
        (_("Placed on notes, refunds taken off"), None, controls.on_notes),
        (_("Kept as credit of payers"), None, controls.kept),
        (_("Set aside: not ours"), None, controls.aside),
        (_("Corrections of earlier periods"), controls.late, None),
    )
