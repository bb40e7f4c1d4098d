"""What the evaluation asks, as coordinators write it: in general, or for one course."""

from functools import partial

import streamlit as st

from core.db import Db, read
from core.i18n import _
from core.labels import label
from core.queries import evaluation as queries
from core.queries.evaluation import Asked
from core.rules.evaluation import LONGEST_QUESTION, EvaluationValues
from core.services import evaluation_questions as services
from core.vocabulary import Actor, EvaluationKind
from pages.shared import cards, forms
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

DIALOG, NEW, PLACE = "evaluation_question", 0, "evaluation_questions"


def draw(actor: Actor, course_id: int | None = None) -> None:
    """The questions in order, each with what can be done; with a course, those of its own."""
    with read() as db:
        found = queries.all_questions(db, actor, course_id)
    asked = [each for each in found if each.is_asked]
    refusal(PLACE)
    if course_id is not None:
        _own_or_general(course_id, has_own=bool(asked))
        if not asked:
            return
    for place, each in enumerate(asked):
        _one(each, place, len(asked))
    text = _("Add a question")
    st.button(text, key="new_evaluation", icon=":material/add:", on_click=open_dialog, args=(DIALOG, NEW))
    stopped = [each for each in found if not each.is_asked]
    if stopped:
        st.caption(_("No longer asked:"))
    for each in stopped:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(cards.plain(each.values.text), width="content")
            act = partial(_ask_again, question_id=each.question_id)
            _small(_("Ask again"), f"again_{each.question_id}", ":material/undo:", act)
    _dialogs(found, course_id)


def _own_or_general(course_id: int, *, has_own: bool) -> None:
    if has_own:
        st.caption(_("This course asks questions of its own."))
        name, act = _("Ask the general questions again"), partial(_follow_general, course_id=course_id)
    else:
        st.caption(_("This course asks the general questions. Give it its own to ask something else."))
        name, act = _("Give this course its own questions"), partial(_make_own, course_id=course_id)
    _small(name, f"own_evaluation_{course_id}", ":material/edit_note:", act)


def _one(each: Asked, place: int, count: int) -> None:
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{cards.plain(each.values.text)}**")
            parts = (label(each.values.kind), each.values.text_en, " / ".join(each.values.options))
            st.caption(cards.plain(" · ".join(filter(None, parts))))
        with st.container(horizontal=True, width="content", gap="small"):
            for way, by, is_last, name in (
                ("up", -1, place == 0, _("Earlier")),
                ("down", 1, place == count - 1, _("Later")),
            ):
                act = partial(_move, question_id=each.question_id, by=by)
                _small(name, f"{way}_{each.question_id}", f":material/arrow_{way}ward:", act, disabled=is_last)
            key = f"edit_evaluation_{each.question_id}"
            st.button(_("Change"), key=key, icon=":material/edit:", on_click=_open, args=(each,))
            act = partial(_stop, question_id=each.question_id)
            _small(_("Stop asking"), f"stop_{each.question_id}", ":material/block:", act)


def _small(name: str, key: str, icon: str, act: partial[None], *, disabled: bool = False) -> None:
    st.button(name, key=key, icon=icon, disabled=disabled, on_click=attempt, args=(PLACE, act))


def _move(db: Db, actor: Actor, *, question_id: int, by: int) -> None:
    services.move(db, actor, question_id, by=by)


def _stop(db: Db, actor: Actor, *, question_id: int) -> None:
    services.stop(db, actor, question_id)


def _ask_again(db: Db, actor: Actor, *, question_id: int) -> None:
    services.ask_again(db, actor, question_id)


def _make_own(db: Db, actor: Actor, *, course_id: int) -> None:
    services.make_own(db, actor, course_id)


def _follow_general(db: Db, actor: Actor, *, course_id: int) -> None:
    services.follow_general(db, actor, course_id)


def _open(each: Asked) -> None:
    """Callback: open the dialog with the question as it was seen."""
    st.session_state["_evaluation_seen"] = each.values
    open_dialog(DIALOG, each.question_id)


def _dialogs(found: tuple[Asked, ...], course_id: int | None) -> None:
    opened = dialog_subject(DIALOG)
    if opened == NEW:
        _write(_("New question"), EvaluationValues(""), partial(_add, course_id=course_id))
    for each in found:
        if opened == each.question_id:
            seen: EvaluationValues = st.session_state["_evaluation_seen"]
            _write(_("Change this question"), seen, partial(_change, question_id=each.question_id, seen=seen))


def _add(db: Db, actor: Actor, *, course_id: int | None) -> None:
    services.add(db, actor, course_id, _typed())


def _change(db: Db, actor: Actor, *, question_id: int, seen: EvaluationValues) -> None:
    services.change(db, actor, question_id, _typed(), seen=seen)


def _typed() -> EvaluationValues:
    """What stands in the boxes, in a callback."""
    return EvaluationValues(
        forms.kept("evaluation_text"),
        forms.kept("evaluation_text_en"),
        EvaluationKind(st.session_state["evaluation_kind"]),
        tuple(forms.kept("evaluation_options").splitlines()),
    )


def _write(title: str, values: EvaluationValues, act: partial[None]) -> None:
    @st.dialog(title, icon=":material/reviews:", on_dismiss=close_dialog)
    def ask() -> None:
        forms.text(_("What do you ask?"), values.text, key="evaluation_text", longest=LONGEST_QUESTION)
        refusal(DIALOG, "evaluation_text")
        forms.text(_("In English (optional)"), values.text_en, key="evaluation_text_en", longest=LONGEST_QUESTION)
        kinds = list(EvaluationKind)
        place = kinds.index(values.kind)
        kind = st.radio(_("How is it answered?"), kinds, index=place, format_func=label, key="evaluation_kind")
        if kind is EvaluationKind.CHOICE:
            text = _("Answers to choose from, one a line; in English after «|» if you wish")
            st.text_area(text, "\n".join(values.options), key="evaluation_options")
            refusal(DIALOG, "evaluation_options")
        refusal(DIALOG)
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Do not"), key="keep_evaluation", on_click=close_dialog)
            st.button(
                _("Save"),
                key="confirm_evaluation",
                type="primary",
                on_click=attempt,
                args=(DIALOG, act),
                kwargs={"done": _("The question has been saved.")},
            )

    ask()
