"""The letter of a reminder and the statement of account on paper: what they say, in both languages."""

import json
from typing import Any

import pytest

from core.documents import reminders, statements
from core.i18n import speaking
from core.vocabulary import Language
from tests import goldenfiles
from tests.documents.test_documents import codes_in, is_tagged, text_of

pytestmark = pytest.mark.renders

ORGANISER = {
    "name": "Centrum Nascholing Onderwijs",
    "parent": "Universiteit Antwerpen",
    "street": "Venusstraat 35",
    "postcode": "2000",
    "city": "Antwerpen",
    "kbo": "0257216482",
    "email": "cno@cno.example",
}
PAYEE = {"name": "Universiteit Antwerpen - CNO", "iban": "BE71096123456769", "bic": "GKCCBEBB"}
TITLE = "26/TAA/101A AI en taaltechnologie: hoe ga je er effectief mee aan de slag in je taalles? - herhaling 1"
SCHOOL = "Gemeentelijke Vrije Basisschool voor Buitengewoon Onderwijs «De Zonnewimpel aan de Schelde»"


def letter(language: Language, **more: Any) -> str:
    facts = {
        "language": language.value,
        "number": "DN-2026-000123",
        "issued_on": "2026-09-30",
        "due_on": "2026-10-30",
        "ogm": "202600012320",
        "total_cents": 28_500,
        "open_cents": 19_000,
        "cost_cents": 0,
        "next_cost_cents": 0,
        "step": 1,
        "text": "friendly",
        "is_last": False,
        "is_consumer": True,
        "earlier": [],
        "made_on": "2026-11-23",
        "pay_by": "2026-12-07",
        "about": [TITLE],
        "payer": {
            "name": "Maria-Magdalena Van den Bossche-De Schuyteneer",
            "address": ["t.a.v. de boekhouding", "Sint-Jacobsmarkt 13, gelijkvloers, bus 4", "Noord", "2000 Antwerpen"],
        },
        "organiser": ORGANISER,
        "payee": PAYEE,
        "epc_slot": "structured",
    }
    return json.dumps(facts | more)


@pytest.mark.parametrize("language", Language)
def test_a_reminder_says_what_the_law_asks_and_its_code_asks_what_is_open(language: Language) -> None:
    pdf = reminders.render(letter(language))
    goldenfiles.check(f"documents/reminder-{language}.txt", text_of(pdf))
    (code,) = codes_in(pdf)
    assert code.split("\n")[5:10] == ["Universiteit Antwerpen - CNO", "BE71096123456769", "EUR190", "", "202600012320"]
    assert is_tagged(pdf)
    assert "1 / 1" in text_of(pdf), "the longest names and titles stay on one page"
    assert reminders.render(letter(language)) == pdf


@pytest.mark.parametrize("language", Language)
def test_an_urgent_reminder_to_a_school_stays_on_one_page_with_many_lines(language: Language) -> None:
    many = [f"{TITLE} {number}" for number in range(14)]
    school = {"name": SCHOOL, "address": ["Sint-Jacobsmarkt 13", "2000 Antwerpen"]}
    facts = {"text": "firm", "step": 2, "is_last": True, "is_consumer": False, "earlier": ["2026-11-06"]}
    pdf = reminders.render(letter(language, **facts, about=many, payer=school, cost_cents=500))
    text = " ".join(text_of(pdf).split())
    assert "1 / 1" in text
    words = {
        Language.DUTCH: ("Op 6 november 2026", "en nog 12 andere", "neemt een medewerker", "€ 5,00 kosten"),
        Language.ENGLISH: ("On 6 November 2026", "and 12 others", "a member of the CNO team", "5,00 €"),
    }
    for part in words[language]:
        assert part in text


@pytest.mark.parametrize("language", Language)
def test_a_statement_of_several_pages_ends_with_its_closing_balance_once(language: Language) -> None:
    entries = [
        {
            "on": "2026-03-01",
            "what": "Debetnota",
            "number": f"DN-2026-{number:06}",
            "about": TITLE,
            "more": 11 if number == 1 else 0,
            "cents": 19_000,
            "balance_cents": 19_000 * (number + 1),
        }
        for number in range(16)
    ]
    asked = [
        {"number": "DN-2026-000015", "ogm": "202600012320", "due_on": "2026-10-30", "late": 24, "left_cents": 304_000}
    ]
    facts = {
        "payer": {"name": SCHOOL, "address": ["Sint-Jacobsmarkt 13", "2000 Antwerpen"], "number": "institution-1"},
        "first": "2026-01-01",
        "last": "2026-11-23",
        "made_on": "2026-11-23",
        "bank_until": "2026-11-20",
        "opening_cents": 0,
        "closing_cents": 304_000,
        "debit_cents": 304_000,
        "credit_cents": 0,
        "entries": entries,
        "open": asked,
        "ages": [0, 304_000, 0, 0, 0],
        "open_cents": 304_000,
        "credits": [{"what": "Bewaard", "cents": 1_000}],
        "organiser": ORGANISER,
        "payee": PAYEE,
    }
    with speaking(language):
        pdf = statements.to_pdf(facts, language)
    text = text_of(pdf)
    goldenfiles.check(f"documents/statement-{language}.txt", text)
    assert text.count("Eindsaldo" if language is Language.DUTCH else "Closing balance") == 1
    assert "+++202/6000/12320+++" in text
    assert is_tagged(pdf)
