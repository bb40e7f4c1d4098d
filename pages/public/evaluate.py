"""The evaluation of a course, by the link in a mail: a few questions, no name, once."""

import streamlit as st

from core.db import Db, read
from core.errors import DomainError
from core.i18n import _, language, say, short_day
from core.queries import evaluation as queries
from core.queries.evaluation import Asked
from core.rules.evaluation import LONGEST_ANSWER, option_words
from core.services import evaluation
from core.vocabulary import Actor, EvaluationKind
from pages.shared import cards
from pages.shared.access import public
from pages.shared.feedback import attempt, refusal

public()
secret = str(st.query_params.get("code") or "")


def draw(asked: Asked) -> None:
    """One question; leaving it open is fine."""
    key, values = f"answer_{asked.question_id}", asked.values
    text = values.words(language())
    st.markdown(f"**{cards.plain(text)}**")
    match values.kind:
        case EvaluationKind.STARS:
            st.feedback("stars", key=key)
        case EvaluationKind.CHOICE:
            st.radio(
                text,
                list(values.options),
                index=None,
                key=key,
                format_func=lambda option: option_words(option, language()),
                label_visibility="collapsed",
                horizontal=True,
            )
        case EvaluationKind.TEXT:
            st.text_area(text, key=key, max_chars=LONGEST_ANSWER, label_visibility="collapsed")


def act(db: Db, _actor: Actor) -> None:
    """Hand in what stands on the page; on whose behalf is not told to anybody."""
    answers: dict[int, int | str] = {}
    for each in paper.questions:
        answer = st.session_state.get(f"answer_{each.question_id}")
        if answer is not None and answer != "":
            answers[each.question_id] = answer + 1 if each.values.kind is EvaluationKind.STARS else answer
    evaluation.give(db, secret, answers)


st.title(_("Evaluation"), anchor=False)
if st.session_state.get(f"evaluated_{secret}"):
    st.success(_("Thank you! Your evaluation has come in, without your name."), icon=":material/check_circle:")
    st.page_link("public/catalogue.py", label=_("Find a course"), icon=":material/school:")
    st.stop()
try:
    with read() as db:
        paper = queries.look(db, secret)
except DomainError as refused:
    st.error(say(refused), icon=":material/link_off:")
    st.caption(_("An evaluation can be filled in once, until the day that stands in the mail."))
    st.stop()
st.subheader(cards.plain(paper.course_title), anchor=False)
days = ", ".join(map(short_day, paper.held_on))
st.caption(cards.plain(" · ".join(filter(None, (days, ", ".join(paper.teachers))))))
st.info(
    _("Your answers are anonymous: we do not keep who gave them. Leave open what you have no opinion on."),
    icon=":material/visibility_off:",
)
with st.container(border=True, width=640):
    for question in paper.questions:
        draw(question)
    refusal("evaluate")
    st.button(
        _("Hand in"),
        key="hand_in",
        type="primary",
        icon=":material/send:",
        on_click=attempt,
        args=("evaluate", act),
        kwargs={"then": lambda _none: st.session_state.__setitem__(f"evaluated_{secret}", True)},
    )
