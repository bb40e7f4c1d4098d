"""The chat keeps to the policy of the mailbox: what is not sure enough, a person reads or the asker chooses."""

import pytest

from core.assistant import chat
from core.db import read, write
from core.models import IntentSetting
from core.services import intents
from core.vocabulary import VISITOR, Actor, ActorKind, CoordinatorRole, Intent, IntentMode, Language

COORDINATOR = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.COORDINATOR)
FORGOTTEN = "Ik ben mijn wachtwoord vergeten."
ERASE = "Gelieve al mijn persoonsgegevens te wissen."


@pytest.fixture(autouse=True)
def switched_on(database: str) -> None:
    with write() as db:
        db.add_all(IntentSetting(intent=intent, mode=IntentMode.ON) for intent in Intent)


def said(text: str) -> chat.Said:
    understood = chat.heard(text)
    with read() as db:
        return chat.answer(db, VISITOR, understood, Language.DUTCH)


def demand(intent: Intent, threshold: float | None) -> None:
    with write() as db:
        intents.require(db, COORDINATOR, intent, threshold)


def test_below_a_raised_threshold_the_chat_offers_the_question_to_choose() -> None:
    assert said(FORGOTTEN).text
    demand(Intent.NEW_PASSWORD, 1.0)
    found = said(FORGOTTEN)
    assert (found.text, found.links, found.is_for_human) == ("", (), True)
    assert found.choices[0] is Intent.NEW_PASSWORD
    demand(Intent.NEW_PASSWORD, chat.heard(FORGOTTEN).score)
    assert said(FORGOTTEN).text
    demand(Intent.NEW_PASSWORD, None)
    assert said(FORGOTTEN).text


@pytest.mark.parametrize("raised", [Intent.NEW_PASSWORD, Intent.CERTIFICATE])
def test_of_two_requests_each_must_reach_its_own_raised_threshold(raised: Intent) -> None:
    both = f"{FORGOTTEN} Waar vind ik mijn attest?"
    assert said(both).text
    demand(raised, 1.0)
    assert not said(both).text


def test_personal_data_get_words_in_the_chat_only_where_that_is_on_and_sure_enough() -> None:
    found = said(ERASE)
    assert found.text
    assert found.is_for_human
    demand(Intent.PERSONAL_DATA, 1.0)
    assert (said(ERASE).text, said(ERASE).is_for_human) == ("", True)
    demand(Intent.PERSONAL_DATA, None)
    with write() as db:
        db.get_one(IntentSetting, Intent.PERSONAL_DATA).mode = IntentMode.OFF
    assert (said(ERASE).text, said(ERASE).is_for_human) == ("", True)


@pytest.mark.parametrize("mode", [IntentMode.OFF, IntentMode.SHADOW])
def test_what_is_not_switched_on_is_neither_answered_nor_offered(mode: IntentMode) -> None:
    with write() as db:
        db.get_one(IntentSetting, Intent.NEW_PASSWORD).mode = mode
    found = said(FORGOTTEN)
    assert (found.text, found.choices, found.is_for_human) == ("", (), True)
