"""The coordinators' page of payments, as it is clicked."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core import access, clock
from core.db import read, write
from core.demo.bank_files import Movement, camt_053
from core.models import Account, Allocation, BankTransaction, Note, WaitingTransaction
from core.services import bank_files, billing, payments
from core.vocabulary import CoordinatorRole, Role
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution
from tests.pages.screens import ADDRESSES, door_of, opened, said

PAGE = door_of("coordinator/payments.py")
OURS = "BE71096123456769"


def three_notes(role: CoordinatorRole = CoordinatorRole.FINANCE) -> list[Note]:
    """A coordinator, and three notes of € 95 of one school."""
    with write() as db:
        actor = access.acting(an_account(db, None, ADDRESSES[Role.COORDINATOR], coordinator_role=role))
        school, course = an_institution(db, "Atheneum Voorbeeld"), a_course(db, price_cents=9_500)
        ids = [
            billing.issue_early(db, actor, an_enrolment(db, course, a_person(db, f"An{number}"), school).id)
            for number in range(3)
        ]
        return [db.get_one(Note, each) for each in ids]


def taken(*movements: Movement) -> None:
    """These movements are read, by somebody of finance."""
    with write() as db:
        account = db.scalars(select(Account).where(Account.coordinator_role == CoordinatorRole.FINANCE)).first()
        account = account or an_account(db, None, "z.geld@cno.example", coordinator_role=CoordinatorRole.FINANCE)
        bank_files.take_in(db, access.acting(account), "a.xml", camt_053(OURS, movements))


def paid(cents: int, **values: str) -> Movement:
    return Movement(clock.today(), cents, f"R{cents}", "ATHENEUM VOORBEELD", "BE10000000000404", **values)


def only_line() -> int:
    with read() as db:
        return db.scalars(select(BankTransaction.id)).one()


def opened_page(**query: str) -> AppTest:
    test = opened(PAGE, Role.COORDINATOR, **query)
    assert not test.exception
    return test


def test_a_file_is_uploaded_and_tells_what_it_gave(sqlite_database: str) -> None:
    notes = three_notes()
    test = opened_page()
    assert "Er is nog geen bankbestand ingelezen" in said(test)
    file = camt_053(OURS, [paid(9_500, ogm=str(notes[0].ogm)), paid(1_000, text="wat is dit?")])
    test.file_uploader[0].set_value([("maandag.xml", file, "text/xml"), ("foto.xml", b"x", "text/xml")]).run()
    test.button(key="read_bank_files").click().run()
    assert not test.exception
    assert "2 nieuwe verrichtingen · 1 vanzelf geplaatst · 1 wacht op u" in said(test)
    assert "geen rekeninguittreksel" in said(test)
    assert "wat is dit?" in said(test)


def test_a_proposal_is_confirmed_and_undone(sqlite_database: str) -> None:
    notes = three_notes()
    taken(paid(28_500, text="drie nascholingen"))
    test, line = opened_page(), only_line()
    numbers = ", ".join(note.number for note in notes)
    assert numbers in said(test).replace("\\", "")
    test.button(key=f"confirm_{line}").click().run()
    assert "De betaling is geplaatst" in said(test)
    assert "Geen enkele betaling wacht op u" in said(test)
    test = opened_page(lijst="geplaatst")
    test.button(key=f"undo_{line}").click().run()
    test.button(key="do_undo_placing").click().run()
    assert not test.exception
    with read() as db:
        assert db.get_one(WaitingTransaction, line).left_cents == 28_500


def test_a_line_is_divided_and_the_rest_kept(sqlite_database: str) -> None:
    notes = three_notes()
    taken(paid(20_000, text="?"))
    test, line = opened_page(), only_line()
    test.button(key=f"divide_{line}").click().run()
    test.multiselect(key=f"choice_notes_{line}").set_value([notes[0].id, notes[2].id]).run()
    test.checkbox(key="choice_keep").check().run()
    test.button(key="do_divide").click().run()
    assert not test.exception
    with read() as db:
        found = db.execute(select(Allocation.note_id, Allocation.placed_as, Allocation.cents).order_by(Allocation.id))
        assert [tuple(row) for row in found] == [
            (notes[0].id, "note", 9_500),
            (notes[2].id, "note", 9_500),
            (notes[0].id, "kept", 1_000),
        ]
    test = opened_page(lijst="tegoeden")
    assert "1.000" not in said(test)
    assert "10,00" in said(test)
    test.button(key=f"spend_{notes[0].id}").click().run()
    test.button(key="do_spend").click().run()
    assert not test.exception
    with read() as db:
        assert db.scalars(select(Allocation.note_id).order_by(Allocation.id.desc())).first() == notes[1].id


def test_a_line_is_set_aside_with_a_reason(sqlite_database: str) -> None:
    three_notes()
    taken(paid(-500, text="kosten"))
    test, line = opened_page(), only_line()
    test.button(key=f"aside_{line}").click().run()
    test.text_input(key="aside_remark").set_value("bankkosten")
    test.button(key="do_aside").click().run()
    assert "bankkosten" in said(opened_page(lijst="geplaatst"))


def test_a_line_that_somebody_else_placed_is_told(sqlite_database: str) -> None:
    notes = three_notes()
    taken(paid(9_500, text="?"))
    test, line = opened_page(), only_line()
    with write() as db:
        account = db.scalars(select(Account)).first()
        assert account
        payments.set_aside(db, access.acting(account), line, "")
    assert notes
    test.button(key=f"confirm_{line}").click().run()
    assert "intussen geplaatst" in said(test)


@pytest.mark.parametrize("role", [CoordinatorRole.COORDINATOR, CoordinatorRole.READER])
def test_others_than_finance_look_but_get_no_button(sqlite_database: str, role: CoordinatorRole) -> None:
    three_notes(role) if role is not CoordinatorRole.READER else _with_a_reader()
    taken(paid(28_500, text="drie"))
    test = opened_page()
    assert "«financiën»" in said(test)
    assert [button.key for button in test.button if button.key and button.key.startswith(("confirm", "read_"))] == []
    assert "ATHENEUM VOORBEELD" in said(test)


def _with_a_reader() -> None:
    with write() as db:
        an_account(db, None, ADDRESSES[Role.COORDINATOR], coordinator_role=CoordinatorRole.READER)


def test_today_counts_the_lines_that_wait(sqlite_database: str) -> None:
    three_notes()
    taken(paid(28_500, text="drie"))
    test = opened(door_of("coordinator/today.py"), Role.COORDINATOR)
    assert not test.exception
    assert "Te plaatsen bankverrichtingen" in [metric.label for metric in test.metric]
