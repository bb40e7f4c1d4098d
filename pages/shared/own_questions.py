"""What the own coming courses ask: open questions as a task, the answers to change until a course starts."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.i18n import _, ngettext
from core.queries.enrolments import EnrolmentRow
from core.queries.questions import Form
from pages.shared import questions
from pages.shared.feedback import dialog_subject, open_dialog


def open_ones(rows: Sequence[EnrolmentRow], forms: Mapping[int, Form]) -> None:
    """At the top of the page: that a course still asks something."""
    count = sum(1 for row in rows if row.enrolment_id in forms and forms[row.enrolment_id].missing)
    if count:
        text = ngettext(
            "{count} course still asks you something: answer before it starts.",
            "{count} courses still ask you something: answer before they start.",
            count,
        )
        st.warning(text, icon=":material/contact_support:")


def waits(form: Form) -> None:
    """In the row of a course: how many questions wait for an answer."""
    text = ngettext("{count} question waits for your answer", "{count} questions wait for your answer", form.missing)
    st.markdown(f":material/contact_support: :orange[**{text}**]")


def button(enrolment_id: int, form: Form) -> None:
    """The way to the questions of a course."""
    st.button(
        _("Answer now") if form.missing else _("My answers"),
        key=f"answers_{enrolment_id}",
        icon=":material/contact_support:",
        type="primary" if form.missing else "secondary",
        on_click=open_dialog,
        args=(questions.DIALOG, enrolment_id),
    )


def dialog(rows: Sequence[EnrolmentRow], forms: Mapping[int, Form]) -> None:
    """Open the questions that were asked for, if any."""
    subject = dialog_subject(questions.DIALOG)
    row = next((row for row in rows if row.enrolment_id == subject), None)
    if row is not None and row.enrolment_id in forms:
        form = forms[row.enrolment_id]
        questions.dialog(row.enrolment_id, row.course_title, form.asked, form.given)
