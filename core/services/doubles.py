"""Likely doubles: what the night found is kept; a coordinator says which are none, and can take that back (D12)."""

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core import access, audit, clock
from core.db import Db, is_sqlite
from core.models import Base, Institution, LikelyDouble, Person
from core.queries.doubles import Found
from core.vocabulary import Actor, Alike, AuditTag, Party


def keep(db: Db, actor: Actor, found: Found) -> int:
    """Make the list what was found: new pairs come, those no longer alike go, dismissed ones stay dismissed.

    Four statements at most, whatever the size. Returns how many pairs are new. Raises NotAllowed.
    """
    access.require_staff(actor)
    known = {
        (party, first, second): (identity, reasons, dismissed)
        for identity, party, first, second, reasons, dismissed in db.execute(
            select(
                LikelyDouble.id,
                LikelyDouble.party,
                LikelyDouble.first_id,
                LikelyDouble.second_id,
                LikelyDouble.reasons,
                LikelyDouble.dismissed_at,
            )
        )
    }
    new = [_row(*pair, reasons) for pair, reasons in found.items() if pair not in known]
    if new:
        rows = sqlite.insert(LikelyDouble) if is_sqlite(db) else postgresql.insert(LikelyDouble)
        db.execute(rows.on_conflict_do_nothing(), new)  # another worker may look at the same moment
    changed = [
        {"it": known[pair][0], "now": _words(reasons)}
        for pair, reasons in found.items()
        if pair in known and known[pair][1] != _words(reasons)
    ]
    table = Base.metadata.tables[LikelyDouble.__tablename__]
    if changed:
        one = table.c.id == bindparam("it")
        db.connection().execute(update(table).where(one).values(reasons=bindparam("now")), changed)
    gone = [{"it": identity} for pair, (identity, _r, at) in known.items() if pair not in found and at is None]
    if gone:
        db.connection().execute(delete(table).where(table.c.id == bindparam("it")), gone)
    return len(new)


def _row(party: Party, first_id: int, second_id: int, reasons: frozenset[Alike]) -> dict[str, object]:
    return {
        "party": party,
        "first_id": first_id,
        "second_id": second_id,
        "reasons": _words(reasons),
        "found_at": clock.now(),
        "dismissed_by": "",
    }


def _words(reasons: frozenset[Alike]) -> str:
    return " ".join(each for each in Alike if each in reasons)


def dismiss(db: Db, actor: Actor, double_id: int) -> None:
    """These two are not the same; they are not shown as doubles again. Raises NotFound or NotAllowed."""
    double = _one(db, actor, double_id)
    if double.dismissed_at is None:
        double.dismissed_at, double.dismissed_by = clock.now(), actor.name[:200]
        audit.record(db, actor, AuditTag.DOUBLE_DISMISSED, _owner(db, double), other=double.second_id)


def reopen(db: Db, actor: Actor, double_id: int) -> None:
    """They may be the same after all. Raises NotFound or NotAllowed."""
    double = _one(db, actor, double_id)
    if double.dismissed_at is not None:
        double.dismissed_at, double.dismissed_by = None, ""
        audit.record(db, actor, AuditTag.DOUBLE_REOPENED, _owner(db, double), other=double.second_id)


def set_apart(db: Db, actor: Actor, party: Party, identity: int, others: dict[int, frozenset[Alike]]) -> None:
    """Somebody new is none of these, whom he or she is like: kept as dismissed, so that nobody asks again."""
    rows = [
        _row(party, min(identity, other), max(identity, other), reasons)
        | {"dismissed_at": clock.now(), "dismissed_by": actor.name[:200]}
        for other, reasons in others.items()
        if reasons
    ]
    if rows:
        db.execute(insert(LikelyDouble), rows)


def _one(db: Db, actor: Actor, double_id: int) -> LikelyDouble:
    access.check_sees_all(actor)
    access.require_coordinator(actor)
    double = db.scalar(select(LikelyDouble).where(LikelyDouble.id == double_id).with_for_update())
    if double is None:
        raise access.NotFound
    return double


def _owner(db: Db, double: LikelyDouble) -> Person | Institution:
    is_person = double.party is Party.PERSON
    owner = db.get(Person, double.first_id) if is_person else db.get(Institution, double.first_id)
    if owner is None:  # undoing an import took it away
        raise access.NotFound
    return owner
