"""Every page, opened by whoever has nothing to do with the first school, on its ids: not a word of it is sent."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core.db import engine, write
from core.services import sign_ins
from core.vocabulary import Role, TokenPurpose
from pages.shared import school_dialogs
from pages.shared.school_rows import PICKED
from pages.shared.signing import SIGN_IN
from pages.shared.site import CATALOGUE, CONFIRM, COURSE, DOORS, ENROL, ENROL_COLLEAGUES, Door
from tests.access.world import Dump, World, dump
from tests.conftest import ROOT

#: Pages that show the catalogue or one course: its title is no secret there.
OF_COURSES = (CATALOGUE, COURSE, ENROL, ENROL_COLLEAGUES)
OF_SCHOOLS = [door for door in DOORS if door.audience is Role.INSTITUTION]
STRANGERS = {"another school": Role.INSTITUTION, "another person": Role.PERSON}


@pytest.fixture(scope="module")
def sign_in_ids(on_sqlite: World) -> dict[str, int]:
    """A sign-in of each, made once: a page then changes nothing."""
    owners = {
        "school": on_sqlite.school,
        "another school": on_sqlite.stranger_school,
        "another person": on_sqlite.stranger,
        "person": on_sqlite.person,
    }
    with write() as db:
        return {name: sign_ins.start(db, actor.account_id or 0)[0] for name, actor in owners.items()}


@pytest.fixture
def untouched(on_sqlite: World, sign_in_ids: dict[str, int]) -> Iterator[None]:
    """The whole database must be afterwards what it was before."""

    def whole() -> Dump:
        with Session(engine()) as db:
            return dump(db)

    before = whole()
    yield
    assert whole() == before


def opened(door: Door, sign_in_id: int, query: dict[str, str], state: dict[str, Any]) -> AppTest:
    """A page as somebody sees it who comes by an address, with what lies in the browser's session."""
    test = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=30)
    test.session_state[SIGN_IN] = sign_in_id
    for key, value in state.items():
        test.session_state[key] = value
    for key, value in query.items():
        test.query_params[key] = value
    test._page_hash = calc_hash(door.url_path)  # a first run of the catalogue would take as long again
    return test.run()


def sent(test: AppTest) -> str:
    """Everything the page sends to the browser, labels, options and tables included."""
    found: list[bytes] = []

    def walk(node: Any) -> None:
        proto = getattr(node, "proto", None)
        if proto is not None and hasattr(proto, "SerializeToString"):
            found.append(proto.SerializeToString())
        for child in getattr(node, "children", {}).values():
            walk(child)

    walk(test._tree)
    return b"\n".join(found).decode("utf-8", "replace")


def leaks(world: World, door: Door, text: str) -> list[str]:
    public = ("Geheimcursus",) if door in OF_COURSES else ()
    return [secret for secret in world.secrets if secret in text and secret not in public]


def queries(world: World) -> list[dict[str, str]]:
    """Addresses somebody could make up, or find in a mail that was passed on."""
    theirs, ids = world.addresses["Geheimcursus straks"], world.ids
    return [
        {"id": theirs, "code": "x", "doel": TokenPurpose.UNDO_AFFILIATION, "soort": "notas", "cursist": "Geheim"},
        {"id": str(ids["named"]), "soort": "attesten", "persoon": "Geheim", "periode": "past", "jaar": "2026"},
        {"id": str(ids["note"]), "soort": "schooljaar", "jaar": "2026", "schooljaar": "2026", "nascholing": "Geheim"},
    ]


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.file)
def test_no_address_of_a_page_shows_a_word_of_another_school(
    on_sqlite: World, sign_in_ids: dict[str, int], untouched: None, door: Door, who: str
) -> None:
    for query in queries(on_sqlite) if door.audience is STRANGERS[who] else queries(on_sqlite)[:1]:
        test = opened(door, sign_in_ids[who], query, {})
        assert not test.exception
        text = sent(test)
        assert test.title
        assert leaks(on_sqlite, door, text) == []


DIALOGS = [
    *(("institution/enrolments.py", name) for name in school_dialogs._DIALOGS),
    ("institution/people.py", "remove"),
    ("person/enrolments.py", "cancel"),
    ("person/enrolments.py", "payer"),
]
SUBJECTS = {"remove": "link", "name": "unnamed", "undo": "follower"}


@pytest.mark.parametrize(("file", "name"), DIALOGS)
def test_a_dialog_about_what_another_school_pays_does_not_open(
    on_sqlite: World, sign_in_ids: dict[str, int], untouched: None, file: str, name: str
) -> None:
    door = next(door for door in DOORS if door.file == file)
    subject = on_sqlite.ids[SUBJECTS.get(name, "named")]
    picked = {PICKED: {on_sqlite.ids[each] for each in ("named", "unnamed", "follower")}}
    stranger, owner = ("another school", "school") if door in OF_SCHOOLS else ("another person", "person")
    for about in (subject, "picked") if name == "cancel" and door in OF_SCHOOLS else (subject,):
        test = opened(door, sign_in_ids[stranger], {}, {"_dialog": (name, about), **picked})
        assert not test.exception
        assert leaks(on_sqlite, door, sent(test)) == []
        assert not confirming(test)
    own = opened(door, sign_in_ids[owner], {}, {"_dialog": (name, subject)})
    assert confirming(own), "else it would prove nothing"


def confirming(test: AppTest) -> list[str]:
    """The buttons of an open dialog that do what it is about."""
    return [str(button.key) for button in test.button if str(button.key).startswith("confirm_")]


def test_choices_left_in_the_browser_enrol_nobody_of_another_school(
    on_sqlite: World, sign_in_ids: dict[str, int], untouched: None
) -> None:
    course = on_sqlite.ids["open_course"]
    state = {f"chosen_{course}": {on_sqlite.ids["person"], on_sqlite.ids["other"]}}
    test = opened(
        ENROL_COLLEAGUES, sign_in_ids["another school"], {"id": on_sqlite.addresses["Openbare cursus"]}, state
    )
    assert not test.exception
    assert test.button(key="confirm_group").disabled
    assert leaks(on_sqlite, ENROL_COLLEAGUES, sent(test)) == []


@pytest.mark.parametrize("purpose", TokenPurpose)
def test_an_id_is_no_secret_of_a_link(
    on_sqlite: World, sign_in_ids: dict[str, int], untouched: None, purpose: TokenPurpose
) -> None:
    about = {TokenPurpose.DECIDE_PAYER_REQUEST: "request", TokenPurpose.UNDO_AFFILIATION: "link"}.get(
        purpose, "account"
    )
    code = str(on_sqlite.ids[about])
    test = opened(CONFIRM, sign_in_ids["another school"], {"doel": purpose, "code": code}, {})
    assert "niet meer geldig" in "\n".join(each.value for each in test.error)
    assert leaks(on_sqlite, CONFIRM, sent(test)) == []


@pytest.mark.parametrize("door", OF_SCHOOLS, ids=lambda door: door.file)
def test_the_school_itself_does_see_its_own(on_sqlite: World, sign_in_ids: dict[str, int], door: Door) -> None:
    found = leaks(on_sqlite, door, sent(opened(door, sign_in_ids["school"], {}, {})))
    assert {"Geheimschool", "Geheimcursus"} & set(found)
    assert len(found) > 1


def test_the_end_of_a_sign_in_takes_everything_out_of_the_browser(
    on_sqlite: World, sign_in_ids: dict[str, int]
) -> None:
    door = next(door for door in DOORS if door.file == "institution/enrolments.py")
    test = opened(door, sign_in_ids["school"], {}, {PICKED: {on_sqlite.ids["named"]}})
    assert "Geheimnaam" in sent(test)
    with write() as db:
        sign_ins.end(db, sign_in_ids["school"])
    test.run()
    assert leaks(on_sqlite, door, sent(test)) == []
    assert PICKED not in test.session_state
