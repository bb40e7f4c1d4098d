"""Two at the same moment, again and again, on both databases: each ends consistent, and the loser gets a reason."""

import json
import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, or_, select

from core import access, clock, jobs
from core.access import NotFound
from core.db import Db, read, write
from core.errors import DomainError
from core.models import Affiliation, BillingAddress, Course, Enrolment, Institution, Note, NoteLine, PayerRequest
from core.rules import enrolment as rules
from core.rules import seats
from core.services import (
    affiliations,
    billing,
    colleagues,
    enrolments,
    group_cancelling,
    institutions,
    payer_requests,
    payers,
    replacements,
)
from core.tokens import LinkNotValid
from core.vocabulary import (
    CLOCK,
    VISITOR,
    Actor,
    EnrolmentStatus,
    NoteKind,
    PayerPolicy,
    PayerRequestState,
)
from tests.builders import secret_in
from tests.services.schools import (
    course,
    enrolled,
    enrols,
    id_of,
    in_days,
    mails,
    notes,
    row,
    school,
    sent_to,
    staff,
    standing,
)

ROUNDS = 10
CONFIRMED, REPLACED, CANCELLED = EnrolmentStatus.CONFIRMED, EnrolmentStatus.REPLACED, EnrolmentStatus.CANCELLED
Action = Callable[[], object]
Outcome = object | type[DomainError]


def doing(service: Callable[..., object], actor: Actor, *values: object, **named: object) -> Action:
    """One click: a service called in a transaction of its own."""

    def act() -> object:
        with write() as db:
            return service(db, actor, *values, **named)

    return act


def at_once(*actions: Action) -> list[Outcome]:
    """What each action gave, or the kind of its refusal; all start at one moment. Any other error fails the test."""
    ready, outcomes = threading.Barrier(len(actions)), [None] * len(actions)
    problems: list[BaseException] = []

    def run(place: int, action: Action) -> None:
        ready.wait(timeout=60)
        try:
            outcomes[place] = action()
        except DomainError as refused:
            outcomes[place] = type(refused)
        except BaseException as problem:  # a thread has no other way to tell
            problems.append(problem)

    threads = [threading.Thread(target=run, args=each) for each in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
        assert not thread.is_alive(), "a thread waits for ever"
    assert problems == []
    return outcomes


def won(outcomes: list[Outcome]) -> list[int]:
    """The places of those that were not refused."""
    return [
        place
        for place, outcome in enumerate(outcomes)
        if not (isinstance(outcome, type) and issubclass(outcome, DomainError))
    ]


def of_seat(seat: int) -> tuple[list[Enrolment], list[Note]]:
    """All holders of a seat, and all debit notes that bill it."""
    with read() as db:
        holders = db.scalars(
            select(Enrolment).where(or_(Enrolment.id == seat, Enrolment.seat_id == seat)).order_by(Enrolment.id)
        ).all()
        billed = db.scalars(
            select(Note)
            .join(NoteLine)
            .where(NoteLine.enrolment_id.in_([each.id for each in holders]), Note.kind == NoteKind.DEBIT)
        ).all()
        return list(holders), list(billed)


def taken(course_id: int) -> int:
    with read() as db:
        return enrolments.offering(db, db.get_one(Course, course_id)).taken


# -- (a) the same participant, twice ---------------------------------------------------------------------------------


def test_of_two_secretaries_who_replace_the_same_participant_one_wins(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo, cas = staff("An", "Bo", "Cas", of=(wimpel,))
    for _round in range(ROUNDS):
        course_id = course(capacity=1)
        (seat,) = enrolled(wimpel, course_id, an)
        before = len(mails("participant-replaced"))
        outcomes = at_once(
            doing(replacements.replace, wimpel, seat, id_of(bo)),
            doing(replacements.replace, wimpel, seat, id_of(cas)),
        )
        (winner,) = won(outcomes)
        assert outcomes[1 - winner] is seats.ChangedMeanwhile
        assert standing(course_id) == [("An", REPLACED), (("Bo", "Cas")[winner], CONFIRMED)]
        assert len(mails("participant-replaced")) == before + 1


def test_one_colleague_takes_one_of_two_seats_only(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo, cas = staff("An", "Bo", "Cas", of=(wimpel,))
    for _round in range(ROUNDS):
        course_id = course()
        first, second, free = enrolled(wimpel, course_id, an, bo, unnamed=1)
        outcomes = at_once(
            doing(replacements.replace, wimpel, first, id_of(cas)),
            doing(replacements.replace, wimpel, second, id_of(cas)),
            doing(colleagues.name_seat, wimpel, free, id_of(cas)),
            doing(enrolments.enrol, cas, course_id),
        )
        (winner,) = won(outcomes)
        assert [each for place, each in enumerate(outcomes) if place != winner] == [rules.AlreadyEnrolled] * 3
        assert [status for name, status in standing(course_id) if name == "Cas"] == [CONFIRMED]
        assert taken(course_id) == (4 if winner == 3 else 3)


def test_a_place_without_a_name_gets_one_of_two_names(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    for _round in range(ROUNDS):
        course_id = course()
        (seat,) = enrolled(wimpel, course_id, unnamed=1)
        outcomes = at_once(
            doing(colleagues.name_seat, wimpel, seat, id_of(an)),
            doing(colleagues.name_seat, wimpel, seat, id_of(bo)),
        )
        (winner,) = won(outcomes)
        assert outcomes[1 - winner] is seats.HasName
        assert standing(course_id) == [(("An", "Bo")[winner], CONFIRMED)]


def test_undoing_replacing_and_cancelling_the_same_seat_leave_one_holder_or_none(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo, cas = staff("An", "Bo", "Cas", of=(wimpel,))
    for _round in range(ROUNDS):
        course_id = course(capacity=1)
        (seat,) = enrolled(wimpel, course_id, an)
        with write() as db:
            replacements.replace(db, wimpel, seat, id_of(bo))
        new = of_seat(seat)[0][-1].id
        outcomes = at_once(
            doing(replacements.undo, wimpel, new),
            doing(replacements.replace, wimpel, new, id_of(cas)),
            doing(enrolments.cancel, bo, new),
        )
        (winner,) = won(outcomes)
        assert taken(course_id) == (0 if winner == 2 else 1)
        holds = [name for name, status in standing(course_id) if status is CONFIRMED]
        assert holds == [["An"], ["Cas"], []][winner]
        assert {each for place, each in enumerate(outcomes) if place != winner} <= {
            seats.ChangedMeanwhile,
            seats.CannotUndo,
            NotFound,
        }


# -- (b) the last seats ----------------------------------------------------------------------------------------------


def test_the_last_seat_or_the_group_of_five_never_both(database: str, noon: datetime) -> None:
    wimpel = school()
    group = staff("An", "Bo", "Cas", "Dirk", "Els", of=(wimpel,))
    (stranger,) = staff("Wim")
    for _round in range(ROUNDS):
        course_id = course(capacity=5)
        before = (len(mails("colleague-enrolled")), len(mails("colleagues-enrolled")))
        outcomes = at_once(
            doing(enrolments.enrol, stranger, course_id),
            doing(colleagues.enrol_colleagues, wimpel, course_id, [id_of(each) for each in group]),
        )
        (winner,) = won(outcomes)
        assert taken(course_id) == len(standing(course_id)) == (1, 5)[winner]
        assert outcomes[1 - winner] is (seats.NotEnoughPlaces, rules.CourseFull)[winner]
        after = (len(mails("colleague-enrolled")), len(mails("colleagues-enrolled")))
        assert (after[0] - before[0], after[1] - before[1]) == ((0, 0), (5, 1))[winner]


def test_groups_of_several_schools_never_exceed_the_seats(database: str, noon: datetime) -> None:
    schools = [school(f"School {number}", f"school{number}@school.example") for number in range(6)]
    shared = staff("Zed", of=tuple(schools))[0]
    groups = [staff(*(f"{first}{number}" for first in "ABCD"), of=(by,)) for number, by in enumerate(schools)]
    for _round in range(ROUNDS // 2):
        course_id = course(capacity=12)

        outcomes = at_once(
            *(
                doing(colleagues.enrol_colleagues, by, course_id, [id_of(each) for each in (*group, shared)])
                for by, group in zip(schools, groups, strict=True)
            )
        )
        assert len(won(outcomes)) == 1  # the shared colleague can be enrolled once
        assert taken(course_id) == len(standing(course_id)) == 5


def test_somebody_who_enrols_alone_while_the_school_does_has_one_seat(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    for _round in range(ROUNDS):
        course_id = course()
        outcomes = at_once(
            doing(enrolments.enrol, an, course_id, payer_institution_id=wimpel.institution_id),
            doing(colleagues.enrol_colleagues, wimpel, course_id, [id_of(an), id_of(bo)]),
        )
        (winner,) = won(outcomes)
        assert outcomes[1 - winner] is rules.AlreadyEnrolled
        assert len(standing(course_id)) == (1, 2)[winner]


# -- (c) the minute the note is issued -------------------------------------------------------------------------------


@pytest.mark.usefixtures("unrendered")
@pytest.mark.parametrize("also", ["replace", "undo"])
def test_a_seat_that_changes_hands_while_its_note_is_issued_is_billed_once(
    database: str, noon: datetime, also: str
) -> None:
    wimpel = school()
    names = [f"A{number:02}" for number in range(24)]
    first, second = staff(*names, of=(wimpel,)), staff(*(f"B{number:02}" for number in range(24)), of=(wimpel,))
    course_id = course(in_days=60, capacity=30)
    given = enrolled(wimpel, course_id, *first)
    follows = dict(zip(given, second, strict=True))
    present = list(given)
    if also == "undo":
        for seat, person in follows.items():
            with write() as db:
                replacements.replace(db, wimpel, seat, id_of(person))
        present = [of_seat(seat)[0][-1].id for seat in given]

    def change_hands() -> int:
        for seat, enrolment_id in zip(given, present, strict=True):
            with write() as db:
                if also == "undo":
                    replacements.undo(db, wimpel, enrolment_id)
                else:
                    replacements.replace(db, wimpel, enrolment_id, id_of(follows[seat]))
        return len(given)

    with clock.frozen(in_days(7)):
        outcomes = at_once(jobs.run_due, jobs.run_due, change_hands)
        assert [done.failed for done in outcomes[:2]] == [0, 0]  # type: ignore[union-attr]
    with clock.frozen(in_days(8)):
        assert jobs.run_due().failed == 0
    with clock.frozen(in_days(30)):
        assert jobs.run_due().issued == 0
    for seat in given:
        holders, billed = of_seat(seat)
        (holds,) = [each for each in holders if each.status is CONFIRMED]
        (note,) = billed
        assert holds.billed_on == note.issued_on
        assert note.payer_person_id in {each.person_id for each in holders}
        assert note.payer_institution_id == wimpel.institution_id
        assert json.loads(note.payload)["lines"][0]["person_id"] == note.payer_person_id
    assert len(notes()) == len(given)
    assert sorted(note.nr for note in notes()) == list(range(1, len(given) + 1))


@pytest.mark.usefixtures("unrendered")
def test_a_list_of_due_seats_read_before_a_change_bills_nothing_twice(database: str, noon: datetime) -> None:
    """The same, step by step: what the clock read a moment ago is looked at again under the lock."""
    wimpel = school()
    an, bo, cas = staff("An", "Bo", "Cas", of=(wimpel,))
    (seat,) = enrolled(wimpel, course(), an)
    with clock.frozen(in_days(7)):
        due = jobs._due_notes()
        with write() as db:
            replacements.replace(db, wimpel, seat, id_of(bo))
        assert [issue(each) for each in due] == [None]
        second = jobs._due_notes()
        issued, again, before = (issue(each) for each in (*second, *second, *due))
        assert (issued, again, before) == (notes()[0].id, None, None)
        with write() as db:
            replacements.replace(db, wimpel, second[0], id_of(cas))
        assert jobs._due_notes() == ()
    assert len(notes()) == 1


def issue(enrolment_id: int) -> int | None:
    """What the clock does with a seat that it found due."""
    with write() as db:
        return billing.issue_debit_note(db, CLOCK, enrolment_id)


@pytest.mark.usefixtures("unrendered")
def test_cancelling_while_the_note_is_issued_settles_the_money_once(database: str, noon: datetime) -> None:
    wimpel = school()
    group = staff(*(f"A{number:02}" for number in range(16)), of=(wimpel,))
    free, late = course(in_days=60, capacity=30), course(in_days=12, capacity=30)
    given = dict.fromkeys(enrolled(wimpel, free, *group), 0) | dict.fromkeys(enrolled(wimpel, late, *group), 19_000)

    def cancel(*wanted: int) -> Callable[[], int]:
        def act() -> int:
            for seat in wanted:
                with write() as db:
                    enrolments.cancel(db, wimpel, seat)
            return len(wanted)

        return act

    mixed = list(given)
    random.Random(3).shuffle(mixed)
    with clock.frozen(in_days(7)):
        at_once(jobs.run_due, cancel(*mixed[:16]), cancel(*mixed[16:]))
        jobs.run_due()
    with clock.frozen(in_days(30)):
        assert jobs.run_due().issued == 0
    with read() as db:
        for seat, cost in given.items():
            lines = db.execute(
                select(Note.kind, Note.total_cents).join(NoteLine).where(NoteLine.enrolment_id == seat)
            ).all()
            due = sum(cents if kind is NoteKind.DEBIT else -cents for kind, cents in lines)
            assert due == cost
            assert [kind for kind, _cents in lines].count(NoteKind.DEBIT) <= 1
            assert db.get_one(Enrolment, seat).status is CANCELLED


# -- (d) the question to a payer -------------------------------------------------------------------------------------


def asked_by(approves: Actor, person: Actor) -> tuple[int, int, str]:
    """Somebody enrols and asks the school; the enrolment, the question and the secret of its link."""
    seat = enrols(person, course(in_days=60), approves)
    with read() as db:
        request = db.scalars(select(PayerRequest.id).where(PayerRequest.enrolment_id == seat)).one()
    return seat, request, secret_in(mails("payer-request")[-1])


YES, NO, LAPSED = PayerRequestState.APPROVED, PayerRequestState.DECLINED, PayerRequestState.LAPSED


@pytest.mark.parametrize("other", [YES, NO])
def test_a_question_answered_on_the_portal_and_by_the_link_at_once_is_answered_once(
    database: str, noon: datetime, other: PayerRequestState
) -> None:
    approves = school(policy=PayerPolicy.APPROVAL)
    (an,) = staff("An", of=(approves,))
    for turn in range(ROUNDS):
        seat, request, secret = asked_by(approves, an)
        outcomes = at_once(
            doing(payer_requests.decide, approves, request, YES),
            doing(payer_requests.decide_by_link, VISITOR, secret, other),
            doing(payer_requests.decide_by_link, VISITOR, secret, other),
        )
        (winner,) = won(outcomes)
        assert {each for place, each in enumerate(outcomes) if place != winner} <= {seats.RequestClosed, LinkNotValid}
        answer = (YES, other, other)[winner]
        with read() as db:
            assert db.get_one(PayerRequest, request).state is answer
        assert row(seat).payer_institution_id == (approves.institution_id if answer is YES else None)
        assert len(mails("payer-request-closed")) == 2 * (turn + 1)


@pytest.mark.usefixtures("unrendered")
@pytest.mark.parametrize("way", ["portal", "link", "person"])
def test_who_is_billed_at_the_minute_the_note_leaves_is_who_pays_on_the_enrolment(
    database: str, noon: datetime, way: str
) -> None:
    approves = school(policy=PayerPolicy.APPROVAL)
    people = staff(*(f"A{number:02}" for number in range(16)), of=(approves,))
    asked = [(person, *asked_by(approves, person)) for person in people]

    def answer() -> list[Outcome]:
        given: list[Outcome] = []
        for person, seat, request, secret in asked:
            try:
                with write() as db:
                    if way == "portal":
                        payer_requests.decide(db, approves, request, YES)
                    elif way == "link":
                        payer_requests.decide_by_link(db, VISITOR, secret, YES)
                    else:
                        payers.change_payer(db, person, seat, None)
                given.append(True)
            except DomainError as refused:
                given.append(type(refused))
        return given

    with clock.frozen(in_days(7)):
        first, second, answers = at_once(jobs.run_due, jobs.run_due, answer)
        assert (first.failed, second.failed) == (0, 0)  # type: ignore[union-attr]
        assert jobs.run_due().failed == 0
    assert set(answers) <= {True, seats.RequestClosed, seats.AlreadyBilled}  # type: ignore[call-overload]
    for (person, seat, request, _secret), given in zip(asked, answers, strict=True):  # type: ignore[call-overload]
        enrolment, (_holders, (note,)) = row(seat), of_seat(seat)
        is_school = way != "person" and given is True
        assert enrolment.payer_institution_id == (approves.institution_id if is_school else None)
        assert note.payer_institution_id == enrolment.payer_institution_id
        assert (note.payer_person_id, enrolment.billed_on) == (person.person_id, note.issued_on)
        with read() as db:
            state = db.get_one(PayerRequest, request).state
        assert state is (YES if is_school else LAPSED)
    assert len(notes()) == len(asked)


def test_the_person_and_the_school_change_the_payer_at_once(database: str, noon: datetime) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example", PayerPolicy.APPROVAL)
    (an,) = staff("An", of=(wimpel, kade))
    for _round in range(ROUNDS):
        seat = enrols(an, course(), wimpel)
        outcomes = at_once(
            doing(payers.change_payer, wimpel, seat, None),
            doing(payers.change_payer, an, seat, kade.institution_id),
            doing(payers.change_reference, wimpel, seat, "PO 1"),
            doing(enrolments.cancel, wimpel, seat),
        )
        enrolment = row(seat)
        assert enrolment.payer_institution_id in {None, wimpel.institution_id}
        if 3 in won(outcomes):  # cancelled first, or nobody else had changed the payer: only its payer cancels
            assert enrolment.status is CANCELLED
            assert enrolment.payer_institution_id == wimpel.institution_id
        else:
            assert (enrolment.status, enrolment.payer_institution_id) == (CONFIRMED, None)
        with read() as db:
            waits = db.scalar(select(PayerRequest).where(PayerRequest.enrolment_id == seat))
        assert (waits is not None) == (1 in won(outcomes))


# -- (e) cancelling --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("unrendered")
@pytest.mark.parametrize("billed", [False, True])
def test_a_seat_is_cancelled_or_taken_over_never_both(database: str, noon: datetime, billed: bool) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    given = [(course_id, *enrolled(wimpel, course_id, an)) for course_id in (course(capacity=1) for _ in range(ROUNDS))]
    with clock.frozen(in_days(7 if billed else 1)):
        jobs.run_due()
        for course_id, seat in given:
            credit = len(notes(NoteKind.CREDIT))
            outcomes = at_once(
                doing(enrolments.cancel, wimpel, seat),
                doing(replacements.replace, wimpel, seat, id_of(bo)),
            )
            (winner,) = won(outcomes)
            assert outcomes[1 - winner] is (seats.ChangedMeanwhile, NotFound)[winner]
            assert taken(course_id) == winner
            assert len(notes(NoteKind.CREDIT)) == credit + (1 if billed and winner == 0 else 0)
    with clock.frozen(in_days(8)):
        jobs.run_due()
    for course_id, seat in given:
        holders, billing = of_seat(seat)
        assert len(billing) == (1 if billed or taken(course_id) else 0)
        assert [each.status for each in holders] in ([CANCELLED], [REPLACED, CONFIRMED])


@pytest.mark.usefixtures("unrendered")
def test_cancelling_over_several_courses_at_once_never_waits_in_a_circle(database: str, noon: datetime) -> None:
    """The counter of the credit notes and the courses are always locked in the same order."""
    wimpel = school()
    people = staff(*(f"A{number}" for number in range(8)), of=(wimpel,))
    courses = [course(in_days=60, capacity=30) for _ in range(4)]
    given = [enrolled(wimpel, course_id, *people) for course_id in courses]
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 32
        for place in range(0, 8, 2):
            several = [seats_of[place] for seats_of in given]
            alone = [seats_of[place + 1] for seats_of in given]
            outcomes = at_once(
                doing(group_cancelling.cancel_all, wimpel, several),
                doing(group_cancelling.cancel_all, wimpel, several[::-1]),
                *(doing(enrolments.cancel, wimpel, seat) for seat in reversed(alone)),
            )
            assert sorted(won(outcomes))[-4:] == [2, 3, 4, 5]
            assert len(won(outcomes)) == 5
    credit = notes(NoteKind.CREDIT)
    assert sorted(note.nr for note in credit) == list(range(1, 33))
    assert len({note.corrects_id for note in credit}) == 32


@pytest.mark.usefixtures("unrendered")
def test_who_holds_the_counter_of_credit_notes_waits_for_no_course(
    database: str, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same, step by step: while the first credit note is numbered, somebody else reaches for the second course."""
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    first_course, second_course = course(in_days=60), course(in_days=60)
    (first,) = enrolled(wimpel, first_course, an)
    second, other = enrolled(wimpel, second_course, an, bo)
    is_numbered, is_held = threading.Event(), threading.Event()
    cancel = enrolments.cancel

    def cancel_slowly(db: Db, actor: Actor, enrolment_id: int, **named: str) -> object:
        effect = cancel(db, actor, enrolment_id, **named)  # type: ignore[arg-type]
        is_numbered.set()
        is_held.wait(timeout=0.5)
        return effect

    def cancel_alone(db: Db, actor: Actor, enrolment_id: int) -> object:
        access.locked_course(db, second_course)
        is_held.set()
        return cancel(db, actor, enrolment_id)

    def reach_for_the_second() -> object:
        is_numbered.wait(timeout=60)
        return doing(cancel_alone, wimpel, other)()

    monkeypatch.setattr(enrolments, "cancel", cancel_slowly)
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 3
        outcomes = at_once(doing(group_cancelling.cancel_all, wimpel, [first, second]), reach_for_the_second)
    assert won(outcomes) == [0, 1]
    assert [note.nr for note in notes(NoteKind.CREDIT)] == [1, 2, 3]


def test_a_waiting_group_and_a_seat_that_comes_free_leave_no_seat_empty(database: str, noon: datetime) -> None:
    wimpel = school()
    group = staff("An", "Bo", of=(wimpel,))
    (wim,) = staff("Wim")
    for _round in range(ROUNDS):
        course_id = course(capacity=1)
        seat = enrols(wim, course_id)
        outcomes = at_once(
            doing(enrolments.cancel, wim, seat),
            doing(colleagues.wait_for_colleagues, wimpel, course_id, [id_of(each) for each in group]),
        )
        assert won(outcomes) == [0, 1]
        assert taken(course_id) == 1
        statuses = [status for name, status in standing(course_id) if name != "Wim"]
        assert statuses == [EnrolmentStatus.OFFERED, EnrolmentStatus.WAITLISTED]


# -- two workers, two windows ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("unrendered")
def test_two_workers_remind_ask_and_lapse_once(database: str, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_asked_on", None)
    approves = school(policy=PayerPolicy.APPROVAL)
    people = staff("An", "Bo", "Cas", of=(approves,))
    with write() as db:
        for link in db.scalars(select(Affiliation)):
            link.started_on = clock.today() - timedelta(days=400)
    later = course(in_days=16)
    enrolled(approves, later, unnamed=3)
    for person in people[:2]:
        enrols(person, course(in_days=60), approves)
    with clock.frozen(in_days(5)):
        outcomes = at_once(*(jobs.run_due for _ in range(4)))
        assert [done.failed for done in outcomes] == [0] * 4  # type: ignore[union-attr]
    assert sent_to("still-linked") == ["secretariaat@wimpel.example"]
    assert sent_to("name-seats") == ["secretariaat@wimpel.example"]
    assert len(sent_to("payer-request-reminder")) == 4
    with clock.frozen(in_days(7)):
        outcomes = at_once(*(jobs.run_due for _ in range(4)))
        assert [done.failed for done in outcomes] == [0] * 4  # type: ignore[union-attr]
        assert sum(done.lapsed for done in outcomes) == 2  # type: ignore[union-attr]
        assert sum(done.issued for done in outcomes) == 5  # type: ignore[union-attr]
    assert len(sent_to("payer-request-closed")) == 4


def test_two_windows_of_one_school_save_at_once(database: str, noon: datetime) -> None:
    wimpel = school()
    with read() as db:
        known = db.get_one(Institution, wimpel.institution_id)
    for turn in range(ROUNDS):
        outcomes = at_once(
            doing(
                institutions.change_billing,
                wimpel,
                name="",
                addresses=[f"a{turn}@school.example", "samen@school.example"],
                reference="",
            ),
            doing(
                institutions.change_billing,
                wimpel,
                name="",
                addresses=["samen@school.example", f"b{turn}@school.example"],
                reference="",
            ),
            doing(institutions.change_contacts, wimpel, [institutions.Contact(f"Contact {turn}")]),
            doing(institutions.change_contacts, wimpel, [institutions.Contact("Ander")]),
        )
        assert won(outcomes) == [0, 1, 2, 3]
        with read() as db:
            addresses = db.scalars(select(BillingAddress.email).order_by(BillingAddress.id)).all()
            school_now = db.get_one(Institution, known.id)
            assert len(school_now.contacts) == 1
        assert addresses in (
            [f"a{turn}@school.example", "samen@school.example"],
            ["samen@school.example", f"b{turn}@school.example"],
        )


def test_two_schools_claim_one_number_at_once(database: str, noon: datetime) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    for turn in range(ROUNDS):
        number = f"{123_000 + turn}"
        outcomes = at_once(
            doing(institutions.change_numbers, wimpel, phone="", number=number, kbo=""),
            doing(institutions.change_numbers, kade, phone="", number=number, kbo=""),
        )
        (winner,) = won(outcomes)
        assert outcomes[1 - winner] is institutions.NumberTaken
        with read() as db:
            held = db.scalars(select(Institution.id).where(Institution.number == number)).all()
        assert held == [(wimpel, kade)[winner].institution_id]


def test_a_link_is_made_once_and_ended_once(database: str, noon: datetime) -> None:
    wimpel = school()
    (an,) = staff("An")
    for _round in range(5):  # as many links as a person makes in a day, and a few more
        outcomes = at_once(*(doing(affiliations.link, an, wimpel.institution_id or 0) for _ in range(4)))
        (winner,) = won(outcomes)
        link = outcomes[winner]
        assert isinstance(link, int)
        secret = secret_in(mails("affiliation-made")[-1])
        outcomes = at_once(
            doing(affiliations.remove, wimpel, link),
            doing(affiliations.unlink, an, link),
            doing(affiliations.undo_by_link, VISITOR, secret),
        )
        assert len(won(outcomes)) == 1
        with read() as db:
            assert db.scalar(select(func.count()).where(Affiliation.ended_on.is_(None))) == 0
