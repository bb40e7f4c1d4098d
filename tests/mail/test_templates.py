"""Every mail in both languages, to each of its addressees, as text and HTML, against its golden file."""

from datetime import datetime
from html.parser import HTMLParser

import pytest

from core import clock
from core.db import read, write
from core.decisions import decisions
from core.i18n import speaking
from core.mail import facts as facts_of
from core.mail.examples import EXAMPLES
from core.mail.rendering import TEMPLATES, render
from core.mail.routing import ROUTES
from core.models import Note
from core.services import billing
from core.vocabulary import CLOCK, Language
from tests import goldenfiles
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution


class Shown(HTMLParser):
    """Checks that tags close in order; collects what the reader sees."""

    VOID = frozenset({"br", "img", "meta", "hr", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def story(language: Language) -> dict[str, object]:
    """The facts of one enrolment that a school pays, with its debit note."""
    with write() as db:
        person = a_person(db)
        school = an_institution(db)
        an_account(db, person, "an@school.example", language=language)
        an_account(db, school, "secretariaat@school.example", language=language)
        enrolment = an_enrolment(db, a_course(db, days=2, code="26/TST/001A", street="Boogkeers 5"), person, school)
        with clock.frozen(datetime(2026, 11, 30, 11, tzinfo=clock.now().tzinfo)):
            note = db.get_one(Note, billing.issue_debit_note(db, CLOCK, enrolment.id))
        with speaking(language):
            return facts_of.merged(decisions(db), enrolment, note, None)


@pytest.mark.parametrize("language", Language)
def test_every_mail_says_what_its_golden_file_says(sqlite_database: str, noon: datetime, language: Language) -> None:
    facts = story(language)
    for name, route in ROUTES.items():
        parts = []
        for addressee in (*route.to, *route.also):
            context = {**EXAMPLES, **facts, "to": addressee.value, "to_name": "An Peeters"}
            with read() as db, speaking(language):
                texts = render(db, name, language, context)
            assert texts.subject == texts.subject.strip() != ""
            page = Shown()
            page.feed(texts.html)
            assert page.open == []
            parts.append(f"To: {addressee.value}\nSubject: {texts.subject}\n\n{texts.text}")
            if route.is_sensitive:
                assert EXAMPLES["secret"] in texts.text
        goldenfiles.check(f"mails/{language}/{name}.txt", ("-" * 78 + "\n").join(parts))
        goldenfiles.check(f"mails/{language}/{name}.html", texts.html)


def test_no_template_is_left_without_a_route_and_no_golden_file_without_a_mail() -> None:
    for language in Language:
        folders = {path.name for path in (TEMPLATES / language).iterdir() if path.is_dir()}
        assert folders == set(ROUTES)
        golden = {path.stem for path in (goldenfiles.FOLDER / "mails" / language).iterdir()}
        assert golden == set(ROUTES)
