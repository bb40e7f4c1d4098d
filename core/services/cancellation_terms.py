"""The cancellation terms of the kinds of course and of single courses (D1). They hold from the next cancellation on."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core import access, audit
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import CancellationStep, CancellationTerms, Course
from core.rules.cancellation import FROM_ENROLMENT, Step, Terms
from core.vocabulary import Actor, AuditTag, CourseType

MOST_STEPS = 12
_FARTHEST = 730  # days


class NameMissing(DomainError):
    """Terms without a name."""

    message = N_("Give these terms a name.")


class NameTaken(DomainError):
    """Two terms with one name, or for one kind of course."""

    message = N_("Other terms have this name, or are meant for this kind of course.")


class StepTwice(DomainError):
    """Two steps from the same day on."""

    message = N_("Two steps begin at the same number of days.")


class StepNotPossible(DomainError):
    """A number outside what makes sense."""

    message = N_("A step lies 0 to 730 days before the first day, costs no less than nothing and at most 100 %.")


class TooManySteps(DomainError):
    """More steps than anybody can follow."""

    message = N_("At most {most} steps.")


class TermsInUse(DomainError):
    """Courses follow these terms."""

    message = N_("{count} courses follow these terms: give them other terms first.")


class TermsChangedMeanwhile(DomainError):
    """Somebody else saved these terms since the page was shown."""

    message = N_("{name} changed these terms meanwhile ({at}). Look at them again before you save.")


@dataclass(frozen=True, slots=True)
class NamedTerms:
    """Terms as a coordinator fills them in; `course_type` is the kind of course they are meant for, if any."""

    name: str
    terms: Terms
    course_type: CourseType | None = None


def save(db: Db, actor: Actor, form: NamedTerms, *, terms_id: int | None = None, seen: int = 0) -> int:
    """Make terms, or change them; returns their id. `seen` is the version that the page showed.

    Raises NotAllowed, FinanceOnly, NotFound, the refusals above, each with its field, or TermsChangedMeanwhile.
    """
    access.require_finance(actor)
    _check(form)
    row = CancellationTerms(version=0) if terms_id is None else _locked(db, terms_id, seen)
    row.name, row.course_type, row.counting = form.name.strip(), form.course_type, form.terms.counting
    row.replace_until_days, row.is_free_when_ill = form.terms.replace_until_days, form.terms.is_free_when_ill
    absence = form.terms.absence or Step(0, 0, 100)
    row.absence_fixed_cents, row.absence_percentage = absence.fixed_cents, absence.percentage
    known = {step.days_before: step for step in row.steps}
    row.steps = [known.get(step.days_before) or CancellationStep(days_before=step.days_before) for step in _steps(form)]
    for kept, step in zip(row.steps, _steps(form), strict=True):
        kept.fixed_cents, kept.percentage = step.fixed_cents, step.percentage
    row.version += 1
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except IntegrityError as taken:
        raise NameTaken(field="name") from taken
    steps = [[step.days_before, step.fixed_cents, step.percentage] for step in _steps(form)]
    audit.record(db, actor, AuditTag.TERMS_SAVED, row, name=row.name, counting=row.counting, steps=steps)
    return row.id


def remove(db: Db, actor: Actor, terms_id: int, *, seen: int) -> None:
    """Remove terms that no course follows by itself; courses of their kind follow the default from now on.

    Raises NotAllowed, FinanceOnly, NotFound, TermsInUse or TermsChangedMeanwhile.
    """
    access.require_finance(actor)
    row = _locked(db, terms_id, seen)
    count = db.scalar(select(func.count()).where(Course.terms_id == row.id)) or 0
    if count:
        raise TermsInUse(count=count)
    audit.record(db, actor, AuditTag.TERMS_REMOVED, row, name=row.name)
    db.delete(row)
    db.flush()


def _locked(db: Db, terms_id: int, seen: int) -> CancellationTerms:
    row = db.scalar(
        select(CancellationTerms)
        .where(CancellationTerms.id == terms_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise access.NotFound
    if row.version != seen:
        name, at = audit.latest(db, row) or ("", None)
        raise TermsChangedMeanwhile(name=name, at=at)
    return row


def _steps(form: NamedTerms) -> list[Step]:
    return sorted(form.terms.steps, key=lambda step: -step.days_before)


def _check(form: NamedTerms) -> None:
    if not form.name.strip():
        raise NameMissing(field="name")
    steps = form.terms.steps
    if len(steps) > MOST_STEPS:
        raise TooManySteps(field="steps", most=MOST_STEPS)
    if len({step.days_before for step in steps}) < len(steps):
        raise StepTwice(field="steps")
    for step in (*steps, form.terms.absence or Step(0)):
        has_days = 0 <= step.days_before <= _FARTHEST or step.days_before == FROM_ENROLMENT
        if not (has_days and step.fixed_cents >= 0 and 0 <= step.percentage <= 100):
            raise StepNotPossible(field="steps")
    if not 1 <= form.terms.replace_until_days <= _FARTHEST:
        raise StepNotPossible(field="replace")
