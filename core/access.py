"""«This object, on behalf of this actor»: the only way to get one. «Not found» and «not yours» look the same."""

from datetime import timedelta

from sqlalchemy import ColumnElement, CompoundSelect, and_, false, or_, select, true, union_all
from sqlalchemy.orm import contains_eager

from core import clock
from core.db import Db
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_
from core.models import Account, Course, CourseDay, CourseTeacher, Enrolment, Institution, Note, Person
from core.rules.enrolment import CourseCancelled
from core.vocabulary import CALLED_OFF, Actor, ActorKind, CoordinatorRole, CourseStatus, PayerKind, Role

_STAFF = frozenset({ActorKind.COORDINATOR, ActorKind.CLOCK, ActorKind.MAILBOT})


class NotFound(DomainError):
    """What was asked for does not exist, or is somebody else's."""

    message = N_("This was not found, or it is not yours.")


class NotAllowed(DomainError):
    """The actor may look but not do this."""

    message = N_("Your account may not do this.")


class FinanceOnly(NotAllowed):
    """A coordinator without the role finance tried to change what money depends on."""

    message = N_("Only accounts with the role «finance» may change this.")


def is_staff(actor: Actor) -> bool:
    """Whether the actor works for CNO: a coordinator, the clock or the mail bot."""
    return actor.kind in _STAFF


def require_coordinator(actor: Actor) -> None:
    """Refuse whoever may not change things for CNO. Raises NotAllowed."""
    if actor.kind is not ActorKind.COORDINATOR or actor.coordinator_role is CoordinatorRole.READER:
        raise NotAllowed


def require_staff(actor: Actor) -> None:
    """Refuse whoever does not act for CNO: the clock, the mail bot, a coordinator. Raises NotAllowed."""
    if not is_staff(actor) or actor.coordinator_role is CoordinatorRole.READER:
        raise NotAllowed


def require_finance(actor: Actor) -> None:
    """Refuse whoever may not change what CNO's money depends on. Raises NotAllowed or FinanceOnly."""
    require_coordinator(actor)
    if actor.coordinator_role is not CoordinatorRole.FINANCE:
        raise FinanceOnly


def acting(account: Account) -> Actor:
    """The actor that a sign-in of this account gives: what it may see and do is what its portal shows."""
    return Actor(
        kind=ActorKind(account.role.value),
        account_id=account.id,
        person_id=account.person_id,
        institution_id=account.institution_id,
        coordinator_role=account.coordinator_role,
        name=account.name,
    )


def own_account(db: Db, actor: Actor) -> Account:
    """The account the actor signed in with, locked. Raises NotFound."""
    account = db.scalar(select(Account).where(Account.id == actor.account_id, Account.is_active).with_for_update())
    if account is None:
        raise NotFound
    return account


def own_person(db: Db, actor: Actor) -> Person:
    """The person the actor is, locked. Raises NotFound."""
    person = db.scalar(select(Person).where(Person.id == actor.person_id).with_for_update())
    if actor.kind is not ActorKind.PERSON or person is None:
        raise NotFound
    return person


def own_person_id(actor: Actor) -> int:
    """The id of the person the actor is, to look at what is that person's own. Raises NotFound."""
    if actor.kind is not ActorKind.PERSON or actor.person_id is None:
        raise NotFound
    return actor.person_id


def seen_person_id(actor: Actor, person_id: int | None) -> int:
    """The id of the actor's own person, or for coordinators of the one they look at. Raises NotFound."""
    if person_id is None or (actor.kind is ActorKind.PERSON and person_id == actor.person_id):
        return own_person_id(actor)
    check_sees_all(actor)
    return person_id


def seen_institution_id(actor: Actor, institution_id: int | None) -> int:
    """The id of the institution the actor is, or for coordinators of the one they look at. Raises NotFound.

    Whoever is no institution and asks for none gets an id that is nobody's.
    """
    if institution_id is None or institution_id == actor.institution_id:
        return actor.institution_id or -1
    check_sees_all(actor)
    return institution_id


def editable_person(db: Db, actor: Actor, person_id: int | None = None) -> Person:
    """The actor's own person, or any one for a coordinator, locked. Raises NotFound or NotAllowed."""
    if person_id is None or actor.kind is not ActorKind.COORDINATOR:
        if person_id not in (None, actor.person_id):
            raise NotFound
        return own_person(db, actor)
    require_coordinator(actor)
    person = db.scalar(select(Person).where(Person.id == person_id, Person.merged_into_id.is_(None)).with_for_update())
    if person is None:
        raise NotFound
    return person


def editable_institution(db: Db, actor: Actor, institution_id: int | None = None) -> Institution:
    """The actor's own institution, or any one for a coordinator, locked. Raises NotFound or NotAllowed."""
    if actor.kind is ActorKind.COORDINATOR and institution_id is not None:
        require_coordinator(actor)
        wanted = Institution.id == institution_id
    else:
        if institution_id not in (None, actor.institution_id):
            raise NotFound
        wanted = Institution.id == own_institution(db, actor).id
    found = db.scalar(
        select(Institution)
        .where(wanted, Institution.merged_into_id.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def editable_account(db: Db, actor: Actor, account_id: int) -> Account:
    """The account of a person or an institution, for a coordinator, locked. Raises NotFound or NotAllowed."""
    if actor.kind is not ActorKind.COORDINATOR:
        raise NotFound
    require_coordinator(actor)
    account = db.scalar(
        select(Account).where(Account.id == account_id, Account.role != Role.COORDINATOR).with_for_update(of=Account)
    )
    if account is None:
        raise NotFound
    return account


def check_sees_all(actor: Actor) -> None:
    """Refuse whoever is not a coordinator, of whatever role. Raises NotFound."""
    if actor.kind is not ActorKind.COORDINATOR:
        raise NotFound


def known_as(owner: type[Person] | type[Institution], identity: int) -> CompoundSelect[int]:
    """The ids of somebody: the own one, and those of doubles that were merged into it, which issued notes name.

    Two parts instead of an «or», which SQLite answers by reading everybody.
    """
    return union_all(
        select(owner.id).where(owner.id == identity), select(owner.id).where(owner.merged_into_id == identity)
    )


def own_institution(db: Db, actor: Actor) -> Institution:
    """The institution the actor signed in for. Raises NotFound."""
    institution = db.get(Institution, actor.institution_id) if actor.institution_id is not None else None
    if actor.kind is not ActorKind.INSTITUTION or institution is None:
        raise NotFound
    return institution


def notes_paid_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that an actor pays a note; whoever acts for CNO may look over a payer's shoulder."""
    if is_staff(actor):
        return true()
    if actor.institution_id is not None:
        return Note.payer_institution_id.in_(known_as(Institution, actor.institution_id))
    if actor.person_id is not None:
        mine = Note.payer_person_id.in_(known_as(Person, actor.person_id))
        return and_(Note.payer_kind == PayerKind.PERSON, mine)
    return false()


def taught(db: Db, actor: Actor) -> ColumnElement[bool]:
    """The condition for the courses whose participants an actor may see: all for staff, the own ones for a teacher.

    A teacher sees a course until some weeks after its last day, and never one that is still a draft.
    """
    if is_staff(actor):
        return true()
    if actor.kind is not ActorKind.TEACHER or actor.teacher_id is None:
        return false()
    until = clock.today() - timedelta(days=decisions(db).teacher_link_days)
    own = select(CourseTeacher.course_id).where(CourseTeacher.teacher_id == actor.teacher_id)
    return and_(Course.id.in_(own), Course.status != CourseStatus.DRAFT, Course.last_day >= until)


def taught_course(db: Db, actor: Actor, course_id: int) -> Course:
    """A course to look at, for staff and for its teachers. Raises NotFound."""
    course = db.scalar(select(Course).where(Course.id == course_id, taught(db, actor)))
    if course is None:
        raise NotFound
    return course


def taught_day(db: Db, actor: Actor, day_id: int) -> CourseDay:
    """A course day of which presence is noted, for staff and for its teachers. Raises NotFound."""
    day = db.scalar(
        select(CourseDay)
        .join(Course, Course.id == CourseDay.course_id)
        .where(CourseDay.id == day_id, taught(db, actor))
        .options(contains_eager(CourseDay.course))
    )
    if day is None:
        raise NotFound
    return day


def enrolments_of(actor: Actor) -> ColumnElement[bool]:
    """The condition for the enrolments an actor may see: the own ones, those it pays, or all for staff."""
    if is_staff(actor):
        return true()
    own = Enrolment.person_id == actor.person_id if actor.person_id is not None else false()
    paid = (
        and_(
            Enrolment.payer_kind == PayerKind.INSTITUTION,
            Enrolment.payer_institution_id == actor.institution_id,
        )
        if actor.institution_id is not None
        else false()
    )
    return or_(own, paid)


def enrolment(db: Db, actor: Actor, enrolment_id: int) -> Enrolment:
    """An enrolment to look at. Raises NotFound."""
    found = db.scalar(select(Enrolment).where(Enrolment.id == enrolment_id, enrolments_of(actor)))
    if found is None:
        raise NotFound
    return found


def editable_enrolment(db: Db, actor: Actor, enrolment_id: int) -> Enrolment:
    """An enrolment to change, its course locked first and then itself.

    Raises NotFound, NotAllowed, or CourseCancelled while the course is cancelled as a whole.
    """
    if actor.kind is ActorKind.COORDINATOR:
        require_coordinator(actor)
    course_id = db.scalar(select(Enrolment.course_id).where(Enrolment.id == enrolment_id, enrolments_of(actor)))
    if course_id is None:
        raise NotFound
    locked_course(db, course_id)
    locked = db.scalar(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id, enrolments_of(actor))  # once more: its payer may have changed meanwhile
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if locked is None:
        raise NotFound
    if locked.course.status in CALLED_OFF:
        raise CourseCancelled
    return locked


def locked_course(db: Db, course_id: int) -> Course:
    """A course whose seats are about to be counted: the row that owns the limit, locked. Raises NotFound."""
    course = db.scalar(
        select(Course).where(Course.id == course_id).with_for_update().execution_options(populate_existing=True)
    )
    if course is None:
        raise NotFound
    return course
