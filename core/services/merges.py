"""Merging doubles (R10, D12): all that may move goes to the one that is kept; the other stays for what is frozen.

Issued notes, their lines and stored files are never touched: they name the absorbed row, and reads follow
(`core.access.known_as`). Every change is kept, so that a merge is undone to the last column.
"""

from collections.abc import Collection

from sqlalchemy import and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, aliased

from core import access, audit, clock, mail
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import Account, Affiliation, BillingAddress, Enrolment, FormerAddress, Institution, Merge, Person
from core.services import enrolments, merge_journal
from core.services.merge_journal import Journal
from core.text import folded
from core.vocabulary import ACTIVE, Actor, AuditTag, Party

#: What refers to a person or an institution, and what a merge does with it; a test holds it against the schema.
MOVES = {
    Party.PERSON: (("enrolment", "person_id"), ("remark", "person_id")),
    Party.INSTITUTION: (
        ("enrolment", "payer_institution_id"),
        ("enrolment_answer", "institution_id"),
        ("payer_request", "institution_id"),
        ("contact_person", "institution_id"),
        ("remark", "institution_id"),
    ),
}
#: The fields whose value may be taken from the absorbed row, each with its columns.
FIELDS = {
    Party.PERSON: {
        "name": ("first_name", "last_name"),
        "birth_year": ("birth_year",),
        "phone": ("phone",),
        "address": ("street", "postcode", "city"),
        "function": ("function",),
        "levels": (),
        "subjects": (),
    },
    Party.INSTITUTION: {
        "name": ("name",),
        "number": ("number",),
        "kbo": ("kbo",),
        "network": ("network",),
        "phone": ("phone",),
        "address": ("street", "postcode", "city"),
        "payer_policy": ("payer_policy",),
        "billing": ("billing_name", "billing_reference", "note_grouping"),
    },
}


class SamePerson(DomainError):
    """A row cannot be merged into itself."""

    message = N_("Choose another one to merge with.")


class BothEnrolled(DomainError):
    """Both hold a place in one course: one of the two must be given up first."""

    message = N_("Both are enrolled in {course}. Cancel one of the two places first.")


class CannotBeUndone(DomainError):
    """What happened since does not leave room for the double."""

    message = N_("This merge cannot be undone any more: something of it is in use again, or a later one came.")


def merge(
    db: Db,
    actor: Actor,
    party: Party,
    kept_id: int,
    absorbed_id: int,
    *,
    take: Collection[str] = (),
    give_up: Collection[int] = (),
) -> int:
    """Make two rows one; `take` names the fields whose value comes from the absorbed one. Returns the merge's id.

    `give_up`: the enrolments to cancel first, free of charge, where both hold a place in one course. The kept one's
    account stays; the other's address becomes a former one, and both addresses are told.
    Raises NotFound, NotAllowed, SamePerson or BothEnrolled.
    """
    access.check_sees_all(actor)
    access.require_coordinator(actor)
    if kept_id == absorbed_id:
        raise SamePerson
    if party is Party.PERSON and give_up:
        _give_up(db, actor, kept_id, absorbed_id, frozenset(give_up))
    edit = access.editable_person if party is Party.PERSON else access.editable_institution
    first, second = sorted((kept_id, absorbed_id))
    rows = {first: edit(db, actor, first), second: edit(db, actor, second)}
    kept, absorbed = rows[kept_id], rows[absorbed_id]
    if party is Party.PERSON:
        _check_seats(db, kept_id, absorbed_id)
    db.flush()
    journal = Journal(db)
    journal.move(party.value, "merged_into_id", absorbed_id, kept_id)
    journal.set(party.value, absorbed_id, merged_into_id=kept_id)
    _fields(journal, party, kept, absorbed, frozenset(take))
    _links(db, journal, party, kept_id, absorbed_id)
    for name, column in MOVES[party]:
        journal.move(name, column, absorbed_id, kept_id)
    _accounts(db, journal, party, kept_id, absorbed_id)
    db.expire_all()
    row = Merge(
        party=party,
        kept_id=kept_id,
        absorbed_id=absorbed_id,
        made_at=clock.now(),
        made_by_id=actor.account_id,
        made_by=actor.name,
        changes=journal.text(),
    )
    db.add(row)
    db.flush()
    audit.record(db, actor, AuditTag.MERGE_MADE, kept, absorbed=absorbed_id, merge=row.id)
    return row.id


def undo(db: Db, actor: Actor, merge_id: int) -> int:
    """Make them two again, as they were; what came since stays with the kept one. Returns the double's id.

    Raises NotFound, NotAllowed or CannotBeUndone.
    """
    access.check_sees_all(actor)
    access.require_coordinator(actor)
    row = db.scalar(select(Merge).where(Merge.id == merge_id, Merge.undone_at.is_(None)).with_for_update())
    if row is None:
        raise access.NotFound
    later = select(func.count()).where(
        Merge.id > row.id,
        Merge.party == row.party,
        Merge.undone_at.is_(None),
        or_(Merge.kept_id == row.kept_id, Merge.absorbed_id == row.kept_id),
    )
    if db.scalar(later):
        raise CannotBeUndone
    try:
        with db.begin_nested():
            merge_journal.undo(db, row.changes)
    except IntegrityError as used:
        raise CannotBeUndone from used
    db.expire_all()
    row.undone_at = clock.now()
    owner = db.get_one(Person, row.kept_id) if row.party is Party.PERSON else db.get_one(Institution, row.kept_id)
    audit.record(db, actor, AuditTag.MERGE_UNDONE, owner, absorbed=row.absorbed_id, merge=row.id)
    return row.absorbed_id


def both_enrolled(db: Db, kept_id: int, absorbed_id: int) -> tuple[tuple[Enrolment, Enrolment], ...]:
    """The two places, the kept one's first, in each course in which both hold one or wait for one."""
    own, other = aliased(Enrolment), aliased(Enrolment)
    found = db.execute(
        select(own, other)
        .join(other, and_(other.course_id == own.course_id, other.person_id == absorbed_id, other.status.in_(ACTIVE)))
        .where(own.person_id == kept_id, own.status.in_(ACTIVE))
        .order_by(own.course_id)
    )
    return tuple((first, second) for first, second in found)


def _give_up(db: Db, actor: Actor, kept_id: int, absorbed_id: int, enrolment_ids: frozenset[int]) -> None:
    """Cancel one of two places; before the persons are locked, for a course comes first everywhere."""
    doubled = {each.id for pair in both_enrolled(db, kept_id, absorbed_id) for each in pair}
    if not enrolment_ids <= doubled:
        raise access.NotFound
    for enrolment_id in sorted(enrolment_ids):
        enrolments.cancel(db, actor, enrolment_id, reason="double", agreed_cents=0)


def _check_seats(db: Db, kept_id: int, absorbed_id: int) -> None:
    for own, _other in both_enrolled(db, kept_id, absorbed_id):
        raise BothEnrolled(course=own.course.title)


def _fields(
    journal: Journal, party: Party, kept: Person | Institution, absorbed: Person | Institution, take: frozenset[str]
) -> None:
    columns = [column for field, names in FIELDS[party].items() if field in take for column in names]
    values = {column: getattr(absorbed, column) for column in columns}
    if isinstance(kept, Person):
        for table, field in (("person_level", "levels"), ("person_subject", "subjects")):
            if field in take:
                key = field.removesuffix("s")
                wanted = [getattr(row, key) for row in getattr(absorbed, field)]
                journal.take_away(table, person_id=kept.id)
                for value in wanted:
                    journal.add(table, person_id=kept.id, **{key: value})
        names = [values.get(column, getattr(kept, column)) for column in ("first_name", "last_name")]
        values["search_name"] = folded(" ".join(names))
    else:
        name, city = (values.get(column, getattr(kept, column)) for column in ("name", "city"))
        values["search_name"] = folded(f"{name} {city}")[:300]
        journal.set("institution", absorbed.id, number=None)  # a number belongs to one institution only
    if "name" not in take and "address" not in take:
        del values["search_name"]
    journal.set(party.value, kept.id, **values)


def _links(db: Db, journal: Journal, party: Party, kept_id: int, absorbed_id: int) -> None:
    """Links move; where both are linked to the same, the older beginning stays."""
    own, other = ("person_id", "institution_id") if party is Party.PERSON else ("institution_id", "person_id")
    column = getattr(Affiliation, own)
    standing = {getattr(row, other): row for row in _standing(db, column, kept_id)}
    for double in _standing(db, column, absorbed_id):
        same = standing.get(getattr(double, other))
        if same is not None:
            kept_on = max(filter(None, (same.kept_on, double.kept_on)), default=None)
            journal.set("affiliation", same.id, started_on=min(same.started_on, double.started_on), kept_on=kept_on)
            journal.take_away("affiliation", id=double.id)
    journal.move("affiliation", own, absorbed_id, kept_id)
    if party is Party.INSTITUTION:
        known = set(db.scalars(select(BillingAddress.email).where(BillingAddress.institution_id == kept_id)))
        own_addresses = select(BillingAddress.email).where(BillingAddress.institution_id == absorbed_id)
        for email in db.scalars(own_addresses).all():
            if email in known:
                journal.take_away("billing_address", institution_id=absorbed_id, email=email)
        if not known:  # a kept one without addresses takes over; one that has its own keeps to them
            journal.move("billing_address", "institution_id", absorbed_id, kept_id)


def _standing(db: Db, column: InstrumentedAttribute[int], identity: int) -> list[Affiliation]:
    return list(db.scalars(select(Affiliation).where(column == identity, Affiliation.ended_on.is_(None))))


def _accounts(db: Db, journal: Journal, party: Party, kept_id: int, absorbed_id: int) -> None:
    """One account stays: the kept one's if it has one; the other's address becomes a former one of it."""
    column = Account.person_id if party is Party.PERSON else Account.institution_id
    kept = db.scalar(select(Account).where(column == kept_id).with_for_update(of=Account))
    other = db.scalar(select(Account).where(column == absorbed_id).with_for_update(of=Account))
    if other is not None and kept is None:
        journal.set("account", other.id, **{f"{party.value}_id": kept_id})
        kept = other
    elif other is not None and kept is not None:
        old, was_active = other.email, other.is_active
        journal.move("former_address", "account_id", other.id, kept.id)
        journal.set("account", other.id, email=f"merged-{other.id}@invalid", is_active=False)
        is_known = select(FormerAddress.id).where(FormerAddress.account_id == kept.id, FormerAddress.email == old)
        if db.scalar(is_known) is None:
            journal.add("former_address", account_id=kept.id, email=old, until_at=clock.now())
        if was_active:
            dedupe = f"merge:{other.id}:{clock.now().isoformat()}"
            mail.queue(
                db, "accounts-merged", dedupe=dedupe, account=kept, address=old, facts={"new_address": kept.email}
            )
    if kept is not None:
        db.expire_all()
        owner = db.get_one(Person, kept_id) if party is Party.PERSON else db.get_one(Institution, kept_id)
        journal.set("account", kept.id, name=owner.name)
