"""The results of evaluations: how many answered, an average and a chart a question, and the texts."""

import streamlit as st

from core.i18n import _, ngettext, number
from core.queries.evaluated import EvaluatedRow
from core.queries.evaluation import Result, Results
from core.vocabulary import EvaluationKind
from pages.shared import cards, charts


def draw(found: Results) -> None:
    """Everything of a course or a teacher, or why it is not shown (yet)."""
    text = _("{forms} of {asked} who were asked filled it in.")
    st.caption(text.format(forms=number(found.forms), asked=number(found.asked)))
    if not found.forms:
        st.info(_("No evaluation has come in yet."), icon=":material/reviews:")
        return
    if not found.is_shown:
        text = ngettext(
            "Results are shown from {count} evaluation on: nobody can be recognised then.",
            "Results are shown from {count} evaluations on: nobody can be recognised then.",
            found.least,
        )
        st.info(text, icon=":material/visibility_off:")
        return
    with st.grid(2, min_column_width=320):
        for result in found.results:
            _one(result)


def _one(result: Result) -> None:
    with st.container(border=True):
        st.markdown(f"**{cards.plain(result.question)}**")
        facts = [ngettext("{count} answer", "{count} answers", result.answered)]
        if result.average is not None:
            facts.insert(0, _("{average} of 5").format(average=number(round(result.average, 1))))
        st.caption(" · ".join(facts))
        if result.kind is not EvaluationKind.TEXT:
            charts.bars(named(result), unit=result.question)
        for text in result.texts:
            st.markdown(f":material/format_quote: {cards.plain(text)}")


def named(result: Result) -> dict[str, int]:
    """The counts with words: stars as their number and a star."""
    if result.kind is not EvaluationKind.STARS:
        return result.counts
    return {f"{stars} ★": count for stars, count in result.counts.items()}


def row(each: EvaluatedRow, page: str, word: str) -> None:
    """A course or a teacher of the list, and the way to the results."""
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{cards.plain(each.name)}**")
            text = _("{forms} of {asked} who were asked filled it in.")
            told = text.format(forms=number(each.forms), asked=number(each.asked))
            st.caption(" · ".join(filter(None, (cards.plain(each.facts), told))))
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            if each.average is not None:
                st.badge(f"{number(round(float(each.average), 1))} / 5", icon=":material/star:", color="orange")
            query = {word: str(each.identity)}
            st.page_link(page, label=_("Results"), icon=":material/bar_chart:", query_params=query)
