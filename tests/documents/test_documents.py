"""Notes and certificates as PDF: what they say, their codes, PDF/A, the same bytes from the same payload."""

import io
import json
import re
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from stdnum.exceptions import ValidationError

from core import clock
from core.db import read, write
from core.documents import certificates as certificate_documents
from core.documents import notes as note_documents
from core.documents.qr import payment
from core.models import Certificate, Enrolment, Note
from core.services import billing, certificates
from core.vocabulary import CLOCK, FileKind, Language
from tests import goldenfiles
from tests.builders import a_course, a_person, acting, an_account, an_enrolment, an_institution

CODE = "0123456789AB"


def text_of(pdf: bytes) -> str:
    """The text of a PDF as a reader selects it, spaces made plain."""
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.sub(r"[ \xa0]+", " ", text.replace("\r\n", "\n")) + "\n"


def codes_in(pdf: bytes) -> list[str]:
    """What the QR codes on the first page say."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=3).to_pil()
    document.close()
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def xmp_of(pdf: bytes) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return bytes(document.Root.Metadata.read_bytes()).decode()


def is_tagged(pdf: bytes) -> bool:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return "/StructTreeRoot" in document.Root and "/Lang" in document.Root


@pytest.fixture
def story(sqlite_database: str, noon: datetime) -> int:
    """A seat that a school pays, in a course of two days that is over; its id."""
    with write() as db:
        person, school = a_person(db), an_institution(db, street="Schoolstraat 1", postcode="2100", city="Deurne")
        an_account(db, person, "an@school.example")
        an_account(db, school, "secretariaat@school.example")
        course = a_course(db, "Omgaan met meertaligheid", days=2, code="26/TST/001A")
        return an_enrolment(db, course, person, school, billing_reference="PO 4711").id


def debit_note(enrolment_id: int, noon: datetime) -> str:
    with clock.frozen(noon + timedelta(days=7)), write() as db:
        note_id = billing.issue_debit_note(db, CLOCK, enrolment_id)
        return db.get_one(Note, note_id).payload


@pytest.mark.parametrize("language", Language)
def test_a_debit_note_and_its_copy_say_what_they_must(story: int, noon: datetime, language: Language) -> None:
    payload = json.dumps(json.loads(debit_note(story, noon)) | {"language": language.value})
    for kind in (FileKind.ORIGINAL, FileKind.COPY):
        pdf = note_documents.render(payload, kind)
        goldenfiles.check(f"documents/debit-note-{kind}-{language}.txt", text_of(pdf))
        assert is_tagged(pdf)
        xmp = xmp_of(pdf)
        assert re.search(r"part\D*3", xmp)
        assert re.search(r"conformance\W*A", xmp)


def test_a_credit_note_names_the_debit_note(story: int, noon: datetime) -> None:
    debit_note(story, noon)
    with clock.frozen(noon + timedelta(days=8)), write() as db:
        enrolment = db.get_one(Enrolment, story)
        debit = billing.open_debit_note(db, story)
        assert debit is not None
        credit = db.get_one(Note, billing.issue_credit_note(db, CLOCK, debit.id, enrolment, 9_000))
        pdf = note_documents.render(credit.payload, FileKind.ORIGINAL)
    text = text_of(pdf)
    goldenfiles.check("documents/credit-note-nl.txt", text)
    assert "DN-2026-000001" in text
    assert codes_in(pdf) == []


def test_the_payment_code_holds_account_amount_and_reference(story: int, noon: datetime) -> None:
    payload = debit_note(story, noon)
    (code,) = codes_in(note_documents.render(payload, FileKind.ORIGINAL))
    lines = code.split("\n")
    assert lines[:3] == ["BCD", "002", "1"]
    assert lines[4:10] == [
        "GKCCBEBB",
        "Universiteit Antwerpen - CNO",
        "BE71096123456769",
        "EUR190",
        "",
        "202600000192",
    ]
    assert codes_in(note_documents.render(payload, FileKind.COPY)) == []


@pytest.mark.parametrize(("iban", "ogm"), [("BE71096123456760", "202600000192"), ("BE71096123456769", "202600000193")])
def test_a_wrong_account_or_reference_makes_no_code(iban: str, ogm: str) -> None:
    with pytest.raises(ValidationError):
        payment(name="x", iban=iban, bic="GKCCBEBB", cents=100, ogm=ogm, slot="structured", title="x")


def test_the_same_payload_gives_the_same_bytes(story: int, noon: datetime) -> None:
    payload = debit_note(story, noon)
    first = note_documents.render(payload, FileKind.ORIGINAL)
    with clock.frozen(noon + timedelta(days=400)):
        assert note_documents.render(payload, FileKind.ORIGINAL) == first


def _memory_mb_after(payload: str, times: int) -> float:
    for _ in range(times):
        note_documents.render(payload, FileKind.ORIGINAL)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def test_rendering_in_one_warm_process_takes_no_more_memory(story: int, noon: datetime) -> None:
    """A font configuration that gets lost with every note cost 0.27 MB each (`billing.md` §7)."""
    payload = debit_note(story, noon)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        warm = pool.submit(_memory_mb_after, payload, 20).result()
        assert pool.submit(_memory_mb_after, payload, 40).result() - warm < 5


@pytest.mark.parametrize("language", Language)
def test_a_certificate_says_what_was_followed_and_its_code_leads_to_the_check_page(
    story: int, noon: datetime, language: Language
) -> None:
    with clock.frozen(noon + timedelta(days=60)), write() as db:
        enrolment = db.get_one(Enrolment, story)
        actor = acting(an_account(db, None, "team@cno.example"))
        certificate = db.get_one(Certificate, certificates.issue(db, actor, enrolment.id, language))
        payload = certificate.payload.replace(certificate.code, CODE)
    pdf = certificate_documents.render(payload)
    goldenfiles.check(f"documents/certificate-{language}.txt", text_of(pdf))
    assert codes_in(pdf) == [f"http://127.0.0.1:8501/attest/{CODE}"]
    assert re.search(r"part\D*2", xmp_of(pdf))
    assert is_tagged(pdf)
    assert certificate_documents.render(payload) == pdf


def test_the_longest_names_stay_on_the_page(story: int, noon: datetime) -> None:
    facts = json.loads(debit_note(story, noon))
    facts["participant"] = facts["lines"][0]["person"] = "Maria-Magdalena Van den Bossche-De Schuyteneer " * 2
    facts["lines"][0]["course_title"] = (
        "Een bijzonder lange titel over meertaligheid en didactiek in de kleuterklas " * 3
    )
    pdf = note_documents.render(json.dumps(facts), FileKind.ORIGINAL)
    assert "Schuyteneer" in text_of(pdf)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) <= 2
    document.close()


def test_a_long_reference_and_the_note_it_corrects_stay_left_of_the_address(story: int, noon: datetime) -> None:
    facts = json.loads(debit_note(story, noon)) | {
        "kind": "credit",
        "corrects": {"number": "DN-2026-000123", "issued_on": "2026-09-24"},
        "reference": "BESTELBON-2026/11/24-NASCHOLING-PERSONEEL-0000123456789",
    }
    facts["payer"] |= {"name": "Gesubsidieerde Vrije Basisschool Onze-Lieve-Vrouw-Presentatie"}
    document = pypdfium2.PdfDocument(note_documents.render(json.dumps(facts), FileKind.ORIGINAL))
    page = document[0].get_textpage()
    millimetre = 72 / 25.4
    left = page.get_text_bounded(left=0, right=110 * millimetre)
    right = page.get_text_bounded(left=112 * millimetre, right=190 * millimetre)
    document.close()
    assert "van 24 september 2026" in left
    assert "".join(left.split()).count("0000123456789") == 1
    assert "Presentatie" in right


def test_a_note_in_the_database_keeps_its_payload_and_hash(story: int, noon: datetime) -> None:
    import hashlib

    payload = debit_note(story, noon)
    with read() as db:
        note = db.get_one(Note, 1)
    assert note.payload == payload
    assert note.payload_sha256 == hashlib.sha256(payload.encode()).hexdigest()
