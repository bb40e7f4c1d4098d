"""Reading bank files into the books: each line once, what is certain placed at once, the rest in the queue.

A file is known by its hash, a line by account, day, bank reference, amount and sequence: the same file twice, or two
that overlap, add nothing. One file is one transaction: all of it or nothing.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from core import access, audit, clock
from core.db import Db, is_sqlite
from core.decisions import decisions
from core.documents import bank
from core.documents.bank import Doubt, Line, Statement
from core.errors import DomainError
from core.i18n import N_
from core.models import BankFile, BankStatement, BankTransaction
from core.queries.bank_payers import in_batches
from core.services import bank_placing
from core.vocabulary import Actor, AuditTag

Tell = Callable[[float], None]
_AT_ONCE = 1000
#: How much of the work is done when the lines are written; the rest is finding and paying their notes.
_WRITTEN = 0.7
#: What the readers of bank files wait for; any number that no other lock of this database has.
_LOCK = 26_1_0020


class MixedFormats(DomainError):
    """Two formats of one account name the same line by different references: it would be taken in twice."""

    message = N_(
        "Account {account} was read as {format} until {day}; this file is {other} and begins on {first}."
        " Read one format for each account."
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """What a bank file gave: its lines, how many were new, placed by themselves, and wait for somebody."""

    name: str
    lines: int
    added: int
    placed: int
    waiting: int
    is_known: bool = False
    doubts: tuple[Doubt, ...] = ()


def take_in(db: Db, actor: Actor, name: str, content: bytes, tell: Tell = lambda _share: None) -> Taken:
    """Read one bank file into the books. The same file again gives a result that says so, and changes nothing.

    Raises NotAllowed, FinanceOnly, MixedFormats and the refusals of `core.documents.bank`.
    """
    access.require_finance(actor)
    statements = bank.read(content, name)
    lines = sum(len(statement.lines) for statement in statements)
    doubts = tuple(doubt for statement in statements for doubt in _doubts(db, statement))
    facts = {"sha256": hashlib.sha256(content).hexdigest(), "name": name[:200], "lines": lines}
    _one_at_a_time(db)
    file_id = _new_file(db, actor, facts, doubts)
    if file_id is None:
        return Taken(name, lines, 0, 0, 0, is_known=True, doubts=doubts)
    fresh: list[bank_placing.Fresh] = []
    done = 0
    for statement in statements:
        _check_format(db, statement, file_id)
        statement_id = _new_statement(db, file_id, statement)
        for some in in_batches(statement.lines, _AT_ONCE):
            _write(db, statement_id, statement.account, some)
            done += len(some)
            tell(_WRITTEN * done / lines)
        fresh += _fresh(db, statement_id, statement.lines)
    placed = bank_placing.place_certain(db, actor, fresh)
    tell(1.0)
    taken = Taken(name, lines, len(fresh), placed, len(fresh) - placed, doubts=doubts)
    file = db.get_one(BankFile, file_id)
    audit.record(db, actor, AuditTag.BANK_FILE_READ, file, name=name, lines=lines, added=len(fresh), placed=placed)
    return taken


def _one_at_a_time(db: Db) -> None:
    """Who reads a bank file waits until the other has done so: two that overlap never meet halfway.

    On SQLite a writer holds the whole database anyway.
    """
    if not is_sqlite(db):
        db.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _doubts(db: Db, statement: Statement) -> Iterator[Doubt]:
    yield from statement.doubts
    if statement.account != decisions(db).payee_iban:
        yield Doubt(N_("Account {account} is not the one that notes ask to pay to."), {"account": statement.account})
    if statement.pending:
        yield Doubt(
            N_("Lines that the bank has not booked yet ({count}) were passed over."), {"count": statement.pending}
        )


def _new_file(db: Db, actor: Actor, facts: Mapping[str, object], doubts: Sequence[Doubt]) -> int | None:
    """The id of the file's row; None when the same file was read before, also by somebody at this very moment."""
    make = sqlite.insert(BankFile) if is_sqlite(db) else postgresql.insert(BankFile)
    return db.scalar(
        make.values(
            **facts,
            doubts=json.dumps([[doubt.message, dict(doubt.fields)] for doubt in doubts], ensure_ascii=False),
            account_id=actor.account_id,
            made_by=actor.name,
            made_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["sha256"])
        .returning(BankFile.id)
    )


def _check_format(db: Db, statement: Statement, file_id: int) -> None:
    first = min((line.booked_on for line in statement.lines), default=None)
    if first is None:
        return
    overlap = db.execute(
        select(BankStatement.format, func.max(BankTransaction.booked_on))
        .join(BankTransaction, BankTransaction.statement_id == BankStatement.id)
        .where(
            BankStatement.account == statement.account,
            BankStatement.format != statement.format,
            BankStatement.file_id != file_id,
            BankTransaction.booked_on >= first,
        )
        .group_by(BankStatement.format)
    ).first()
    if overlap is not None:
        raise MixedFormats(
            account=statement.account, format=overlap[0], day=overlap[1], other=statement.format, first=first
        )


def _new_statement(db: Db, file_id: int, statement: Statement) -> int:
    row = BankStatement(
        file_id=file_id,
        format=statement.format,
        account=statement.account,
        number=statement.number[:60],
        opened_cents=statement.opened_cents,
        closed_cents=statement.closed_cents,
        until=statement.last_day,
    )
    db.add(row)
    db.flush()
    return row.id


def _write(db: Db, statement_id: int, account: str, lines: Sequence[Line]) -> None:
    """Write the lines that no file brought before.

    Without RETURNING: the drivers then send the same short statement for every line, which they know how to do fast.
    """
    table = cast("Table", BankTransaction.__table__)
    make = sqlite.insert(table) if is_sqlite(db) else postgresql.insert(table)
    rows = [_row(statement_id, account, line) for line in lines if line.cents]
    if rows:
        db.connection().execute(make.on_conflict_do_nothing(), rows)


def _fresh(db: Db, statement_id: int, lines: Sequence[Line]) -> Iterator[bank_placing.Fresh]:
    """Those of a statement's lines that were written, in their order."""
    key = (BankTransaction.booked_on, BankTransaction.bank_ref, BankTransaction.cents, BankTransaction.sequence)
    written = db.execute(select(BankTransaction.id, *key).where(BankTransaction.statement_id == statement_id))
    ids = {tuple(rest): identity for identity, *rest in written}
    for line in lines:
        identity = ids.get((line.booked_on, line.bank_ref, line.cents, line.sequence))
        if identity is not None:
            yield bank_placing.Fresh(identity, line)


def _row(statement_id: int, account: str, line: Line) -> dict[str, object]:
    return {
        "statement_id": statement_id,
        "account": account,
        "booked_on": line.booked_on,
        "valued_on": line.valued_on,
        "bank_ref": line.bank_ref,
        "cents": line.cents,
        "sequence": line.sequence,
        "currency": line.currency[:3],
        "end_to_end": line.end_to_end[:60],
        "name": line.name[:200],
        "iban": line.iban[:40],
        "refs": " ".join(line.references)[:1000],
        "text": line.text[:2000],
        "type_code": line.type_code[:40],
        "is_reversal": line.is_reversal,
    }
