"""The pages of finance, as they are clicked: finding notes, one note's life, what is open, the journal, the control."""

from datetime import timedelta

from sqlalchemy import select, text

from core import clock
from core.db import read, write
from core.models import LedgerExport, Note
from core.vocabulary import Role
from tests.pages.screens import door_of, opened, said
from tests.pages.test_payments import paid, taken, three_notes

NOTES, NOTE, OPEN = (door_of(f"coordinator/{name}.py") for name in ("notes", "note", "open_amounts"))
LEDGER, CONTROL, TODAY = (door_of(f"coordinator/{name}.py") for name in ("ledger", "control", "today"))


def plain(test: object) -> str:
    return said(test).replace("\\", "").replace("\u00a0", " ")  # type: ignore[arg-type]


def test_a_note_is_found_and_its_life_is_told(sqlite_database: str) -> None:
    first, second, _third = three_notes()
    taken(paid(9_500, ogm=str(first.ogm)), paid(4_000, ogm=str(second.ogm)))
    for words in (first.number, str(first.ogm), "an0"):
        test = opened(NOTES, Role.COORDINATOR, zoek_nota=words)
        assert not test.exception
        assert "1 nota" in plain(test) and "Atheneum Voorbeeld" in plain(test)
    test = opened(NOTES, Role.COORDINATOR, toon="openstaand")
    assert "2 nota's · € 190,00 open" in plain(test)
    test = opened(NOTE, Role.COORDINATOR, id=str(first.id))
    assert not test.exception
    for words in (f"Debetnota {first.number}", "Betaald: € 95,00", "ATHENEUM VOORBEELD", "vanzelf toegewezen"):
        assert words in plain(test), words
    assert "niet bekend" in plain(opened(NOTE, Role.COORDINATOR, id="99999"))


def test_finance_credits_a_note_and_undoes_a_payment_from_its_page(sqlite_database: str) -> None:
    first, second, _third = three_notes()
    taken(paid(9_500, ogm=str(first.ogm)))
    test = opened(NOTE, Role.COORDINATOR, id=str(second.id))
    test.button(key="credit").click().run()
    test.button(key="do_credit").click().run()
    assert "Zeg waarom" in plain(test)
    test.text_input(key="credit_reason").set_value("Dubbel ingeschreven").run()
    test.button(key="do_credit").click().run()
    assert not test.exception
    assert "De creditnota is gemaakt" in plain(test) and "Gecrediteerd: € 95,00" in plain(test)
    test = opened(NOTE, Role.COORDINATOR, id=str(first.id))
    next(each for each in test.button if str(each.key).startswith("undo_1_")).click().run()
    test.button(key="do_undo_placing").click().run()
    assert "Toewijzing van € 95,00 ongedaan gemaakt" in plain(test)


def test_a_coordinator_without_the_role_finance_only_looks(sqlite_database: str) -> None:
    first, *_rest = three_notes()
    with write() as db:
        db.execute(text("UPDATE account SET coordinator_role = 'coordinator'"))
    test = opened(NOTE, Role.COORDINATOR, id=str(first.id))
    assert {"credit", "do_credit"}.isdisjoint(str(each.key) for each in test.button)
    test = opened(LEDGER, Role.COORDINATOR)
    assert "Alleen accounts met de rol «financiën»" in plain(test)
    assert "export_ledger" not in {str(each.key) for each in test.button}


def test_what_is_open_leads_to_its_notes(sqlite_database: str) -> None:
    three_notes()
    with clock.frozen(clock.now() + timedelta(days=45)):
        test = opened(OPEN, Role.COORDINATOR)
        assert not test.exception
        assert "samen € 285,00" in plain(test) and "€ 285,00 te laat" in plain(test)
        test = opened(OPEN, Role.COORDINATOR, per="nascholing")
        assert "1 nascholing met openstaande nota's · samen € 285,00" in plain(test)
        test = opened(NOTES, Role.COORDINATOR, toon="openstaand", ouderdom="1", instelling="1")
        assert "3 nota's · € 285,00 open" in plain(test) and "Atheneum Voorbeeld" in plain(test)
        test.button(key="drop_instelling").click().run()
        assert not test.exception


def test_a_period_is_exported_once_and_withdrawn(sqlite_database: str) -> None:
    three_notes()
    later = clock.now().replace(day=15) + timedelta(days=40)
    with clock.frozen(later):
        test = opened(LEDGER, Role.COORDINATOR)
        assert not test.exception
        first = clock.today().replace(day=1) - timedelta(days=1)
        with read() as db:
            issued = db.scalars(select(Note.issued_on)).first()
        assert issued is not None
        if issued.month != first.month:
            test.date_input(key="ledger_first").set_value(issued.replace(day=1)).run()
        assert "€ 285,00" in plain(test)
        test.button(key="export_ledger").click().run()
        assert not test.exception
        assert "De periode is geëxporteerd" in plain(test) and "6 boekingslijnen" in plain(test)
        with read() as db:
            made = db.scalars(select(LedgerExport)).one()
        test.button(key=f"withdraw_{made.id}").click().run()
        test.button(key="do_withdraw").click().run()
        assert "Ingetrokken" in plain(test)


def test_what_does_not_add_up_is_named_on_the_control_and_on_today(sqlite_database: str) -> None:
    first, *_rest = three_notes()
    with clock.frozen(clock.now() + timedelta(hours=3)):
        test = opened(CONTROL, Role.COORDINATOR)
        assert "Er is nog niets nagekeken" in plain(test)
        test.button(key="control_all").click().run()
        assert not test.exception
        test.button(key="control_zonder-bestand").click().run()
        assert f"{first.number} heeft geen pdf" in plain(test)
        today = opened(TODAY, Role.COORDINATOR)
        assert ("Controle van de boeken", "3") in [(each.label, each.value) for each in today.metric]
