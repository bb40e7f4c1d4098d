"""The questions before a secretariat changes a seat: each says what will happen, then one click does it."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.db import read
from core.errors import DomainError
from core.i18n import _, day, ngettext, say
from core.money import euro
from core.queries import colleagues as people
from core.queries.accounts import SignedIn
from core.queries.enrolments import EnrolmentRow
from core.queries.paid_enrolments import chosen, earlier_holders
from core.services import colleagues, group_cancelling, payers, replacements
from core.services.group_cancelling import CancelPlan
from core.vocabulary import ActorKind
from pages.shared import cards, choosing, forms
from pages.shared.feedback import attempt, close_dialog, dialog_subject, refusal
from pages.shared.school_rows import PICKED, picked


def draw(signed_in: SignedIn) -> None:
    """Open the dialog that was asked for, if any."""
    for name, show in _DIALOGS.items():
        subject = dialog_subject(name)
        if subject is None:
            continue
        wanted = tuple(sorted(picked())) if subject == "picked" else (int(subject),)
        with read() as db:
            rows = chosen(db, signed_in.actor, wanted)
        if rows:
            show(signed_in, rows)


def _about(row: EnrolmentRow) -> None:
    st.markdown(f"**{cards.plain(row.person_name)}** · {cards.plain(row.course_title)}")
    st.caption(cards.dates(row.first_day, row.last_day, row.days))


def _end(place: str, keep: str, confirm: str, **button: object) -> None:
    """The refusal, the way back and the click that does it."""
    refusal(place)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(keep, key=f"keep_{place}", on_click=close_dialog)
        st.button(confirm, key=f"confirm_{place}", type="primary", on_click=attempt, **button)  # type: ignore[arg-type]


def _replace(signed_in: SignedIn, rows: Sequence[EnrolmentRow]) -> None:
    row = rows[0]

    @st.dialog(_("Replace by a colleague"), icon=":material/swap_horiz:", on_dismiss=close_dialog)
    def ask() -> None:
        _about(row)
        with read() as db:
            candidates = [
                each
                for each in people.candidates(db, signed_in.actor, row.course_id)
                if each.person_id != row.person_id
            ]
        new = choosing.one(candidates, f"new_{row.enrolment_id}")
        if new is not None:
            _preview_replacing(signed_in, row, new)
        _end(
            "replace",
            _("Do not replace"),
            _("Save"),
            disabled=new is None,
            args=("replace", lambda db, actor: replacements.replace(db, actor, row.enrolment_id, new or 0)),
            kwargs={
                "done": lambda effect: _("{new} takes the place of {old}. Both were told by mail.").format(
                    new=cards.plain(effect.new_name), old=cards.plain(effect.old_name)
                )
            },
        )

    ask()


def _preview_replacing(signed_in: SignedIn, row: EnrolmentRow, new: int) -> None:
    """Everything that saving will do."""
    try:
        with read() as db:
            effect = replacements.preview(db, signed_in.actor, row.enrolment_id, new)
    except DomainError as refused:
        st.error(cards.plain(say(refused)), icon=":material/error:")
        return
    names = {"new": cards.plain(effect.new_name), "old": cards.plain(effect.old_name)}
    with st.container(border=True, gap="xxsmall"):
        st.markdown(f"**{_('What will happen')}**")
        st.markdown(f":material/redeem: {_('Replacing is free of charge.')}")
        told = _("{new} gets a confirmation by mail, {old} hears that the place goes to {new}, and you get a mail too.")
        st.markdown(f":material/mail: {told.format(**names)}")
        if effect.is_billed:
            text = _("The debit note that left stays as it is; the certificate will name {new}.").format(**names)
        elif effect.debit_note_on is not None:
            text = _("The debit note leaves on {date} as planned, and names {new}.").format(
                date=day(effect.debit_note_on), **names
            )
        else:
            text = _("There is no debit note: this course is free of charge.")
        st.markdown(f":material/receipt_long: {text}")
        calendar = _("The course days belong to {new} from now on; {old} removes them from the diary.").format(**names)
        st.markdown(f":material/calendar_month: {calendar}")
        if effect.undo_until is not None:
            undo = _("You can undo this until {date}.").format(date=day(effect.undo_until))
            st.markdown(f":material/undo: {undo}")


def _name(signed_in: SignedIn, rows: Sequence[EnrolmentRow]) -> None:
    row = rows[0]

    @st.dialog(_("Who takes this place?"), icon=":material/badge:", on_dismiss=close_dialog)
    def ask() -> None:
        _about(row)
        with read() as db:
            candidates = people.candidates(db, signed_in.actor, row.course_id)
        new = choosing.one(candidates, f"name_for_{row.enrolment_id}")
        st.caption(_("The colleague gets a confirmation by mail. Nothing changes for the debit note."))
        _end(
            "name",
            _("Not yet"),
            _("Save"),
            disabled=new is None,
            args=("name", lambda db, actor: colleagues.name_seat(db, actor, row.enrolment_id, new or 0)),
            kwargs={"done": _("The name has been filled in; the colleague was told by mail.")},
        )

    ask()


def _undo(signed_in: SignedIn, rows: Sequence[EnrolmentRow]) -> None:
    row = rows[0]
    with read() as db:
        earlier = earlier_holders(db, signed_in.actor, (row,)).get(row.enrolment_id, ())
    if not earlier:
        return

    @st.dialog(_("Undo the replacement?"), icon=":material/undo:", on_dismiss=close_dialog)
    def ask() -> None:
        _about(row)
        st.markdown(
            _("**{old}** gets this place back, {new} loses it. Both are told by mail; it is free of charge.").format(
                old=cards.plain(earlier[-1]), new=cards.plain(row.person_name)
            )
        )
        _end(
            "undo",
            _("Leave it as it is"),
            _("Undo the replacement"),
            args=("undo", lambda db, actor: replacements.undo(db, actor, row.enrolment_id)),
            kwargs={"done": lambda name: _("{name} has the place again.").format(name=cards.plain(name))},
        )

    ask()


def _cancel(signed_in: SignedIn, rows: Sequence[EnrolmentRow]) -> None:
    identities = tuple(row.enrolment_id for row in rows)

    @st.dialog(
        ngettext("Cancel {count} enrolment?", "Cancel {count} enrolments?", len(rows)),
        icon=":material/cancel:",
        on_dismiss=close_dialog,
    )
    def ask() -> None:
        try:
            with read() as db:
                plans = group_cancelling.preview(db, signed_in.actor, identities)
        except DomainError as refused:
            st.error(cards.plain(say(refused)), icon=":material/error:")
            return
        for plan in plans:
            _plan(plan)
        total = sum(plan.effect.cost_cents for plan in plans)
        if len(plans) > 1:
            st.markdown(f"**{_('In all: {amount}').format(amount=euro(total))}**")
        if total:
            st.info(_("Replacing is always free: a colleague may take the place."), icon=":material/swap_horiz:")
        _end(
            "cancel",
            _("Keep it"),
            ngettext("Cancel {count} enrolment", "Cancel {count} enrolments", len(plans)),
            args=("cancel", lambda db, actor: group_cancelling.cancel_all(db, actor, identities)),
            kwargs={
                "done": _("Cancelled. Everybody concerned gets a confirmation by mail."),
                "then": lambda _result: st.session_state.pop(PICKED, None),
            },
        )

    ask()


def _plan(plan: CancelPlan) -> None:
    """What cancelling one seat costs, by which rule, and which note follows."""
    with st.container(border=True, gap="xxsmall"):
        st.markdown(f"**{cards.plain(plan.person_name)}** · {cards.plain(plan.course_title)}")
        effect = plan.effect
        if not effect.cost_cents and effect.free_until is not None:
            free = _("Free of charge until {date}.").format(date=day(effect.free_until))
            st.markdown(f":material/check: {free}")
        elif not effect.cost_cents:
            st.markdown(f":material/check: {_('Free of charge.')}")
        else:
            rule = cards.step_text(effect.step, effect.counting) if effect.step else ""
            st.markdown(f":material/euro: **{euro(effect.cost_cents)}** – {rule}")
        st.caption(f":material/receipt_long: {_note_sentence(plan)}")


def _note_sentence(plan: CancelPlan) -> str:
    effect = plan.effect
    if effect.credit_cents:
        return _("A credit note of {amount} follows by mail.").format(amount=euro(effect.credit_cents))
    if effect.has_debit_note:
        return _("The debit note that left stays due; no credit note follows.")
    if effect.cost_cents:
        return _("A debit note for this cost only follows.")
    return _("No debit note follows.")


def _change(_signed_in: SignedIn, rows: Sequence[EnrolmentRow]) -> None:
    row = rows[0]
    reference = f"reference_{row.enrolment_id}"
    st.session_state.setdefault(reference, row.billing_reference)

    @st.dialog(_("Payer and reference"), icon=":material/edit:", on_dismiss=close_dialog)
    def ask() -> None:
        _about(row)
        if row.debit_note_on is not None:
            st.info(
                _("The debit note leaves on {date}. Until then this changes without any paper.").format(
                    date=day(row.debit_note_on)
                ),
                icon=":material/schedule:",
            )
        forms.text(_("Your reference on the debit note"), key=reference, longest=100)
        _end(
            "change",
            _("Close"),
            _("Save the reference"),
            args=(
                "change",
                lambda db, actor: payers.change_reference(db, actor, row.enrolment_id, st.session_state[reference]),
            ),
            kwargs={"done": _("The reference has been saved.")},
        )
        st.divider()
        if row.enrolled_by is ActorKind.INSTITUTION:
            st.caption(_("You made this enrolment yourself: your institution is the payer."))
            return
        if row.enrolled_by is not ActorKind.PERSON:
            st.caption(_("The CNO team noted who pays for this enrolment. Write to us to change it."))
            return
        st.markdown(
            _("{name} named your institution as payer. You can hand the bill back: then {name} pays.").format(
                name=cards.plain(row.person_name)
            )
        )
        refusal("payer")
        st.button(
            _("Do not pay: hand the bill back"),
            key="hand_back",
            icon=":material/undo:",
            on_click=attempt,
            args=("payer", lambda db, actor: payers.change_payer(db, actor, row.enrolment_id, None)),
            kwargs={
                "done": _("{name} is the payer now; you were both told by mail.").format(
                    name=cards.plain(row.person_name)
                )
            },
        )

    ask()


_DIALOGS: dict[str, Callable[[SignedIn, Sequence[EnrolmentRow]], None]] = {
    "replace": _replace,
    "name": _name,
    "undo": _undo,
    "cancel": _cancel,
    "change": _change,
}
