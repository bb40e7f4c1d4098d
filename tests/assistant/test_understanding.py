"""Understanding: gates on a frozen file nobody trains on; the interface as a process; languages, thresholds, vetoes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.assistant import answers, understand
from core.assistant.decision import LONGEST_ANSWERED, WhyNot
from core.assistant.model import examples
from core.vocabulary import Intent, Language
from tests.conftest import ROOT

EVALUATION: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "evaluation.yaml").read_text(encoding="utf-8"))
ASKED = [(Intent(intent), text) for intent, texts in EVALUATION["asked"].items() for text in texts]


def is_answered(text: str, subject: str = "") -> Intent | None:
    """The intent that the bot would answer a message as, if any."""
    found = understand(subject, text)
    return found.intent if found.would_answer and found.intent in answers.ANSWERS else None


def test_nobody_trains_on_the_evaluation() -> None:
    learnt = {text.strip().lower() for _intent, _language, text in examples()}
    frozen = [text for _intent, text in ASKED] + EVALUATION["foreign"] + EVALUATION["tricky"]
    assert [text for text in frozen if text.strip().lower() in learnt] == []
    assert len(frozen) == len(set(frozen))


def test_what_is_asked_is_answered_rightly_or_handed_over() -> None:
    given = [(intent, is_answered(text), text) for intent, text in ASKED]
    assert [row for row in given if row[1] not in (row[0], None)] == []
    right = sum(answered is intent for intent, answered, _text in given)
    assert right >= 0.6 * len(given), [text for _intent, answered, text in given if answered is None]


def test_what_the_bot_does_not_know_is_never_answered() -> None:
    assert [text for text in EVALUATION["foreign"] if is_answered(text)] == []


def test_what_needs_a_person_is_handed_over() -> None:
    answered = [text for text in EVALUATION["tricky"] if is_answered(text)]
    assert len(answered) <= 1, answered


@pytest.mark.parametrize(
    ("subject", "text", "why"),
    [
        ("", "", WhyNot.NOTHING_NEW),
        ("FW: wachtwoord", "Ik ben mijn wachtwoord vergeten.", WhyNot.FORWARDED),
        ("", "Ik ben mijn wachtwoord vergeten. " + "Dit is mijn verhaal. " * 40, WhyNot.TOO_LONG),
        ("", "Gelieve al mijn persoonsgegevens te wissen.", WhyNot.NEVER_ALONE),
    ],
)
def test_why_not(subject: str, text: str, why: WhyNot) -> None:
    assert len(text) < 3 * LONGEST_ANSWERED
    found = understand(subject, text)
    assert (found.would_answer, found.why_not) == (False, why)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ik ben mijn wachtwoord vergeten", Language.DUTCH),
        ("I have forgotten my password, please help", Language.ENGLISH),
        ("J'ai oublié mon mot de passe", Language.DUTCH),
        ("", Language.DUTCH),
    ],
)
def test_english_is_answered_in_english_the_rest_in_dutch(text: str, language: Language) -> None:
    assert understand("", text).language is language


QUOTED = """Dag,

Ik ben mijn wachtwoord vergeten.

Met vriendelijke groeten,
Lies Claes
Basisschool De Pluim

Op ma 16 nov. 2026 om 10:12 schreef CNO <cno@cno.example>:
> Dag Lies, uw attest staat klaar. Uw inschrijving is geannuleerd.
"""


def test_quoted_text_and_signature_do_not_count() -> None:
    found = understand("Re: attest", QUOTED)
    assert found.new_text.strip().startswith("Dag,")
    assert "attest staat klaar" not in found.new_text
    assert "Basisschool De Pluim" in found.signature
    assert is_answered(QUOTED, "Re: attest") is Intent.NEW_PASSWORD


def test_the_interface_answers_a_thousand_lines_in_order_odd_ones_among_them() -> None:
    rows = [json.dumps({"id": number, "subject": "", "text": ASKED[number % len(ASKED)][1]}) for number in range(990)]
    rows += [
        "no json",
        "[]",
        '{"id": "x"}',
        '{"id": 5, "subject": null, "text": 7}',
        '{"id": 6, "text": "\\ud800"}',
    ] * 2
    done = subprocess.run(
        [sys.executable, "-m", "core.assistant"],
        cwd=ROOT,
        input="\n".join(rows),
        capture_output=True,
        text=True,
        check=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == 1_000
    assert [row["id"] for row in found[:990]] == list(range(990))
    assert {row["intent"] for row in found} <= {intent.value for intent in Intent}
    assert all(0 <= row["score"] <= 1 for row in found)
    assert not any(row["would_answer"] for row in found[990:])
    assert not any(row["would_answer"] for row in found if row["intent"] in ("other", "personal_data"))
    assert sum(row["would_answer"] for row in found[:990]) > 500
