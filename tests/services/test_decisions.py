"""Decisions of CNO: the environment's default, overridden by a coordinator, from the next action on."""

from datetime import date, datetime

import pytest
from sqlalchemy import event, select

from core import access
from core.db import engine, read, write
from core.decided import Decisions
from core.decisions import SPECS, decisions
from core.models import AuditEvent, Note
from core.queries import decisions as queries
from core.rules.cancellation import default_terms
from core.services import billing
from core.services import decisions as services
from core.services.terms import terms_of
from core.settings import settings
from core.vocabulary import CLOCK, Actor, AuditTag, CoordinatorRole
from tests.builders import a_course, a_person, acting, an_account, an_enrolment


def _actor(role: CoordinatorRole, email: str = "team@cno.example") -> Actor:
    with write() as db:
        return acting(an_account(db, None, email, coordinator_role=role))


@pytest.fixture
def finance(database: str) -> Actor:
    return _actor(CoordinatorRole.FINANCE)


def test_every_decision_is_shown_with_its_meaning() -> None:
    assert set(SPECS) == set(Decisions.model_fields)


def test_a_decision_overrides_the_default_and_leaves_a_trace(finance: Actor, noon: datetime) -> None:
    with write() as db:
        assert decisions(db).payment_term_days == 30
        assert services.decide(db, finance, {"payment_term_days": "45"}, seen={}) == ("payment_term_days",)
        assert decisions(db).payment_term_days == 45
    with read() as db:
        assert decisions(db).payment_term_days == 45
        row = next(row for row in queries.all_decisions(db, finance) if row.key == "payment_term_days")
        assert (row.value, row.default, row.is_default, row.version) == (45, 30, False, 1)
        assert (row.changed_by, row.changed_at) == ("Coördinator", noon)
        trace = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.DECISION_CHANGED)).one()
        assert trace.details == '{"key": "payment_term_days", "new": 45, "old": 30}'
    with write() as db:
        services.reset(db, finance, "payment_term_days", seen=1)
    with read() as db:
        assert decisions(db) == settings().decisions


def test_what_was_issued_keeps_its_terms(finance: Actor, noon: datetime) -> None:
    with write() as db:
        confirmed = date(2026, 11, 16)
        first, second = (
            an_enrolment(db, a_course(db), a_person(db), confirmed_on=confirmed).id for _number in range(2)
        )
        before = billing.issue_debit_note(db, CLOCK, first)
    with write() as db:
        services.decide(db, finance, {"payment_term_days": 45, "vat_exemption": "Vrijgesteld"}, seen={})
    with write() as db:
        after = billing.issue_debit_note(db, CLOCK, second)
        old, new = db.get_one(Note, before), db.get_one(Note, after)
        assert (old.due_on, new.due_on) == (date(2026, 12, 23), date(2027, 1, 7))
        assert '"vat_text":"Vrijgesteld"' not in old.payload
        assert '"vat_text":"Vrijgesteld"' in new.payload


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"payment_term_days": -1}, services.TooLow, "payment_term_days"),
        ({"payment_term_days": 366}, services.TooHigh, "payment_term_days"),
        ({"payment_term_days": "dertig"}, services.NotANumber, "payment_term_days"),
        ({"payment_term_days": 1.5}, services.NotANumber, "payment_term_days"),
        ({"payee_name": "  "}, services.TextMissing, "payee_name"),
        ({"payee_name": "x" * 71}, services.TextTooLong, "payee_name"),
        ({"mail_sender_name": "CNO\r\nBcc: x@y.example"}, services.SeveralLines, "mail_sender_name"),
        ({"payee_iban": "BE71 0961 2345 6768"}, services.IbanNotValid, "payee_iban"),
        ({"payee_bic": "BANK"}, services.BicNotValid, "payee_bic"),
        ({"payee_bic": "KREDBEBB"}, services.BicOfAnotherBank, "payee_bic"),
        ({"organiser_kbo": "0257216483"}, services.KboNotValid, "organiser_kbo"),
        ({"epc_slot": "elsewhere"}, services.DecisionRefused, "epc_slot"),
        ({"name_seats_last_reminder_days": 20}, services.RemindersOutOfOrder, "name_seats_last_reminder_days"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_at_its_field(
    finance: Actor, values: dict[str, object], refusal: type[services.DecisionRefused], field: str
) -> None:
    with pytest.raises(refusal) as refused, write() as db:
        services.decide(db, finance, {"certificate_after_days": 3, **values}, seen={})
    assert refused.value.field == field
    with read() as db:
        assert decisions(db) == settings().decisions


def test_an_iban_is_kept_without_spaces_and_may_be_of_another_country(finance: Actor) -> None:
    with write() as db:
        services.decide(db, finance, {"payee_iban": "nl91 ABNA 0417 1643 00", "payee_bic": "ABNANL2A"}, seen={})
        assert decisions(db).payee_iban == "NL91ABNA0417164300"


def test_the_second_coordinator_hears_what_the_first_decided(finance: Actor, noon: datetime) -> None:
    with write() as db:
        services.decide(db, finance, {"certificate_after_days": 10}, seen={"certificate_after_days": 0})
    with pytest.raises(services.DecidedMeanwhile) as refused, write() as db:
        services.decide(db, finance, {"certificate_after_days": 14}, seen={"certificate_after_days": 0})
    assert refused.value.fields == {"name": "Coördinator", "value": 10, "at": noon}
    with write() as db:  # what is the same already needs no second decision
        assert services.decide(db, finance, {"certificate_after_days": 10}, seen={}) == ()


def test_who_may_decide_what(database: str) -> None:
    reader = _actor(CoordinatorRole.READER, "lezer@cno.example")
    coordinator = _actor(CoordinatorRole.COORDINATOR, "coordinator@cno.example")
    with pytest.raises(access.NotAllowed), write() as db:
        services.decide(db, reader, {"certificate_after_days": 10}, seen={})
    with pytest.raises(access.NotAllowed), write() as db:
        services.reset(db, reader, "certificate_after_days", seen=0)
    with pytest.raises(access.NotFound), write() as db:
        services.decide(db, coordinator, {"secret_key": "x"}, seen={})
    for key in (key for key, spec in SPECS.items() if spec.is_financial):
        with pytest.raises(access.FinanceOnly), write() as db:
            services.decide(db, coordinator, {key: getattr(settings().decisions, key)}, seen={})
    with write() as db:
        assert services.decide(db, coordinator, {"certificate_after_days": 10}, seen={})


def test_a_transaction_asks_once_however_often_it_needs_a_decision(database: str) -> None:
    asked = []
    event.listen(engine(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    with read() as db:
        for _time in range(3):
            decisions(db)
    assert len([statement for statement in asked if "FROM decision" in statement]) == 1


def test_a_course_without_terms_follows_what_was_decided_and_the_past_is_told(finance: Actor, noon: datetime) -> None:
    with write() as db:
        course = a_course(db)
        assert terms_of(db, course) == default_terms(7, 100)
        services.decide(db, finance, {"cancel_free_until_days": 14, "cancel_late_percentage": 50}, seen={})
        assert terms_of(db, course) == default_terms(14, 50)
        services.reset(db, finance, "cancel_free_until_days", seen=1)
        assert terms_of(db, course) == default_terms(7, 50)
    with read() as db:
        (row,) = [row for row in queries.all_decisions(db, finance) if row.key == "cancel_free_until_days"]
    assert row.is_default
    assert [(change.old, change.new, change.by) for change in row.history] == [
        (14, 7, "Coördinator"),
        (7, 14, "Coördinator"),
    ]
