"""Understanding one message, and whether the bot may answer it by itself: only if every condition holds."""

from dataclasses import dataclass
from enum import StrEnum

from core.assistant import patterns
from core.assistant.language import Tongue, answer_language, tongue_of
from core.assistant.model import model
from core.assistant.newtext import is_reply, message, new_text
from core.assistant.wording import SHORTEST_SENTENCE, sentences
from core.vocabulary import Intent, Language

#: What the bot never answers by itself, however sure it is.
NEVER_ALONE = frozenset({Intent.OTHER, Intent.PERSONAL_DATA})
LONGEST_ANSWERED = 600
LONGEST_READ = 3_000
_FEWEST_WORDS_WITHOUT_SUBJECT = 3
_RULE_WEIGHT = 6.0
_ANOTHER_WISH = 0.6


class WhyNot(StrEnum):
    """Why a message waits for a coordinator."""

    NOTHING_NEW = "nothing new"
    FORWARDED = "forwarded"
    TOO_LONG = "too long"
    NEVER_ALONE = "never answered by itself"
    NO_RULE = "no rule fits"
    SEVERAL_RULES = "several rules fit"
    MODEL_DISAGREES = "the model sees something else"
    UNSURE = "below the threshold"
    SECOND_WISH = "a second wish"
    VETO = "a veto word"


@dataclass(frozen=True, slots=True)
class Guess:
    """One intent and how likely the model holds it, 0–1."""

    intent: Intent
    score: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a message asks. `intent` is the best guess also when it is not answered; `top` holds three, likeliest first.

    `would_answer` says that all conditions of the text hold; whether the intent is switched on is `policy`'s to say.
    `language` is that of an answer, `tongue` that of the message; `signature` begins at the closing.
    """

    intent: Intent
    score: float
    would_answer: bool
    language: Language
    tongue: Tongue
    top: tuple[Guess, ...]
    why_not: WhyNot | None
    veto: str | None
    new_text: str
    signature: str


def understand(subject: str, text: str) -> Understanding:
    """What a mail or chat message asks; text as received, with quotes and signature."""
    new = new_text(subject, text)
    asked = message(new.text)
    tongue = tongue_of(f"{subject} {asked}" if asked else subject)
    said = f"{subject.strip()}\n\n{asked}" if _subject_counts(subject, asked) else asked
    said = said.strip()[:LONGEST_READ]
    parts = sentences(said)
    plain = " . ".join(parts)
    hits = patterns.hits(plain)
    likely = model().probabilities([said])[0]
    weighed = {intent: score * (_RULE_WEIGHT if intent in hits else 1.0) for intent, score in likely.items()}
    order = sorted(weighed, key=lambda intent: -weighed[intent])
    best = order[0] if parts else Intent.OTHER
    veto = patterns.veto(best, plain)
    if not parts:
        why_not: WhyNot | None = WhyNot.NOTHING_NEW
    elif new.is_forwarded:
        why_not = WhyNot.FORWARDED
    elif len(new.text) > LONGEST_ANSWERED:
        why_not = WhyNot.TOO_LONG
    else:
        why_not = _objection(best, hits, likely, parts) or (WhyNot.VETO if veto else None)
    return Understanding(
        intent=best,
        score=round(likely[best], 4),
        would_answer=why_not is None,
        language=answer_language(tongue),
        tongue=tongue,
        top=tuple(Guess(intent, round(likely[intent], 4)) for intent in order[:3]),
        why_not=why_not,
        veto=veto,
        new_text=new.text,
        signature=new.signature,
    )


def warm_up() -> None:
    """Import, train and use the model once, so that the first message does not wait for it."""
    understand("", "Ik ben mijn wachtwoord vergeten.")


def _subject_counts(subject: str, asked: str) -> bool:
    """A reply's subject is that of the mail answered, so it counts only where the text says almost nothing."""
    return not is_reply(subject) or len(asked.split()) < _FEWEST_WORDS_WITHOUT_SUBJECT


def _objection(best: Intent, hits: frozenset[Intent], likely: dict[Intent, float], parts: list[str]) -> WhyNot | None:
    """The first condition that does not hold, the veto words left aside."""
    if best in NEVER_ALONE:
        return WhyNot.NEVER_ALONE
    if not hits:
        return WhyNot.NO_RULE
    if len(hits) > 1:
        return WhyNot.SEVERAL_RULES
    if best not in hits or max(likely, key=lambda intent: likely[intent]) is not best:
        return WhyNot.MODEL_DISAGREES
    if likely[best] < patterns.rules()[best].threshold:
        return WhyNot.UNSURE
    return WhyNot.SECOND_WISH if _asks_more(best, parts) else None


def _asks_more(best: Intent, parts: list[str]) -> bool:
    """Whether one of several sentences, taken alone, clearly asks something else."""
    alone = [part for part in parts if len(part) >= SHORTEST_SENTENCE and not patterns.hits(part)]
    if len(parts) < 2 or not alone:
        return False
    for likely in model().probabilities(alone):
        other = max(likely, key=lambda intent: likely[intent])
        if other not in (best, Intent.OTHER) and likely[other] >= _ANOTHER_WISH:
            return True
    return False
