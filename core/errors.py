"""Refusals: what the platform says no to, in words. A bug is never one of these.

Each class carries an English msgid with named fields; the doors translate it (:func:`core.i18n.say`) and show it where
the action was made.
"""

from typing import ClassVar


class DomainError(Exception):
    """A refusal with a reason. `fields` fill the placeholders of `message`; `field` names the form field at fault."""

    message: ClassVar[str] = "This is not possible."

    def __init__(self, *, field: str | None = None, **fields: object) -> None:
        self.field = field
        self.fields = fields
        super().__init__(self.message.format_map(fields) if fields else self.message)
