"""The question to a school whether it pays for one of its staff: asked, answered, reminded, lapsed (R34).

While a school that wants to approve has not answered, the person pays: no note goes to who never agreed.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from core import access, audit, clock, mail, tokens
from core.db import Db
from core.decisions import decisions
from core.models import Account, Affiliation, Course, Enrolment, Institution, PayerRequest, is_held
from core.rules import seats
from core.services import coming_changes, terms
from core.vocabulary import (
    ACTIVE,
    Actor,
    AuditTag,
    ComingKind,
    EnrolmentStatus,
    PayerKind,
    PayerRequestState,
    TokenPurpose,
)

_TAGS = {
    PayerRequestState.APPROVED: AuditTag.PAYER_REQUEST_APPROVED,
    PayerRequestState.DECLINED: AuditTag.PAYER_REQUEST_DECLINED,
    PayerRequestState.LAPSED: AuditTag.PAYER_REQUEST_LAPSED,
}


def ask(db: Db, actor: Actor, enrolment: Enrolment, institution: Institution) -> int:
    """Ask an institution whether it pays; it answers on its portal or by the mailed link. Returns the request's id.

    Raises AlreadyDeclined: no means no.
    """
    request = db.scalar(select(PayerRequest).where(PayerRequest.enrolment_id == enrolment.id)) or PayerRequest(
        enrolment_id=enrolment.id
    )
    if request.state is PayerRequestState.DECLINED and request.institution_id == institution.id:
        raise seats.AlreadyDeclined(field="payer", name=institution.name)
    request.institution_id, request.state = institution.id, PayerRequestState.WAITING
    request.asked_at, request.reminded_at, request.decided_at = clock.now(), None, None
    db.add(request)
    db.flush()
    audit.record(db, actor, AuditTag.PAYER_REQUEST_MADE, request, institution_id=institution.id)
    account = db.scalar(select(Account).where(Account.institution_id == institution.id, Account.is_active))
    if account is not None:
        own = decisions(db)
        lifetime = timedelta(days=own.undo_link_days + own.debit_note_after_days)
        secret = tokens.make(db, TokenPurpose.DECIDE_PAYER_REQUEST, account, lifetime, request_id=request.id)
        mail.queue(
            db,
            "payer-request",
            dedupe=f"payer-request:{request.id}:{request.asked_at.isoformat()}",
            enrolment=enrolment,
            institution=institution,
            secret=secret,
            facts={"until": until(db, enrolment), "institution_name": institution.name},
        )
    return request.id


def until(db: Db, enrolment: Enrolment) -> date | None:
    """The last day to answer; None while the seat is only waited for."""
    return seats.last_day_to_answer(enrolment.confirmed_on, decisions(db).debit_note_after_days)


def asked_name(db: Db, enrolment_id: int) -> str:
    """The institution that is asked to pay for an enrolment and has not answered; empty when there is none."""
    waiting = (
        select(Institution.name)
        .join(PayerRequest, PayerRequest.institution_id == Institution.id)
        .where(PayerRequest.enrolment_id == enrolment_id, PayerRequest.state == PayerRequestState.WAITING)
    )
    return db.scalar(waiting) or ""


def decide(db: Db, actor: Actor, request_id: int, answer: PayerRequestState) -> None:
    """The institution approves or declines on its portal.

    Raises NotFound, RequestClosed, AlreadyBilled, or ColleagueNotLinked when it approves after the link ended.
    """
    institution = access.own_institution(db, actor)
    known = select(PayerRequest.id).where(PayerRequest.id == request_id, PayerRequest.institution_id == institution.id)
    if db.scalar(known) is None:
        raise access.NotFound
    _close(db, actor, request_id, answer)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an institution is asked before it answers by the mailed link."""

    person_name: str
    institution_name: str
    course_title: str
    price_cents: int


def look_at_request(db: Db, secret: str) -> Asked:
    """What a mailed link asks, without answering. Raises LinkNotValid or RequestClosed."""
    account, payload = tokens.look(db, TokenPurpose.DECIDE_PAYER_REQUEST, secret)
    request = _asked(db, account, payload["request_id"])
    enrolment = request.enrolment
    if request.state is not PayerRequestState.WAITING or enrolment.status not in ACTIVE:
        raise seats.RequestClosed
    return Asked(
        person_name=enrolment.person.name if enrolment.person else "",
        institution_name=request.institution.name,
        course_title=enrolment.course.title,
        price_cents=enrolment.price_cents,
    )


def decide_by_link(db: Db, actor: Actor, secret: str, answer: PayerRequestState) -> None:
    """The institution answers by the mailed link. Raises LinkNotValid, and as :func:`decide`."""
    account, payload = tokens.use(db, TokenPurpose.DECIDE_PAYER_REQUEST, secret)
    _close(db, actor, _asked(db, account, payload["request_id"]).id, answer)


def _asked(db: Db, account: Account, request_id: int) -> PayerRequest:
    """The question a link is about: the person may have asked another institution since. Raises LinkNotValid."""
    request = db.get_one(PayerRequest, request_id)
    if request.institution_id != account.institution_id:
        raise tokens.LinkNotValid
    return request


def lapse(db: Db, actor: Actor, request_id: int) -> bool:
    """End a question whose time is over: the person pays, and both are told; False when it was just answered.

    Raises NotAllowed for whoever does not act for CNO.
    """
    access.require_staff(actor)
    try:
        _close(db, actor, request_id, PayerRequestState.LAPSED)
    except seats.RequestClosed:
        return False
    return True


def remind(db: Db, actor: Actor, request_id: int) -> bool:
    """Tell both sides that a question is about to lapse; False when that was done, or it was answered.

    Raises NotAllowed for whoever does not act for CNO.
    """
    access.require_staff(actor)
    request = _locked(db, request_id)
    if request.state is not PayerRequestState.WAITING or request.reminded_at is not None:
        return False
    request.reminded_at = clock.now()
    audit.record(db, actor, AuditTag.PAYER_REQUEST_MADE, request, reminded=True)
    addition = coming_changes.addition(db, ComingKind.PAYER_REMINDER, request.id)
    _tell(db, "payer-request-reminder", request, addition=addition)
    return True


def withdraw(db: Db, actor: Actor, enrolment_id: int) -> None:
    """End a waiting question without a mail: the person has chosen otherwise."""
    request = db.scalar(
        select(PayerRequest).where(
            PayerRequest.enrolment_id == enrolment_id, PayerRequest.state == PayerRequestState.WAITING
        )
    )
    if request is not None:
        request.state, request.decided_at = PayerRequestState.LAPSED, clock.now()
        db.flush()
        audit.record(db, actor, AuditTag.PAYER_REQUEST_LAPSED, request, withdrawn=True)


def over(db: Db, *, limit: int = 500) -> tuple[int, ...]:
    """The questions whose time is over: the note left, or leaves today (and is not held), or nobody enrols any more.

    So is one about a place that was only waited for, once the course has begun.
    """
    in_vain = and_(Enrolment.status != EnrolmentStatus.CONFIRMED, Course.first_day <= clock.today())
    given_up = or_(Enrolment.status.not_in(ACTIVE), Enrolment.billed_on.is_not(None), in_vain)
    leaves = and_(_leaves_within(db, 0), ~is_held(ComingKind.DEBIT_NOTE, Enrolment.id))
    return _waiting(db, or_(leaves, given_up), limit)


def soon_over(db: Db, *, limit: int = 500) -> tuple[int, ...]:
    """The questions that lapse within the days set for a reminder, and were not reminded."""
    days = decisions(db).payer_request_remind_days
    is_silent = is_held(ComingKind.PAYER_REMINDER, PayerRequest.id)
    return _waiting(db, and_(_leaves_within(db, days), PayerRequest.reminded_at.is_(None), ~is_silent), limit)


def _leaves_within(db: Db, days: int) -> ColumnElement[bool]:
    return Enrolment.confirmed_on <= clock.today() + timedelta(days=days - decisions(db).debit_note_after_days)


def _waiting(db: Db, condition: ColumnElement[bool], limit: int) -> tuple[int, ...]:
    return tuple(
        db.scalars(
            select(PayerRequest.id)
            .join(Enrolment, Enrolment.id == PayerRequest.enrolment_id)
            .join(Course, Course.id == Enrolment.course_id)
            .where(PayerRequest.state == PayerRequestState.WAITING, condition)
            .order_by(PayerRequest.id)
            .limit(limit)
        )
    )


def _close(db: Db, actor: Actor, request_id: int, answer: PayerRequestState) -> None:
    course_id = db.scalar(
        select(Enrolment.course_id)
        .join(PayerRequest, PayerRequest.enrolment_id == Enrolment.id)
        .where(PayerRequest.id == request_id)
    )
    if course_id is None:
        raise access.NotFound
    access.locked_course(db, course_id)
    request = _locked(db, request_id)
    enrolment = db.scalars(
        select(Enrolment)
        .where(Enrolment.id == request.enrolment_id)
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    ).one()
    if request.state is not PayerRequestState.WAITING:
        raise seats.RequestClosed
    is_standing = enrolment.status in ACTIVE
    if answer is PayerRequestState.APPROVED:
        if not is_standing:
            raise seats.RequestClosed
        seats.check_unbilled(enrolment.billed_on)
        _check_linked(db, enrolment, request.institution_id)
        enrolment.payer_kind, enrolment.payer_institution = PayerKind.INSTITUTION, request.institution
    request.state, request.decided_at = answer, clock.now()
    db.flush()
    audit.record(db, actor, _TAGS[answer], request, enrolment_id=enrolment.id)
    if is_standing:
        _tell(db, "payer-request-closed", request)


def _check_linked(db: Db, enrolment: Enrolment, institution_id: int) -> None:
    """Refuse to pay for somebody who is no longer linked, whichever side ended it. Raises ColleagueNotLinked."""
    link = select(Affiliation.id).where(
        Affiliation.person_id == enrolment.person_id,
        Affiliation.institution_id == institution_id,
        Affiliation.ended_on.is_(None),
    )
    if enrolment.person is not None and db.scalar(link) is None:
        raise seats.ColleagueNotLinked(name=enrolment.person.name)


def _locked(db: Db, request_id: int) -> PayerRequest:
    request = db.scalar(
        select(PayerRequest)
        .where(PayerRequest.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if request is None:
        raise access.NotFound
    return request


def _tell(db: Db, name: str, request: PayerRequest, *, addition: str = "") -> None:
    """Both the person and the institution that was asked."""
    mail.queue(
        db,
        name,
        dedupe=f"payer-request:{request.id}:{request.asked_at.isoformat()}",
        enrolment=request.enrolment,
        institution=request.institution,
        facts={
            "institution_name": request.institution.name,
            "answer": request.state.value,
            "is_waiting": request.enrolment.status is not EnrolmentStatus.CONFIRMED,
            "until": until(db, request.enrolment),
            "cancel_terms": terms.free_until_sentence(db, request.enrolment),
            "addition": addition,
        },
    )
