"""How the mailbox is doing, on «Vandaag»: what is wrong with it, and its last 24 hours in one line."""

from datetime import timedelta

import streamlit as st

from core import clock
from core.i18n import _, moment, number
from core.queries.operations import MailFigures, Operations

SILENT = timedelta(minutes=2)
LATE = timedelta(minutes=15)


def troubles(found: Operations) -> None:
    """What keeps mail from coming in or leaving."""
    if found.bot_seen_at is None or clock.now() - found.bot_seen_at > SILENT:
        st.error(
            _("The mail bot does not run: mail is neither fetched nor sent. Last seen: {moment}.").format(
                moment=moment(found.bot_seen_at) if found.bot_seen_at else _("never")
            ),
            icon=":material/error:",
        )
    if found.paused_until is not None:
        st.error(
            _("The mail server takes no mail from us; the next attempt is at {moment}. All that waits is kept.").format(
                moment=moment(found.paused_until)
            ),
            icon=":material/cloud_off:",
        )
    if found.is_at_limit:
        st.warning(
            _("The bot has answered very many mails in the last hour, and now leaves new ones to you."),
            icon=":material/pause_circle:",
        )


def day(figures: MailFigures) -> None:
    """What came in the last 24 hours and what became of it; the oldest that the bot should have done by now."""
    parts = (
        _("{count} received").format(count=number(figures.received)),
        _("{count} answered").format(count=number(figures.answered)),
        _("{count} handed over").format(count=number(figures.handed_over)),
        _("{count} sent").format(count=number(figures.sent)),
        _("{count} failed").format(count=number(figures.failed)),
    )
    st.caption(f":material/mail: {_('Mailbox, last 24 hours:')} {' · '.join(parts)}")
    if figures.oldest_at is not None and clock.now() - figures.oldest_at > LATE:
        text = _("The oldest mail has waited for the bot since {moment}.").format(moment=moment(figures.oldest_at))
        st.caption(f":material/hourglass_bottom: {text}")
