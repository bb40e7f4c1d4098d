"""The chat on the screen: what was said, the pages an answer leads to, the box, and the way to a person."""

from dataclasses import dataclass
from textwrap import shorten

import streamlit as st

from core.assistant import chat, learning
from core.db import Db, read
from core.i18n import _, language
from core.labels import label
from core.queries.accounts import SignedIn
from core.services import conversations
from core.services.conversations import Line
from core.vocabulary import Actor, Intent, Role
from pages.shared import cards, forms, site
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

LONGEST = 600
MOST_TURNS = 40
#: What fits on a phone: a link's label is cut there, and does not go on below.
_LONGEST_LINK = 40
_CHAT, _WAITING = "chat", "chat_waiting"


@dataclass(frozen=True, slots=True)
class Turn:
    """Something asked, and what was said to it; nothing yet was said when `said` is None."""

    asked: str
    said: chat.Said | None = None


def turns(actor: Actor) -> list[Turn]:
    """The conversation of who asks; somebody else who signs in begins anew."""
    kept = st.session_state.get(_CHAT)
    if kept is None or kept[0] != actor.account_id:
        kept = (actor.account_id, [])
        st.session_state[_CHAT] = kept
    found: list[Turn] = kept[1]
    return found


def ask(text: str = "", intent: Intent | None = None, shown: str = "") -> None:
    """Callback: something is asked; the page answers it while it is drawn.

    `intent`: chosen by who asks, who then reads `shown` instead of the same text once more.
    """
    text = text or forms.kept("question")
    st.session_state[_WAITING] = (text, intent, shown or text)


def answer_waiting(actor: Actor, said: list[Turn]) -> None:
    """Answer what was asked just now."""
    text, intent, shown = st.session_state.pop(_WAITING, ("", None, ""))
    text = str(text).strip()[:LONGEST]
    if not text:
        return
    with read() as db:
        learning.refresh(db)  # what was accepted meanwhile, perhaps in another process
    understood = chat.heard(text) if intent is None else None
    with read() as db:
        if understood is not None:
            found = chat.answer(db, actor, understood, language())
        else:
            found = chat.about(db, actor, intent, text, language())
    said.append(Turn(str(shown)[:LONGEST], found))
    del said[:-MOST_TURNS]


def suggestions(signed_in: SignedIn | None) -> None:
    """A few questions to begin with."""
    begun = {
        _("When does my certificate appear?"): Intent.CERTIFICATE,
        _("What does cancelling cost?"): Intent.CANCEL,
        _("I forgot my password."): Intent.NEW_PASSWORD,
    }
    if signed_in is not None and signed_in.role is Role.INSTITUTION:
        begun = {
            _("How do we replace a participant?"): Intent.REPLACE,
            _("Which debit notes are still open?"): Intent.PAYMENT,
            _("A colleague is not in our list."): Intent.LINK_INSTITUTION,
        }
    with st.container(horizontal=True, gap="small"):
        for text, intent in begun.items():
            st.button(text, key=f"begin_{intent}", icon=":material/chat:", on_click=ask, args=(text, intent))


def draw(turn: Turn, place: int, *, is_last: bool) -> None:
    """One question with its answer."""
    with st.chat_message("user", avatar=":material/person:"):
        st.markdown(cards.plain(turn.asked))
    if turn.said is None:
        return
    with st.chat_message("assistant", avatar=":material/support_agent:"):
        _answer(turn.said, place, turn.asked, is_last=is_last)


def _answer(said: chat.Said, place: int, asked: str, *, is_last: bool) -> None:
    if said.text:
        st.markdown(markdown(said.text))
        with st.container(horizontal=True, gap="small"):
            for link in said.links:
                door = site.AT[link.page]
                short = shorten(link.label, _LONGEST_LINK, placeholder="…")
                st.page_link(
                    door.file,
                    label=cards.plain(short),
                    icon=door.icon,
                    help=cards.plain(link.label) if short != link.label else None,
                    query_params=dict(link.query) or None,
                )
    elif said.choices:
        several = _("I am not sure what you mean. Is it about one of these?")
        st.markdown(several if len(said.choices) > 1 else _("I am not sure what you mean. Is it about this?"))
        if is_last:
            with st.container(horizontal=True, gap="small"):
                for intent in said.choices:
                    st.button(
                        label(intent), key=f"choose_{place}_{intent}", on_click=ask, args=(asked, intent, label(intent))
                    )
    else:
        st.markdown(_("A person had better look at this question."))
    if said.is_for_human and is_last:
        _human_button(f"human_{place}", is_primary=not said.text and not said.choices)


def markdown(text: str) -> str:
    """The text of an answer in Markdown: its paragraphs and lists, its signs as they are."""
    lines = text.splitlines()
    return "\n".join(f"- {cards.plain(line[2:])}" if line.startswith("- ") else cards.plain(line) for line in lines)


def box() -> None:
    """Where the next question is typed."""
    chat.prepare()
    st.chat_input(_("Type your question"), key="question", max_chars=LONGEST, on_submit=ask)


def ending(said: list[Turn]) -> None:
    """What one can do with the whole conversation."""
    with st.container(horizontal=True, gap="small"):
        last = said[-1].said
        if last is None or not last.is_for_human:
            _human_button("human")
        st.button(_("Begin anew"), key="chat_anew", icon=":material/restart_alt:", type="tertiary", on_click=said.clear)


def _human_button(key: str, *, is_primary: bool = False) -> None:
    st.button(
        _("I prefer a person"),
        key=key,
        icon=":material/support_agent:",
        type="primary" if is_primary else "secondary",
        on_click=open_dialog,
        args=("human",),
    )


def lines_of(said: list[Turn]) -> list[Line]:
    """The conversation as the coordinators read it."""
    lines = []
    for turn in said:
        lines.append(Line(turn.asked, is_ours=False))
        if turn.said is not None and turn.said.text:
            lines.append(Line(turn.said.text, is_ours=True))
    return lines


def human_dialog(signed_in: SignedIn | None, said: list[Turn]) -> None:
    """Hand the conversation over: to which address the answer goes, and what else there is to say."""
    if dialog_subject("human") is None or not said:
        return
    speaks = language()

    def hand_over(db: Db, actor: Actor) -> int:
        lines = lines_of(said)
        if more := forms.kept("human_more").strip():
            lines.append(Line(more, is_ours=False))
        last = said[-1].said
        return conversations.hand_over(
            db,
            actor,
            lines,
            address=forms.kept("human_address"),
            language=speaks,
            intent=last.intent if last is not None else None,
        )

    @st.dialog(_("A person answers you by mail"), icon=":material/support_agent:", on_dismiss=close_dialog)
    def show() -> None:
        st.markdown(_("A colleague of CNO reads this conversation and answers by mail."))
        if signed_in is not None:
            st.caption(_("To {address}").format(address=cards.mail_link(signed_in.email)))
        else:
            forms.email(_("Your e-mail address"), key="human_address")
            refusal("human", "address")
        st.text_area(_("Anything to add? (optional)"), key="human_more", height=100, max_chars=2000)
        refusal("human")
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Back to the chat"), key="human_back", on_click=close_dialog)
            st.button(
                _("Send to CNO"),
                key="human_send",
                type="primary",
                icon=":material/send:",
                on_click=attempt,
                args=("human", hand_over),
                kwargs={
                    "then": lambda _thread: said.clear(),
                    "done": _("Your question is with CNO. You get an answer by mail."),
                },
            )

    show()
