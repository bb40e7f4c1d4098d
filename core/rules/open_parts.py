"""What is open of a note of several parts: its payments pay the first parts first."""

from collections.abc import Sequence


def open_parts(asked: Sequence[int], paid: int) -> tuple[int, ...]:
    """What each part of a note still asks, in cents; `asked` is what each asks after what was credited of it.

    The parts together are open for all that is asked less what was paid; what is paid too much stands with the last.
    """
    found = []
    for place, cents in enumerate(asked, start=1):
        taken = paid if place == len(asked) else min(max(cents, 0), paid)
        paid -= taken
        found.append(cents - taken)
    return tuple(found)
