"""Questions at enrolment: what may be asked, and which answers will do."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from core.errors import DomainError
from core.i18n import N_
from core.rules.accounts import required
from core.vocabulary import QuestionKind

MOST_QUESTIONS, MOST_OPTIONS = 20, 20
LONGEST_TEXT, LONGEST_OPTION, LONGEST_ANSWER = 300, 100, 1_000
YES, NO = "yes", "no"


class TooFewOptions(DomainError):
    """A choice between nothing."""

    message = N_("Write at least two options, one a line.")


class TooManyOptions(DomainError):
    """More options, or longer ones, than fit on a screen."""

    message = N_("Write at most {most} options of at most {longest} characters.")


class TooManyQuestions(DomainError):
    """More questions than anybody answers."""

    message = N_("A course asks at most {most} questions.")


class KindStays(DomainError):
    """Answers of one kind mean nothing under another."""

    message = N_("This question has answers: its kind stays. Stop asking it and add another question instead.")


class OptionChosen(DomainError):
    """An option that somebody chose cannot go."""

    message = N_("«{option}» has been chosen by somebody: this option stays.")


class HasAnswers(DomainError):
    """A question with answers is kept."""

    message = N_("This question has answers, so it is kept. It can no longer be asked.")


class QuestionChangedMeanwhile(DomainError):
    """A colleague changed the question after it was opened."""

    message = N_("A colleague changed this question meanwhile. Look at it once more.")


class AnswerMissing(DomainError):
    """A question that must be answered was not."""

    message = N_("Answer this question: «{question}»")


class AnswerNotValid(DomainError):
    """None of the options, or a text that is too long."""

    message = N_("This answer does not fit the question «{question}».")


class AnsweringOver(DomainError):
    """The course has begun."""

    message = N_("The course has started: the answers can no longer be changed.")


@dataclass(frozen=True, slots=True)
class QuestionValues:
    """What a coordinator writes of a question; `options` only of a choice."""

    text: str
    kind: QuestionKind = QuestionKind.TEXT
    is_required: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is put to somebody."""

    question_id: int
    text: str
    kind: QuestionKind
    is_required: bool
    options: tuple[str, ...]


def options_in(text: str) -> tuple[str, ...]:
    """The options, one a line; empty lines and repetitions are passed over."""
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.splitlines())
    return tuple(dict.fromkeys(filter(None, lines)))


def checked(values: QuestionValues) -> QuestionValues:
    """A question as it is kept. Raises FieldMissing, TooFewOptions or TooManyOptions."""
    text = required(values.text, field="text", longest=LONGEST_TEXT)
    if values.kind is not QuestionKind.CHOICE:
        return replace(values, text=text, options=())
    options = options_in("\n".join(values.options))
    if len(options) < 2:
        raise TooFewOptions(field="options")
    if len(options) > MOST_OPTIONS or max(map(len, options)) > LONGEST_OPTION:
        raise TooManyOptions(field="options", most=MOST_OPTIONS, longest=LONGEST_OPTION)
    return replace(values, text=text, options=options)


def check_change(before: QuestionValues, after: QuestionValues, answers: Collection[str]) -> None:
    """Refuse what would make given answers meaningless. Raises KindStays or OptionChosen."""
    if not answers:
        return
    if before.kind is not after.kind:
        raise KindStays(field="kind")
    gone = [option for option in before.options if option in answers and option not in after.options]
    if gone:
        raise OptionChosen(field="options", option=gone[0])


def checked_answers(
    asked: Sequence[Asked], given: Mapping[int, str], *, place: str = "answer", is_by_hand: bool = False
) -> dict[int, str]:
    """The answers to keep, by question; what is not asked (any more) is passed over.

    A refusal names the field `<place>_<question id>`. By hand nothing is required: a coordinator enrols on a telephone
    call, and the participant answers later. Raises AnswerMissing or AnswerNotValid.
    """
    kept = {}
    for question in asked:
        answer = given.get(question.question_id, "").strip()
        field = f"{place}_{question.question_id}"
        if not answer and question.is_required and not is_by_hand:
            raise AnswerMissing(field=field, question=question.text)
        if not answer:
            continue
        possible = {QuestionKind.YES_NO: (YES, NO), QuestionKind.CHOICE: question.options}.get(question.kind)
        if len(answer) > LONGEST_ANSWER or (possible is not None and answer not in possible):
            raise AnswerNotValid(field=field, question=question.text)
        kept[question.question_id] = answer
    return kept
