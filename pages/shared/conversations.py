"""How a conversation of the inbox looks: the mails, what the bot made of them, the raw mail to download."""

import streamlit as st

from core.i18n import _, moment, number
from core.labels import colour, label
from core.queries.inbox import Conversation, MailRow, ThreadRow
from pages.shared import cards


def short(text: str, longest: int) -> str:
    """User text, cut for a list, its signs shown as they are."""
    return cards.plain(text if len(text) <= longest else text[: longest - 1] + "…")


def row_text(row: ThreadRow) -> str:
    """A conversation in the list: its subject, its address, since when it waits."""
    subject = short(row.subject or _("(no subject)"), 46)
    return f"**{subject}**  \n{short(row.address, 40)} · {moment(row.last_mail_at)}"


def draw(shown: Conversation) -> None:
    """A conversation, the oldest mail first."""
    st.subheader(cards.plain(shown.subject or _("(no subject)")), anchor=False)
    st.caption(cards.mail_link(shown.address))
    for index, mail in enumerate(shown.mails):
        with st.container(border=True, gap="xsmall"):
            _mail(mail, index)


def _mail(mail: MailRow, index: int) -> None:
    who = mail.name or mail.address if mail.is_incoming else _("CNO to {address}").format(address=mail.address)
    icon = ":material/call_received:" if mail.is_incoming else ":material/call_made:"
    st.markdown(f"{icon} **{cards.plain(who)}** · {moment(mail.at)}")
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
    st.text(mail.body or _("(no readable text)"))
    if mail.incoming_id is not None:
        st.link_button(
            _("The mail as it came"),
            f"/download/mail/{mail.incoming_id}",
            key=f"raw_{index}_{mail.incoming_id}",
            type="tertiary",
            icon=":material/download:",
        )
