"""«Betalen»: the button beside an open debit note, and the dialog with QR code, account, reference and amount."""

import streamlit as st

from core.db import read
from core.i18n import _, day, short_day
from core.money import euro
from core.queries import paying
from core.queries.billing import NoteRow
from core.queries.paying import Paying
from core.queries.reminders_sent import Reminded
from core.vocabulary import Actor
from pages.shared import cards, copying
from pages.shared.feedback import close_dialog, dialog_subject, open_dialog

_DIALOG = "pay"


def button(row: NoteRow) -> None:
    """«Betalen», for who pays this note while something of it is open."""
    if paying.can_pay(row):
        st.button(
            _("Pay"),
            key=f"pay_{row.note_id}",
            type="primary",
            icon=":material/qr_code_2:",
            on_click=open_dialog,
            args=(_DIALOG, row.note_id),
        )


def reminded(sent: Reminded) -> None:
    """«Herinnerd op …», with the letters that were sent."""
    if sent:
        days = [f"[{short_day(on)}](/download/reminder/{identity})" for identity, on in sent]
        st.caption(f":material/notifications: {_('Reminded on {days}').format(days=', '.join(days))}")


def dialog(actor: Actor) -> None:
    """How to pay the note that was asked for, large enough for a phone."""
    subject = dialog_subject(_DIALOG)
    if not isinstance(subject, int):
        return
    with read() as db:
        found = paying.how_to_pay(db, actor, subject)

    @st.dialog(_("Pay"), icon=":material/qr_code_2:", on_dismiss=close_dialog)
    def show() -> None:
        if found is None:
            st.success(_("Nothing is left to pay of this note."), icon=":material/check_circle:")
        else:
            _facts(found)
        st.button(_("Close"), key="close_pay", on_click=close_dialog)

    show()


def _facts(found: Paying) -> None:
    st.metric(_("Still to pay"), euro(found.open_cents))
    due = _("to be paid by {date}").format(date=day(found.due_on)) if found.due_on else ""
    st.caption(" · ".join(filter(None, (cards.plain(found.number), due))))
    with st.container(horizontal_alignment="center"):
        st.image(found.qr, width=240, alt=_("QR code for payment"))
    st.caption(_("Scan the code with your banking app, or copy the data below into it."))
    copying.values(
        f"pay_{found.note_id}",
        (
            (_("Account (IBAN)"), found.iban),
            (_("Structured reference"), found.ogm),
            (_("Amount in euros"), f"{found.open_cents // 100},{found.open_cents % 100:02}"),
            (_("Beneficiary"), found.payee),
            (_("BIC"), found.bic),
        ),
    )
    st.info(
        _(
            "Use the structured reference: by it we find your payment. The bank needs one or two working days; "
            "after that the note stands here as paid. You need not send us a proof."
        ),
        icon=":material/info:",
    )
