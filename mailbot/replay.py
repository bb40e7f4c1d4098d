"""`python -m mailbot.replay MBOX`: old mail run through the bot in a throw-away database; nothing is sent or kept.

For each intent: how many mails were seen, would be answered, and how many of these as people decided; each wrong one by
its subject. What people decided is the header `X-CNO-Intent`, else the answer in the same file that a draft of ours is
most like. `--keep NAME` keeps the counts and scores (no text) in the platform, for the chart of «Mailbot».
"""

import argparse
import json
import mailbox
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from core import clock, start
from core.assistant import answers, newtext
from core.db import Db, write
from core.models import Base
from core.models import Replay as KeptReplay
from core.rules.measuring import Outcome, curve, likeness
from core.vocabulary import Intent, Language, Screening, Verdict
from mailbot.looking import Seen, look_at
from mailbot.reading import values

LABEL = "X-CNO-Intent"
#: Below this share of a draft's words an answer is like none of ours.
ALIKE = 0.3


@dataclass(frozen=True, slots=True)
class Case:
    """One old mail: what the bot makes of it, and what people decided, where that is known."""

    subject: str
    intent: Intent
    score: float
    would_answer: bool
    decided: Intent | None

    @property
    def is_right(self) -> bool:
        """Whether people decided the same."""
        return self.intent is self.decided


@dataclass(slots=True)
class Replayed:
    """All mails of a file: those that were understood, and how many were not for answering."""

    cases: list[Case] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)

    def of(self, intent: Intent) -> list[Case]:
        """Those understood as an intent."""
        return [case for case in self.cases if case.intent is intent]

    def compared(self) -> list[Case]:
        """Those that would be answered, of which it is known what people decided."""
        return [case for case in self.cases if case.would_answer and case.decided is not None]


def replay(path: Path) -> Replayed:
    """Read, screen and understand every mail of an mbox file, without limits."""
    questions: dict[str, Seen] = {}
    replies: dict[str, str] = {}
    found = Replayed()
    with closing(mailbox.mbox(path, create=False)) as box:
        for key in box.keys():  # noqa: SIM118 - a mailbox iterates over messages
            raw = box.get_bytes(key)
            _sort(look_at(raw, len(raw)), str(key), questions, replies, found)
    with throw_away() as db:
        drafts = {language: _drafts(db, language) for language in Language} if replies else {}
    for identity, seen in questions.items():
        found.cases.append(_case(seen, replies.get(identity), drafts))
    return found


def _sort(seen: Seen, key: str, questions: dict[str, Seen], replies: dict[str, str], found: Replayed) -> None:
    outcome, message = seen.screened.outcome, seen.message
    if outcome is Screening.OWN_MAIL and message is not None:
        if not values(message.parsed, "X-CNO-Bot"):
            replies.update(dict.fromkeys(message.references, message.text))
    elif message is None or seen.understood is None or outcome is not Screening.ANSWER:
        found.passed_over[outcome.value] += 1
    else:
        questions[message.message_id or f"<{key}>"] = seen


def throw_away() -> Session:
    """An empty database in memory."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    return Session(engine)


def _drafts(db: Db, language: Language) -> dict[Intent, str]:
    """What is said to each kind of question when nothing is known of who asks."""
    question = answers.Question("", Verdict.NONE, language)
    found = ((intent, answers.draft(db, question, intent)) for intent in answers.ANSWERS)
    return {intent: draft.text for intent, draft in found if draft is not None}


def _case(seen: Seen, reply: str | None, drafts: dict[Language, dict[Intent, str]]) -> Case:
    message, understood = seen.message, seen.understood
    if message is None or understood is None:
        raise LookupError("only what was understood is compared")
    decided = _labelled(values(message.parsed, LABEL))
    if decided is None and reply is not None:
        decided = _most_like(newtext.new_text("", reply).text, drafts[understood.language])
    would = understood.would_answer and not message.attachments
    return Case(message.subject, understood.intent, understood.score, would, decided)


def _labelled(labels: list[str]) -> Intent | None:
    try:
        return Intent(labels[0].strip().lower()) if labels else None
    except ValueError:
        return None


def _most_like(reply: str, drafts: dict[Intent, str]) -> Intent:
    """The intent whose draft an answer is most like; like none: something else."""
    likely = {intent: likeness(draft, reply) for intent, draft in drafts.items()}
    best = max(likely, key=lambda intent: likely[intent])
    return best if likely[best] >= ALIKE else Intent.OTHER


def report(found: Replayed) -> Iterator[str]:
    """The table, the wrong ones, and the curve «answered against wrong» by threshold."""
    yield f"{'intent':<22}{'seen':>7}{'would answer':>14}{'compared':>10}{'agreed':>8}{'wrong':>7}"
    for intent in Intent:
        rows = found.of(intent)
        would = [case for case in rows if case.would_answer]
        known = [case for case in would if case.decided is not None]
        right = sum(case.is_right for case in known)
        yield f"{intent:<22}{len(rows):>7}{len(would):>14}{len(known):>10}{right:>8}{len(known) - right:>7}"
    yield f"not for answering: {sum(found.passed_over.values())} {dict(found.passed_over)}"
    for case in found.compared():
        if not case.is_right:
            yield f"wrong: {case.intent} ({case.score:.2f}), people decided {case.decided}: {case.subject}"
    yield f"{'threshold':>9}{'answered':>10}{'wrong':>8}"
    known = [case for case in found.cases if case.decided is not None]
    outcomes = [Outcome(case.score, case.is_right) for case in found.compared()]
    for point in curve(outcomes, len(known)):
        yield f"{point.threshold:>9.2f}{point.answered:>10.1%}{point.wrong:>8.1%}"


def keep(found: Replayed, name: str) -> None:
    """Keep intents and scores in the platform's database, without any text."""
    seen = Counter(case.intent.value for case in found.cases if case.decided is not None)
    outcomes = [(case.intent.value, case.score, case.is_right) for case in found.compared()]
    results = json.dumps({"seen": seen, "outcomes": outcomes})
    with write() as db:
        db.add(KeptReplay(name=name[:200], at=clock.now(), mails=len(found.cases), results=results))


def main(arguments: list[str]) -> int:
    """Print the report; keep it when asked."""
    parser = argparse.ArgumentParser(prog="python -m mailbot.replay", description="Run old mail through the bot.")
    parser.add_argument("mbox", type=Path)
    parser.add_argument("--keep", metavar="NAME", help="keep the scores for the chart of «Mailbot»")
    chosen = parser.parse_args(arguments)
    if not chosen.mbox.is_file():
        sys.stderr.write(f"no such file: {chosen.mbox}\n")
        return 2
    found = replay(chosen.mbox)
    sys.stdout.write("\n".join(report(found)) + "\n")
    if chosen.keep:
        start.check()
        keep(found, chosen.keep)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
