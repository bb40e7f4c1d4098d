"""The lists of outgoing mail: which there are, and a mail in them with what can be done with it."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial

import streamlit as st

from core.db import Db, read
from core.i18n import _, moment, short_day
from core.labels import colour, label
from core.queries import outbox
from core.queries.outbox import OutgoingRow
from core.services import outbox as services
from core.vocabulary import Actor, OutgoingState
from pages.shared import cards, forms
from pages.shared.feedback import attempt, refusal


class View(StrEnum):
    """The lists, named as the address shows them."""

    WAITING = "wacht"
    SENT = "verzonden"
    TROUBLED = "mislukt"
    COMING = "komend"


STATES = {
    View.WAITING: outbox.WAITING,
    View.SENT: (OutgoingState.SENT,),
    View.TROUBLED: outbox.TROUBLED,
}


def name_of(view: View) -> str:
    """What a list is called on the screen."""
    return {
        View.WAITING: _("To be sent"),
        View.SENT: _("Sent"),
        View.TROUBLED: _("Failed or uncertain"),
        View.COMING: _("Coming 14 days"),
    }[view]


def mail(row: OutgoingRow, actor: Actor) -> None:
    """One mail, closed until it is clicked: only then its text is read."""
    heading = f"{short_day(row.created_at)} · {cards.plain(row.recipient)} · {cards.plain(row.subject)}"
    with st.expander(heading, key=f"mail_{row.mail_id}", on_change="rerun", icon=":material/mail:") as detail:
        if not detail.open:
            return
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.badge(label(row.state), color=colour(row.state))
            st.badge(label(row.kind), color="gray")
            st.caption(_("made on {moment}").format(moment=moment(row.created_at)), width="content")
            if row.sent_at:
                st.caption(_("Sent on {moment}").format(moment=moment(row.sent_at)), width="content")
        if row.error and not row.attempts:
            st.warning(cards.plain(_(row.error)), icon=":material/warning:")
        elif row.error:
            st.error(
                _("Attempt {attempts}: {error}").format(attempts=row.attempts, error=cards.plain(row.error)),
                icon=":material/error:",
            )
        with read() as db:
            text = outbox.body(db, actor, row.mail_id)
        if row.state is OutgoingState.HELD and not row.is_sensitive:
            _editor(row, text)
        else:
            st.text(text)
        refusal(f"mail_{row.mail_id}")
        _actions(row)


def _editor(row: OutgoingRow, text: str) -> None:
    """Subject and text of a held mail, to be changed before it leaves."""
    subject_key, text_key = f"subject_{row.mail_id}", f"text_{row.mail_id}"
    forms.text(_("Subject line"), row.subject, key=subject_key, longest=300)
    st.text_area(_("Text"), text, key=text_key, height=320)
    place = f"edit_{row.mail_id}"
    for field in ("subject", "text"):
        refusal(place, field)
    refusal(place)

    def save(db: Db, actor: Actor) -> None:
        services.edit(db, actor, row.mail_id, subject=st.session_state[subject_key], text=st.session_state[text_key])

    st.button(
        _("Save the text"),
        key=place,
        icon=":material/save:",
        on_click=attempt,
        args=(place, save),
        kwargs={"done": _("The mail has been changed. It leaves once you click «Send now».")},
    )


def _actions(row: OutgoingRow) -> None:
    if row.state is OutgoingState.PENDING:
        name, verb, icon = _("Keep back"), services.hold, ":material/pause:"
        done = _("The mail is kept back. You can change it, and let it leave later.")
    elif row.state in (OutgoingState.HELD, OutgoingState.FAILED, OutgoingState.UNCERTAIN):
        name, verb, icon = _("Send now"), services.release, ":material/send:"
        done = _("The mail leaves within a few seconds.")
    else:
        return
    st.button(
        name,
        key=f"{verb.__name__}_{row.mail_id}",
        icon=icon,
        on_click=attempt,
        args=(f"mail_{row.mail_id}", partial(_on, verb, row.mail_id)),
        kwargs={"done": done},
    )


def _on(verb: Callable[[Db, Actor, int], object], mail_id: int, db: Db, actor: Actor) -> None:
    verb(db, actor, mail_id)
