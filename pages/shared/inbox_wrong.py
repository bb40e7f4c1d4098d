"""«Dit was fout»: tell what a mail really asked; it becomes an example for the bot once somebody has reviewed it."""

import streamlit as st

from core.assistant.newtext import new_text
from core.db import Db, read
from core.i18n import _
from core.labels import label
from core.queries.accounts import SignedIn
from core.queries.inbox import MailRow
from core.services import examples
from core.vocabulary import Actor, CoordinatorRole, Intent
from pages.shared import forms
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

_DIALOG = "wrong"


def button(mail: MailRow, signed_in: SignedIn) -> None:
    """Opens the dialog."""
    if signed_in.coordinator_role is CoordinatorRole.READER:
        return
    st.button(
        _("This was wrong"),
        key="wrong_open",
        type="tertiary",
        icon=":material/flag:",
        on_click=open_dialog,
        args=(_DIALOG, mail.incoming_id),
    )
    if dialog_subject(_DIALOG) == mail.incoming_id:
        st.dialog(_("What did this mail ask?"), on_dismiss=close_dialog)(_draw)(mail, signed_in)


def _draw(mail: MailRow, signed_in: SignedIn) -> None:
    identity = mail.incoming_id or 0
    with read() as db:
        said = examples.suggestion(db, signed_in.actor, identity, new_text(mail.subject, mail.body).text)
    st.selectbox(
        _("It asked"), list(Intent), index=None, format_func=label, key="wrong_intent", placeholder=_("Choose")
    )
    refusal(_DIALOG, "intent")
    st.text_area(_("What was said, without names"), said, key="wrong_said", height=180, max_chars=examples.LONGEST)
    st.caption(_("Names, addresses and digits were taken out. Look it over: leave nothing that says who wrote it."))

    def propose(db: Db, actor: Actor) -> int:
        return examples.propose(db, actor, identity, st.session_state["wrong_intent"], forms.kept("wrong_said"))

    refusal(_DIALOG, "said")
    refusal(_DIALOG)
    st.button(
        _("Propose as an example"),
        key="wrong_send",
        type="primary",
        on_click=attempt,
        args=(_DIALOG, propose),
        kwargs={"done": _("Thank you. The example waits to be reviewed.")},
    )
