"""A period and the same days a year before, asked of the database together, step by step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from core import clock
from core.db import Db
from core.rules.periods import Span, Step

Value = TypeVar("Value")
Condition = Callable[[Span], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Pair(Generic[Value]):
    """The same for a period and for the year before."""

    now: Value
    before: Value


@dataclass(frozen=True, slots=True)
class Flow:
    """How many (or how much) in each step of a period, and in the same steps a year before."""

    step: Step
    spans: tuple[Span, ...]
    now: tuple[int, ...]
    before: tuple[int, ...]

    @property
    def total(self) -> Pair[int]:
        """All steps together."""
        return Pair(sum(self.now), sum(self.before))


def both(span: Span) -> Pair[Span]:
    """A period and the year before."""
    return Pair(span, span.year_before())


def at_instants(column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]) -> Condition:
    """The condition that an instant falls on the (Brussels) days of a span."""
    return lambda span: and_(
        column >= clock.at(span.first, time()),
        column < clock.at(span.after, time()),
    )


def on_days(column: InstrumentedAttribute[date] | InstrumentedAttribute[date | None]) -> Condition:
    """The condition that a day lies in a span."""
    return lambda span: and_(column >= span.first, column < span.after)


def flows(db: Db, span: Span, within: Condition, amounts: Mapping[str, ColumnElement[Any]]) -> dict[str, Flow]:
    """Several sums, step by step, this year and the year before, in one statement: each step a range of the index."""
    steps = span.steps()
    parts: list[Select[Any]] = [
        select(literal(number), *(amount.label(name) for name, amount in amounts.items())).where(within(each))
        for number, each in enumerate([*steps, *(each.year_before() for each in steps)])
    ]
    found: dict[int, Sequence[Any]] = (
        {row[0]: row[1:] for row in db.execute(union_all(*parts) if len(parts) > 1 else parts[0])} if parts else {}
    )
    many = len(steps)
    return {
        name: Flow(
            span.step,
            steps,
            tuple(int(found[number][place] or 0) for number in range(many)),
            tuple(int(found[many + number][place] or 0) for number in range(many)),
        )
        for place, name in enumerate(amounts)
    }


def counted(condition: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    """How many rows, or how many that fit."""
    return func.count() if condition is None else func.count().filter(condition)


def summed(
    amount: ColumnElement[Any] | InstrumentedAttribute[Any], condition: ColumnElement[bool]
) -> ColumnElement[Any]:
    """The sum of those that fit."""
    return func.coalesce(func.sum(amount).filter(condition), 0)
