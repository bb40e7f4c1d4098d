"""How well the bot would have answered: a draft against what left, and «answered against wrong» by threshold."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.text import folded

#: From this share of a draft's words on, an answer says the same.
SAME = 0.6
THRESHOLDS = tuple(step / 20 for step in range(20))
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """One message the bot would answer: how sure it was (0–1), and whether that was right."""

    score: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Point:
    """With this threshold: which part of the messages would be answered, and which part of the answers wrongly."""

    threshold: float
    answered: float
    wrong: float


def likeness(draft: str, sent: str) -> float:
    """Which part of a draft's longer words stand in the answer that left, 0–1."""
    words, found = ({word for word in folded(text).split() if len(word) >= _SHORTEST} for text in (draft, sent))
    return len(words & found) / len(words) if words else 0.0


def curve(outcomes: Sequence[Outcome], seen: int) -> tuple[Point, ...]:
    """A point for each threshold; `seen` counts all messages, also those the bot would not answer."""
    points = []
    for threshold in THRESHOLDS:
        answered = [each for each in outcomes if each.score >= threshold]
        wrong = sum(not each.is_right for each in answered)
        points.append(
            Point(threshold, len(answered) / seen if seen else 0.0, wrong / len(answered) if answered else 0.0)
        )
    return tuple(points)
