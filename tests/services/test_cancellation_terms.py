"""Cancellation terms as data: who may set them, and what they do to the next cancellation."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from core import access
from core.db import read, write
from core.models import CancellationStep, CancellationTerms, Course, Enrolment
from core.queries import cancellation_terms as queries
from core.rules.cancellation import FROM_ENROLMENT, ExcuseNotForeseen, Step, Terms
from core.rules.seats import ReplacedTooLate
from core.services import cancellation_terms as services
from core.services import enrolments, replacements
from core.services.cancellation_terms import NamedTerms
from core.vocabulary import Actor, CoordinatorRole, CourseType, DayCount, Excuse
from tests.builders import a_course, a_person, acting, an_account, an_affiliation, an_enrolment, an_institution

VUB = Terms((Step(9, percentage=50),), DayCount.WORKING, replace_until_days=3, is_free_when_ill=True)


def _actor(role: CoordinatorRole) -> Actor:
    with write() as db:
        return acting(an_account(db, None, f"{role}@cno.example", coordinator_role=role))


@pytest.fixture
def finance(database: str) -> Actor:
    return _actor(CoordinatorRole.FINANCE)


def test_terms_of_a_kind_hold_from_the_next_cancellation_on(finance: Actor, noon: datetime) -> None:
    with write() as db:
        course = a_course(db, in_days=10)  # Thursday 3 December: eight working days
        seat = an_enrolment(db, course, a_person(db)).id
        assert enrolments.cancellation_preview(db, finance, seat).cost_cents == 0
        terms_id = services.save(db, finance, NamedTerms("Eendaags", VUB, CourseType.ONE_DAY))
    with read() as db:
        effect = enrolments.cancellation_preview(db, finance, seat)
        assert (effect.cost_cents, effect.counting) == (9_500, DayCount.WORKING)
        (row,) = queries.all_terms(db, finance)
        assert (row.terms_id, row.terms.steps, row.version, row.coming) == (terms_id, VUB.steps, 1, 1)
    with write() as db:
        assert enrolments.cancel(db, finance, seat, excuse=Excuse.ILLNESS).cost_cents == 0
        assert db.get_one(Enrolment, seat).cancellation_cents == 0


def test_an_excuse_needs_terms_that_foresee_it_and_a_coordinator(finance: Actor, noon: datetime) -> None:
    with write() as db:
        person = a_person(db)
        own = acting(an_account(db, person, "an@school.example"))
        seat = an_enrolment(db, a_course(db, in_days=3), person).id
    with pytest.raises(ExcuseNotForeseen), write() as db:
        enrolments.cancel(db, finance, seat, excuse=Excuse.ILLNESS)
    with pytest.raises(access.NotAllowed), write() as db:
        enrolments.cancel(db, own, seat, excuse=Excuse.ILLNESS)


def test_the_terms_say_until_when_a_colleague_may_take_the_place(finance: Actor, noon: datetime) -> None:
    with write() as db:
        services.save(db, finance, NamedTerms("Eendaags", VUB, CourseType.ONE_DAY))
        school, person, other = an_institution(db), a_person(db), a_person(db, "Bo", "Claes")
        actor = acting(an_account(db, school, "school@school.example"))
        for each in (person, other):
            an_affiliation(db, each, school)
        late, early = (
            an_enrolment(db, a_course(db, in_days=days), person, school).id for days in (2, 3)
        )  # Wednesday and Thursday: two and three working days
    with pytest.raises(ReplacedTooLate) as refused, write() as db:
        replacements.replace(db, actor, late, other.id)
    assert refused.value.fields["until"] == date(2026, 11, 20)
    with write() as db:
        assert replacements.replace(db, actor, early, other.id).undo_until == date(2026, 11, 23)


def test_changing_and_removing_terms(finance: Actor) -> None:
    first = NamedTerms("Team", Terms((Step(FROM_ENROLMENT, percentage=25), Step(6, percentage=100))))
    with write() as db:
        terms_id = services.save(db, finance, first)
    with write() as db:
        changed = NamedTerms("Team", Terms((Step(6, percentage=50), Step(2, fixed_cents=2_500))), CourseType.TEAM)
        assert services.save(db, finance, changed, terms_id=terms_id, seen=1) == terms_id
    with pytest.raises(services.TermsChangedMeanwhile) as refused, write() as db:
        services.save(db, finance, first, terms_id=terms_id, seen=1)
    assert refused.value.fields["name"] == "Coördinator"
    with read() as db:
        assert db.get_one(CancellationTerms, terms_id).rules.steps == changed.terms.steps
    with write() as db:
        course = a_course(db, terms_id=terms_id)
    with pytest.raises(services.TermsInUse), write() as db:
        services.remove(db, finance, terms_id, seen=2)
    with write() as db:
        db.get_one(Course, course.id).terms_id = None
        db.flush()
        services.remove(db, finance, terms_id, seen=2)
    with read() as db:
        assert db.scalar(select(func.count()).select_from(CancellationStep)) == 0


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        (NamedTerms(" ", VUB), services.NameMissing),
        (NamedTerms("Bezet", VUB), services.NameTaken),
        (NamedTerms("Vrij", VUB, CourseType.TEAM), services.NameTaken),
        (NamedTerms("Vrij", Terms((Step(6), Step(6, percentage=5)))), services.StepTwice),
        (NamedTerms("Vrij", Terms((Step(-1),))), services.StepNotPossible),
        (NamedTerms("Vrij", Terms((Step(800),))), services.StepNotPossible),
        (NamedTerms("Vrij", Terms((Step(6, percentage=101),))), services.StepNotPossible),
        (NamedTerms("Vrij", Terms((Step(6, fixed_cents=-1),))), services.StepNotPossible),
        (NamedTerms("Vrij", Terms((), replace_until_days=0)), services.StepNotPossible),
        (NamedTerms("Vrij", Terms(tuple(Step(days) for days in range(13)))), services.TooManySteps),
    ],
)
def test_terms_that_make_no_sense_are_refused(finance: Actor, form: NamedTerms, refusal: type[Exception]) -> None:
    with write() as db:
        services.save(db, finance, NamedTerms("Bezet", VUB, CourseType.TEAM))
    with pytest.raises(refusal), write() as db:
        services.save(db, finance, form)
    with read() as db:
        assert len(queries.all_terms(db, finance)) == 1


def test_only_finance_sets_the_price_of_cancelling(database: str) -> None:
    for role in (CoordinatorRole.READER, CoordinatorRole.COORDINATOR):
        actor = _actor(role)
        with pytest.raises(access.NotAllowed), write() as db:
            services.save(db, actor, NamedTerms("Vrij", VUB))
        with pytest.raises(access.NotAllowed), write() as db:
            services.remove(db, actor, 1, seen=1)
