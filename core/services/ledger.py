"""Handing a period to bookkeeping: every row of the books stands in one export, and later ones go into the next."""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, literal, select, text

from core import access, audit, clock
from core.db import Db, is_sqlite
from core.documents import ledger as documents
from core.errors import DomainError
from core.i18n import N_
from core.models import LedgerExport, LedgerPosting
from core.queries import ledger as queries
from core.queries import ledger_scope as scope
from core.rules import ledger as rules
from core.vocabulary import Actor, AuditTag


class PeriodNotOver(DomainError):
    """Things of today can still happen."""

    message = N_("A period ends yesterday at the latest.")


class PeriodWrong(DomainError):
    """The periods of the exports follow one another."""

    message = N_("The period begins on {first}, the day after the last export, and does not end before it.")


class NothingToExport(DomainError):
    """Not one entry."""

    message = N_("Nothing was booked in this period.")


class BooksDisagree(DomainError):
    """The lines do not move what the books say: nothing is exported."""

    message = N_(
        "The lines do not agree with the books on account {accounts}. Nothing was exported; look at «Control»."
    )


class NotTheLast(DomainError):
    """Later exports build on this one."""

    message = N_("Only the last export can be withdrawn.")


def make(db: Db, actor: Actor, first: date, last: date) -> int:
    """Export a period; returns its id. Two at once give one export.

    Raises NotAllowed, FinanceOnly, PeriodNotOver, PeriodWrong, NothingToExport or BooksDisagree.
    """
    access.require_finance(actor)
    _lock(db)
    if last >= clock.today():
        raise PeriodNotOver(field="last")
    expected = scope.next_first_day(db) or first
    if first != expected or last < first:
        raise PeriodWrong(field="last", first=expected)
    own, plan = scope.period(db, first, last), queries.plan_of(db)
    controls = scope.controls(db, own)
    if not controls.entries:
        raise NothingToExport(field="last")
    made = LedgerExport(
        first_day=first,
        last_day=last,
        plan=json.dumps(asdict(plan), sort_keys=True),
        controls=json.dumps(asdict(controls), sort_keys=True),
        lines=0,
        debit_cents=0,
        sha256="",
        account_id=actor.account_id,
        made_by=actor.name,
        made_at=clock.now(),
    )
    db.add(made)
    db.flush()
    _post(db, own, made.id)
    lines = tuple(queries.lines(db, made))
    wrong = rules.differences(controls, rules.balances(lines), plan)
    if wrong or sum(line.debit_cents for line in lines) != sum(line.credit_cents for line in lines):
        raise BooksDisagree(accounts=", ".join(wrong) or "-")
    made.lines, made.debit_cents = len(lines), sum(line.debit_cents for line in lines)
    made.sha256 = hashlib.sha256(documents.to_csv(lines)).hexdigest()
    audit.record(
        db, actor, AuditTag.LEDGER_EXPORTED, made, first=first, last=last, lines=made.lines, cents=made.debit_cents
    )
    return made.id


def _post(db: Db, own: scope.Period, export_id: int) -> None:
    columns = ["table_name", "row_id", "export_id", "is_late"]
    for source in scope.SOURCES:
        is_late: Any = ~scope.is_from(source, own.first)
        found = select(literal(source.__tablename__), source.id, literal(export_id), is_late)
        db.execute(insert(LedgerPosting).from_select(columns, found.where(scope.to_post(source, own))))


def recall(db: Db, actor: Actor, export_id: int) -> None:
    """Take back the last export, which bookkeeping did not take in.

    Raises NotAllowed, FinanceOnly, NotFound or NotTheLast.
    """
    access.require_finance(actor)
    _lock(db)
    found = db.get(LedgerExport, export_id)
    if found is None or found.withdrawn_at is not None:
        raise access.NotFound
    if scope.next_first_day(db) != found.last_day + scope.DAY:
        raise NotTheLast
    db.execute(delete(LedgerPosting).where(LedgerPosting.export_id == export_id))
    found.withdrawn_at, found.withdrawn_by = clock.now(), actor.name
    audit.record(db, actor, AuditTag.LEDGER_WITHDRAWN, found, first=found.first_day, last=found.last_day)


def _lock(db: Db) -> None:
    """Of two exports at once the second waits, and finds that the period has been exported."""
    if not is_sqlite(db):
        db.execute(text("LOCK TABLE ledger_export IN SHARE ROW EXCLUSIVE MODE"))
