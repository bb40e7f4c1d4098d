"""Answering a conversation: the bot's likeliest questions with a draft each, text modules, the box, and sending."""

from collections.abc import Callable

import streamlit as st

from core.assistant import proposals
from core.assistant.proposals import Proposal
from core.db import Db, read
from core.i18n import _, day, number
from core.labels import label
from core.queries import text_modules
from core.queries.accounts import SignedIn
from core.queries.inbox import Conversation, MailRow
from core.queries.inbox_sender import Sender
from core.rules.text_modules import filled
from core.services import inbox as services
from core.vocabulary import Actor, Intent, Language
from pages.shared import cards, forms
from pages.shared.feedback import attempt, refusal

_GREETING = {Language.DUTCH: "Beste {name}", Language.ENGLISH: "Dear {name}"}
_NOBODY = {Language.DUTCH: "Beste", Language.ENGLISH: "Dear"}


def box_of(shown: Conversation) -> str:
    """The key of the box of a conversation: half an answer never lands in another one."""
    return f"reply_{shown.thread_id}"


def used_in(shown: Conversation) -> str:
    """Where it is kept which intent's draft was put in."""
    return f"used_{shown.thread_id}"


def drafts(shown: Conversation, mail: MailRow, sender: Sender, signed_in: SignedIn) -> None:
    """What the bot would answer, as three beginnings to choose from."""
    with read() as db:
        found = proposals.of_mail(db, signed_in.actor, mail.incoming_id or 0)
    st.markdown(f"**{_('What the bot would answer')}**")
    if not found:
        st.caption(_("The bot has no idea what is asked."))
    for place, proposal in enumerate(found):
        _draft(shown, mail, sender, proposal, place)


def _draft(shown: Conversation, mail: MailRow, sender: Sender, proposal: Proposal, place: int) -> None:
    title = f"{label(proposal.intent)} · {number(round(proposal.score * 100))} %"
    if not proposal.text:
        st.caption(_("{intent}: no draft").format(intent=title))
        return
    with st.expander(title, expanded=place == 0, key=f"draft_{place}_{shown.thread_id}"):
        st.text(proposal.text)
        if not proposal.is_enough:
            st.caption(_("Only a beginning: complete it."))
        st.button(
            _("Use this draft"),
            key=f"use_{place}_{shown.thread_id}",
            icon=":material/input:",
            shortcut=str(place + 1),
            on_click=_put,
            args=(shown, proposal.text, _greeting(mail, sender), proposal.intent),
        )


def _greeting(mail: MailRow | None, sender: Sender) -> str:
    language = (mail.language if mail else None) or Language.DUTCH
    name = sender.facts["voornaam"] or (mail.name if mail else "")
    return _GREETING[language].format(name=name) if name else _NOBODY[language]


def _put(shown: Conversation, text: str, greeting: str, intent: Intent | None = None) -> None:
    """Callback: put a text below what is written already; below a greeting where nothing is, unless it has its own."""
    key = box_of(shown)
    begins = forms.kept(key).rstrip() or ("" if text.startswith(tuple(_NOBODY.values())) else greeting)
    st.session_state[key] = f"{begins}\n\n{text}" if begins else text
    if intent is not None:
        st.session_state[used_in(shown)] = intent


def box(shown: Conversation, mail: MailRow | None, sender: Sender, signed_in: SignedIn) -> None:
    """The box, the text modules that can be put in, and the button that sends."""
    st.text_area(_("Your answer"), key=box_of(shown), height=220, placeholder=_("Dear …"), persist_state="page")
    refusal("reply", "text")
    refusal("reply")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for closes, text in ((True, _("Send and close")), (False, _("Send, keep open"))):
            st.button(
                text,
                key="send_reply" if closes else "send_open",
                type="primary" if closes else "secondary",
                icon=":material/send:",
                shortcut="Ctrl+Enter" if closes else None,
                on_click=attempt,
                args=("reply", _sending(shown, closes=closes)),
                kwargs={"done": _("Your answer is on its way."), "then": forms.emptied(box_of(shown))},
            )
        _modules(shown, mail, sender, signed_in)


def _sending(shown: Conversation, *, closes: bool) -> Callable[[Db, Actor], int]:
    def send(db: Db, actor: Actor) -> int:
        return services.reply(
            db,
            actor,
            shown.thread_id,
            forms.kept(box_of(shown)),
            closes=closes,
            used=st.session_state.get(used_in(shown)),
        )

    return send


def _facts(sender: Sender, signed_in: SignedIn) -> dict[str, str]:
    ahead = [row.first_day for row in sender.seats if row.is_coming and row.first_day]
    return {
        **sender.facts,
        "eerste_dag": day(min(ahead)) if ahead else "",
        "mijn_naam": signed_in.actor.name,
    }


def _modules(shown: Conversation, mail: MailRow | None, sender: Sender, signed_in: SignedIn) -> None:
    language, facts = (mail.language if mail else None) or Language.DUTCH, _facts(sender, signed_in)
    with st.popover(_("Insert a text module"), icon=":material/library_add:"), st.container(gap="xxsmall"):
        with read() as db:
            rows = text_modules.modules(db, signed_in.actor, language)
        for row in rows:
            text = filled(row.text, facts)
            st.button(
                cards.plain(row.title),
                key=f"module_{row.module_id}_{shown.thread_id}",
                help=cards.plain(text),
                width="stretch",
                on_click=_put,
                args=(shown, text, _greeting(mail, sender)),
            )
        if not rows:
            st.caption(_("There are no text modules in {language}.").format(language=label(language)))
        st.page_link("coordinator/assistant.py", label=_("Edit text modules"), query_params={"deel": "tekstblokken"})
