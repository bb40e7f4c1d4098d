"""How a conversation of the inbox looks: the mails, what the bot made of them, what hangs on them, the raw mail."""

import streamlit as st

from core.db import read
from core.i18n import _, moment, number
from core.labels import colour, label
from core.queries import inbox
from core.queries.inbox import Conversation, MailRow
from pages.shared import access, cards

_KB, _MB = 1 << 10, 1 << 20


def title(shown: Conversation) -> str:
    """The subject, its signs shown as they are."""
    return cards.plain(shown.subject or _("(no subject)"))


def draw(shown: Conversation) -> None:
    """A conversation, the oldest mail first."""
    for index, mail in enumerate(shown.mails):
        with st.container(border=True, gap="xsmall"):
            _mail(mail, index)


def _mail(mail: MailRow, index: int) -> None:
    who = mail.name or mail.address if mail.is_incoming else _("CNO to {address}").format(address=mail.address)
    icon = ":material/call_received:" if mail.is_incoming else ":material/call_made:"
    st.markdown(f"{icon} **{cards.plain(who)}** · {moment(mail.at)}")
    if mail.is_incoming:
        st.caption(cards.mail_link(mail.address))
    with st.container(horizontal=True, gap="xsmall"):
        if mail.verdict is not None:
            st.badge(label(mail.verdict), color="gray")
        if mail.intent is not None:
            score = f" · {number(round((mail.score or 0) * 100))} %" if mail.score is not None else ""
            st.badge(f"{label(mail.intent)}{score}", icon=":material/psychology:", color="blue")
        if mail.outgoing_state is not None:
            st.badge(label(mail.outgoing_state), color=colour(mail.outgoing_state))
        if mail.incoming_state is not None:
            st.badge(label(mail.incoming_state), color=colour(mail.incoming_state))
    if mail.reason:
        st.caption(_("Why it waits: {reason}").format(reason=_(mail.reason)))
    laid_out = _laid_out(mail) if st.session_state.get(f"layout_{mail.incoming_id}") else None
    if laid_out:
        st.html(laid_out)
    else:
        st.text(mail.body or _("(no readable text)"))
    if mail.incoming_id is not None:
        _files(mail, index)


def _laid_out(mail: MailRow) -> str | None:
    with read() as db:
        found = inbox.laid_out(db, access.actor(), mail.incoming_id or 0)
    if found is None:
        st.caption(_("This mail has no layout of its own."))
    return found


def _files(mail: MailRow, index: int) -> None:
    """What hangs on a mail, to be saved; the mail itself, byte for byte."""
    for row in mail.attachments:
        st.link_button(
            cards.plain(f"{row.filename} · {row.media_type} · {_size(row.size)}"),
            f"/download/attachment/{row.attachment_id}",
            key=f"attachment_{row.attachment_id}",
            type="tertiary",
            icon=":material/attach_file:",
        )
    if mail.attachments:
        st.caption(_("Attachments are not checked for viruses. Open only what you expect."))
    with st.container(horizontal=True, gap="small"):
        st.link_button(
            _("The mail as it came"),
            f"/download/mail/{mail.incoming_id}",
            key=f"raw_{index}_{mail.incoming_id}",
            type="tertiary",
            icon=":material/download:",
        )
        st.toggle(_("Show its layout"), key=f"layout_{mail.incoming_id}")


def _size(size: int) -> str:
    if size >= _MB:
        return _("{size} MB").format(size=number(round(size / _MB, 1)))
    return _("{size} kB").format(size=number(max(1, round(size / _KB))))
