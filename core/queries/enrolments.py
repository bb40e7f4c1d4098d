"""Enrolments as their owners see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased, contains_eager

from core import access, clock
from core.db import Db
from core.decisions import Decisions, decisions, usual_terms
from core.errors import DomainError
from core.labels import holder
from core.models import (
    Affiliation,
    CancellationTerms,
    Course,
    CourseDay,
    Enrolment,
    Institution,
    Material,
    PayerRequest,
    Person,
)
from core.rules import billing as billing_rules
from core.rules import cancellation
from core.rules.enrolment import check_payer
from core.vocabulary import (
    ACTIVE,
    CALLED_OFF,
    Actor,
    ActorKind,
    CourseStatus,
    EnrolmentStatus,
    NoteGrouping,
    PayerKind,
    PayerPolicy,
    PayerRequestState,
)


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """An enrolment in «Mijn nascholingen», with what can be done now or why not.

    `person_name` are the words «to be named» while `person_id` is None. `asked_name` is the school that was asked to
    pay and has not answered. `certificate_from` is the day the certificate appears; None: there will be none.
    `cancel_cents` is today's price of cancelling; None: it is no longer possible. `waiting_position` counts from 1.
    """

    enrolment_id: int
    course_id: int
    course_title: str
    course_code: str
    course_address: str
    course_status: CourseStatus
    person_id: int | None
    person_name: str
    status: EnrolmentStatus
    first_day: date | None
    last_day: date | None
    days: int
    place: str
    is_online: bool
    payer_kind: PayerKind
    payer_name: str
    price_cents: int
    debit_note_on: date | None
    billed_on: date | None
    billing_reference: str
    enrolled_by: ActorKind
    replaces_id: int | None
    asked_name: str
    offer_expires_at: datetime | None
    waiting_position: int | None
    certificate_from: date | None
    has_certificate: bool
    cancel_cents: int | None
    free_until: date | None
    has_material: bool

    @property
    def is_billed(self) -> bool:
        """Whether the debit note has left."""
        return self.billed_on is not None

    @property
    def has_started(self) -> bool:
        """Whether the first day has begun."""
        return self.first_day is not None and self.first_day <= clock.today()

    @property
    def is_coming(self) -> bool:
        """Whether the course is still to come or going on, and the seat stands or is waited for."""
        return self.status in ACTIVE and (self.last_day is None or self.last_day >= clock.today())


@dataclass(frozen=True, slots=True)
class PossiblePayer:
    """An institution a person may name as payer, or why not (R16, R34); some want to be asked first."""

    institution_id: int
    name: str
    refusal: DomainError | None
    is_asked_first: bool
    note_grouping: NoteGrouping = NoteGrouping.ENROLMENT


def own_enrolments(db: Db, actor: Actor, *, limit: int = 300) -> tuple[EnrolmentRow, ...]:
    """The actor's enrolments (a person's own; those an institution pays), the latest course first."""
    newest_first = (Course.first_day.desc(), Enrolment.id.desc())
    return rows(db, access.enrolments_of(actor), order=newest_first, limit=limit)


def rows(
    db: Db, condition: ColumnElement[bool], *, order: Sequence[ColumnElement[Any]], limit: int, offset: int = 0
) -> tuple[EnrolmentRow, ...]:
    """Some enrolments, in two queries, however many there are. The condition may name Course and Person too."""
    days = (
        select(func.count()).where(CourseDay.course_id == Course.id).correlate(Course).scalar_subquery().label("days")
    )
    ahead = aliased(Enrolment)
    position = (
        select(func.count())
        .where(
            ahead.course_id == Enrolment.course_id,
            ahead.status == EnrolmentStatus.WAITLISTED,
            ahead.id <= Enrolment.id,
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )
    has_material = exists().where(
        Material.course_id == Course.id,
        Material.removed_at.is_(None),
        func.coalesce(Material.visible_from, clock.today()) <= clock.today(),
        func.coalesce(Material.visible_until, clock.today()) >= clock.today(),
    )
    payer, asked = aliased(Institution), aliased(Institution)
    is_asked = and_(PayerRequest.enrolment_id == Enrolment.id, PayerRequest.state == PayerRequestState.WAITING)
    page = (  # first which ones: whatever else is asked of a row is asked for those only
        select(Enrolment.id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(condition)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
        .correlate(None)
    )
    found = db.execute(
        select(Enrolment, Course, Person, payer.name, asked.name, days, position, has_material)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .outerjoin(payer, payer.id == Enrolment.payer_institution_id)
        .outerjoin(PayerRequest, is_asked)
        .outerjoin(asked, asked.id == PayerRequest.institution_id)
        .where(Enrolment.id.in_(page))
        .options(contains_eager(Enrolment.payer_institution.of_type(payer)))
        .order_by(*order)
    ).all()
    own, terms = decisions(db), _terms(db)
    return tuple(
        _row(own, enrolment, course, person, institution, question, count, place, material, terms)
        for enrolment, course, person, institution, question, count, place, material in found
    )


_Terms = dict[int | str | None, cancellation.Terms]


def _terms(db: Db) -> _Terms:
    """All cancellation terms, by their id and by the kind of course they are meant for; the usual ones by none."""
    found: _Terms = {None: usual_terms(db)}
    for terms in db.scalars(select(CancellationTerms)).unique():
        found[terms.id] = terms.rules
        if terms.course_type is not None:
            found[terms.course_type.value] = terms.rules
    return found


def _row(  # noqa: PLR0917 - one row of one query
    own: Decisions,
    enrolment: Enrolment,
    course: Course,
    person: Person | None,
    institution: str | None,
    asked: str | None,
    days: int,
    position: int,
    has_material: bool,
    terms: _Terms,
) -> EnrolmentRow:
    has_seat = enrolment.status is EnrolmentStatus.CONFIRMED
    name = holder(person.name if person else None)
    appears = (
        billing_rules.certificate_from(course.last_day, own.certificate_after_days)
        if has_seat and person is not None and course.last_day is not None and course.status not in CALLED_OFF
        else None
    )
    cost = _cost(enrolment, course, terms)
    is_billable = has_seat and enrolment.price_cents > 0 and enrolment.confirmed_on is not None
    return EnrolmentRow(
        enrolment_id=enrolment.id,
        course_id=course.id,
        course_title=course.title,
        course_code=course.code,
        course_address=f"{course.slug}-{course.id:05}",
        course_status=course.status,
        person_id=enrolment.person_id,
        person_name=name,
        status=enrolment.status,
        first_day=course.first_day,
        last_day=course.last_day,
        days=days,
        place=course.place,
        is_online=course.is_online,
        payer_kind=enrolment.payer_kind,
        payer_name=institution or name,
        price_cents=enrolment.price_cents,
        debit_note_on=billing_rules.leaves_on(
            enrolment.confirmed_on, own.debit_note_after_days, enrolment.note_grouping
        )
        if is_billable and enrolment.confirmed_on
        else None,
        billed_on=enrolment.billed_on,
        billing_reference=enrolment.billing_reference,
        enrolled_by=enrolment.enrolled_by,
        replaces_id=enrolment.replaces_id,
        asked_name=asked or "",
        offer_expires_at=enrolment.offer_expires_at,
        waiting_position=position if enrolment.status is EnrolmentStatus.WAITLISTED else None,
        certificate_from=appears,
        has_certificate=appears is not None and appears <= clock.today(),
        cancel_cents=cost.cents if cost else None,
        free_until=cost.free_until if cost else None,
        has_material=has_material and has_seat,
    )


def _cost(enrolment: Enrolment, course: Course, terms: _Terms) -> cancellation.Cost | None:
    """Today's cost of cancelling; None when it is no longer possible."""
    if enrolment.status not in ACTIVE:
        return None
    if enrolment.status is not EnrolmentStatus.CONFIRMED:
        return cancellation.Cost(0, None, None)
    own_terms = terms.get(course.terms_id) if course.terms_id is not None else terms.get(course.course_type.value)
    try:
        return cancellation.cost_of_cancelling(
            own_terms or terms[None], enrolment.price_cents, course.first_day, clock.today()
        )
    except cancellation.CourseHasStarted:
        return None


def standing(db: Db, actor: Actor, course_id: int) -> tuple[int, EnrolmentStatus, datetime | None] | None:
    """The actor's own standing enrolment in a course: its id, state and until when an offer holds; None: none.

    Raises NotFound for whoever is no person.
    """
    row = db.execute(
        select(Enrolment.id, Enrolment.status, Enrolment.offer_expires_at).where(
            Enrolment.course_id == course_id,
            Enrolment.person_id == access.own_person_id(actor),
            Enrolment.status.in_(ACTIVE),
        )
    ).first()
    return (row[0], row[1], row[2]) if row else None


def possible_payers(db: Db, actor: Actor) -> tuple[PossiblePayer, ...]:
    """The institutions the actor is linked to, each with the reason when it cannot be named as payer.

    Raises NotFound for whoever is no person.
    """
    rows = db.execute(
        select(Institution.id, Institution.name, Institution.payer_policy, Institution.note_grouping)
        .join(Affiliation, and_(Affiliation.institution_id == Institution.id, Affiliation.ended_on.is_(None)))
        .where(Affiliation.person_id == access.own_person_id(actor))
        .order_by(Institution.search_name)
    )
    found = []
    for identity, name, policy, grouping in rows:
        refusal: DomainError | None = None
        try:
            check_payer(name, policy, is_linked=True)
        except DomainError as refused:
            refusal = refused
        found.append(PossiblePayer(identity, name, refusal, policy is PayerPolicy.APPROVAL, grouping))
    return tuple(found)
