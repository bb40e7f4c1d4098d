"""Understanding one message, and whether the bot may answer it by itself: only if every condition holds."""

from dataclasses import dataclass
from enum import StrEnum

from core.assistant import patterns
from core.assistant.language import Tongue, answer_language, tongue_of
from core.assistant.model import NEVER_ALONE, Model, model
from core.assistant.newtext import NewText, is_reply, message, new_text
from core.assistant.wording import SHORTEST_SENTENCE, asks_something, clauses, names_somebody, sentences
from core.vocabulary import Intent, Language

LONGEST_ANSWERED = 600
#: From how likely on the second learner keeps a message, or one sentence of it, for a person.
FOR_A_PERSON = 0.4
_SENTENCE_FOR_A_PERSON = 0.99
LONGEST_READ = 3_000
_FEWEST_WORDS_WITHOUT_SUBJECT = 3
_RULE_WEIGHT = 6.0
_ANOTHER_WISH = 0.75
_ANOTHER_WISH_BY_RULE = 0.35
_EACH_ALONE = 0.5
#: Where the rules are not of one mind, the nearest examples must be: how likely the intent must then be, and how many
#: of the five nearest ask it; where several rules fit, and (stricter) where none does.
_AMONG_SEVERAL, _WITHOUT_RULE = (0.5, 3), (0.7, 4)
#: Where questions about everything else look alike («hoe laat sluit …»), so that a rule must fit.
_RULE_NEEDED = frozenset({Intent.COURSE_INFO})
#: What is often said to explain a wish, and is no wish by itself.
_EXPLAINS = {
    Intent.REPLACE: {Intent.CANCEL, Intent.CHANGE_DETAILS},
    Intent.LINK_INSTITUTION: {Intent.ENROL, Intent.CHANGE_DETAILS},
    Intent.CREATE_ACCOUNT: {Intent.ENROL},
    Intent.CHANGE_DETAILS: {Intent.LINK_INSTITUTION},
    Intent.BILLING_ADDRESS: {Intent.NOTE_COPY, Intent.PAYMENT},
    Intent.PAYER_POLICY: {Intent.ENROL, Intent.LINK_INSTITUTION},
    Intent.NEW_PASSWORD: {Intent.ENROL, Intent.REGISTERED_ADDRESS},
    Intent.REGISTERED_ADDRESS: {Intent.NEW_PASSWORD, Intent.CHANGE_DETAILS, Intent.INSTITUTION_ADDRESS},
    Intent.INSTITUTION_ADDRESS: {Intent.NEW_PASSWORD, Intent.CHANGE_DETAILS, Intent.REGISTERED_ADDRESS},
}
#: Where a name in the text is somebody else's.
_ABOUT_ONESELF = frozenset({Intent.NEW_PASSWORD, Intent.REGISTERED_ADDRESS, Intent.CERTIFICATE, Intent.MATERIAL})


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
    FOR_A_PERSON = "a person is needed"


#: What people also write about without asking for it («er staat 2025 op mijn attest»).
_A_DOCUMENT = frozenset({Intent.CERTIFICATE, Intent.NOTE_COPY, Intent.MATERIAL})
#: Where there may be two wishes that can both be answered.
_PERHAPS_TWO = (WhyNot.SEVERAL_RULES, WhyNot.MODEL_DISAGREES, WhyNot.SECOND_WISH, WhyNot.NO_RULE)


@dataclass(frozen=True, slots=True)
class Guess:
    """One intent and how likely the model holds it, 0–1."""

    intent: Intent
    score: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a message asks. `intent` is the best guess also when it is not answered; `top` holds three, likeliest first.

    `intents` holds all that is asked: two where each sentence, taken alone, may be answered; otherwise `intent` only.
    `scores` holds how likely each of them is, in its own sentence where there are two; `score` is the lowest.
    `would_answer` says that all conditions of the text hold; whether the intent is switched on is `policy`'s to say.
    `language` is that of an answer, `tongue` that of the message; `signature` begins at the closing.
    """

    intent: Intent
    intents: tuple[Intent, ...]
    scores: tuple[float, ...]
    score: float
    would_answer: bool
    language: Language
    tongue: Tongue
    top: tuple[Guess, ...]
    why_not: WhyNot | None
    veto: str | None
    new_text: str
    signature: str


def understand(subject: str, text: str, *, using: Model | None = None) -> Understanding:
    """What a mail or chat message asks; text as received, with quotes and signature; `using`: another model."""
    learnt = using or model()
    new = new_text(subject, text)
    asked = message(new.text)
    tongue = tongue_of(f"{subject} {asked}" if asked else subject)
    said = f"{subject.strip()}\n\n{asked}" if _subject_counts(subject, asked) else asked
    said = said.strip()[:LONGEST_READ]
    parts = sentences(said)
    plain = " . ".join(parts)
    hits = patterns.hits(plain)
    likely, person = learnt.judged(said)
    weighed = {intent: score * (_RULE_WEIGHT if intent in hits else 1.0) for intent, score in likely.items()}
    order = sorted(weighed, key=lambda intent: -weighed[intent])
    best = order[0] if parts else Intent.OTHER
    veto = _veto(best, plain, said)
    why_not = (
        _unreadable(new, parts) or _objection(best, hits, likely, parts, learnt) or (WhyNot.VETO if veto else None)
    )
    if why_not is None and _needs_a_person(person, sentences(asked) or parts, learnt):
        why_not = WhyNot.FOR_A_PERSON
    asked_for = {best: round(likely[best], 4)}
    if why_not in _PERHAPS_TWO and (two := _two_wishes(parts, plain, said, learnt)):
        asked_for, why_not = two, None
    return Understanding(
        intent=next(iter(asked_for)),
        intents=tuple(asked_for),
        scores=tuple(asked_for.values()),
        score=min(asked_for.values()),
        would_answer=why_not is None,
        language=answer_language(tongue),
        tongue=tongue,
        top=tuple(Guess(intent, round(likely[intent], 4)) for intent in order[:3]),
        why_not=why_not,
        veto=veto if why_not else None,
        new_text=new.text,
        signature=new.signature,
    )


def warm_up() -> None:
    """Import, train and use the model once, so that the first message does not wait for it."""
    understand("", "Ik ben mijn wachtwoord vergeten.")


def _subject_counts(subject: str, asked: str) -> bool:
    """A reply's subject is that of the mail answered, so it counts only where the text says almost nothing."""
    return not is_reply(subject) or len(asked.split()) < _FEWEST_WORDS_WITHOUT_SUBJECT


def _veto(intent: Intent, plain: str, said: str) -> str | None:
    """The kind of word that forbids an answer; about a document also that nothing is asked, about oneself a name."""
    if found := patterns.veto(intent, plain):
        return found
    if intent in _A_DOCUMENT and not asks_something(said, plain):
        return "no_request"
    return "third_person" if intent in _ABOUT_ONESELF and names_somebody(said) else None


def _needs_a_person(whole: float, parts: list[str], learnt: Model) -> bool:
    """Whether the second learner holds the message, or one sentence in a story of several, to be one for a person."""
    return whole >= FOR_A_PERSON or (
        len(parts) > 1
        and any(learnt.judged(part)[1] >= _SENTENCE_FOR_A_PERSON for part in parts if len(part) >= SHORTEST_SENTENCE)
    )


def _unreadable(new: NewText, parts: list[str]) -> WhyNot | None:
    """What forbids an answer whatever is asked."""
    if not parts:
        return WhyNot.NOTHING_NEW
    if new.is_forwarded:
        return WhyNot.FORWARDED
    return WhyNot.TOO_LONG if len(new.text) > LONGEST_ANSWERED else None


def _objection(
    best: Intent, hits: frozenset[Intent], likely: dict[Intent, float], parts: list[str], learnt: Model
) -> WhyNot | None:
    """The first condition that does not hold, the veto words left aside."""
    if best in NEVER_ALONE:
        return WhyNot.NEVER_ALONE
    is_likeliest = max(likely, key=lambda intent: likely[intent]) is best
    if hits != {best} and not (is_likeliest and _examples_agree(best, hits, likely[best], " . ".join(parts), learnt)):
        return WhyNot.MODEL_DISAGREES if len(hits) == 1 else WhyNot.SEVERAL_RULES if hits else WhyNot.NO_RULE
    if not is_likeliest:
        return WhyNot.MODEL_DISAGREES
    if likely[best] < patterns.rules()[best].threshold:
        return WhyNot.UNSURE
    return WhyNot.SECOND_WISH if _asks_more(best, parts, learnt) else None


def _examples_agree(best: Intent, hits: frozenset[Intent], likely: float, said: str, learnt: Model) -> bool:
    """Whether the nearest examples say what the rules leave open: which of several fits, or that one should have."""
    if (hits and best not in hits) or (not hits and best in _RULE_NEEDED):
        return False
    least, most_alike = _AMONG_SEVERAL if hits else _WITHOUT_RULE
    return likely >= least and learnt.alike(said, best) >= most_alike


def _asks_more(best: Intent, parts: list[str], learnt: Model) -> bool:
    """Whether a sentence, or half of one, taken alone, clearly asks something else."""
    pieces = [piece for part in parts for piece in clauses(part) if len(piece) >= SHORTEST_SENTENCE]
    alone = [piece for piece in pieces if best not in patterns.hits(piece)]
    if len(pieces) < 2 or not alone:
        return False
    usual = {best, Intent.OTHER} | _EXPLAINS.get(best, set())
    for piece, likely in zip(alone, learnt.probabilities(alone), strict=True):
        other = max(likely, key=lambda intent: likely[intent])
        needed = _ANOTHER_WISH_BY_RULE if other in patterns.hits(piece) else _ANOTHER_WISH
        if other not in usual and likely[other] >= needed:
            return True
    return False


def _two_wishes(parts: list[str], plain: str, said: str, learnt: Model) -> dict[Intent, float] | None:
    """The two intents, with their likelihood, of two sentences that may each be answered alone; None in any doubt."""
    asking = [part for part in parts if len(part) >= SHORTEST_SENTENCE]
    if len(asking) != 2 or patterns.veto(Intent.OTHER, plain):
        return None
    found: dict[Intent, float] = {}
    for part, likely in zip(asking, learnt.probabilities(asking), strict=True):
        best, hits = max(likely, key=lambda intent: likely[intent]), patterns.hits(part)
        is_sure = likely[best] >= max(_EACH_ALONE, patterns.rules()[best].threshold) if best in hits else False
        if best in NEVER_ALONE or len(hits) != 1 or not is_sure or _veto(best, part, said):
            return None
        found[best] = round(likely[best], 4)
    return found if len(found) == 2 else None
