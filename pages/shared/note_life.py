"""What a note says and what happened to it, one after the other."""

from dataclasses import dataclass
from datetime import datetime, time

import streamlit as st

from core import clock
from core.db import read
from core.i18n import N_, _, moment, short_day
from core.labels import colour, label
from core.money import euro
from core.queries import audit_trail
from core.queries.audit_trail import WantedTraces
from core.queries.one_note import MailOfNote, PaymentOfNote, WholeNote
from core.vocabulary import Actor, OutgoingState, PlacedAs
from pages.shared import cards, note_list, traces
from pages.shared.feedback import open_dialog

#: Mails about a note, as the story calls them (msgids); others by their subject kind.
_MAILS = {
    "debit-note": N_("Debit note mailed"),
    "credit-note": N_("Credit note mailed"),
    "note-again": N_("Mailed once more"),
    "note-reminder": N_("Reminder mailed"),
    "note-reminder-firm": N_("Firm reminder mailed"),
}
_TROUBLE = (OutgoingState.FAILED, OutgoingState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class _Event:
    at: datetime
    icon: str
    title: str
    words: tuple[str, ...] = ()
    mail: MailOfNote | None = None
    payment: PaymentOfNote | None = None
    note_id: int | None = None


def payer(shown: WholeNote) -> None:
    """To whom the note is addressed, as it was issued, and the way to the file."""
    with st.container(border=True, gap="xxsmall"):
        st.markdown(f"**{_('Payer')}**")
        st.markdown(cards.plain(shown.payer_name))
        for line in shown.payer_address:
            st.caption(cards.plain(line))
        if shown.payer_email:
            st.caption(cards.plain(shown.payer_email))
        if shown.reference:
            st.caption(_("Reference: {reference}").format(reference=cards.plain(shown.reference)))
        for page, name, identity in (
            ("coordinator/institution.py", _("File of the institution"), shown.payer_institution_id),
            ("coordinator/person.py", _("File of the participant"), shown.payer_person_id),
        ):
            if identity is not None:
                st.page_link(page, label=name, icon=":material/arrow_forward:", query_params={"id": str(identity)})


def lines(shown: WholeNote) -> None:
    """What is billed or credited, each with the ways to its course and participant."""
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_('Lines')}**")
        for line in shown.lines:
            with st.container(gap="xxsmall"):
                with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                    st.markdown(f"{line.position}. {cards.plain(line.description)}", width="stretch")
                    st.markdown(f"**{euro(line.cents)}**", width="content")
                with st.container(horizontal=True, gap="small"):
                    if line.person_id is not None:
                        st.page_link(
                            "coordinator/person.py",
                            label=cards.plain(line.person_name),
                            icon=":material/person:",
                            query_params={"id": str(line.person_id)},
                        )
                    st.page_link(
                        "coordinator/course.py",
                        label=_("Open the course"),
                        icon=":material/school:",
                        query_params={"id": str(line.course_id)},
                    )
        st.caption(_("VAT category {category}").format(category=", ".join({line.vat_category for line in shown.lines})))


def story(shown: WholeNote, *, can_undo: bool) -> None:
    """Everything that happened, the first first."""
    st.markdown(f"**{_('What happened')}**")
    for event in sorted(_events(shown), key=lambda each: each.at):
        with st.container(border=True, gap="xxsmall"):
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(f"{event.icon} **{event.title}**", width="content")
                if event.mail is not None:
                    st.badge(label(event.mail.state), color=colour(event.mail.state))
            for words in event.words:
                st.caption(words)
            if event.mail is not None and event.mail.error:
                show = st.error if event.mail.state in _TROUBLE else st.warning
                show(cards.plain(_(event.mail.error)), icon=":material/warning:")
            if event.note_id is not None:
                note_list.link(event.note_id, _("Open this note"))
            payment = event.payment
            if payment is not None and can_undo and payment.undone_at is None:
                st.button(
                    _("Undo"),
                    key=f"undo_{payment.transaction_id}_{payment.placed_as}_{payment.cents}",
                    icon=":material/undo:",
                    on_click=open_dialog,
                    args=("undo_line", payment.transaction_id),
                )
    if shown.held_until is not None and shown.hold_reason is not None:
        held = _("No reminder leaves until {date}: {reason}")
        words = held.format(date=short_day(shown.held_until), reason=label(shown.hold_reason))
        st.caption(f":material/notifications_off: {words}")
    if shown.waits_for_file:
        st.caption(f":material/hourglass_top: {_('The PDF is being made; the mail follows by itself.')}")


def _events(shown: WholeNote) -> list[_Event]:
    found = [_Event(shown.created_at, ":material/receipt_long:", _("Issued"), (moment(shown.created_at),))]
    if shown.paid_before_cents:
        words = (_("in the former system, before the import"),)
        paid = _("Paid: {amount}").format(amount=euro(shown.paid_before_cents))
        found.append(_Event(shown.created_at, ":material/payments:", paid, words))
    if shown.files:
        made = max(file.made_at for file in shown.files)
        kinds = ", ".join(sorted({label(file.kind) for file in shown.files}))
        found.append(_Event(made, ":material/picture_as_pdf:", _("Files made"), (f"{moment(made)} · {kinds}",)))
    found += [_mailed(mail) for mail in shown.mails]
    for payment in shown.payments:
        found += _paid(payment)
    for reminder in shown.reminders:
        asked = _("{amount} was open; to be paid by {date}").format(
            amount=euro(reminder.open_cents), date=short_day(reminder.pay_by)
        )
        words = (f"{moment(reminder.made_at)} · {asked}",)
        found.append(_Event(reminder.made_at, ":material/notifications:", label(reminder.text), words))
    for credit in shown.credit_notes:
        at = clock.at(credit.issued_on, time(12))
        title = _("Credited: {amount}").format(amount=euro(credit.cents))
        words = (f"{short_day(credit.issued_on)} · {cards.plain(credit.number)}",)
        found.append(_Event(at, ":material/remove_circle:", title, words, note_id=credit.note_id))
    return found


def _mailed(mail: MailOfNote) -> _Event:
    words = [cards.plain(mail.recipient)]
    if mail.sent_at is not None:
        words.append(_("accepted by the mail server on {moment}").format(moment=moment(mail.sent_at)))
    else:
        words.append(_("made on {moment}").format(moment=moment(mail.created_at)))
    title = _(_MAILS[mail.name]) if mail.name in _MAILS else _("Mail about this note")
    return _Event(mail.sent_at or mail.created_at, ":material/mail:", title, (" · ".join(words),), mail=mail)


def _paid(payment: PaymentOfNote) -> list[_Event]:
    amount = euro(abs(payment.cents))
    if payment.placed_as is PlacedAs.KEPT:
        title = (
            _("Kept as credit: {amount}") if payment.cents > 0 else _("Credit used or paid back: {amount}")
        ).format(amount=amount)
    else:
        title = (_("Paid: {amount}") if payment.cents > 0 else _("Paid back: {amount}")).format(amount=amount)
    who = " · ".join(cards.plain(each) for each in (payment.name, payment.iban) if each)
    made = (
        _("placed by itself on {moment}").format(moment=moment(payment.made_at))
        if payment.is_automatic
        else _("placed by {name} on {moment}").format(name=cards.plain(payment.made_by), moment=moment(payment.made_at))
    )
    booked = _("booked by the bank on {date}").format(date=short_day(payment.booked_on))
    found = [_Event(payment.made_at, ":material/payments:", title, (who, f"{booked} · {made}"), payment=payment)]
    if payment.undone_at is not None:
        words = (f"{moment(payment.undone_at)} · {cards.plain(payment.undone_by)}",)
        undone = _("Placing of {amount} undone").format(amount=amount)
        found.append(_Event(payment.undone_at, ":material/undo:", undone, words))
    return found


def trail(actor: Actor, note_id: int) -> None:
    """The audit trail of the note."""
    with read() as db:
        found = audit_trail.traces(db, actor, WantedTraces(subject_type="note", subject_id=note_id))
    for row in found.rows:
        traces.row(row)
    if not found.rows:
        st.caption(_("Nothing here."))
