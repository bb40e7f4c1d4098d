"""The points between two durable steps, by name: where the tests end the process to prove that nothing is lost."""

from collections.abc import Callable

#: Every point, in the order one mail passes them: coming in, then going out.
INCOMING = ("fetched", "stored", "moved", "counted", "understood", "before commit", "after commit")
OUTGOING = ("claimed", "mail", "rcpt", "data", "committing", "half the body", "dot", "accepted", "sent")


def _nothing(_step: str) -> None:
    """What happens at a step outside tests."""


hook: Callable[[str], None] = _nothing


def reached(step: str) -> None:
    """Say that a step is done."""
    hook(step)
