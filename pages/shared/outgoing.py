"""The lists of outgoing mail: which there are, a mail in them, the debit notes that leave soon."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from itertools import groupby

import streamlit as st

from core.db import Db, read
from core.i18n import _, moment, short_day, weekday
from core.labels import colour, label
from core.money import euro
from core.queries import outbox
from core.queries.billing import DueRow
from core.queries.outbox import OutgoingRow
from core.services import outbox as services
from core.vocabulary import Actor, OutgoingState
from pages.shared import cards
from pages.shared.feedback import attempt, refusal

COMING_DAYS = 14


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
        if row.error:
            st.error(
                _("Attempt {attempts}: {error}").format(attempts=row.attempts, error=cards.plain(row.error)),
                icon=":material/error:",
            )
        with read() as db:
            st.text(outbox.body(db, actor, row.mail_id))
        refusal(f"mail_{row.mail_id}")
        _actions(row)


def _actions(row: OutgoingRow) -> None:
    if row.state is OutgoingState.PENDING:
        name, verb, icon = _("Keep back"), services.hold, ":material/pause:"
    elif row.state in (OutgoingState.HELD, OutgoingState.FAILED, OutgoingState.UNCERTAIN):
        name, verb, icon = _("Send now"), services.release, ":material/send:"
    else:
        return
    st.button(
        name,
        key=f"{verb.__name__}_{row.mail_id}",
        icon=icon,
        on_click=attempt,
        args=(f"mail_{row.mail_id}", partial(_on, verb, row.mail_id)),
    )


def _on(verb: Callable[[Db, Actor, int], object], mail_id: int, db: Db, actor: Actor) -> None:
    verb(db, actor, mail_id)


def coming(rows: Sequence[DueRow]) -> None:
    """The debit notes that leave soon, by day."""
    for due_on, leaving in groupby(rows, key=lambda row: row.due_on):
        st.markdown(f"**{weekday(due_on)}**")
        with st.container(border=True, gap="xsmall"):
            for row in leaving:
                with st.container(horizontal=True, horizontal_alignment="distribute"):
                    with st.container(width="stretch", gap="xxsmall"):
                        st.markdown(cards.plain(row.payer_name))
                        st.caption(f"{cards.plain(row.person_name)} · {cards.plain(row.course_title)}")
                    st.markdown(euro(row.cents), width="content")
