"""«Betalen»: what a payer reads is what the database holds, also in the QR code; nobody else reads it."""

import io
from datetime import datetime, timedelta

import pypdfium2
import pytest
import zxingcpp
from weasyprint import HTML

from core import clock
from core.access import NotFound
from core.db import read, write
from core.models import Enrolment
from core.queries import billing as notes
from core.queries import paying
from core.services import billing
from core.vocabulary import CLOCK
from tests.builders import a_course, a_person, acting, an_account, an_enrolment, an_institution


def scanned(svg: str) -> list[str]:
    """What a banking app reads in a QR code."""
    pdf = pypdfium2.PdfDocument(io.BytesIO(HTML(string=svg).write_pdf()))
    return zxingcpp.read_barcodes(pdf[0].render(scale=3).to_pil())[0].text.split("\n")


def test_the_payer_reads_account_reference_and_open_amount_nobody_else(database: str, noon: datetime) -> None:
    with write() as db:
        person, school = a_person(db), an_institution(db)
        participant, secretariat = an_account(db, person, "an@x.example"), an_account(db, school, "s@x.example")
        seat = an_enrolment(db, a_course(db), person, school)
        own = an_enrolment(db, a_course(db, "Zelf betaald"), person)
        with clock.frozen(noon + timedelta(days=7)):
            note, mine = (billing.issue_debit_note(db, CLOCK, each.id) or 0 for each in (seat, own))
            billing.issue_credit_note(db, CLOCK, note, db.get_one(Enrolment, seat.id), 9_000)
        payer, holder = acting(secretariat), acting(participant)
    with read() as db:
        found = paying.how_to_pay(db, payer, note)
        assert found is not None
        assert (found.open_cents, found.iban, found.ogm) == (10_000, "BE71 0961 2345 6769", "+++202/6000/00192+++")
        lines = scanned(found.qr)
        assert lines[6:8] + lines[9:10] == ["BE71096123456769", "EUR100", "202600000192"]
        with pytest.raises(NotFound):
            paying.how_to_pay(db, holder, note)
        with pytest.raises(NotFound):
            paying.how_to_pay(db, payer, mine)
        buttons = {row.note_id: paying.can_pay(row) for row in notes.notes_of(db, holder)}
        assert (buttons[note], buttons[mine]) == (False, True), "a copy is paid by the school"
    with clock.frozen(noon + timedelta(days=7)), write() as db:
        billing.issue_credit_note(db, CLOCK, note, db.get_one(Enrolment, seat.id), 10_000)
    with read() as db:
        assert paying.how_to_pay(db, payer, note) is None
        assert not any(paying.can_pay(row) for row in notes.notes_of(db, payer))
