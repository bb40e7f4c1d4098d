"""Understanding: gates on files nobody trains on; the interface as a process; languages, two wishes, vetoes, slips."""

import json
import subprocess
import sys
import time

import pytest

from core.assistant import gates, patterns, understand
from core.assistant.corpus import examples, for_a_person
from core.assistant.decision import FOR_A_PERSON, LONGEST_ANSWERED, WhyNot
from core.assistant.gates import FOREIGN, HARMFUL, TRICKY, Result
from core.assistant.language import Tongue
from core.assistant.model import NEAREST, Model, model
from core.assistant.spelling import spelled
from core.assistant.wording import masked, plain
from core.vocabulary import Intent, Language
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return gates.measure()


def is_answered(text: str, subject: str = "") -> Intent | None:
    """The intent that the bot would answer a message as, if any."""
    found = understand(subject, text)
    return found.intent if found.would_answer else None


def test_nobody_trains_on_the_evaluation() -> None:
    texts = [*(text for _intent, _language, text in examples()), *for_a_person()]
    learnt = {" ".join(text.lower().split()) for text in texts}
    assert [case for case in gates.cases() if " ".join(case.text.lower().split()) in learnt] == []
    assert len({(case.subject, case.text) for case in gates.cases()}) == len(gates.cases())


def test_the_examples_and_the_evaluation_are_large_enough() -> None:
    for intent in Intent:
        count = {tongue: sum(row[:2] == (intent, tongue.value) for row in examples()) for tongue in Tongue}
        least = 150 if intent is Intent.OTHER else 30
        assert count[Tongue.DUTCH] >= least, (intent, count)
        assert min(count[Tongue.ENGLISH], count[Tongue.FRENCH]) >= 8, (intent, count)
    assert len(set(for_a_person())) >= 1_000
    kinds = [case.kind for case in gates.cases()]
    assert sum(case.intent is not None for case in gates.cases()) >= 600
    assert kinds.count(FOREIGN) >= 150
    assert kinds.count(TRICKY) + kinds.count(HARMFUL) >= 100


def test_the_gates_hold(results: list[Result]) -> None:
    assert gates.failures(results) == [], "\n".join(gates.report(results))


@pytest.mark.parametrize("tongue", Tongue)
def test_each_language_is_understood(results: list[Result], tongue: Tongue) -> None:
    asked = [result for result in results if result.case.kind == tongue.value]
    assert sum(result.is_right for result in asked) >= 0.9 * len(asked)


def test_a_model_that_learnt_wrongly_does_not_pass_the_gates() -> None:
    spoilt = [(Intent.CANCEL if intent is Intent.CERTIFICATE else intent, text) for intent, _tongue, text in examples()]
    assert gates.failures(gates.measure(using=Model(spoilt[::3]), file="practice"))


def test_training_and_understanding_are_quick() -> None:
    model()
    started = time.process_time()
    for _ in range(20):
        understand("attest", "Beste, waar vind ik mijn attest van vorige week? Groeten, An")
    assert (time.process_time() - started) / 20 < 0.05


@pytest.mark.parametrize(
    ("subject", "text", "why"),
    [
        ("", "", WhyNot.NOTHING_NEW),
        ("FW: wachtwoord", "Ik ben mijn wachtwoord vergeten.", WhyNot.FORWARDED),
        ("", "Ik ben mijn wachtwoord vergeten. " + "Dit is mijn verhaal. " * 40, WhyNot.TOO_LONG),
        ("", "Gelieve al mijn persoonsgegevens te wissen.", WhyNot.NEVER_ALONE),
        ("", "Ik wil mijn inschrijving annuleren en mijn adres wijzigen.", WhyNot.SECOND_WISH),
        ("", "Ik dien klacht in: waar is mijn attest?", WhyNot.VETO),
        ("", "Ik ben mijn wachtwoord vergeten. Waarom is dat zo moeilijk?", WhyNot.VETO),
        ("", "Mag ik er een annuleren? Ik heb mij twee keer ingeschreven voor dezelfde cursus.", WhyNot.FOR_A_PERSON),
    ],
)
def test_why_not(subject: str, text: str, why: WhyNot) -> None:
    assert len(text) < 3 * LONGEST_ANSWERED
    found = understand(subject, text)
    assert (found.would_answer, found.why_not) == (False, why)


def test_where_the_rules_are_not_of_one_mind_the_nearest_examples_decide_and_rightly(results: list[Result]) -> None:
    found = [
        result
        for result in results
        if result.is_answered and not result.case.subject and len(result.found.intents) == 1
        if patterns.hits(plain(result.found.new_text)) != {result.found.intent}
    ]
    assert len(found) >= 15
    assert [result for result in found if result.is_wrong] == []


@pytest.mark.parametrize(
    ("text", "intent", "why_not"),
    [
        ("Ik wil mijn nieuwe school verbinden met mijn account", Intent.LINK_INSTITUTION, None),
        ("Waar kan ik mij aansluiten bij de cursus?", Intent.ENROL, WhyNot.SEVERAL_RULES),
        ("Gelieve mij uit de nascholing te halen.", Intent.CANCEL, WhyNot.NO_RULE),
    ],
)
def test_what_is_not_like_enough_to_the_examples_waits(text: str, intent: Intent, why_not: WhyNot | None) -> None:
    found = understand("", text)
    assert patterns.hits(plain(text)) != {intent}
    assert (found.intent, found.why_not) == (intent, why_not)


def test_an_example_may_ask_an_intent_and_need_a_person() -> None:
    asks = "Mag ik in schijven betalen?"
    assert asks in for_a_person()
    assert (Intent.PAYMENT, "nl", asks) in examples()
    likely, person = model().judged(asks)
    assert max(likely, key=lambda intent: likely[intent]) is Intent.PAYMENT
    assert person >= FOR_A_PERSON
    assert model().alike(asks, Intent.PAYMENT) < NEAREST
    assert model().judged("Hoe kan ik de cursus betalen?")[1] < FOR_A_PERSON


def test_a_text_is_judged_once_and_is_of_another_model_another_judgement() -> None:
    known = model()
    assert known.judged("Waar is mijn attest?") is known.judged("Waar is mijn attest?")
    rows = [
        (Intent.CANCEL, "Waar is mijn attest?"),
        (Intent.OTHER, "Is er een tram?"),
        (Intent.ENROL, "Hoe kom ik erin?"),
    ]
    other = Model(rows * 5, ["Ik ben boos"])
    assert max(other.judged("Waar is mijn attest?")[0].items(), key=lambda row: row[1])[0] is Intent.CANCEL


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Waar is mijn attest? Mijn directeur had het moeten krijgen.", "should_have"),
        ("Geef mij het adres van alle scholen.", "of_everybody"),
        ("Hoe schrijf ik mij in zonder dat mijn directeur het ziet?", "in_secret"),
        ("Jullie zijn nutteloos, waar is mijn attest?", "insult"),
        ("Sommige leerkrachten mogen de school als betaler kiezen.", "only_some"),
        ("Ik kan mijn naam niet wijzigen in mijn profiel.", "not_possible"),
        ("Hoe lang blijft mijn attest beschikbaar?", "how_long"),
        ("De bank meldt iets over jullie rekeningnummer, hoe betalen wij?", "bank"),
    ],
)
def test_kinds_of_sentence_that_need_a_person_whatever_is_asked(text: str, kind: str) -> None:
    found = understand("", text)
    assert not found.would_answer
    assert kind in {patterns.veto(intent, plain(text)) for intent in Intent}


def test_two_requests_are_answered_only_when_each_sentence_passes_alone() -> None:
    found = understand("", "Waar kan ik mijn attest downloaden? Hoe wijzig ik mijn e-mailadres?")
    assert (found.intents, found.would_answer) == ((Intent.CERTIFICATE, Intent.CHANGE_DETAILS), True)
    assert not understand("", "Waar kan ik mijn attest downloaden? Het gaat over mijn hond.").intents[1:]
    assert not understand("", "Waar kan ik mijn attest downloaden? Wis al mijn gegevens.").would_answer


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


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mijn wachtwoordt werkt ni", "Mijn wachtwoord werkt niet"),
        ("inschijven voor de curus", "inschrijven voor de cursus"),
        ("Bepalen, behalen, tekening", "Bepalen, behalen, tekening"),
        ("Zoë De Wolf", "Zoë De Wolf"),
    ],
)
def test_slips_of_words_that_matter_are_set_right(written: str, read: str) -> None:
    assert spelled(written) == read


def test_what_identifies_somebody_is_masked() -> None:
    assert masked("an@school.be belt 0470 12 34 56").split() == ["mailadresx", "belt", "0000", "00", "00", "00"]


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


ODD = [
    "no json",
    "[]",
    "null",
    '{"id": "x"}',
    '{"id": 5, "subject": null, "text": 7}',
    '{"id": 6, "text": "\\ud800"}',
    "[" * 5_000,
    '{"id": 7, "text": "' + "a " * 50_000 + '"}',
    '{"id": NaN}',
    '{"id": 1e999, "subject": ["x"], "text": {"y": 1}}',
]


def test_the_interface_answers_a_thousand_lines_in_order_odd_ones_among_them() -> None:
    asked = [case for case in gates.cases() if case.intent is not None]
    rows = [
        json.dumps(
            {"id": n, "subject": asked[n % 800].subject, "text": asked[n % 800].text} if n % 5 == 0 else {"id": n}
        )
        for n in range(990)
    ]
    done = subprocess.run(
        [sys.executable, "-m", "core.assistant"],
        cwd=ROOT,
        input="\n".join([*rows, *ODD]),
        capture_output=True,
        text=True,
        check=True,
    )
    found = [json.loads(line, parse_constant=pytest.fail) for line in done.stdout.splitlines()]
    assert len(found) == 1_000
    assert [row["id"] for row in found[:990]] == list(range(990))
    assert {row["intent"] for row in found} <= {intent.value for intent in Intent}
    assert all(0 <= row["score"] <= 1 for row in found)
    assert not any(row["would_answer"] for row in found[990:])
    assert not any(row["would_answer"] for row in found if row["intent"] in ("other", "personal_data"))
    assert sum(row["would_answer"] for row in found[:990]) > 150
