"""Corrections become examples, without names, once reviewed and the gates hold; shadow answers are compared."""

import pytest

from core.access import NotAllowed
from core.assistant import gates, learning, model, policy
from core.db import read, write
from core.models import IncomingMail, ProposedExample, ShadowAnswer
from core.queries import measuring
from core.rules.anonymous import without_names
from core.rules.measuring import Outcome, curve, likeness
from core.services import examples, inbox, intents
from core.services.examples import Trial
from core.vocabulary import VISITOR, Actor, ExampleState, Intent, IntentMode
from tests.builders import a_person, acting, an_account
from tests.services.test_mailroom import a_question

SAID = "Beste mevrouw Claes,\nmijn 2de attest op bert.maes@school.example is weg. Groeten, Bert Maes"


@pytest.fixture
def coordinator(database: str) -> Actor:
    with write() as db:
        return acting(an_account(db, None, "team@cno.example"))


def a_mail(address: str = "bert@school.example") -> int:
    thread_id = a_question(address)
    with read() as db:
        return db.query(IncomingMail).filter_by(thread_id=thread_id).one().id


def test_no_name_address_or_number_is_left_to_learn_from() -> None:
    found = without_names(SAID, ["Bert Maes"])
    for secret in ("Claes", "Bert", "Maes", "school.example", "2"):
        assert secret not in found, found
    assert "attest" in found


def test_a_correction_waits_for_review_and_holds_no_names(coordinator: Actor) -> None:
    mail_id = a_mail("an@school.example")
    with write() as db:
        an_account(db, a_person(db), "an@school.example")
        identity = examples.propose(db, coordinator, mail_id, Intent.CERTIFICATE, "An Peeters wil haar attest")
    with read() as db:
        row = db.get_one(ProposedExample, identity)
        assert (row.text, row.state, learning.accepted(db)) == ("X X wil haar attest", ExampleState.PROPOSED, ())
    with pytest.raises(NotAllowed), write() as db:
        examples.propose(db, VISITOR, mail_id, Intent.CERTIFICATE, "attest")


def test_only_a_model_that_passes_the_gates_replaces_the_old_one(
    coordinator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_id = a_mail()
    with write() as db:
        bad, good = (examples.propose(db, coordinator, mail_id, Intent.OTHER, text) for text in ("foei", "braaf"))
    monkeypatch.setattr(model, "trained", lambda learnt=(): learnt)
    monkeypatch.setattr(model._InUse, "model", ())
    monkeypatch.setattr(model._InUse, "learnt", ())
    monkeypatch.setattr(gates, "measure", lambda candidate: candidate)
    monkeypatch.setattr(gates, "failures", lambda found: ["wrong: 2 %"] if (Intent.OTHER, "foei") in found else [])
    with write() as db:
        trial = learning.tried(learning.accepted(db), Intent.OTHER, "foei")
        assert examples.accept(db, coordinator, bad, trial) == ("wrong: 2 %",)
        assert learning.accepted(db) == ()
        assert not learning.refresh(db)
    with write() as db:
        trial = learning.tried(learning.accepted(db), Intent.OTHER, "braaf")
        assert examples.accept(db, coordinator, good, trial) == ()
    with write() as db:
        assert learning.refresh(db)
        assert model._InUse.learnt == ((Intent.OTHER, "braaf"),)
        with pytest.raises(examples.AlreadyDecided):
            examples.reject(db, coordinator, good)
        with pytest.raises(examples.LearntMeanwhile):
            examples.accept(db, coordinator, bad, Trial(Intent.OTHER, "foei", 0, ()))
        examples.reject(db, coordinator, bad)
    with read() as db:
        rows, total = measuring.examples(db, coordinator)
    assert (total, {row.state for row in rows}) == (2, {ExampleState.ACCEPTED, ExampleState.REJECTED})


def test_what_the_bot_would_have_said_is_compared_with_what_left(coordinator: Actor) -> None:
    said = {"same": "Uw attest staat klaar", "used": "Iets anders geschreven", "other": "Onze parking ligt achteraan"}
    for name, answer in said.items():
        mail_id = a_mail(f"{name}@school.example")
        with write() as db:
            mail = db.get_one(IncomingMail, mail_id)
            shadow = ShadowAnswer(
                mail_id=mail_id, intent=Intent.CERTIFICATE, score=0.7, text="Uw attest staat klaar.",
                made_at=mail.arrived_at,
            )  # fmt: skip
            db.add(shadow)
            db.flush()
            used = Intent.CERTIFICATE if name == "used" else None
            inbox.reply(db, coordinator, mail.thread_id or 0, answer, used=used)
    with read() as db:
        row = next(row for row in measuring.intents(db, coordinator) if row.intent is Intent.CERTIFICATE)
        (source,) = measuring.measured(db, coordinator)
    assert (row.shadowed, row.compared, row.agreed) == (3, 3, 2)
    assert sorted(each.is_right for each in source.outcomes[Intent.CERTIFICATE]) == [False, True, True]


def test_coordinators_switch_intents_and_set_how_sure_the_bot_must_be(coordinator: Actor) -> None:
    with write() as db:
        assert policy.mode(db, Intent.PAYMENT) is IntentMode.SHADOW
        intents.switch(db, coordinator, Intent.PAYMENT, IntentMode.ON)
        intents.require(db, coordinator, Intent.PAYMENT, 0.6)
        assert (policy.is_on(db, Intent.PAYMENT), policy.threshold(db, Intent.PAYMENT)) == (True, 0.6)
        with pytest.raises(intents.NeverAnswered):
            intents.switch(db, coordinator, Intent.OTHER, IntentMode.ON)
        with pytest.raises(intents.NotAShare):
            intents.require(db, coordinator, Intent.PAYMENT, 60)


def test_the_curve_counts_what_is_answered_and_what_of_it_is_wrong() -> None:
    points = {point.threshold: point for point in curve([Outcome(0.9, True), Outcome(0.4, False)], seen=4)}
    assert (points[0.0].answered, points[0.0].wrong) == (0.5, 0.5)
    assert (points[0.5].answered, points[0.5].wrong) == (0.25, 0.0)
    assert (points[0.95].answered, points[0.95].wrong) == (0.0, 0.0)
    assert likeness("", "x") == 0.0
