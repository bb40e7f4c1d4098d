"""Controlling the books step by step: a run can be left, and goes on where it was; what is in order again goes."""

import json

from sqlalchemy import and_, delete, func, or_, select

from core import access, audit, clock
from core.db import Db
from core.models import ControlFinding, ControlRun
from core.queries import control as queries
from core.queries.control import Batch
from core.vocabulary import Actor, AuditTag, ControlKind

_WHOLE = (ControlKind.GAP, ControlKind.GUARD)


def begin(db: Db, actor: Actor, *, is_full: bool) -> int:
    """The run to go on with: one of this kind that was left, else a new one. Raises NotAllowed."""
    access.require_staff(actor)
    left = db.scalar(
        select(ControlRun.id)
        .where(ControlRun.is_full == is_full, ControlRun.finished_at.is_(None))
        .order_by(ControlRun.id.desc())
        .limit(1)
    )
    if left is not None:
        return left
    note_id, line_id = queries.last_ids(db)
    notes, lines = (0, 0) if is_full else _known(db)
    run = ControlRun(
        is_full=is_full,
        done_note_id=min(notes, note_id),
        last_note_id=note_id,
        done_line_id=min(lines, line_id),
        last_line_id=line_id,
        made_by=actor.name,
        started_at=clock.now(),
    )
    db.add(run)
    db.flush()
    audit.record(db, actor, AuditTag.BOOKS_CONTROLLED, run)
    return run.id


def _known(db: Db) -> tuple[int, int]:
    """Until which note and bank line a finished run has come."""
    notes, lines = db.execute(
        select(func.max(ControlRun.last_note_id), func.max(ControlRun.last_line_id)).where(
            ControlRun.finished_at.is_not(None)
        )
    ).one()
    return notes or 0, lines or 0


def keep(db: Db, actor: Actor, run_id: int, batch: Batch) -> bool:
    """Keep what a step found, and forget what is in order again; whether the run is finished. Raises NotAllowed."""
    access.require_staff(actor)
    run = db.scalars(select(ControlRun).where(ControlRun.id == run_id).with_for_update()).one()
    seen = or_(
        and_(ControlFinding.about == "note", ControlFinding.subject_id.in_(batch.note_ids)),
        and_(ControlFinding.about == "bank_transaction", ControlFinding.subject_id.in_(batch.line_ids)),
        *([ControlFinding.kind.in_(_WHOLE)] if batch.is_last else []),
    )
    db.execute(delete(ControlFinding).where(seen))
    for fault in {(each.kind, each.about, each.subject_id): each for each in batch.faults}.values():
        facts = json.dumps(dict(fault.facts), sort_keys=True, ensure_ascii=False)
        db.add(
            ControlFinding(
                kind=fault.kind, about=fault.about, subject_id=fault.subject_id, facts=facts, found_at=clock.now()
            )
        )
    new_notes = [each for each in batch.note_ids if run.done_note_id < each <= run.last_note_id]
    new_lines = [each for each in batch.line_ids if run.done_line_id < each <= run.last_line_id]
    run.done_note_id = max([*new_notes, run.done_note_id])
    run.done_line_id = max([*new_lines, run.done_line_id])
    run.checked += len(batch.note_ids) + len(batch.line_ids)
    if batch.is_last:
        run.finished_at = clock.now()
    return batch.is_last
