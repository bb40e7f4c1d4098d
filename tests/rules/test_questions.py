"""What may be asked at enrolment, and which answers will do."""

import pytest

from core.errors import DomainError
from core.rules import questions as rules
from core.rules.accounts import FieldMissing
from core.rules.questions import NO, YES, Asked, QuestionValues
from core.vocabulary import QuestionKind

LUNCH = Asked(1, "Wat eet u?", QuestionKind.CHOICE, True, ("Gewoon", "Vegetarisch"))
LAPTOP = Asked(2, "Brengt u een laptop mee?", QuestionKind.YES_NO, True, ())
MANY = tuple("abcdefghijklmnopqrstu")
WISH = Asked(3, "Wat wilt u leren?", QuestionKind.TEXT, False, ())


def test_a_question_is_tidied() -> None:
    asked = rules.checked(
        QuestionValues("  Wat  eet u? ", QuestionKind.CHOICE, True, ("Gewoon", " Vegetarisch ", "", "Gewoon"))
    )
    assert asked == QuestionValues("Wat eet u?", QuestionKind.CHOICE, True, ("Gewoon", "Vegetarisch"))
    assert rules.checked(QuestionValues("Nog iets?", options=("weg",))).options == ()


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        (QuestionValues(" "), FieldMissing, "text"),
        (QuestionValues("x" * 301), FieldMissing, "text"),
        (QuestionValues("Wat?", QuestionKind.CHOICE, options=("Alles",)), rules.TooFewOptions, "options"),
        (QuestionValues("Wat?", QuestionKind.CHOICE, options=("a", "x" * 101)), rules.TooManyOptions, "options"),
        (QuestionValues("Wat?", QuestionKind.CHOICE, options=MANY), rules.TooManyOptions, "options"),
    ],
)
def test_a_question_that_nobody_can_answer_is_refused(
    values: QuestionValues, refusal: type[DomainError], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        rules.checked(values)
    assert refused.value.field == field


def test_given_answers_keep_the_kind_and_the_options_that_were_chosen() -> None:
    before = QuestionValues("Wat?", QuestionKind.CHOICE, options=("a", "b", "c"))
    rules.check_change(before, QuestionValues("Wat dan?", QuestionKind.CHOICE, options=("b", "a")), ["a"])
    rules.check_change(before, QuestionValues("Wat?"), [])
    with pytest.raises(rules.KindStays):
        rules.check_change(before, QuestionValues("Wat?"), ["a"])
    with pytest.raises(rules.OptionChosen):
        rules.check_change(before, QuestionValues("Wat?", QuestionKind.CHOICE, options=("b", "c")), ["a"])


def test_answers_are_kept_by_question_and_what_is_not_asked_is_passed_over() -> None:
    given = {1: "Gewoon", 2: NO, 3: "  ", 99: "vroeger gevraagd"}
    assert rules.checked_answers((LUNCH, LAPTOP, WISH), given) == {1: "Gewoon", 2: NO}
    assert rules.checked_answers((LUNCH, LAPTOP, WISH), {3: "Spelen"}, is_by_hand=True) == {3: "Spelen"}


@pytest.mark.parametrize(
    ("given", "refusal", "field"),
    [
        ({2: YES}, rules.AnswerMissing, "answer_1"),
        ({1: " ", 2: YES}, rules.AnswerMissing, "answer_1"),
        ({1: "Vlees", 2: YES}, rules.AnswerNotValid, "answer_1"),
        ({1: "Gewoon", 2: "misschien"}, rules.AnswerNotValid, "answer_2"),
        ({1: "Gewoon", 2: YES, 3: "x" * 1001}, rules.AnswerNotValid, "answer_3"),
    ],
)
def test_an_answer_that_will_not_do_is_refused_at_its_field(
    given: dict[int, str], refusal: type[DomainError], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        rules.checked_answers((LUNCH, LAPTOP, WISH), given)
    assert refused.value.field == field
