"""The page of the history import, its templates and its list of faults."""

import io

from openpyxl import load_workbook
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from core.db import read, write
from core.documents import import_sheets
from core.imports import report as reports
from core.models import Person
from core.rules.import_kinds import COLUMNS, FILE_NAMES, KINDS
from core.services import sign_ins
from core.vocabulary import CoordinatorRole, ImportKind, ImportPurpose
from pages.shared.signing import SIGN_IN
from tests.builders import an_account
from tests.conftest import ROOT
from tests.imports.files import csv_of, headings, upload
from tests.imports.history import checked, history, taken_in, uploads
from tests.pages.test_pages import said


def opened(role: CoordinatorRole = CoordinatorRole.COORDINATOR) -> AppTest:
    with write() as db:
        account = an_account(db, None, "team@cno.example", coordinator_role=role)
        sign_in_id = sign_ins.start(db, account.id)[0]
    test = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    test.session_state[SIGN_IN] = sign_in_id
    test.run()
    return test.switch_page(str(ROOT / "pages" / "coordinator" / "imports.py")).run()


def give(test: AppTest, files: dict[str, bytes]) -> AppTest:
    test.file_uploader[0].set_value([(name, content, "text/csv") for name, content in files.items()]).run()
    return test.button(key="check_import").click().run()


def test_a_template_is_empty_keeps_zeros_and_its_example_has_no_fault(sqlite_database: str) -> None:
    for purpose, kinds in (*KINDS.items(), (ImportPurpose.HISTORY, (ImportKind.PERSONS,))):
        content = import_sheets.template(kinds)
        book = load_workbook(io.BytesIO(content))
        for kind in kinds:
            sheet = book[FILE_NAMES[kind]]
            assert [cell.value for cell in sheet[1]] == headings(kind)
            assert sheet.max_row == 1
            assert sheet.column_dimensions["A"].number_format == "@"
        report = checked([upload("sjabloon.xlsx", content)], purpose=purpose)
        assert (report.faults, report.rows, report.remarks) == ((), 0, ())
    examples = {
        kind: [{column.name: column.example for column in columns}]
        for kind, columns in COLUMNS.items()
        if kind in KINDS[ImportPurpose.HISTORY] and kind is not ImportKind.COURSE_DAYS
    }
    assert checked(uploads(examples)).faults == ()


def test_the_list_of_faults_holds_no_formula(sqlite_database: str) -> None:
    rows = [{"email": "a@x.example", "first_name": "=1+1", "last_name": "Maes"}]
    found = checked(uploads({ImportKind.PERSONS: rows})).faults
    sheet = load_workbook(io.BytesIO(import_sheets.fault_list(reports.lines_of(found)))).active
    assert [cell.value for cell in sheet[2]][2:5] == [2, "Voornaam", "=1+1"]
    assert sheet["E2"].data_type == "s"


def test_faults_are_shown_and_a_proposal_is_accepted_with_a_tick(sqlite_database: str) -> None:
    taken_in(uploads({ImportKind.INSTITUTIONS: history()[ImportKind.INSTITUTIONS]}))
    rows = [{"email": "a@x.example", "first_name": "An", "last_name": "Maes", "schools": "12345"}]
    test = give(opened(), {"cursisten.csv": csv_of(ImportKind.PERSONS, rows)})
    assert not test.exception
    assert "Er is 1 fout gevonden." in said(test)
    assert test.button(key="take_in").disabled
    assert test.dataframe[0].value.iloc[0, 0] == "cursisten.csv"
    test.checkbox(key="mend_pad_numbers").check().run()
    assert "Geen fouten" in said(test)
    test.button(key="take_in").click().run()
    assert not test.exception
    assert "Alles is ingevoerd." in said(test)
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 1
    undo = next(button for button in test.button if (button.key or "").startswith("undo_"))
    undo.click().run()
    test.button(key="confirm_undo_import").click().run()
    assert "De invoer is ongedaan gemaakt." in said(test)
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 0


def test_a_reader_and_a_broken_file_are_told_so(sqlite_database: str) -> None:
    test = give(opened(CoordinatorRole.READER), {"cursisten.csv": csv_of(ImportKind.PERSONS, [])})
    assert "Uw account mag dit niet doen" in said(test) or "mag dit niet" in said(test)
    test = give(test, {"raar.csv": b"\x00\x01"})
    assert "kan niet gelezen worden" in said(test).replace("\\", "")
