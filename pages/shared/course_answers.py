"""What the participants of a course answered: a chart for each choice, the words as they were written."""

import streamlit as st

from core.db import read
from core.i18n import _, ngettext
from core.queries import questions
from core.queries.course_details import CourseDetail
from core.queries.questions import Tally
from core.vocabulary import Actor
from pages.shared import cards, charts


def draw(actor: Actor, course: CourseDetail) -> None:
    """Each question with its answers; the lists say who answered what."""
    with read() as db:
        found = questions.tallies(db, actor, course.course_id)
    st.caption(_("Of everybody who has a seat. Who answered what stands with each participant and in the lists."))
    with st.grid(2, min_column_width=320):
        for tally in found:
            _one(tally)
    if not found:
        st.info(_("This course asks nothing at enrolment any more."), icon=":material/contact_support:")


def _one(tally: Tally) -> None:
    with st.container(border=True):
        st.markdown(f"**{cards.plain(tally.question.text)}**")
        facts = [
            ngettext("{count} answer", "{count} answers", tally.answered),
            ngettext("{count} has not answered", "{count} have not answered", tally.unanswered)
            if tally.unanswered
            else "",
            "" if tally.is_asked else _("no longer asked"),
        ]
        st.caption(" · ".join(filter(None, facts)))
        if tally.counts and tally.answered:
            charts.bars(tally.counts, unit=tally.question.text)
        for text in tally.texts:
            st.markdown(f":material/format_quote: {cards.plain(text)}")
