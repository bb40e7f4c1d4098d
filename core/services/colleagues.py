"""A school enrols its staff, reserves places to be named later, and names them (R28–R30)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from core import access, audit, clock, mail
from core.db import Db
from core.decisions import decisions
from core.models import Affiliation, Course, Enrolment, Institution, Person
from core.queries import questions
from core.rules import enrolment as rules
from core.rules import seats
from core.rules.billing import leaves_on
from core.services import invitations, question_answers, terms, waiting_list
from core.services.enrolments import confirm, is_enrolled, made, offering
from core.vocabulary import ACTIVE, Actor, ActorKind, AuditTag, EnrolmentStatus


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What one click gave: the seats (or places on the waiting list), their price together in cents."""

    enrolment_ids: tuple[int, ...]
    status: EnrolmentStatus
    total_cents: int
    debit_note_on: date | None


def enrol_colleagues(
    db: Db,
    actor: Actor,
    course_id: int,
    person_ids: Sequence[int],
    *,
    unnamed: int = 0,
    billing_reference: str = "",
    given: Mapping[int, Mapping[int, str]] | None = None,
) -> GroupResult:
    """Give each of these linked persons a seat that the institution pays, and reserve `unnamed` more; all or nothing.

    `given` answers for each person what the course asks; whoever is named later answers in the own portal.
    Raises NotFound, AnswerMissing, AnswerNotValid, the refusals of `core.rules.enrolment` and `core.rules.seats`;
    somebody else's last seat meanwhile gives NotEnoughPlaces and enrols nobody.
    """
    course, institution, persons, offer = _checked(db, actor, course_id, person_ids)
    unnamed, most = max(0, unnamed), decisions(db).unnamed_seats_at_once
    if unnamed > most:
        raise seats.TooManyUnnamed(most=most)
    wanted = len(persons) + unnamed
    if offer.places_left <= 0:
        raise rules.CourseFull
    seats.check_group(wanted, offer.places_left)
    if unnamed:
        seats.check_nameable(course.first_day, decisions(db).name_seats_until_days, clock.today())
    answered = question_answers.checked_of_colleagues(db, course.id, [person.id for person in persons], given)
    holders: list[Person | None] = [*persons, *[None] * (wanted - len(persons))]
    rows = [
        made(db, actor, course, holder, payer=institution, billing_reference=billing_reference) for holder in holders
    ]
    for enrolment in rows:
        _answer(db, enrolment, institution, answered)
        confirm(db, enrolment)
        audit.record(
            db, actor, AuditTag.ENROLMENT_MADE, enrolment, payer=enrolment.payer_kind, price=course.price_cents
        )
        tell_colleague(db, enrolment)
    tell_institution(db, institution, rows)
    after = decisions(db).debit_note_after_days
    on = leaves_on(clock.today(), after, institution.note_grouping) if course.price_cents else None
    return GroupResult(tuple(row.id for row in rows), EnrolmentStatus.CONFIRMED, course.price_cents * wanted, on)


def wait_for_colleagues(
    db: Db,
    actor: Actor,
    course_id: int,
    person_ids: Sequence[int],
    *,
    billing_reference: str = "",
    given: Mapping[int, Mapping[int, str]] | None = None,
) -> GroupResult:
    """Put each of these linked persons on the waiting list of a full course; all or nothing.

    Seats that are free, though too few for the group, are offered to the first of them at once. Raises as
    :func:`enrol_colleagues`, and CourseHasRoom when the whole group fits.
    """
    course, institution, persons, offer = _checked(db, actor, course_id, person_ids)
    seats.check_group(len(persons), len(persons))
    if offer.places_left >= len(persons):
        raise rules.CourseHasRoom
    answered = question_answers.checked_of_colleagues(db, course.id, [person.id for person in persons], given)
    rows = []
    for number, person in enumerate(persons, start=1):
        enrolment = made(db, actor, course, person, payer=institution, billing_reference=billing_reference)
        _answer(db, enrolment, institution, answered)
        audit.record(db, actor, AuditTag.ENROLMENT_WAITLISTED, enrolment)
        mail.queue(
            db,
            "enrolment-waitlisted",
            dedupe=f"enrolment:{enrolment.id}",
            enrolment=enrolment,
            facts={"position": offer.waiting + number, "offer_hours": decisions(db).waiting_list_offer_hours},
        )
        rows.append(enrolment)
    if offer.places_left:
        waiting_list.offer_free_seats(db, actor, course.id)
    return GroupResult(tuple(row.id for row in rows), EnrolmentStatus.WAITLISTED, 0, None)


def name_seat(db: Db, actor: Actor, enrolment_id: int, person_id: int) -> None:
    """Name who takes a reserved place; the person is told, nothing changes for the money.

    Raises NotFound, HasName, NamedTooLate, ColleagueNotLinked or AlreadyEnrolled.
    """
    institution = access.own_institution(db, actor)
    enrolment = access.editable_enrolment(db, actor, enrolment_id)
    if enrolment.status is not EnrolmentStatus.CONFIRMED:
        raise access.NotFound
    if enrolment.person is not None:
        raise seats.HasName(name=enrolment.person.name)
    seats.check_nameable(enrolment.course.first_day, decisions(db).name_seats_until_days, clock.today())
    enrolment.person = colleague(db, institution.id, person_id, enrolment.course_id)
    db.flush()
    audit.record(db, actor, AuditTag.ENROLMENT_NAMED, enrolment, person_id=person_id)
    tell_colleague(db, enrolment)


def colleague(db: Db, institution_id: int, person_id: int, course_id: int) -> Person:
    """Somebody linked to an institution who can take a seat in a course.

    Raises NotFound, ColleagueNotLinked or AlreadyEnrolled.
    """
    (person,) = _linked(db, institution_id, [person_id])
    if is_enrolled(db, course_id, person.id):
        raise rules.AlreadyEnrolled(name=person.name)
    return person


def tell_colleague(db: Db, enrolment: Enrolment, *, takes_over_from: str = "", again: int | None = None) -> None:
    """Tell who got a seat from the institution; `again` tells one seat's second turn from the first."""
    institution = enrolment.payer_institution
    mail.queue(
        db,
        "colleague-enrolled",
        dedupe=f"enrolment:{enrolment.id}" + (f":{again}" if again else ""),
        enrolment=enrolment,
        facts={
            "institution_name": institution.name if institution else "",
            "takes_over_from": takes_over_from,
            "is_billed": enrolment.billed_on is not None,
            "open_questions": questions.open_count(db, enrolment.id),
            "replace_until": terms.replace_until(db, enrolment),
        },
        invitation=invitations.request(db, enrolment),
    )


def _answer(db: Db, enrolment: Enrolment, institution: Institution, answered: Mapping[int, Mapping[int, str]]) -> None:
    """What the institution answered for its colleague: it may see it again."""
    if enrolment.person is not None:
        question_answers.keep(db, enrolment, answered[enrolment.person.id], institution_id=institution.id)


def _checked(
    db: Db, actor: Actor, course_id: int, person_ids: Sequence[int]
) -> tuple[Course, Institution, list[Person], rules.Offering]:
    """The course (locked, its seats counted) and the persons, every refusal raised."""
    institution = access.own_institution(db, actor)
    course = access.locked_course(db, course_id)
    offer = offering(db, course)
    rules.check_open(offer, clock.today())
    wanted = list(dict.fromkeys(person_ids))
    persons = _linked(db, institution.id, wanted)
    enrolled = set(
        db.scalars(
            select(Enrolment.person_id).where(
                Enrolment.course_id == course.id,
                Enrolment.person_id.in_(wanted),
                Enrolment.status.in_(ACTIVE),
            )
        )
    )
    for person in persons:
        rules.check_person(person.name, is_confirmed=True, is_enrolled=person.id in enrolled)
    return course, institution, persons, offer


def _linked(db: Db, institution_id: int, person_ids: Sequence[int]) -> list[Person]:
    """These persons, by name, all linked to an institution now.

    Raises ColleagueNotLinked with the name of somebody whose link has ended, and NotFound for whoever never was linked.
    """
    standing: dict[int, int] = dict(
        db.execute(
            select(Affiliation.person_id, func.max(case((Affiliation.ended_on.is_(None), 1), else_=0)))
            .where(Affiliation.institution_id == institution_id, Affiliation.person_id.in_(person_ids))
            .group_by(Affiliation.person_id)
        ).all()
    )
    if len(standing) != len(set(person_ids)):
        raise access.NotFound
    persons = db.scalars(select(Person).where(Person.id.in_(person_ids)).order_by(Person.search_name)).all()
    for person in persons:
        if not standing[person.id]:
            raise seats.ColleagueNotLinked(name=person.name)
    return list(persons)


def tell_institution(db: Db, institution: Institution, rows: Sequence[Enrolment]) -> None:
    """One mail for one click, whoever was enrolled by it (R30)."""
    first = rows[0]
    names = [row.person.name for row in rows if row.person is not None]
    mail.queue(
        db,
        "colleagues-enrolled",
        dedupe=f"enrolment:{first.id}",
        enrolment=first,
        institution=institution,
        facts={
            "names": names,
            "unnamed": len(rows) - len(names),
            "total_cents": sum(row.price_cents for row in rows),
            "name_until": seats.last_day_to_name(first.course.first_day, decisions(db).name_seats_until_days),
            "replace_until": terms.replace_until(db, first),
            "is_by_institution": first.enrolled_by is ActorKind.INSTITUTION,
        },
    )
