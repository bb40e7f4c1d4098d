"""Every number of every report, counted once more in plain Python, on both databases; and the numbers agree."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any

import pytest
from sqlalchemy import select

from core import access, clock, demo
from core.db import Db, read, write
from core.demo import Size, large
from core.models import (
    Affiliation,
    Course,
    Enrolment,
    IncomingMail,
    Institution,
    Note,
    OutgoingMail,
    PaidBefore,
    Person,
    PersonLevel,
    PersonSubject,
    Teacher,
)
from core.queries import reports
from core.queries.reports import Per, ReportKind
from core.queries.reports.mailbox import Asked
from core.queries.reports.reach import Reached
from core.rules import seats
from core.rules.periods import Preset, Span, span_of
from core.rules.regions import province_of
from core.vocabulary import (
    SEATED,
    VISITOR,
    Actor,
    ActorKind,
    CourseStatus,
    EnrolmentStatus,
    IncomingState,
    MailKind,
    NoteKind,
    PayerKind,
    Province,
)
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution

SMALL = Size(persons=2_000, institutions=90, courses=120, enrolments=3_000, years=4, mails=900, threads=300)
GONE = {CourseStatus.CANCELLED, CourseStatus.CANCELLING}
TEAM = Actor(ActorKind.COORDINATOR)
TODAY = date(2026, 11, 23)
SPANS = {
    "this school year": span_of(Preset.SCHOOL_YEAR, TODAY),
    "last school year": span_of(Preset.LAST_SCHOOL_YEAR, TODAY),
    "twelve months": span_of(Preset.TWELVE_MONTHS, TODAY),
    "ten days": Span(TODAY - timedelta(days=9), TODAY + timedelta(days=1)),
    "sixty days": Span(date(2026, 2, 10), date(2026, 4, 11)),
    "three years": Span(date(2023, 9, 1), date(2026, 9, 1)),
    "still to come": Span(date(2027, 1, 1), date(2027, 7, 1)),
}


class World:
    """Everything in the database, read once."""

    def __init__(self, db: Db) -> None:
        def all_of(table: Any) -> list[Any]:
            return list(db.scalars(select(table)))

        self.paid = Counter({row.note_id: row.cents for row in all_of(PaidBefore)})
        self.enrolments, self.notes, self.courses = all_of(Enrolment), all_of(Note), all_of(Course)
        self.incoming, self.outgoing = all_of(IncomingMail), all_of(OutgoingMail)
        self.people = {person.id: person for person in all_of(Person)}
        self.schools = {school.id: school for school in all_of(Institution)}
        self.levels, self.subjects = defaultdict[int, list[Any]](list), defaultdict[int, list[Any]](list)
        for row in all_of(PersonLevel):
            self.levels[row.person_id].append(row.level)
        for row in all_of(PersonSubject):
            self.subjects[row.person_id].append(row.subject)
        self.threads = defaultdict[int | None, list[Any]](list)
        for mail in self.outgoing:
            self.threads[mail.thread_id].append(mail)
        self.links: dict[int, int] = {}
        for link in all_of(Affiliation):
            if link.ended_on is None:
                known = self.links.get(link.person_id, link.institution_id)
                self.links[link.person_id] = min(known, link.institution_id)

    def made(self, span: Span) -> list[Any]:
        return [row for row in self.enrolments if lies(span, row.created_at)]


def lies(span: Span, at: datetime | None) -> bool:
    return at is not None and span.first <= clock.day_of(at) < span.after


def midnights() -> None:
    """Moments that are easily miscounted: around midnight in Brussels, a replacement that was taken back."""
    with write() as db:
        course, school = a_course(db), an_institution(db)
        for at in (clock.at(date(2026, 8, 31), time(23, 59)), clock.at(date(2026, 9, 1), time(0, 1))):
            an_enrolment(db, course, a_person(db)).created_at = at
        first = an_enrolment(db, course, a_person(db), school)
        undone = an_enrolment(db, course, a_person(db), school, replaces_id=first.id, seat_id=first.id)
        undone.status, undone.cancelled_at = EnrolmentStatus.CANCELLED, clock.now()
        undone.cancellation_reason = seats.UNDONE


def test_every_report_counts_what_is_there(database: str, noon: datetime) -> None:
    with write() as db:
        an_account(db, None, "team@cno.example")
        db.add_all(Teacher(name=name) for name in ("Lotte Verhaegen", "Bram Çelik"))
    large.grow(SMALL, demo.PASSWORD, 2026, lambda _table, _rows: None)
    midnights()
    with read() as db:
        world = World(db)
        for name, period in SPANS.items():
            for check in CHECKS:
                check(db, world, period, name)


def pair(found: Any, period: Span, brute: Callable[[Span], Any], about: str) -> None:
    """A pair of numbers is what brute force finds in the span and in the year before."""
    span = period.so_far(TODAY)
    assert found.now == brute(span), about
    assert found.before == brute(span.year_before()), about


def flow(found: Any, period: Span, brute: Callable[[Span], int], about: str) -> None:
    """The steps are the span, each holds what brute force finds, and so does their sum."""
    span = period.so_far(TODAY)
    assert sum(each.days for each in found.spans) == span.days, about
    assert found.now == tuple(map(brute, found.spans)), about
    assert found.before == tuple(brute(each.year_before()) for each in found.spans), about
    pair(found.total, period, brute, about)


def enrolments(db: Db, world: World, period: Span, about: str) -> None:
    found: Any = reports.report(db, TEAM, ReportKind.ENROLMENTS, period)

    def new(span: Span) -> list[Any]:
        return [row for row in world.made(span) if row.replaces_id is None]

    flow(found.made, period, lambda span: len(new(span)), about)
    for made, span in ((found.totals.now, period.so_far(TODAY)), (found.totals.before, None)):
        rows = new(span or period.so_far(TODAY).year_before())
        assert made.total == len(rows) == sum(made.by_state.values()) == sum(made.by_maker.values()), about
        assert made.by_state == {state: sum(row.status is state for row in rows) for state in EnrolmentStatus}
        assert made.paid_by_institution == sum(row.payer_kind is PayerKind.INSTITUTION for row in rows)
        holders = world.made(span or period.so_far(TODAY).year_before())
        assert made.participants == len(
            {row.person_id for row in holders if row.status is EnrolmentStatus.CONFIRMED and row.person_id}
        )


def changes(db: Db, world: World, period: Span, about: str) -> None:
    found: Any = reports.report(db, TEAM, ReportKind.CHANGES, period)
    courses = {course.id: course for course in world.courses}

    def cancelled(span: Span) -> list[Any]:
        gone = [row for row in world.enrolments if row.status is EnrolmentStatus.CANCELLED]
        return [row for row in gone if row.cancellation_reason != seats.UNDONE and lies(span, row.cancelled_at)]

    def replaced(span: Span) -> int:
        return sum(row.replaces_id is not None and row.cancellation_reason != seats.UNDONE for row in world.made(span))

    flow(found.cancelled, period, lambda span: len(cancelled(span)), about)
    flow(found.replaced, period, replaced, about)
    for changed, span in zip((found.totals.now, found.totals.before), spans(period), strict=True):
        rows = cancelled(span)
        assert (changed.cancelled, changed.replaced) == (len(rows), replaced(span)), about
        assert changed.by_course == sum(courses[row.course_id].status in GONE for row in rows), about
        assert changed.with_cost == sum((row.cancellation_cents or 0) > 0 for row in rows), about
        assert changed.cost_cents == sum(row.cancellation_cents or 0 for row in rows), about
        assert changed.courses == sum(lies(span, course.cancelled_at) for course in world.courses), about
        assert changed.by_participant + changed.by_course == changed.cancelled
    made: Any = reports.report(db, TEAM, ReportKind.ENROLMENTS, period)
    assert found.totals.now.enrolments == made.totals.now.total


def spans(period: Span) -> tuple[Span, Span]:
    span = period.so_far(TODAY)
    return span, span.year_before()


def occupancy(db: Db, world: World, period: Span, about: str) -> None:
    found: Any = reports.report(db, TEAM, ReportKind.OCCUPANCY, period)
    taken = Counter(row.course_id for row in world.enrolments if row.status in SEATED)

    def begun(span: Span) -> list[Any]:
        offered = [course for course in world.courses if course.status is not CourseStatus.DRAFT]
        return [course for course in offered if course.first_day and span.first <= course.first_day < span.after]

    later = Span(period.so_far(TODAY).after, max(period.so_far(TODAY).after, period.after))
    for fill, span in zip((found.totals.now, found.totals.before, found.coming), (*spans(period), later), strict=True):
        held = [course for course in begun(span) if course.status not in GONE]
        assert fill.held == len(held), about
        assert fill.cancelled == len(begun(span)) - len(held), about
        assert fill.places == sum(course.capacity for course in held), about
        assert fill.taken == sum(taken[course.id] for course in held), about
        assert fill.full == sum(taken[course.id] >= course.capacity for course in held), about
        assert fill.below_minimum == sum(taken[course.id] < course.minimum for course in held), about
        assert sum(fill.bands) == fill.held, about
    for steps, total in ((found.steps.now, found.totals.now), (found.steps.before, found.totals.before)):
        assert sum(fill.taken for fill in steps) == total.taken, about
        assert sum(fill.held for fill in steps) == total.held, about
    assert sum(each.now.places for each in found.by_type.values()) == found.totals.now.places, about


def money(db: Db, world: World, period: Span, about: str) -> None:
    turnover: Any = reports.report(db, TEAM, ReportKind.TURNOVER, period)
    found: Any = reports.report(db, TEAM, ReportKind.OPEN, period)

    def notes(span: Span, kind: NoteKind) -> list[Any]:
        return [note for note in world.notes if note.kind is kind and span.first <= note.issued_on < span.after]

    def cents(rows: list[Any]) -> int:
        return sum(note.total_cents for note in rows)

    flow(turnover.issued, period, lambda span: cents(notes(span, NoteKind.DEBIT)), about)
    flow(turnover.credited, period, lambda span: cents(notes(span, NoteKind.CREDIT)), about)
    assert turnover.net.total.now == turnover.totals.now.net
    for total, open_, span, on in zip(
        (turnover.totals.now, turnover.totals.before),
        (found.totals.now, found.totals.before),
        spans(period),
        (TODAY, TODAY.replace(year=TODAY.year - 1)),
        strict=True,
    ):
        debits, credits_ = notes(span, NoteKind.DEBIT), notes(span, NoteKind.CREDIT)
        assert (total.debit_notes, total.credit_notes) == (len(debits), len(credits_)), about
        by_school = [note for note in debits if note.payer_kind is PayerKind.INSTITUTION]
        less = [note for note in credits_ if note.payer_kind is PayerKind.INSTITUTION]
        assert total.by_school == cents(by_school) - cents(less), about
        assert total.by_school + total.by_person == total.net, about
        back = Counter[int]()
        for note in world.notes:
            if note.corrects_id and note.issued_on <= on:
                back[note.corrects_id] += note.total_cents
        assert open_.issued == total.issued == cents(debits), about
        assert open_.credited == sum(back[note.id] for note in debits), about
        assert open_.paid == sum(world.paid[note.id] for note in debits), about
        assert open_.debit_notes == total.debit_notes, about
        back += world.paid
        assert open_.ages[0] == sum(note.total_cents - back[note.id] for note in debits if note.due_on >= on), about
        late = [note for note in debits if on - timedelta(days=60) <= note.due_on <= on - timedelta(days=31)]
        assert open_.ages[2] == sum(note.total_cents - back[note.id] for note in late), about
        assert sum(open_.ages) == open_.total, about
        if on == TODAY:
            owed = Counter[str]()
            for note in by_school:
                owed[world.schools[note.payer_institution_id].name] += note.total_cents - back[note.id]
            assert [each.total for each in found.debtors] == [
                amount for _name, amount in owed.most_common(25) if amount > 0
            ], about
            assert all(owed[each.name] == each.total for each in found.debtors)


def reach(db: Db, world: World, period: Span, about: str) -> None:
    made: Any = reports.report(db, TEAM, ReportKind.ENROLMENTS, period)

    def groups_of(per: Per, person: int) -> list[Any]:
        school = world.schools.get(world.links.get(person, 0))
        match per:
            case Per.LEVEL:
                return world.levels[person] or [None]
            case Per.SUBJECT:
                return world.subjects[person] or [None]
            case Per.NETWORK:
                return [school.network if school else None]
            case Per.REGION:
                return [province_of(school.postcode if school else world.people[person].postcode)]

    for per in Per:
        found: Any = reports.report(db, TEAM, ReportKind.REACH, period, per)
        for which, span in zip(("now", "before"), spans(period), strict=True):
            held = [row for row in world.made(span) if row.status is EnrolmentStatus.CONFIRMED and row.person_id]
            persons, places = Counter[Any](), Counter[Any]()
            for person, count in Counter(row.person_id for row in held).items():
                for group in groups_of(per, person):
                    persons[group] += 1
                    places[group] += count
            expected = {group: Reached(persons[group], places[group]) for group in persons}
            shown = {group: getattr(both, which) for group, both in found.groups.items()}
            assert {group: each for group, each in shown.items() if each.persons} == expected, (about, per)
            total = getattr(found.totals, which)
            assert total == Reached(len({row.person_id for row in held}), len(held)), (about, per)
            assert total.persons == getattr(made.totals, which).participants
            if not found.is_overlapping:
                assert sum(each.persons for each in shown.values()) == total.persons, (about, per)


def mailbox(db: Db, world: World, period: Span, about: str) -> None:
    found: Any = reports.report(db, TEAM, ReportKind.MAILBOX, period)
    handed_over = {IncomingState.HELD, IncomingState.QUARANTINED}

    def asked(span: Span) -> list[Any]:
        return [
            mail for mail in world.incoming if lies(span, mail.arrived_at) and mail.state is not IncomingState.IGNORED
        ]

    flow(found.asked, period, lambda span: len(asked(span)), about)
    for which, span in zip(("now", "before"), spans(period), strict=True):
        rows = asked(span)
        total = getattr(found.totals, which)
        by_bot = [mail for mail in rows if mail.state is IncomingState.HANDLED]
        handed = [mail for mail in rows if mail.state in handed_over]
        assert total == Asked(len(rows), len(by_bot), len(handed)), about
        assert sum(getattr(each, which).total for each in found.intents.values()) == total.total, about
        for waited, questions, kind in (
            (getattr(found.by_bot, which), by_bot, MailKind.ANSWER),
            (getattr(found.by_coordinator, which), handed, MailKind.PERSONAL),
        ):
            waits = sorted(filter(None, (wait(world, question, kind) for question in questions)))
            assert waited.answered == len(waits), about
            if waits:
                assert waited.median == pytest.approx(waits[ceil(len(waits) * 0.5) - 1], abs=1), about
                assert waited.p95 == pytest.approx(waits[ceil(len(waits) * 0.95) - 1], abs=1), about


def wait(world: World, question: Any, kind: MailKind) -> float | None:
    answers = [
        mail.created_at
        for mail in world.threads[question.thread_id]
        if mail.kind is kind and mail.created_at >= question.arrived_at
    ]
    return (min(answers) - question.arrived_at).total_seconds() if answers else None


CHECKS = (enrolments, changes, occupancy, money, reach, mailbox)


def test_a_report_is_for_coordinators_only(sqlite_database: str) -> None:
    with read() as db:
        for kind in ReportKind:
            with pytest.raises(access.NotFound):
                reports.report(db, VISITOR, kind, SPANS["this school year"])


def test_a_report_of_nothing_has_nothing_to_compare(sqlite_database: str, noon: datetime) -> None:
    with read() as db:
        for kind in ReportKind:
            for period in SPANS.values():
                told = reports.told(reports.report(db, TEAM, kind, period, Per.REGION))
                assert told.title
                assert all(not metric.now for metric in told.metrics)


def test_a_place_without_a_belgian_postcode_lies_nowhere() -> None:
    assert province_of("B-9000") is Province.EAST_FLANDERS
    assert province_of(" 1000 ") is Province.BRUSSELS
    assert province_of("3500") is Province.LIMBURG
    assert {province_of(text) for text in ("", "75001", "0999", "abcd", "B-")} == {Province.UNKNOWN}
