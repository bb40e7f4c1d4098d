"""ISO 20022 camt.052 (report), 053 (statement) and 054 (notification), versions 2 to 13, by one reader.

The versions put the same facts in slightly different places; every place is looked at, whatever the namespace says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from lxml import etree

from core import clock
from core.documents.bank.statement import (
    Doubt,
    Line,
    NotABankFile,
    Statement,
    UnreadableBankFile,
    balance_doubts,
    compact,
    in_cents,
    numbered,
    own_reference,
)
from core.i18n import N_

_KINDS = {"BkToCstmrAcctRpt": "camt.052", "BkToCstmrStmt": "camt.053", "BkToCstmrDbtCdtNtfctn": "camt.054"}
_PARTS = ("Stmt", "Rpt", "Ntfctn")
_OLDEST, _NEWEST = 2, 13


@lru_cache(maxsize=512)  # a file may name any namespace
def _path(space: str, names: str) -> str:
    return "/".join(space + name for name in names.split("/"))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Finds by a path of names in the file's own namespace, which is written once before each name."""

    space: str

    def path(self, names: str) -> str:
        return _path(self.space, names)

    def all(self, node: etree._Element, names: str) -> list[etree._Element]:
        return list(node.iterfind(self.path(names)))

    def text(self, node: etree._Element | None, *places: str) -> str:
        """The text of the first of these places that has one."""
        if node is not None:
            for names in places:
                found = (node.findtext(_path(self.space, names)) or "").strip()
                if found:
                    return str(found)
        return ""

    def day(self, node: etree._Element, name: str) -> date | None:
        """A day, given as a day or as an instant; an instant is that of the Brussels day."""
        found = self.text(node, f"{name}/Dt", f"{name}/DtTm")
        if not found:
            return None
        if len(found) <= len("2026-11-23Z"):
            return date.fromisoformat(found[:10])
        instant = datetime.fromisoformat(found)
        return clock.day_of(instant) if instant.tzinfo else instant.date()


def read(content: bytes, name: str) -> tuple[Statement, ...]:
    """The statements of a camt file. Raises NotABankFile or UnreadableBankFile."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as broken:
        raise UnreadableBankFile(name=name, place=f"XML, {broken.lineno}:{broken.offset}") from broken
    if root.getroottree().docinfo.doctype:  # no bank sends one; entities hide in it
        raise UnreadableBankFile(name=name, place="DOCTYPE")
    space = root.tag[: root.tag.index("}") + 1] if "}" in root.tag else ""
    message = next(iter(root), None)
    kind = _KINDS.get(str(message.tag).removeprefix(space)) if message is not None else None
    if message is None or kind is None:
        raise NotABankFile(name=name)
    counted: dict[tuple[object, ...], int] = {}
    reader = _Reader(space)
    try:
        return tuple(
            _statement(reader, node, kind, counted) for part in _PARTS for node in message.findall(space + part)
        )
    except (ValueError, ArithmeticError) as broken:
        raise UnreadableBankFile(name=name, place=str(broken)[:100]) from broken


def _statement(reader: _Reader, node: etree._Element, kind: str, counted: dict[tuple[object, ...], int]) -> Statement:
    account = compact(reader.text(node, "Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/BBAN"))
    if not account:
        raise ValueError("Acct")
    lines: list[Line] = []
    moved = pending = 0
    for entry in reader.all(node, "Ntry"):
        if reader.text(entry, "Sts/Cd", "Sts") != "BOOK":
            pending += 1
            continue
        moved += _signed(reader, entry, reader.text(entry, "Amt"), "CRDT")
        lines += _lines(reader, entry)
    balances = {
        reader.text(balance, "Tp/CdOrPrtry/Cd"): (
            _signed(reader, balance, reader.text(balance, "Amt"), "CRDT"),
            reader.day(balance, "Dt"),
        )
        for balance in reader.all(node, "Bal")
    }
    opened, _day = balances.get("OPBD") or balances.get("PRCD") or (None, None)
    closed, closed_on = balances.get("CLBD") or (None, None)
    return Statement(
        format=kind,
        account=account,
        number=reader.text(node, "LglSeqNb", "ElctrncSeqNb", "Id"),
        lines=numbered(lines, counted, account),
        opened_cents=opened,
        closed_cents=closed,
        closed_on=closed_on,
        pending=pending,
        doubts=(*balance_doubts(opened, moved, closed), *_version_doubts(reader.space)),
    )


def _version_doubts(space: str) -> list[Doubt]:
    found = re.search(r"camt\.05\d\.\d{3}\.(\d\d)", space)
    if found and _OLDEST <= int(found[1]) <= _NEWEST:
        return []
    return [Doubt(N_("This version of the format is not known: look at the amounts before you go on."))]


def _signed(reader: _Reader, node: etree._Element, amount: str, otherwise: str) -> int:
    cents = in_cents(amount)
    return -cents if (reader.text(node, "CdtDbtInd") or otherwise) == "DBIT" else cents


def _lines(reader: _Reader, entry: etree._Element) -> Iterator[Line]:
    """The movements of an entry: its details, or itself when it has none."""
    booked_on = reader.day(entry, "BookgDt") or reader.day(entry, "ValDt")
    if booked_on is None:
        raise ValueError("BookgDt")
    details = reader.all(entry, "NtryDtls/TxDtls")
    sign = reader.text(entry, "CdtDbtInd")
    whole = reader.text(entry, "Amt")
    for detail in details or [entry]:
        amount = reader.text(detail, "Amt", "AmtDtls/TxAmt/Amt") or (whole if len(details) <= 1 else "")
        if not amount:
            raise ValueError("TxDtls/Amt")
        cents = _signed(reader, detail, amount, sign)
        yield _line(reader, entry, detail, booked_on, cents)


def _currency(reader: _Reader, *nodes: etree._Element) -> str:
    for node in nodes:
        for place in ("Amt", "AmtDtls/TxAmt/Amt"):
            found = node.find(reader.path(place))
            if found is not None and found.get("Ccy"):
                return str(found.get("Ccy"))
    return "EUR"


def _line(reader: _Reader, entry: etree._Element, detail: etree._Element, booked_on: date, cents: int) -> Line:
    party = "Dbtr" if cents > 0 else "Cdtr"
    is_reversal = reader.text(entry, "RvslInd") == "true"
    if is_reversal:  # the parties stay those of the movement that is undone
        party = "Cdtr" if cents > 0 else "Dbtr"
    name = reader.text(detail, f"RltdPties/{party}/Nm", f"RltdPties/{party}/Pty/Nm", f"RltdPties/Ultmt{party}/Nm")
    iban = compact(reader.text(detail, f"RltdPties/{party}Acct/Id/IBAN", f"RltdPties/{party}Acct/Id/Othr/Id"))
    references = tuple(
        compact(node.text)
        for node in reader.all(detail, "RmtInf/Strd/CdtrRefInf/Ref")
        if node.text and node.text.strip()
    )
    free = reader.all(detail, "RmtInf/Ustrd") + reader.all(detail, "RmtInf/Strd/AddtlRmtInf")
    text = " ".join(node.text.strip() for node in free if node.text)
    if not text and not references:
        text = reader.text(detail, "AddtlTxInf") or reader.text(entry, "AddtlNtryInf")
    end_to_end = reader.text(detail, "Refs/EndToEndId")
    given = reader.text(detail, "Refs/AcctSvcrRef") or reader.text(entry, "AcctSvcrRef", "NtryRef")
    codes = (reader.text(entry, f"BkTxCd/Domn/{place}") for place in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd"))
    return Line(
        booked_on=booked_on,
        valued_on=reader.day(entry, "ValDt"),
        cents=cents,
        currency=_currency(reader, detail, entry),
        bank_ref=own_reference(given, iban, name, text, *references, end_to_end),
        end_to_end="" if end_to_end == "NOTPROVIDED" else end_to_end,
        name=name,
        iban=iban,
        references=references,
        text=text,
        type_code="/".join(code for code in codes if code),
        is_reversal=is_reversal,
    )
