"""Writing to the people of a course: looked at for each of them, then sent through the outbox."""

import secrets

import streamlit as st

from core.db import Db, read
from core.errors import DomainError
from core.i18n import _, ngettext, say
from core.queries.course_details import CourseDetail
from core.services import course_mail
from core.services.course_mail import ForOne, Written
from core.vocabulary import SEATED, Actor, EnrolmentStatus
from pages.shared import cards
from pages.shared.feedback import attempt, refusal

_WAITING = (EnrolmentStatus.WAITLISTED,)
_SHOWN = 60


def draw(actor: Actor, course: CourseDetail) -> None:
    """The letter, its preview for each recipient, the click that sends it."""
    st.session_state.setdefault("letter_turn", secrets.token_hex(6))
    groups = {
        "seated": _("Everybody with a seat"),
        "waiting": _("The waiting list"),
        "all": _("Everybody, also who waits"),
    }
    choice = st.radio(_("To"), list(groups), format_func=groups.get, key="letter_to", horizontal=True)
    to = {"seated": SEATED, "waiting": _WAITING, "all": (*SEATED, *_WAITING)}[choice or "seated"]
    subject = st.text_input(_("Subject line"), key="letter_subject", max_chars=200, placeholder=course.title)
    refusal("letter", "subject")
    text = st.text_area(_("Text"), key="letter_text", height=240, max_chars=course_mail.LONGEST_TEXT)
    refusal("letter", "text")
    known = " ".join(f"`{{{word}}}`" for word in course_mail.PLACEHOLDERS)
    st.caption(_("Filled in for each recipient: {words}. Greeting and signature are added.").format(words=known))
    written = Written(to, subject or "", text or "")
    if not (written.subject and written.text):
        return
    letters = _preview(actor, course, written)
    if not letters:
        return

    def send(db: Db, who: Actor) -> int:
        turn = str(st.session_state["letter_turn"])
        return course_mail.send(db, who, course.course_id, written, turn=turn)

    def begin_anew(_result: object) -> None:
        for key in ("letter_turn", "letter_subject", "letter_text"):
            st.session_state.pop(key, None)

    refusal("letter")
    st.button(
        ngettext("Send {count} mail", "Send {count} mails", len(letters)),
        key="send_letter",
        type="primary",
        icon=":material/send:",
        on_click=attempt,
        args=("letter", send),
        kwargs={
            "done": lambda count: ngettext("{count} mail is on its way.", "{count} mails are on their way.", count),
            "then": begin_anew,
        },
    )


def _preview(actor: Actor, course: CourseDetail, written: Written) -> tuple[ForOne, ...]:
    try:
        with read() as db:
            letters = course_mail.preview(db, actor, course.course_id, written)
    except DomainError as refused:
        st.error(cards.plain(say(refused)), icon=":material/error:")
        return ()
    by_id = {each.enrolment_id: each for each in letters[:_SHOWN]}
    shown = st.selectbox(
        _("As this recipient gets it"),
        list(by_id),
        format_func=lambda identity: f"{by_id[identity].name} · {by_id[identity].address}",
        key="letter_shown",
    )
    with st.container(border=True):
        st.markdown(f"**{cards.plain(by_id[shown].subject)}**")
        st.text(by_id[shown].text)
    return letters
