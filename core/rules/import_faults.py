"""What is wrong with a cell, a row or a table of an import, said so that whoever made the file can mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.vocabulary import Mending


class CellWrong(Exception):
    """A cell that cannot be read: the reason (a msgid with named fields) and, if there is one, what is proposed."""

    def __init__(self, reason: str, *, proposal: str = "", mending: Mending | None = None, **fields: Any) -> None:
        self.reason = reason
        self.mending = mending
        self.proposal = proposal
        self.fields = fields
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file: where it is, what stands there, why it cannot be taken in.

    `row` is the row number that a spreadsheet shows. With a `mending`, `proposal` is what would be taken in instead.
    """

    file: str
    sheet: str
    row: int
    column: str
    value: str
    reason: str
    fields: Mapping[str, object] = field(default_factory=dict)
    mending: Mending | None = None
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a coordinator should know of a file that stands in nobody's way."""

    file: str
    sheet: str
    text: str
    fields: Mapping[str, object] = field(default_factory=dict)
