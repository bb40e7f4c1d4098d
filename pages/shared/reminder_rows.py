"""The page of reminders: how it stands, the rows of its lists, and the dialog that holds the reminders of a note."""

from datetime import timedelta

import streamlit as st

from core import clock
from core.db import Db
from core.i18n import _, day, moment, ngettext, number, short_day, weekday
from core.labels import label
from core.money import euro
from core.queries.reminders import DueReminder, Found, Outlook, Shelf
from core.queries.reminders_sent import SentReminder
from core.services import reminder_care
from core.vocabulary import Actor, HoldReason, ReminderBar
from pages.shared import cards, forms
from pages.shared.decided import decided
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

_HOLD = "hold_reminders"
_USUAL_DAYS = 30
_AT_THE_BANK = (ReminderBar.PAYMENT_WAITS, ReminderBar.HAS_CREDIT)


def name_of(shelf: Shelf) -> str:
    """What a list is called."""
    return {
        Shelf.LEAVES: _("Leaves"),
        Shelf.KEPT_BACK: _("Kept back"),
        Shelf.TO_FOLLOW_UP: _("To follow up yourself"),
        Shelf.SENT: _("Sent"),
        Shelf.LADDER: _("Steps"),
    }[shelf]


def meaning(shelf: Shelf) -> str:
    """What stands on a list, in a sentence; it may hold {day}."""
    return {
        Shelf.LEAVES: _("What leaves on {day}, to the billing address of who pays. Hold what should not leave."),
        Shelf.KEPT_BACK: _("What would leave on {day}, but does not, and why."),
        Shelf.TO_FOLLOW_UP: _("All mails were sent and it is still not paid: ring or write yourself."),
        Shelf.SENT: _("What was sent, with its letter."),
        Shelf.LADDER: _("When a reminder leaves, counted in days after the due date. Nothing is sent twice."),
    }[shelf]


def outlook(found: Outlook) -> None:
    """When the next run is, and whether the bank is known well enough for it."""
    hour = f"{decided().day_starts_at_hour}:00"
    st.caption(_("The next run is on {day} at {hour}.").format(day=weekday(found.on), hour=hour))
    if not found.is_switched_on:
        st.info(
            _("Reminders do not leave by themselves: that is switched off in the settings."), icon=":material/pause:"
        )
    elif not found.is_fresh:
        until = day(found.bank_until) if found.bank_until else "–"
        st.warning(
            _(
                "Nothing will leave: the bank files run until {day}. Read newer ones first; they may be at most {days} "
                "working days old on the day of the run."
            ).format(day=until, days=number(found.most_days)),
            icon=":material/account_balance:",
        )
        st.page_link("coordinator/payments.py", label=_("Read bank files"), icon=":material/arrow_forward:")
    if found.last_run is not None:
        last = found.last_run
        sent = ngettext("{count} reminder left", "{count} reminders left", last.sent)
        words = sent if last.was_fresh else _("nothing left, the bank data was too old")
        st.caption(_("The last run, on {day}: {words}.").format(day=weekday(last.day), words=words))


def due(shelf: Shelf, found: Found, ahead: Outlook, *, can_change: bool) -> None:
    """The rows of a list of what is due."""
    if not found.total:
        st.success(_nothing(shelf), icon=":material/done_all:")
    for row in found.rows:
        _due(row, ahead, can_change=can_change)


def _nothing(shelf: Shelf) -> str:
    return {
        Shelf.LEAVES: _("No reminder is due."),
        Shelf.KEPT_BACK: _("Nothing is kept back."),
        Shelf.TO_FOLLOW_UP: _("Nothing to follow up."),
    }[shelf]


def _due(row: DueReminder, ahead: Outlook, *, can_change: bool) -> None:
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{cards.plain(row.payer_name)}**", width="content")
            st.markdown(f"**{euro(row.left_cents)}**", width="content")
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            if row.bar is not None:
                st.badge(label(row.bar), icon=":material/pause:", color="orange")
            if row.step is not None:
                st.badge(label(row.text), icon=":material/notifications:", color="blue")
        late = ngettext("{count} day late", "{count} days late", (ahead.on - row.due_on).days)
        facts = [cards.plain(row.number), _("due on {day}").format(day=short_day(row.due_on)), late]
        if row.last_on is not None:
            facts.append(_("reminded on {day}").format(day=short_day(row.last_on)))
        st.caption(" · ".join(facts))
        if row.hold is not None:
            _hold_words(row)
        with st.container(horizontal=True, vertical_alignment="center"):
            _actions(row, can_change=can_change)
        refusal(f"reminder_{row.note_id}")


def _hold_words(row: DueReminder) -> None:
    hold = row.hold
    if hold is None:
        return
    until = _("until {day}").format(day=day(hold.until))
    st.markdown(f"{label(hold.reason)}, {until}." + (f" {cards.plain(hold.remark)}" if hold.remark else ""))
    st.caption(f"{cards.plain(hold.made_by)}, {moment(hold.made_at)}")


def _actions(row: DueReminder, *, can_change: bool) -> None:
    if can_change and row.hold is not None:
        st.button(
            _("Release"),
            key=f"release_{row.note_id}",
            icon=":material/play_arrow:",
            on_click=attempt,
            args=(f"reminder_{row.note_id}", lambda db, actor: reminder_care.release(db, actor, row.note_id)),
            kwargs={"done": _("Released: its reminders leave again, from the next run on.")},
        )
    elif can_change:
        st.button(
            _("Hold"),
            key=f"hold_{row.note_id}",
            icon=":material/pause:",
            on_click=open_dialog,
            args=(_HOLD, row.note_id),
        )
    if row.bar in _AT_THE_BANK:
        st.page_link("coordinator/payments.py", label=_("Open the payments"), icon=":material/account_balance:")
    page, identity = ("institution", row.institution_id) if row.person_id is None else ("person", row.person_id)
    st.page_link(
        f"coordinator/{page}.py",
        label=_("Open the file"),
        icon=":material/arrow_forward:",
        query_params={"id": str(identity)},
    )


def hold_dialog(found: Found) -> None:
    """Why and until when no reminder of a note leaves."""
    subject = dialog_subject(_HOLD)
    row = next((row for row in found.rows if row.note_id == subject), None)
    if row is None:
        return

    @st.dialog(_("Hold the reminders of this note"), icon=":material/pause:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(f"{cards.plain(row.number)} · {cards.plain(row.payer_name)} · {euro(row.left_cents)}")
        st.selectbox(_("Why?"), list(HoldReason), format_func=label, key="hold_reason")
        st.date_input(
            _("Until (that day included)"),
            clock.today() + timedelta(days=_USUAL_DAYS),
            min_value=clock.today(),
            max_value=clock.today() + timedelta(days=reminder_care.LONGEST_HOLD_DAYS),
            format="DD/MM/YYYY",
            key="hold_until",
        )
        refusal(_HOLD, "until")
        forms.text(_("Remark (for us only)"), key="hold_remark", longest=300)
        refusal(_HOLD)
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Cancel"), key="keep_hold", on_click=close_dialog)
            st.button(
                _("Hold"),
                key="do_hold",
                type="primary",
                on_click=attempt,
                args=(_HOLD, lambda db, actor: _hold(db, actor, row.note_id)),
                kwargs={"done": _("Held. It stands under «Kept back», where you can release it.")},
            )

    ask()


def _hold(db: Db, actor: Actor, note_id: int) -> None:
    state = st.session_state
    reminder_care.hold(
        db, actor, note_id, reason=state["hold_reason"], until=state["hold_until"], remark=forms.kept("hold_remark")
    )


def sent(found: Found) -> None:
    """What was sent."""
    if not found.total:
        st.info(_("No reminder was sent."), icon=":material/notifications_off:")
    for row in found.rows:
        _sent(row)


def _sent(row: SentReminder) -> None:
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{cards.plain(row.payer_name)}**", width="content")
            st.markdown(f"**{euro(row.open_cents)}**", width="content")
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(width="stretch", gap="xxsmall"):
                st.caption(f"{short_day(row.sent_on)} · {cards.plain(row.number)} · {label(row.text)}")
                st.caption(
                    _("settled since")
                    if row.left_cents <= 0
                    else _("{amount} open now").format(amount=euro(row.left_cents))
                )
            st.link_button(
                _("Letter"),
                f"/download/reminder/{row.reminder_id}",
                key=f"letter_{row.reminder_id}",
                icon=":material/download:",
            )
