"""«Instellingen»: every part for every role, saving a decision, editing a mail, what a reader sees."""

from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest

from core.db import read, write
from core.decisions import decisions
from core.mail.versions import Draft
from core.models import MailTemplateVersion
from core.queries import mail_texts
from core.services import sign_ins
from core.vocabulary import Actor, ActorKind, CoordinatorRole, Language
from pages.shared.deciding import Part
from pages.shared.signing import LANGUAGE, SIGN_IN
from tests.builders import a_course, a_person, an_account, an_enrolment
from tests.conftest import ROOT

FILE = str(ROOT / "pages" / "coordinator" / "settings.py")


def _opened(role: CoordinatorRole, part: Part) -> AppTest:
    with write() as db:
        an_enrolment(db, a_course(db), a_person(db))
        account = an_account(db, None, f"{role}@cno.example", coordinator_role=role)
        sign_in, _ticket = sign_ins.start(db, account.id)
    test = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    test.session_state[LANGUAGE] = Language.DUTCH
    test.session_state[SIGN_IN] = sign_in
    test.run()
    test.query_params["deel"] = part.value
    return test.switch_page(FILE).run()


def _said(test: AppTest) -> str:
    return "\n".join(
        str(each.value) for each in (*test.info, *test.error, *test.success, *test.caption, *test.markdown)
    )


@pytest.mark.parametrize("part", Part)
def test_a_reader_sees_every_part_and_can_change_none(sqlite_database: str, noon: datetime, part: Part) -> None:
    test = _opened(CoordinatorRole.READER, part)
    assert not test.exception
    assert "leest alleen" in _said(test)
    free = [button.label for button in test.button if not button.disabled]
    assert not {"Bewaren", "Opslaan", "Uitnodiging versturen", "Account sluiten"} & set(free), free
    assert all(toggle.disabled for toggle in test.toggle)


@pytest.mark.parametrize("part", Part)
def test_finance_opens_every_part(sqlite_database: str, noon: datetime, part: Part) -> None:
    test = _opened(CoordinatorRole.FINANCE, part)
    assert not test.exception
    assert not test.error


def test_a_decision_is_saved_and_one_of_money_is_locked(sqlite_database: str, noon: datetime) -> None:
    test = _opened(CoordinatorRole.COORDINATOR, Part.DELAYS)
    test.number_input(key="decision_certificate_after_days").set_value(10)
    test.button(key="save_delays").click().run()
    assert "Bewaard." in _said(test)
    with read() as db:
        assert decisions(db).certificate_after_days == 10
    assert any("7 → 10" in each.value for each in test.markdown)
    test.button(key="reset_certificate_after_days").click().run()
    assert "De standaard geldt opnieuw: 7." in _said(test)
    assert test.number_input(key="decision_certificate_after_days_1").value == 7
    test.query_params["deel"] = Part.MONEY.value
    test.run()
    assert test.text_input(key="decision_payee_iban").disabled


def test_a_wrong_placeholder_is_told_at_once_and_a_right_text_saved(sqlite_database: str, noon: datetime) -> None:
    test = _opened(CoordinatorRole.COORDINATOR, Part.TEXTS)
    test.selectbox(key="text_name").set_value("enrolment-confirmed").run()
    key = "enrolment-confirmed_nl_0"
    test.text_area(key=f"body_{key}").set_value("Dag {{ person_nam }}").run()
    assert "Regel 1, teken 8" in _said(test)
    test.button(key=f"save_{key}").click().run()
    assert "person_name" in _said(test)
    test.text_area(key=f"body_{key}").set_value("Dag {{ person_name }}").run()
    test.button(key=f"save_{key}").click().run()
    assert not test.exception
    with read() as db:
        found = mail_texts.texts(db, Actor(ActorKind.COORDINATOR), "enrolment-confirmed", Language.DUTCH)
        assert isinstance(found.draft, Draft)
        assert (found.version, found.draft.text) == (1, "Dag {{ person_name }}")
        assert db.get_one(MailTemplateVersion, 1).author == "Coördinator"
