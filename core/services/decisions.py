"""Deciding what is a decision of CNO (D1–D15). What holds changes from the next action on; what was issued stays."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy import select, text

from core import access, audit, clock
from core.db import Db, is_sqlite
from core.decisions import SPECS, Decisions, decisions, forget
from core.errors import DomainError
from core.i18n import N_
from core.models import Account, Decision
from core.settings import settings
from core.vocabulary import Actor, AuditTag


class DecisionRefused(DomainError):
    """A value that a decision cannot have; `field` is its key."""

    message = N_("This value is not possible here.")


class TooLow(DecisionRefused):
    """A number below the lowest that makes sense."""

    message = N_("At least {ge}.")


class TooHigh(DecisionRefused):
    """A number above the highest that makes sense."""

    message = N_("At most {le}.")


class NotANumber(DecisionRefused):
    """No whole number."""

    message = N_("Fill in a whole number.")


class TextMissing(DecisionRefused):
    """An empty text."""

    message = N_("Fill in a text.")


class TextTooLong(DecisionRefused):
    """A text that does not fit."""

    message = N_("At most {max_length} characters.")


class SeveralLines(DecisionRefused):
    """A line break in a text of one line."""

    message = N_("This must be one line.")


class IbanNotValid(DecisionRefused):
    """No IBAN, or one of a bank that does not exist."""

    message = N_("This IBAN is not valid: check its digits.")


class BicNotValid(DecisionRefused):
    """No BIC."""

    message = N_("This BIC is not valid: eight or eleven letters and digits.")


class BicOfAnotherBank(DecisionRefused):
    """A Belgian IBAN names its bank, and it is not that of the BIC."""

    message = N_("This BIC belongs to another bank than the IBAN.")


class KboNotValid(DecisionRefused):
    """No KBO number."""

    message = N_("This KBO number is not valid: check its ten digits.")


class RemindersOutOfOrder(DecisionRefused):
    """The reminders to name places do not follow each other."""

    message = N_("The first reminder comes before the last, and the last not after the last day to name places.")


class DecidedMeanwhile(DomainError):
    """Somebody else decided since the page was shown."""

    message = N_("Meanwhile {name} changed this to «{value}» ({at}). Look at it again before you decide.")


_REFUSALS: dict[str, type[DecisionRefused]] = {
    "greater_than_equal": TooLow,
    "less_than_equal": TooHigh,
    "int_parsing": NotANumber,
    "int_type": NotANumber,
    "int_from_float": NotANumber,
    "string_too_short": TextMissing,
    "string_too_long": TextTooLong,
    "string_pattern_mismatch": SeveralLines,
    "iban": IbanNotValid,
    "bic": BicNotValid,
    "kbo": KboNotValid,
    "bic_of_another_bank": BicOfAnotherBank,
    "reminders_in_order": RemindersOutOfOrder,
}
#: Where a rule about several decisions together is shown.
_PLACES = {"bic_of_another_bank": "payee_bic", "reminders_in_order": "name_seats_last_reminder_days"}


def decide(db: Db, actor: Actor, values: Mapping[str, object], *, seen: Mapping[str, int]) -> tuple[str, ...]:
    """Give decisions another value, all or none; returns the keys of those that changed.

    `seen` holds the version of each as the page showed it. Raises NotAllowed, FinanceOnly, NotFound for an unknown
    key, a DecisionRefused whose `field` is the key, and DecidedMeanwhile.
    """
    _check(actor, values)
    _lock(db)
    now = decisions(db)
    wanted = _validated(now, values)
    changed = tuple(key for key in values if getattr(wanted, key) != getattr(now, key))
    for key in changed:
        value = getattr(wanted, key)
        row = _row(db, key, seen.get(key, 0))
        row.value = json.dumps(value)
        _note(db, actor, row, getattr(now, key), value)
    return changed


def reset(db: Db, actor: Actor, key: str, *, seen: int) -> None:
    """Go back to the default of the installation. Raises as :func:`decide`."""
    default = {key: getattr(settings().decisions, key, None)}
    _check(actor, default)
    _lock(db)
    now = decisions(db)
    _validated(now, default)
    row = _row(db, key, seen)
    if row.value is None:
        return
    row.value = None
    _note(db, actor, row, getattr(now, key), default[key])


def _check(actor: Actor, values: Mapping[str, object]) -> None:
    access.require_coordinator(actor)
    if not values.keys() <= SPECS.keys():
        raise access.NotFound
    if any(SPECS[key].is_financial for key in values):
        access.require_finance(actor)


def _validated(now: Decisions, values: Mapping[str, object]) -> Decisions:
    try:
        return Decisions.model_validate(now.model_dump() | dict(values))
    except ValidationError as wrong:
        raise _refusal(wrong.errors()[0]) from wrong


def _refusal(error: ErrorDetails) -> DecisionRefused:
    kind = error["type"]
    field = _PLACES.get(kind) or (str(error["loc"][0]) if error["loc"] else None)
    context: dict[str, Any] = error.get("ctx") or {}
    return _REFUSALS.get(kind, DecisionRefused)(field=field, **context)


def _lock(db: Db) -> None:
    """Of two coordinators at once the second waits, so that decisions which must fit together do."""
    if not is_sqlite(db):
        db.execute(text("LOCK TABLE decision IN SHARE ROW EXCLUSIVE MODE"))
    forget(db)


def _row(db: Db, key: str, seen: int) -> Decision:
    row = db.scalar(select(Decision).where(Decision.key == key).execution_options(populate_existing=True))
    if row is None:
        row = Decision(key=key, version=0)
    if row.version != seen:
        account = db.get(Account, row.changed_by) if row.changed_by is not None else None
        value = getattr(decisions(db), key)
        raise DecidedMeanwhile(field=key, name=account.name if account else "", value=value, at=row.changed_at)
    return row


def _note(db: Db, actor: Actor, row: Decision, old: object, new: object) -> None:
    db.add(row)
    row.version += 1
    row.changed_at, row.changed_by = clock.now(), actor.account_id
    db.flush()
    audit.record(db, actor, AuditTag.DECISION_CHANGED, row, key=row.key, old=old, new=new)
    forget(db)
