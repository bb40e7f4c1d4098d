"""What can be done with a note: downloads, mailing again, placing a payment, crediting."""

from functools import partial

import streamlit as st

from core.db import Db
from core.i18n import _
from core.money import euro
from core.queries.one_note import LineOfNote, WholeNote
from core.services import note_care
from core.vocabulary import Actor, FileKind, NoteKind
from pages.shared import cards, forms
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

PLACE = "note"


def buttons(shown: WholeNote, *, is_finance: bool) -> None:
    """The row of buttons."""
    address = f"/download/note/{shown.note_id}"
    with st.container(horizontal=True, gap="small"):
        if FileKind.ORIGINAL in shown.kinds:
            st.link_button(_("Download the PDF"), address, key="note_pdf", icon=":material/download:")
        if FileKind.UBL in shown.kinds:
            st.link_button(
                _("E-invoice"), f"{address}?soort={FileKind.UBL}", key="note_ubl", icon=":material/data_object:"
            )
        if FileKind.ORIGINAL in shown.kinds and not shown.is_imported:
            st.button(
                _("Mail again"),
                key="mail_again",
                icon=":material/forward_to_inbox:",
                on_click=attempt,
                args=(PLACE, partial(_mail_again, shown.note_id)),
                kwargs={"done": _("The note leaves again within a few seconds, to the address its payer has now.")},
            )
        if shown.kind is NoteKind.DEBIT and is_finance:
            if shown.left_cents > 0:
                st.page_link(
                    "coordinator/payments.py",
                    label=_("Place a payment"),
                    icon=":material/account_balance:",
                    query_params={"lijst": "te-plaatsen"},
                )
            if shown.credited_cents < shown.total_cents:
                st.button(
                    _("Make a credit note"),
                    key="credit",
                    icon=":material/remove_circle:",
                    on_click=open_dialog,
                    args=("credit_note", shown.note_id),
                )
    refusal(PLACE)


def _mail_again(note_id: int, db: Db, actor: Actor) -> None:
    note_care.mail_again(db, actor, note_id)


def dialogs(shown: WholeNote) -> None:
    """The dialog that was opened, if any."""
    if dialog_subject("credit_note") == shown.note_id:
        _credit(shown)


def _credit(shown: WholeNote) -> None:
    most = shown.total_cents - shown.credited_cents

    @st.dialog(_("Make a credit note"), icon=":material/remove_circle:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(
            _("Of {number} {amount} can still be credited. The payer gets the credit note by mail.").format(
                number=cards.plain(shown.number), amount=euro(most)
            )
        )
        line: LineOfNote = shown.lines[0]
        if len(shown.lines) > 1:
            line = st.selectbox(
                _("Which line?"),
                shown.lines,
                format_func=lambda each: f"{each.position}. {each.person_name} · {euro(each.cents)}",
                key="credit_line",
            )
        amount = st.number_input(
            _("Amount to credit (€)"),
            min_value=0.0,
            value=min(most, line.cents) / 100,
            step=1.0,
            format="%.2f",
            key=f"credit_amount_{line.position}",
        )
        refusal("credit", "cents")
        forms.text(_("Why (for us only)"), key="credit_reason", longest=300)
        refusal("credit", "reason")
        refusal("credit")
        cents = round(float(amount) * 100)

        def make(db: Db, actor: Actor) -> None:
            reason = forms.kept("credit_reason")
            note_care.credit(db, actor, shown.note_id, line.position, cents=cents, reason=reason)

        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Cancel"), key="keep_credit", on_click=close_dialog)
            st.button(
                _("Credit {amount}").format(amount=euro(cents)),
                key="do_credit",
                type="primary",
                on_click=attempt,
                args=("credit", make),
                kwargs={"done": _("The credit note has been made; it leaves by mail in a moment.")},
            )

    ask()
