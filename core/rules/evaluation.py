"""The evaluation after a course: what can be asked, what can be answered, and from when on results may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import DomainError
from core.i18n import N_
from core.vocabulary import EvaluationKind, Language

LONGEST_QUESTION, LONGEST_ANSWER, MOST_QUESTIONS, MOST_OPTIONS = 300, 4_000, 20, 10
#: Between the Dutch and the English words of an option.
_BETWEEN = " | "


class QuestionEmpty(DomainError):
    """A question without words."""

    message = N_("Write down what you want to ask.")


class OptionsMissing(DomainError):
    """A choice of fewer than two, or of too many."""

    message = N_("Give at least two and at most {most} answers to choose from, one a line.")


class TooManyAsked(DomainError):
    """More questions than anybody answers."""

    message = N_("Ask at most {most} questions: nobody answers more.")


class EvaluationEmpty(DomainError):
    """Nothing was filled in."""

    message = N_("Answer at least one question.")


class AnswerWrong(DomainError):
    """An answer that the question does not have, or a longer text than is kept."""

    message = N_("This answer does not fit the question. Load the page again and fill it in once more.")


class AskedMeanwhile(DomainError):
    """A colleague changed the question since it was opened."""

    message = N_("A colleague changed this question meanwhile. Open it again to change it.")


class KindFixed(DomainError):
    """With answers a question keeps its kind and its choices."""

    message = N_("This question has answers: its kind and its choices stay. Stop it and ask a new one instead.")


@dataclass(frozen=True, slots=True)
class EvaluationValues:
    """A question as a coordinator writes it; an option may hold Dutch and English words («Ja | Yes»)."""

    text: str
    text_en: str = ""
    kind: EvaluationKind = EvaluationKind.STARS
    options: tuple[str, ...] = ()

    def words(self, language: Language) -> str:
        """The question in a language; in Dutch when there is no other."""
        return (self.text_en if language is Language.ENGLISH else "") or self.text


Answers = Mapping[int, int | str]


def checked(values: EvaluationValues) -> EvaluationValues:
    """A question as it is stored. Raises QuestionEmpty or OptionsMissing."""
    text, english = values.text.strip()[:LONGEST_QUESTION], values.text_en.strip()[:LONGEST_QUESTION]
    options = tuple(dict.fromkeys(option.strip() for option in values.options if option.strip()))
    if not text:
        raise QuestionEmpty(field="evaluation_text")
    if values.kind is not EvaluationKind.CHOICE:
        return EvaluationValues(text, english, values.kind)
    if not 2 <= len(options) <= MOST_OPTIONS:
        raise OptionsMissing(field="evaluation_options", most=MOST_OPTIONS)
    return EvaluationValues(text, english, values.kind, options)


def option_words(option: str, language: Language) -> str:
    """An option in a language: «Ja | Yes» is «Ja» in Dutch."""
    dutch, _between, english = option.partition(_BETWEEN)
    return (english if language is Language.ENGLISH else "") or dutch


def checked_answers(asked: Mapping[int, EvaluationValues], given: Answers) -> dict[int, int | str]:
    """The answers as they are stored, without what was left open. Raises AnswerWrong or EvaluationEmpty."""
    kept: dict[int, int | str] = {}
    for question_id, answer in given.items():
        question = asked.get(question_id)
        if question is None:
            raise AnswerWrong
        text = answer.strip() if isinstance(answer, str) else answer
        if text == "":
            continue
        if not _fits(question, text):
            raise AnswerWrong
        kept[question_id] = text
    if not kept:
        raise EvaluationEmpty
    return kept


def _fits(question: EvaluationValues, answer: int | str) -> bool:
    match question.kind:
        case EvaluationKind.STARS:
            return isinstance(answer, int) and 1 <= answer <= 5
        case EvaluationKind.CHOICE:
            return answer in question.options
        case EvaluationKind.TEXT:
            return isinstance(answer, str) and len(answer) <= LONGEST_ANSWER


def is_shown(forms: int, least: int, *, is_teacher: bool) -> bool:
    """Whether results may be shown: to teachers only once there are enough that nobody can be picked out."""
    return forms > 0 and (not is_teacher or forms >= least)
