"""The lists of a person's or an institution's file: seats, papers, mails, what happened; for coordinators."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from core import access
from core.db import Db
from core.i18n import ngettext
from core.models import (
    Account,
    Affiliation,
    AuditEvent,
    Certificate,
    Course,
    Enrolment,
    FormerAddress,
    IncomingMail,
    Institution,
    Note,
    NoteFile,
    NoteLine,
    OutgoingMail,
    Person,
)
from core.queries.enrolments import EnrolmentRow, rows
from core.vocabulary import (
    Actor,
    ActorKind,
    AuditTag,
    CertificateStatus,
    NoteKind,
    Party,
)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A note or a certificate. `certificate_of` is the enrolment of a certificate, None for a note.

    `line`: this row is about that line of a note of several; of the whole note it is None.
    """

    identity: int
    number: str
    issued_on: date
    course_title: str
    person_name: str
    kind: NoteKind | None
    cents: int
    has_file: bool
    certificate_of: int | None
    status: CertificateStatus | None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail in or out."""

    at: datetime
    is_incoming: bool
    address: str
    subject: str
    thread_id: int | None


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened, in the trail."""

    at: datetime
    tag: AuditTag
    actor_kind: ActorKind
    actor_name: str
    details: str


def _own_seats(party: Party, identity: int) -> ColumnElement[bool]:
    return Enrolment.person_id == identity if party is Party.PERSON else Enrolment.payer_institution_id == identity


def enrolments(
    db: Db, actor: Actor, party: Party, identity: int, *, page: int = 1, size: int = 20
) -> tuple[EnrolmentRow, ...]:
    """One page of the seats of a person, or of those an institution pays, the latest course first."""
    access.check_sees_all(actor)
    order = (Course.first_day.desc(), Enrolment.id.desc())
    return rows(db, _own_seats(party, identity), order=order, limit=size, offset=(page - 1) * size)


def count_enrolments(db: Db, actor: Actor, party: Party, identity: int) -> int:
    """How many seats :func:`enrolments` gives in all."""
    access.check_sees_all(actor)
    return db.scalar(select(func.count()).select_from(Enrolment).where(_own_seats(party, identity))) or 0


def papers(db: Db, actor: Actor, party: Party, identity: int, *, page: int = 1, size: int = 20) -> tuple[PaperRow, ...]:
    """One page of the notes and certificates, the newest first; those of merged doubles are among them."""
    access.check_sees_all(actor)
    last = page * size
    found = _notes(db, party, identity, last)
    certificates = db.execute(
        select(Certificate, Person, Course.title)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(_own_seats(party, identity))
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
        .limit(last)
    )
    found += [
        PaperRow(
            paper.id, paper.number, paper.issued_on, title, each.name, None, 0, True, paper.enrolment_id, paper.status
        )
        for paper, each, title in certificates
    ]
    found.sort(key=lambda row: (row.issued_on, row.number), reverse=True)
    return tuple(found[last - size : last])


def _notes(db: Db, party: Party, identity: int, limit: int) -> list[PaperRow]:
    """Notes; of one of several lines a person's file has the own lines alone, an institution's the whole."""
    lines = aliased(NoteLine)
    count = select(func.count()).where(lines.note_id == Note.id).correlate(Note).scalar_subquery()
    has_file = exists().where(NoteFile.note_id == Note.id)
    if party is Party.PERSON:
        is_own: ColumnElement[bool] = NoteLine.person_id.in_(access.known_as(Person, identity))
    else:
        own = access.known_as(Institution, identity)
        is_own = and_(Note.payer_institution_id.in_(own), NoteLine.position == 1)
    rows = db.execute(
        select(Note, NoteLine.position, NoteLine.amount_cents, Person, Course.title, has_file, count)
        .join(NoteLine, NoteLine.note_id == Note.id)
        .join(Enrolment, Enrolment.id == NoteLine.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Person, Person.id == NoteLine.person_id)
        .where(is_own)
        .order_by(Note.issued_on.desc(), Note.id.desc(), NoteLine.position)
        .limit(limit)
    )
    found = []
    for note, position, cents, each, title, stored, several in rows:
        is_part, is_group = several > 1 and party is Party.PERSON, several > 1 and party is Party.INSTITUTION
        about = ngettext("{count} enrolment", "{count} enrolments", several) if is_group else title
        name = each.name if each and not is_group else ""
        total, line = (cents, position) if is_part else (note.total_cents, None)
        paper = (note.id, note.number, note.issued_on, about, name, note.kind, total, bool(stored))
        found.append(PaperRow(*paper, None, None, line))
    return found


def mails(db: Db, actor: Actor, party: Party, identity: int, *, page: int = 1, size: int = 20) -> tuple[MailRow, ...]:
    """One page of the mails to and from all addresses that were ever the own, the newest first."""
    access.check_sees_all(actor)
    accounts = _accounts(party, identity)
    addresses = list(
        db.scalars(
            union_all(
                select(Account.email).where(Account.id.in_(accounts)),
                select(FormerAddress.email).where(FormerAddress.account_id.in_(accounts)),
            )
        )
    )
    last = page * size
    sent = (
        select(
            OutgoingMail.created_at, literal(0), OutgoingMail.recipient, OutgoingMail.subject, OutgoingMail.thread_id
        )
        .where(OutgoingMail.recipient.in_(addresses))
        .order_by(OutgoingMail.created_at.desc())
        .limit(last)
    )
    received = (
        select(
            IncomingMail.arrived_at, literal(1), IncomingMail.from_address, IncomingMail.subject, IncomingMail.thread_id
        )
        .where(IncomingMail.from_address.in_(addresses))
        .order_by(IncomingMail.arrived_at.desc())
        .limit(last)
    )
    found = [
        MailRow(at, bool(incoming), address, subject, thread)
        for query in (sent, received)
        for at, incoming, address, subject, thread in db.execute(query)
    ]
    found.sort(key=lambda row: row.at, reverse=True)
    return tuple(found[last - size : last])


def _accounts(party: Party, identity: int) -> Select[int]:
    if party is Party.PERSON:
        return select(Account.id).where(Account.person_id.in_(access.known_as(Person, identity)))
    return select(Account.id).where(Account.institution_id.in_(access.known_as(Institution, identity)))


def events(db: Db, actor: Actor, party: Party, identity: int, *, page: int = 1, size: int = 20) -> tuple[EventRow, ...]:
    """One page of the trail: what was done to the person or institution, its account, links and seats."""
    access.check_sees_all(actor)
    own = Affiliation.person_id == identity if party is Party.PERSON else Affiliation.institution_id == identity
    owner = Person if party is Party.PERSON else Institution
    subjects = (
        (party.value, access.known_as(owner, identity)),
        ("account", _accounts(party, identity)),
        ("affiliation", select(Affiliation.id).where(own)),
        ("enrolment", select(Enrolment.id).where(_own_seats(party, identity))),
    )
    queries = [
        select(AuditEvent.id).where(AuditEvent.subject_type == kind, AuditEvent.subject_id.in_(ids))
        for kind, ids in subjects
    ]
    found = db.scalars(
        select(AuditEvent)
        .where(AuditEvent.id.in_(union_all(*queries)))
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return tuple(EventRow(each.at, each.tag, each.actor_kind, each.actor_name, each.details) for each in found)
