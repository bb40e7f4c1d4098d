"""A school year of a school: who followed what, for how many hours, at which cost; as sums, workbook and PDF."""

import io
from datetime import date, datetime, timedelta

import pypdfium2
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core import access, clock
from core.db import read, write
from core.documents import overviews as documents
from core.documents import sheets
from core.documents.sheets import Column
from core.i18n import speaking
from core.models import Attendance, Certificate, Course, CourseDay, CourseTheme, Enrolment, Person
from core.queries import overviews as queries
from core.queries import own_year, paid_enrolments
from core.services import certificates, enrolments, replacements
from core.vocabulary import CLOCK, Actor, ActorKind, CoordinatorRole, Language, Theme
from tests.services.schools import course, enrolled, enrols, id_of, school, staff

FORMULA = '=HYPERLINK("http://kwaad.example","klik")'


@pytest.fixture
def year(database: str, noon: datetime) -> Actor:
    """A school year: two courses, a seat taken over, one without a name, one cancelled at a cost, one for free."""
    wimpel = school("Basisschool «De Zonnewimpel» & co")
    an, bo, cas = staff("An", "Bo", "Cas", of=(wimpel,))
    sums, words = course(title="Rekenen", in_days=20, days=2), course(title="Woorden", in_days=4, price_cents=12_345)
    next_year = course(title="Volgend jaar", in_days=300)
    with write() as db:
        db.add(CourseTheme(course_id=sums, theme=Theme.DIGITAL))
        db.get_one(Course, words).title = FORMULA
    first, _bo, _unnamed = enrolled(wimpel, sums, an, bo, unnamed=1)
    late, free = enrolled(wimpel, words, an, bo)
    (gratis,) = enrolled(wimpel, course(title="Gratis weg", in_days=25), bo)
    enrolled(wimpel, next_year, an)
    enrols(an, course(title="Zelf betaald", in_days=26))
    with write() as db:
        replacements.replace(db, wimpel, first, id_of(cas))
        enrolments.cancel(db, wimpel, late)
        enrolments.cancel(db, wimpel, gratis)
    assert free
    return wimpel


def of_year(actor: Actor, school_year: int = 2026) -> queries.Overview:
    with read() as db:
        return queries.overview(db, actor, school_year)


def test_the_sums_count_seats_that_stand_and_costs_of_cancelling(year: Actor) -> None:
    found = of_year(year)
    assert [(line.person_name, line.minutes, line.cents) for line in found.lines] == [
        ("An Peeters", 0, 12_345),  # cancelled four days before
        ("Bo Peeters", 390, 12_345),
        ("Bo Peeters", 780, 19_000),
        ("Cas Peeters", 780, 19_000),
        ("(nog te bepalen)", 780, 19_000),
    ]
    assert (found.persons, found.courses, found.minutes, found.cents) == (2, 2, 2_730, 81_690)
    assert found.minutes_by_theme() == {Theme.DIGITAL: 2_340, None: 390}
    assert found.minutes_by_month() == {(2026, 11): 390, (2026, 12): 2_340}


def test_other_years_and_other_actors_see_their_own_only(year: Actor) -> None:
    assert [line.course_title for line in of_year(year, 2027).lines] == ["Volgend jaar"]
    empty = of_year(year, 2019)
    assert (empty.lines, empty.persons, empty.cents, empty.minutes_by_month()) == ((), 0, 0, {})
    assert of_year(CLOCK).lines == ()
    assert of_year(staff("Els")[0]).lines == ()


def test_the_workbook_opens_again_and_holds_no_formula(year: Actor) -> None:
    with write() as db:
        person = db.get_one(Person, 3)
        person.first_name, person.last_name = "+Cas\x07", "@SUM(A1)"
    with speaking(Language.DUTCH):
        content = documents.to_xlsx(queries.facts(of_year(year), "Wimpel"), Language.DUTCH)
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Overzicht", "Inschrijvingen"]
    assert [row[1].value for row in book["Overzicht"].iter_rows(min_row=2)] == [2, 2, 45.5, 0, 0, 816.9]
    rows = list(book["Inschrijvingen"].iter_rows(min_row=2))
    assert len(rows) == 5
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "d"}
    assert {row[2].value for row in rows} == {FORMULA, "Rekenen"}
    named = {row[0].value: row for row in rows}
    assert "+Cas @SUM(A1)" in named
    assert (named["+Cas @SUM(A1)"][3].value.date(), named["+Cas @SUM(A1)"][7].value) == (date(2026, 12, 13), 13)
    assert [row[11].value for row in rows if row[2].value == FORMULA] == [123.45, 123.45]
    assert "€" in rows[0][11].number_format
    assert book["Inschrijvingen"].freeze_panes == "A2"


def test_what_was_followed_and_certified_stands_beside_what_was_given(year: Actor, noon: datetime) -> None:
    """A school, the person and a coordinator read the same hours and numbers; nobody else sees any of it."""
    found = of_year(year)
    assert (found.followed_minutes, found.certificates) == (0, 0)
    assert {line.followed_minutes for line in found.lines} == {None}
    team = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.COORDINATOR)
    (stranger,) = staff("Els")
    with write() as db:
        first, _second = db.scalars(
            select(CourseDay).join(Course).where(Course.title == "Rekenen").order_by(CourseDay.held_on)
        )
        holder = db.scalars(
            select(Enrolment).join(Person).where(Person.first_name == "Cas", Enrolment.course_id == first.course_id)
        ).one()
        cas, school_id = holder.person_id, year.institution_id
        db.add(Attendance(enrolment_id=holder.id, course_day_id=first.id, is_present=True, recorded_at=noon))
    with clock.frozen(noon + timedelta(days=40)):
        with write() as db:
            paper = db.get_one(Certificate, certificates.issue(db, team, holder.id, Language.DUTCH)).number
        with read() as db:
            seen = queries.overview(db, team, 2026, institution_id=school_id)
            own = own_year.of_year(db, team, 2026, cas)
            assert paid_enrolments.school_years(db, team, school_id) == (2027, 2026)
            assert own_year.school_years(db, team, cas) == (2026,)
            with pytest.raises(access.NotFound):
                queries.overview(db, stranger, 2026, institution_id=school_id)
            with pytest.raises(access.NotFound):
                own_year.of_year(db, stranger, 2026, cas)
        assert seen == of_year(year)
        lines = {(line.person_name, line.course_title): line for line in seen.lines}
        followed = lines["Cas Peeters", "Rekenen"]
        assert (followed.minutes, followed.followed_minutes, followed.missed_days) == (780, 390, 1)
        assert (followed.certificate_number, followed.has_certificate) == (paper, True)
        assert lines["Bo Peeters", "Rekenen"].followed_minutes == 0  # presence was taken, and Bo was not there
        assert lines["Bo Peeters", FORMULA].followed_minutes == 390  # nobody was noted: everybody counts
        assert lines["(nog te bepalen)", "Rekenen"].followed_minutes is None
        assert (seen.followed_minutes, seen.certificates) == (780, 2)
        assert [(line.followed_minutes, line.certificate_number) for line in own.lines] == [(390, paper)]
        book = load_workbook(io.BytesIO(documents.to_xlsx(queries.facts(seen, "Wimpel"), Language.DUTCH)))
        cells = {row[0].value: [cell.value for cell in row] for row in book["Inschrijvingen"].iter_rows(min_row=2)}
        assert cells["Cas Peeters"][7:11] == [13, 6.5, 1, paper]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1+1", "=cmd|' /C calc'!A0", "a\x00b\x1f", "x" * 200])
def test_text_stays_text_in_every_cell(text: str) -> None:
    content = sheets.workbook({"Blad": ([Column("Naam"), Column("Aantal", "number")], [(text, 0), ("", None)])})
    sheet = load_workbook(io.BytesIO(content))["Blad"]
    cell = sheet["A2"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\x00", "").replace("\x1f", "")
    assert (sheet["B2"].value, sheet["A3"].value, sheet["B3"].value) == (0, None, None)


@pytest.mark.parametrize(("language", "word"), [(Language.DUTCH, "Nascholingen"), (Language.ENGLISH, "Courses")])
def test_the_pdf_says_the_same(year: Actor, language: Language, word: str) -> None:
    with speaking(language):
        content = documents.to_pdf(queries.facts(of_year(year), "Basisschool «De Zonnewimpel» & co"), language)
    document = pypdfium2.PdfDocument(content)
    text = "\n".join(page.get_textpage().get_text_range() for page in document).replace("\xa0", " ")
    document.close()
    assert f"{word} 2026-2027" in text
    assert "Basisschool «De Zonnewimpel» & co" in text
    for piece in ("Cas Peeters", "Rekenen", "13/12/2026", FORMULA[:20]):
        assert piece in text
    assert ("€ 816,90" if language is Language.DUTCH else "816") in text
    assert "<" not in text
