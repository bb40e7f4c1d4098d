"""What leaves by itself in the coming days: a row each, its mail as it would be sent, hold, add a text, send now."""

from collections.abc import Callable, Sequence
from itertools import groupby

import streamlit as st

from core.db import Db, write
from core.errors import DomainError
from core.i18n import _, say, weekday
from core.money import euro
from core.queries.coming import ComingRow
from core.services import coming, coming_changes
from core.services.coming import RenderedMail
from core.vocabulary import Actor, ComingKind
from pages.shared import cards, forms
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

DAYS = 14


def meaning(kind: ComingKind) -> str:
    """What of a kind leaves by itself, in a sentence."""
    return {
        ComingKind.DEBIT_NOTE: _("The debit note leaves a week after the enrolment, to who pays; staff get a copy."),
        ComingKind.PAYER_REMINDER: _("The institution and the participant are reminded before the question lapses."),
        ComingKind.NAME_REMINDER: _("The institution is reminded to name who takes the places it reserved."),
        ComingKind.OFFER_END: _("The seat that the waiting list offered goes to the next in line."),
        ComingKind.LINK_QUESTION: _("The institution is asked, once a year, who is still linked to it."),
    }[kind]


def draw(rows: Sequence[ComingRow]) -> None:
    """The rows, by day."""
    for on, leaving in groupby(rows, key=lambda row: row.on):
        st.markdown(f"**{weekday(on)}**")
        for row in leaving:
            _row(row)


def _row(row: ComingRow) -> None:
    key = f"{row.kind}_{row.subject_id}"
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(width="stretch", gap="xxsmall"):
                st.markdown(f"**{cards.plain(row.to)}**")
                st.caption(cards.plain(row.about))
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                if row.is_held:
                    st.badge(_("Kept back"), icon=":material/pause:", color="orange")
                if row.addition:
                    st.badge(_("With your text"), icon=":material/edit_note:", color="violet")
                if row.cents is not None:
                    st.markdown(euro(row.cents), width="content")
        with st.container(horizontal=True, gap="small"):
            if row.kind is not ComingKind.OFFER_END:
                st.button(
                    _("View and change"),
                    key=f"view_{key}",
                    icon=":material/visibility:",
                    on_click=open_dialog,
                    args=("leaving", f"{row.kind}:{row.subject_id}"),
                )
            if row.is_held:
                _act(_("Let it leave"), f"release_{key}", ":material/play_arrow:", row, coming_changes.release)
            else:
                _act(_("Keep back"), f"hold_{key}", ":material/pause:", row, coming_changes.hold)
        refusal(f"leaving_{key}")


def _act(text: str, key: str, icon: str, row: ComingRow, verb: Callable[[Db, Actor, ComingKind, int], None]) -> None:
    st.button(
        text,
        key=key,
        icon=icon,
        on_click=attempt,
        args=(f"leaving_{row.kind}_{row.subject_id}", lambda db, actor: verb(db, actor, row.kind, row.subject_id)),
    )


def dialog(actor: Actor, rows: Sequence[ComingRow]) -> None:
    """The mails of a row as they would leave now, with a text of one's own above them."""
    subject = dialog_subject("leaving")
    row = next((row for row in rows if f"{row.kind}:{row.subject_id}" == subject), None)
    if row is None:
        return

    @st.dialog(_("What will leave"), icon=":material/outbox:", width="large", on_dismiss=close_dialog)
    def show() -> None:
        key = f"addition_{row.kind}_{row.subject_id}"
        st.text_area(
            _("Your own text above the usual one (optional)"), row.addition, key=key, height=100, max_chars=2000
        )
        refusal("leaving", "addition")
        refusal("leaving")
        with st.container(horizontal=True, horizontal_alignment="right"):
            _save(row, key)
            _send(row)
        try:
            with write() as db:
                mails = coming.rendered(db, actor, row.kind, row.subject_id)
        except DomainError as refused:
            st.error(cards.plain(say(refused)), icon=":material/error:")
            return
        st.caption(_("As it would leave now; nothing has been sent."))
        for each in mails:
            _mail(each)
        if not mails:
            st.info(_("Nothing leaves any more: it was sent or settled meanwhile."), icon=":material/done_all:")

    show()


def _save(row: ComingRow, key: str) -> None:
    def save(db: Db, actor: Actor) -> None:
        coming_changes.add_text(db, actor, row.kind, row.subject_id, forms.kept(key))

    st.button(
        _("Save the text"),
        key="save_addition",
        icon=":material/save:",
        on_click=attempt,
        args=("leaving", save),
        kwargs={"done": _("Your text goes along when it leaves.")},
    )


def _send(row: ComingRow) -> None:
    st.button(
        _("Send now"),
        key="send_leaving",
        type="primary",
        icon=":material/send:",
        on_click=attempt,
        args=("leaving", lambda db, actor: coming.send_now(db, actor, row.kind, row.subject_id)),
        kwargs={
            "done": lambda is_sent: (
                _("It leaves within a minute.")
                if is_sent
                else _("Nothing leaves any more: it was sent or settled meanwhile.")
            )
        },
    )


def _mail(mail: RenderedMail) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f":material/person: {cards.plain(mail.recipient)}")
        st.markdown(f"**{cards.plain(mail.subject)}**")
        st.text(mail.text)
