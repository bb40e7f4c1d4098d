"""A note as UBL 2.1 for Peppol BIS Billing 3.0, made from its frozen payload only (`billing.md` §8).

Sources: UBL 2.1 (OASIS), EN 16931-1, Peppol BIS Billing 3.0. What Peppol asks and no schema checks is refused here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from lxml import etree
from stdnum.be import vat as kbo_numbers

from core.vocabulary import NoteKind, PayerKind

MEDIA_TYPE = "application/xml"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_NAMESPACES: dict[str | None, str] = {
    "cac": f"{_UBL}CommonAggregateComponents-2",
    "cbc": f"{_UBL}CommonBasicComponents-2",
}
_CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_KBO_SCHEME = "0208"  # Peppol's code of the Belgian company register
_INVOICE, _CREDIT_NOTE = "380", "381"
_CREDIT_TRANSFER = "30"
_PIECE = "C62"
#: Why a category has no VAT: art. 132(1)(i) of Directive 2006/112/EC.
_EXEMPTION = {"E": "VATEX-EU-132-1I"}


@dataclass(frozen=True, slots=True)
class Part:
    """An element: text, or parts in the order the schema asks. One that holds nothing is left out."""

    name: str
    holds: "str | Sequence[Part]"
    attributes: Mapping[str, str] = field(default_factory=dict)


class NotForUbl(ValueError):
    """A note that cannot be an e-invoice: the payer has no company number, or a fact that Peppol asks is missing."""


def applies(payload: str) -> bool:
    """Whether a note gets an e-invoice: an institution with a company number pays it, and its address was kept."""
    payer = json.loads(payload)["payer"]
    return bool(
        payer["kind"] == PayerKind.INSTITUTION and kbo_numbers.is_valid(payer["kbo"] or "") and payer.get("postal")
    )


def filename(number: str) -> str:
    """The name of the file, also within the PDF."""
    return f"{number}.xml"


def made_at(payload: str) -> datetime:
    """The moment the file bears within the PDF: midnight of the day of issue, so that bytes stay the same."""
    return datetime.combine(date.fromisoformat(json.loads(payload)["issued_on"]), datetime.min.time(), UTC)


def render(payload: str) -> bytes:
    """The e-invoice of a note, UTF-8. The same payload gives the same bytes. Raises NotForUbl."""
    note: dict[str, Any] = json.loads(payload)
    _check(note)
    is_credit = note["kind"] == NoteKind.CREDIT
    name = "CreditNote" if is_credit else "Invoice"
    root = etree.Element(f"{{{_UBL}{name}-2}}{name}", nsmap={None: f"{_UBL}{name}-2"} | _NAMESPACES)
    _fill(root, _header(note, is_credit))
    _fill(root, [_supplier(note), _customer(note["payer"]), *_payment(note, is_credit)])
    _fill(root, [_taxes(note), _totals(note), *(_line(line, is_credit) for line in note["lines"])])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _check(note: dict[str, Any]) -> None:
    """What Peppol asks and no schema sees. Raises NotForUbl."""
    payer = note["payer"]
    for whose, number in (("payer", payer["kbo"]), ("organiser", note["organiser"]["kbo"])):
        if not number or not kbo_numbers.is_valid(number):
            raise NotForUbl(f"{whose}: no company number that holds (PEPPOL-COMMON-R043)")
    if not payer.get("postal"):
        raise NotForUbl("payer: the parts of the address were not kept")
    if note["kind"] == NoteKind.CREDIT and not note["corrects"]:
        raise NotForUbl("a credit note names the note it corrects")
    if note["kind"] == NoteKind.DEBIT and not (note["due_on"] and str(note["ogm"]).isdigit()):
        raise NotForUbl("a debit note has a due date and a reference of twelve digits")
    if sum(line["amount_cents"] for line in note["lines"]) != note["total_cents"]:
        raise NotForUbl("the lines are not the total")
    if note["total_cents"] <= 0 or any(line["vat_category"] not in _EXEMPTION for line in note["lines"]):
        raise NotForUbl("an amount or a VAT category that is not known")


def _fill(parent: etree._Element, parts: Sequence[Part]) -> None:
    for part in parts:
        if not part.holds:
            continue  # an empty element is refused (PEPPOL-EN16931-R008)
        prefix = "cbc" if isinstance(part.holds, str) else "cac"
        made = etree.SubElement(parent, f"{{{_NAMESPACES[prefix]}}}{part.name}", dict(part.attributes))
        if isinstance(part.holds, str):
            made.text = part.holds
        else:
            _fill(made, part.holds)


def _header(note: dict[str, Any], is_credit: bool) -> list[Part]:
    corrects: dict[str, str] = note["corrects"] or {"number": "", "issued_on": ""}
    reference = [Part("ID", corrects["number"]), Part("IssueDate", corrects["issued_on"])]
    title = "Creditnota" if is_credit else "Debetnota"
    return [
        Part("CustomizationID", _CUSTOMIZATION),
        Part("ProfileID", _PROFILE),
        Part("ID", note["number"]),
        Part("IssueDate", note["issued_on"]),
        Part("DueDate", "" if is_credit else note["due_on"]),
        Part("CreditNoteTypeCode", _CREDIT_NOTE) if is_credit else Part("InvoiceTypeCode", _INVOICE),
        Part("Note", f"{title} - vrijgesteld van btw"),
        Part("DocumentCurrencyCode", "EUR"),
        Part("BuyerReference", note["reference"] or note["payer"]["number"] or note["number"]),
        Part("BillingReference", [Part("InvoiceDocumentReference", reference)] if is_credit else []),
    ]


def _supplier(note: dict[str, Any]) -> Part:
    own = note["organiser"]
    tax = Part("PartyTaxScheme", [Part("CompanyID", f"BE{_kbo(own['kbo'])}"), _VAT])
    return Part("AccountingSupplierParty", [_party(own["parent"] or own["name"], own["kbo"], own, own["name"], tax)])


def _customer(payer: dict[str, Any]) -> Part:
    return Part("AccountingCustomerParty", [_party(payer["name"], payer["kbo"], payer["postal"], payer["name"])])


def _party(legal_name: str, kbo: str, address: dict[str, str], name: str, tax: Part | None = None) -> Part:
    number, scheme = _kbo(kbo), {"schemeID": _KBO_SCHEME}
    postal = [
        Part("StreetName", " ".join(address["street"].split())),
        Part("CityName", address["city"]),
        Part("PostalZone", address["postcode"]),
        Part("Country", [Part("IdentificationCode", "BE")]),
    ]
    parts = [
        Part("EndpointID", number, scheme),
        Part("PartyName", [Part("Name", name)]),
        Part("PostalAddress", postal),
        *([tax] if tax else []),
        Part("PartyLegalEntity", [Part("RegistrationName", legal_name), Part("CompanyID", number, scheme)]),
    ]
    return Part("Party", parts)


def _payment(note: dict[str, Any], is_credit: bool) -> list[Part]:
    if is_credit:
        return []
    payee = note["payee"]
    days = (date.fromisoformat(note["due_on"]) - date.fromisoformat(note["issued_on"])).days
    account = [
        Part("ID", payee["iban"].replace(" ", "")),
        Part("Name", payee["name"]),
        Part("FinancialInstitutionBranch", [Part("ID", payee["bic"])] if payee["bic"] else []),
    ]
    means = [
        Part("PaymentMeansCode", _CREDIT_TRANSFER),
        Part("PaymentID", note["ogm"]),
        Part("PayeeFinancialAccount", account),
    ]
    return [Part("PaymentMeans", means), Part("PaymentTerms", [Part("Note", f"Te betalen binnen {days} dagen")])]


def _taxes(note: dict[str, Any]) -> Part:
    subtotals: list[Part] = []
    for category in sorted({line["vat_category"] for line in note["lines"]}):
        cents = sum(line["amount_cents"] for line in note["lines"] if line["vat_category"] == category)
        reason = [
            Part("ID", category),
            Part("Percent", "0"),
            Part("TaxExemptionReasonCode", _EXEMPTION[category]),
            Part("TaxExemptionReason", note["vat_text"]),
            _VAT,
        ]
        subtotal = [_money("TaxableAmount", cents), _money("TaxAmount", 0), Part("TaxCategory", reason)]
        subtotals.append(Part("TaxSubtotal", subtotal))
    return Part("TaxTotal", [_money("TaxAmount", 0), *subtotals])


def _totals(note: dict[str, Any]) -> Part:
    names = ("LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount")
    return Part("LegalMonetaryTotal", [_money(name, note["total_cents"]) for name in names])


def _line(line: dict[str, Any], is_credit: bool) -> Part:
    category = [Part("ID", line["vat_category"]), Part("Percent", "0"), _VAT]
    item = [
        Part("Name", ", ".join(part for part in (line["description"], line["person"]) if part)),
        Part("ClassifiedTaxCategory", category),
    ]
    parts = [
        Part("ID", str(line["position"])),
        Part("CreditedQuantity" if is_credit else "InvoicedQuantity", "1", {"unitCode": _PIECE}),
        _money("LineExtensionAmount", line["amount_cents"]),
        Part("Item", item),
        Part("Price", [_money("PriceAmount", line["amount_cents"])]),
    ]
    return Part("CreditNoteLine" if is_credit else "InvoiceLine", parts)


def _money(name: str, cents: int) -> Part:
    return Part(name, f"{cents // 100}.{cents % 100:02}", {"currencyID": "EUR"})


def _kbo(text: str) -> str:
    return str(kbo_numbers.compact(text))


_VAT = Part("TaxScheme", [Part("ID", "VAT")])
