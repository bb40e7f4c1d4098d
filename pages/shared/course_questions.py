"""The questions that a course asks at enrolment, to write: add, change, reorder, stop asking, delete."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.db import Db
from core.i18n import _, ngettext
from core.labels import label
from core.queries.course_sheets import CourseSheet
from core.queries.questions import QuestionLine
from core.rules.questions import LONGEST_TEXT, QuestionValues, options_in
from core.services import questions as services
from core.vocabulary import Actor, QuestionKind
from pages.shared import cards, forms
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

PLACE, DIALOG = "questions", "question"
_NEW = "new"


def draw(sheet: CourseSheet, lines: Sequence[QuestionLine]) -> None:
    """The questions in order, those no longer asked last, each with what can be done with it."""
    st.caption(
        _(
            "Who enrols answers these questions; a school answers for each colleague. Whoever takes over a place, or "
            "was enrolled before a question was added, finds it in the own portal."
        )
    )
    if not lines:
        st.info(_("This course asks nothing at enrolment."), icon=":material/contact_support:")
    refusal(PLACE)
    asked = [line for line in lines if line.is_asked]
    for line in [*asked, *(line for line in lines if not line.is_asked)]:
        _line(sheet, line, is_first=line is asked[0] if asked else True, is_last=line is asked[-1] if asked else True)
    if not sheet.is_called_off:
        st.button(_("Add a question"), key="add_question", icon=":material/add:", on_click=_open, args=(None,))


def _line(sheet: CourseSheet, line: QuestionLine, *, is_first: bool, is_last: bool) -> None:
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        values = line.values
        with st.container(gap="xxsmall", width="stretch"):
            text = cards.plain(values.text)
            st.markdown(f"**{text}**" if line.is_asked else f":gray[{text}]")
            facts = [
                label(values.kind),
                _("must be answered") if values.is_required else _("may stay empty"),
                ngettext("{count} answer", "{count} answers", line.answers) if line.answers else "",
                "" if line.is_asked else _("no longer asked"),
            ]
            st.caption(" · ".join(filter(None, facts)))
            if values.options:
                st.caption(" / ".join(map(cards.plain, values.options)))
        if sheet.is_called_off:
            return
        identity = line.question_id
        if line.is_asked:
            _move(identity, -1, ":material/arrow_upward:", _("Ask it earlier"), is_off=is_first)
            _move(identity, 1, ":material/arrow_downward:", _("Ask it later"), is_off=is_last)
        st.button(_("Change"), key=f"change_question_{identity}", icon=":material/edit:", on_click=_open, args=(line,))
        _switch(line)


def _move(identity: int, by: int, icon: str, hint: str, *, is_off: bool) -> None:
    st.button(
        "",
        key=f"move_question_{identity}_{by}",
        icon=icon,
        help=hint,
        disabled=is_off,
        on_click=attempt,
        args=(PLACE, lambda db, actor: services.move(db, actor, identity, by=by)),
    )


def _switch(line: QuestionLine) -> None:
    """Stop asking a question, ask it again, or delete one that nobody answered."""
    identity = line.question_id
    verbs: list[tuple[str, str, str, Callable[[Db, Actor, int], None]]] = []
    if line.is_asked and line.answers:
        verbs.append((_("Stop asking"), "stop", ":material/visibility_off:", services.stop))
    if not line.is_asked:
        verbs.append((_("Ask again"), "ask", ":material/visibility:", services.ask_again))
    if not line.answers:
        verbs.append((_("Delete"), "delete", ":material/delete:", services.delete))
    for name, key, icon, verb in verbs:
        st.button(
            name,
            key=f"{key}_question_{identity}",
            icon=icon,
            on_click=attempt,
            args=(PLACE, lambda db, actor, verb=verb: verb(db, actor, identity)),
        )


def _open(line: QuestionLine | None) -> None:
    """Callback: fill the boxes of the dialog and open it."""
    values = line.values if line else QuestionValues("", is_required=True)
    st.session_state["_question_seen"] = values
    now = {
        "question_text": values.text,
        "question_kind": values.kind,
        "question_options": "\n".join(values.options),
        "question_required": values.is_required,
    }
    st.session_state.update(now)
    open_dialog(DIALOG, line.question_id if line else _NEW)


def dialog(sheet: CourseSheet, lines: Sequence[QuestionLine]) -> None:
    """Open the question that was asked for, if any."""
    subject = dialog_subject(DIALOG)
    line = next((line for line in lines if line.question_id == subject), None)
    if subject is None or (line is None and subject != _NEW):
        return
    title = _("Change this question") if line else _("Add a question")

    def act(db: Db, actor: Actor) -> None:
        if line is None:
            services.add(db, actor, sheet.course_id, _typed())
        else:
            services.change(db, actor, line.question_id, _typed(), seen=st.session_state["_question_seen"])

    @st.dialog(title, icon=":material/contact_support:", on_dismiss=close_dialog)
    def ask() -> None:
        _boxes(line)
        refusal(DIALOG)
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Do not"), key="keep_question", on_click=close_dialog)
            st.button(
                _("Save the question"),
                key="confirm_question",
                type="primary",
                on_click=attempt,
                args=(DIALOG, act),
                kwargs={"done": _("The question has been saved.")},
            )

    ask()


def _boxes(line: QuestionLine | None) -> None:
    forms.text(_("Question"), key="question_text", longest=LONGEST_TEXT)
    refusal(DIALOG, "text")
    kind = st.segmented_control(
        _("How it is answered"),
        list(QuestionKind),
        required=True,
        format_func=label,
        key="question_kind",
        disabled=line is not None and line.answers > 0,
    )
    refusal(DIALOG, "kind")
    if kind is QuestionKind.CHOICE:
        st.text_area(_("Options, one a line"), key="question_options", height=140, on_change="ignore")
        refusal(DIALOG, "options")
    st.toggle(_("It must be answered"), key="question_required", on_change="ignore")


def _typed() -> QuestionValues:
    """What stands in the dialog now."""
    now = st.session_state
    return QuestionValues(
        forms.kept("question_text"),
        now["question_kind"],
        bool(now["question_required"]),
        options_in(forms.kept("question_options")),
    )
