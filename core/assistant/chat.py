"""The chat «Vraag het CNO»: understanding, policy and answers are those of the mailbox; it speaks, and changes nothing.

Signed in, it tells the own facts; a visitor gets public ones, whatever name or address is typed.
"""

from dataclasses import dataclass
from functools import cache
from threading import Lock, Thread

from core.assistant import answers, policy
from core.assistant.decision import Understanding, WhyNot, understand
from core.db import Db
from core.vocabulary import Actor, Intent, Language, Verdict

MOST_CHOICES = 3
_ONE_AT_A_TIME = Lock()
_LIKELY_ENOUGH = 0.08
#: Where somebody who types again may mean one of a few things; else a person must read it.
_MAY_CHOOSE = frozenset(
    {WhyNot.NO_RULE, WhyNot.SEVERAL_RULES, WhyNot.MODEL_DISAGREES, WhyNot.UNSURE, WhyNot.SECOND_WISH, WhyNot.TOO_LONG}
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the chat answers: the words, the pages they lead to; without words the kinds of question to choose from.

    `is_for_human`: only a person can help, or should look as well.
    """

    text: str = ""
    links: tuple[answers.Link, ...] = ()
    choices: tuple[Intent, ...] = ()
    is_for_human: bool = False
    intent: Intent | None = None


def answer(db: Db, actor: Actor, understood: Understanding, language: Language) -> Said:
    """What to say to a message as it was understood."""
    is_on, is_sure = all(policy.is_on(db, intent) for intent in understood.intents), policy.is_sure(db, understood)
    if understood.would_answer and is_on and is_sure:
        said = [about(db, actor, intent, understood.new_text, language) for intent in understood.intents]
        return said[0] if len(said) == 1 else _together(said)
    if understood.intent is Intent.PERSONAL_DATA and understood.why_not is WhyNot.NEVER_ALONE and is_on and is_sure:
        return about(db, actor, understood.intent, understood.new_text, language)
    is_unsure = is_on if understood.would_answer else understood.why_not in _MAY_CHOOSE and understood.veto is None
    choices = _choices(db, understood) if is_unsure else ()
    return Said(choices=choices, is_for_human=True, intent=understood.intent)


def about(db: Db, actor: Actor, intent: Intent, text: str, language: Language) -> Said:
    """What to say about one kind of question: recognised, or chosen by who asks."""
    question = answers.Question("", Verdict.NONE, language, text=text, actor=actor)
    draft = answers.draft(db, question, intent)
    if draft is None:
        return Said(is_for_human=True, intent=intent)
    is_for_human = draft.needs_coordinator or not draft.is_enough
    return Said(draft.text.strip(), draft.links, is_for_human=is_for_human, intent=intent)


def _together(said: list[Said]) -> Said:
    """Two answers as one; a page that both lead to stands once."""
    return Said(
        "\n\n".join(each.text for each in said),
        tuple({link.url: link for each in said for link in each.links}.values()),
        is_for_human=any(each.is_for_human for each in said),
        intent=said[0].intent,
    )


def _choices(db: Db, understood: Understanding) -> tuple[Intent, ...]:
    """The likeliest kinds of question that are answered, for who asks to choose from."""
    likely = (guess.intent for guess in understood.top if guess.score >= _LIKELY_ENOUGH)
    return tuple(intent for intent in likely if intent in answers.ANSWERS and policy.is_on(db, intent))[:MOST_CHOICES]


def heard(text: str) -> Understanding:
    """What a message asks; a chat has no subject. One at a time, so that the model is trained once."""
    with _ONE_AT_A_TIME:
        return understand("", text)


@cache
def prepare() -> None:
    """Train the model in the background, once a process, while the first visitor still types."""
    Thread(target=heard, args=("",), name="chat model", daemon=True).start()
