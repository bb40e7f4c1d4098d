"""«Herinneringen»: what leaves, holding and releasing it, the steps; the statement of account in both portals."""

from datetime import date, datetime, time

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core import clock, jobs
from core.db import read, write
from core.models import Account, ReminderHold, ReminderStep
from core.services import bank_files, billing, note_files, sign_ins
from core.vocabulary import CLOCK, CoordinatorRole, FileKind, HoldReason, Language, PayerKind, Role
from pages.shared.signing import LANGUAGE, SIGN_IN
from tests.access.world import bank_file
from tests.builders import a_course, a_person, acting, an_account, an_enrolment, an_institution
from tests.conftest import ROOT
from tests.pages.screens import ADDRESSES, door_of, opened, said

REMINDERS, DOCUMENTS = door_of("coordinator/reminders.py"), door_of("institution/documents.py")
TODAY = date(2026, 12, 30)


@pytest.fixture
def overdue(sqlite_database: str, noon: datetime) -> int:
    """A note of a school and one of a person, a week late; the bank is known. The school's id."""
    with write() as db:
        an_account(db, None, ADDRESSES[Role.COORDINATOR])
        money = an_account(db, None, "zeker-geld@cno.example", coordinator_role=CoordinatorRole.FINANCE)
        school, person = an_institution(db, "Atheneum Voorbeeld"), a_person(db, "Zoë", "De Wolf")
        an_account(db, school, ADDRESSES[Role.INSTITUTION])
        an_account(db, person, ADDRESSES[Role.PERSON])
        course = a_course(db)
        for seat in (an_enrolment(db, course, a_person(db), school), an_enrolment(db, course, person)):
            note_id = billing.issue_early(db, acting(money), seat.id) or 0
            note_files.store_and_mail(db, CLOCK, note_id, dict.fromkeys(FileKind, b"%PDF"))
    with clock.frozen(clock.at(TODAY, time(6))):
        with write() as db:
            bank_files.take_in(db, acting(money), "b.xml", bank_file(1))
        return school.id


def at_finance(**query: str) -> AppTest:
    """The page as the finance office sees it."""
    with write() as db:
        account = db.scalars(select(Account).where(Account.coordinator_role == CoordinatorRole.FINANCE)).one()
        sign_in = sign_ins.start(db, account.id)[0]
    test = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=30)
    test.session_state[LANGUAGE], test.session_state[SIGN_IN] = Language.DUTCH, sign_in
    for name, value in query.items():
        test.query_params[name] = value
    test._page_hash = calc_hash(REMINDERS.url_path)
    return test.run()


def test_finance_sees_beforehand_what_leaves_holds_it_and_releases_it(overdue: int) -> None:
    with clock.frozen(clock.at(TODAY, time(6, 30))):
        test = at_finance()
        text = said(test)
        for words in ("wo 30 december 2026", "Atheneum Voorbeeld", "Zoë De Wolf", "€ 190,00", "7 dagen te laat"):
            assert words in text.replace("\xa0", " "), words
        test.button(key="hold_1").click().run()
        test.selectbox(key="hold_reason").set_value(HoldReason.DISPUTE)
        test.text_input(key="hold_remark").set_value("klopt niet")
        test.button(key="do_hold").click().run()
        assert not test.exception
        with read() as db:
            held = db.scalars(select(ReminderHold)).one()
            assert (held.note_id, held.reason, held.remark) == (1, HoldReason.DISPUTE, "klopt niet")
        test = at_finance(lijst="tegengehouden")
        assert "De betaler betwist de nota, tot" in said(test)
        test.button(key="release_1").click().run()
        assert "Vrijgegeven" in said(test)
        assert "Niets wordt tegengehouden" in said(test)


def test_what_was_sent_stands_on_the_page_and_in_the_portal(overdue: int) -> None:
    with clock.frozen(clock.at(TODAY, time(8))):
        assert jobs.run_due().reminded == 2
        text = said(at_finance(lijst="verstuurd"))
        assert "nu € 190,00 open" in text.replace("\xa0", " ")
        assert "2 herinneringen vertrokken" in text
        assert "Herinnerd op [30/12/2026](/download/reminder/" in said(opened(DOCUMENTS, Role.INSTITUTION))
        assert "Herinnerd op" in said(opened(door_of("person/documents.py"), Role.PERSON))


def test_old_bank_data_and_a_role_without_money_are_told(overdue: int) -> None:
    with clock.frozen(clock.at(date(2027, 1, 18), time(6))):
        test = opened(REMINDERS, Role.COORDINATOR)
        assert "lopen tot 30 december 2026" in said(test)
        assert not [button for button in test.button if str(button.key).startswith("hold_")]


def test_finance_changes_the_steps(overdue: int) -> None:
    test = at_finance(lijst="stappen")
    kind = PayerKind.INSTITUTION
    test.number_input(key=f"ladder_{kind}_1_days").set_value(10)
    test.button(key=f"ladder_{kind}_save").click().run()
    assert "Tussen twee stappen liggen minstens 14 dagen" in "\n".join(each.value for each in test.error)
    test.number_input(key=f"ladder_{kind}_1_days").set_value(28)
    test.number_input(key=f"ladder_{kind}_2_days").set_value(49)
    test.button(key=f"ladder_{kind}_save").click().run()
    assert "De stappen zijn bewaard" in said(test)
    with read() as db:
        steps = db.scalars(select(ReminderStep.after_days).where(ReminderStep.payer_kind == kind)).all()
    assert sorted(steps) == [7, 28, 49]


@pytest.mark.parametrize("role", [Role.INSTITUTION, Role.COORDINATOR])
def test_the_statement_shows_the_balance_and_what_is_open(overdue: int, role: Role) -> None:
    with clock.frozen(clock.at(TODAY, time(9))):
        if role is Role.INSTITUTION:
            test = opened(DOCUMENTS, role, soort="rekening")
        else:
            test = opened(door_of("coordinator/institution.py"), role, id=str(overdue))
            test.session_state["institution_tabs"] = "Rekeningoverzicht"
            test.run()
        assert not test.exception
        text = (said(test) + "".join(f"{each.label} {each.value}\n" for each in test.metric)).replace("\xa0", " ")
        for words in ("Saldo op 30/12/2026 € 190,00", "1–30 dagen te laat: € 190,00", "202/6000/00192"):
            assert words in text, words
        test.button(key="statement_mail").click().run()
        assert "vertrekt binnen een minuut" in said(test)
