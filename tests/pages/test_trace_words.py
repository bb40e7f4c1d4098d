"""What changed, as the audit trail tells it: no key, no cents, no number of a row is left raw."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.i18n import speaking
from core.queries.audit_trail import TraceRow
from core.vocabulary import ActorKind, AuditTag, Language
from pages.shared import trace_words, traces


def _row(tag: AuditTag, subject_type: str = "course", subject: str = "", **details: Any) -> TraceRow:
    at = datetime(2026, 11, 25, 8, tzinfo=UTC)
    return TraceRow(1, at, tag, ActorKind.CLOCK, "klok", subject_type, 1, subject, None, None, None, details)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (_row(AuditTag.NOTE_ISSUED, "note", "DN-1", number="DN-1", cents=14500), "bedrag: € 145,00"),
        (
            _row(AuditTag.ENROLMENT_PAYER_CHANGED, before=None, after="Basisschool De Zonnewimpel"),
            "de deelnemer → Basisschool De Zonnewimpel",
        ),
        (_row(AuditTag.COURSE_MOVED, was="draft", now="published"), "In voorbereiding → Gepubliceerd"),
        (
            _row(AuditTag.COURSE_CHANGED, version=3, changes={"price_cents": [9500, 12000], "levels": [[], ["LO"]]}),
            "prijs: € 95,00 → € 120,00 · niveaus: – → Lager onderwijs (LO)",
        ),
        (
            _row(
                AuditTag.INSTITUTION_CHANGED,
                before=["De Brug", "Kaai 1", "9000", "Gent", "free"],
                after=["De Brug", "Kaai 2", "9000", "Gent", "free"],
            ),
            "Kaai 1 → Kaai 2",
        ),
        (
            _row(AuditTag.INSTITUTION_CHANGED, policy_before="allowed", policy_after="forbidden"),
            "als betaler kiezen: Personeel mag ons als betaler kiezen → Personeel mag ons niet als betaler kiezen",
        ),
        (
            _row(
                AuditTag.PAYMENT_PLACED, "bank_transaction", parts=[["DN-1", 9500, False], ["DN-2", 500, True]], left=0
            ),
            "geplaatst op: DN-1 € 95,00; DN-2 € 5,00 (bewaard als tegoed) · nog te plaatsen: € 0,00",
        ),
        (_row(AuditTag.PERSON_CHANGED, birth_year=[1970, 1980]), "geboortejaar: 1970 → 1980"),
        (_row(AuditTag.COURSE_COSTS_CHANGED, before=[0, 0], after=[50000, 0]), "€ 0,00 → € 500,00"),
        (_row(AuditTag.DECISION_CHANGED, "decision", key="payment_term_days", old=30, new=45), "30 → 45"),
        (
            _row(AuditTag.ENROLMENT_OFFERED, until="2026-11-27 01:33:11.232871+00:00", why="next in line"),
            "tot: 27 november 2026 om 02:33 · waarom: de volgende in de rij",
        ),
        (
            _row(AuditTag.IMPORT_DONE, files=[{"name": "lijst.xlsx"}], counts={"courses": {"rows": 12, "attached": 0}}),
            "bestanden: lijst.xlsx · Nascholingen: 12",
        ),
        (
            _row(AuditTag.TERMS_SAVED, subject="Werksessie", name="Werksessie", steps=[[7, 2500, 0], [0, 0, 100]]),
            "stap",
        ),
        (_row(AuditTag.ACCOUNT_CHANGED, role={"old": "reader", "new": "finance"}), "rol: Lezer → Financiën"),
    ],
)
def test_details_are_told_in_words(row: TraceRow, words: str) -> None:
    with speaking(Language.DUTCH):
        assert words in " · ".join(trace_words.told(row)).replace("\u00a0", " ")


def test_a_setting_leads_to_its_own_part() -> None:
    with speaking(Language.DUTCH):
        ways = traces.ways(_row(AuditTag.DECISION_CHANGED, "decision", key="payment_term_days", old=30, new=45))
        bank = traces.ways(_row(AuditTag.TEACHER_CHANGED, "teacher", "Bram Çelik"))
    assert ways == [("coordinator/settings.py", "Instellingen openen", {"deel": "geld"})]
    assert bank[0][2] == {"zoek_docent": "Bram Çelik"}
