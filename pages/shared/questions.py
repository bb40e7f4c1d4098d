"""The questions of a course as somebody answers them, on whatever door."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.db import Db
from core.i18n import _
from core.queries.questions import Answer, worded
from core.rules.questions import LONGEST_ANSWER, NO, YES, Asked
from core.services import question_answers
from core.vocabulary import Actor, QuestionKind
from pages.shared import cards, forms
from pages.shared.feedback import attempt, close_dialog, refusal

DIALOG = "answers"


def fields(
    asked: Sequence[Asked],
    refused_at: str,
    *,
    place: str = question_answers.PLACE,
    before: Mapping[int, str] | None = None,
    is_by_hand: bool = False,
) -> None:
    """A box a question, with what was answered before; a refusal stands below its own box.

    `refused_at` is the place of the action, `place` tells the boxes of several participants apart.
    """
    for question in asked:
        field = f"{place}_{question.question_id}"
        with st.container(gap="xxsmall"):
            _box(question, field, (before or {}).get(question.question_id, ""), is_by_hand=is_by_hand)
            refusal(refused_at, field)


def given(asked: Sequence[Asked], place: str = question_answers.PLACE) -> dict[int, str]:
    """What is answered now, in a callback."""
    return {each.question_id: forms.kept(f"{place}_{each.question_id}") for each in asked}


def _box(question: Asked, key: str, before: str, *, is_by_hand: bool) -> None:
    label = cards.plain(question.text)
    if not question.is_required or is_by_hand:
        label = _("{question} (optional)").format(question=label)
    match question.kind:
        case QuestionKind.TEXT:
            st.session_state.setdefault(key, before)
            st.text_area(label, key=key, height=80, max_chars=LONGEST_ANSWER, on_change="ignore")
        case QuestionKind.YES_NO:
            st.session_state.setdefault(key, before or None)
            st.segmented_control(
                label, [YES, NO], key=key, format_func=lambda answer: worded(QuestionKind.YES_NO, answer)
            )
        case QuestionKind.CHOICE:
            st.session_state.setdefault(key, before if before in question.options else None)
            st.selectbox(label, question.options, key=key, placeholder=_("Choose"), width=480, on_change="ignore")


def of_colleagues(asked: Sequence[Asked], people: Mapping[int, str], refused_at: str) -> None:
    """The same questions for each colleague chosen, by the id and name of the person."""
    if not asked or not people:
        return
    st.subheader(_("What the course asks"), anchor=False)
    st.caption(
        _(
            "Answer for each colleague. You see again what you fill in here, and CNO does; a colleague may change it "
            "in the own portal until the course starts."
        )
    )
    for person_id, name in people.items():
        with st.container(border=True):
            st.markdown(f":material/person: **{cards.plain(name)}**")
            fields(asked, refused_at, place=question_answers.place_of(person_id))


def given_for(asked: Sequence[Asked], person_ids: Sequence[int]) -> dict[int, dict[int, str]]:
    """What is answered now for each colleague, in a callback."""
    return {each: given(asked, question_answers.place_of(each)) for each in person_ids}


def lines(found: Sequence[Answer]) -> str:
    """The answers of one enrolment in one line."""
    return " · ".join(f"{cards.plain(each.question)} **{cards.plain(each.text)}**" for each in found)


def dialog(
    enrolment_id: int, heading: str, asked: Sequence[Asked], before: Mapping[int, str], *, is_by_hand: bool = False
) -> None:
    """Answer, or answer otherwise, what the course of one enrolment asks."""

    def act(db: Db, actor: Actor) -> int:
        return question_answers.answer(db, actor, enrolment_id, given(asked))

    @st.dialog(_("What the course asks"), icon=":material/contact_support:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(f"**{cards.plain(heading)}**")
        fields(asked, DIALOG, before=before, is_by_hand=is_by_hand)
        refusal(DIALOG)
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Not now"), key="keep_answers", on_click=close_dialog)
            st.button(
                _("Save the answers"),
                key="confirm_answers",
                type="primary",
                on_click=attempt,
                args=(DIALOG, act),
                kwargs={"done": _("The answers have been saved.")},
            )

    ask()
