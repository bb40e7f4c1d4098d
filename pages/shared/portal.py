"""The rows and dialogs of the portals."""

from collections.abc import Sequence

import streamlit as st

from core.i18n import _, day, moment, number
from core.money import euro
from core.queries.enrolments import EnrolmentRow
from core.queries.questions import Form
from core.services import enrolments as services
from core.vocabulary import ACTIVE, CALLED_OFF, ActorKind, EnrolmentStatus, PayerKind
from pages.shared import cards, own_questions
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal


def enrolment(row: EnrolmentRow, form: Form | None = None) -> None:
    """One enrolment: the course, its state, who pays, what is asked, and the actions at the end."""
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{cards.plain(row.course_title)}**", width="content")
            with st.container(horizontal=True, width="content"):
                if row.course_status in CALLED_OFF:
                    st.badge(_("Course cancelled"), icon=":material/cancel:", color="red")
                if row.is_coming or row.status is not EnrolmentStatus.CONFIRMED:
                    cards.status_badge(row.status)
        st.markdown(
            f":material/calendar_month: {cards.dates(row.first_day, row.last_day, row.days)}"
            f"  ·  {cards.where(row.place, is_online=row.is_online)}"
        )
        if row.status in ACTIVE:
            st.caption(_payment(row))
        if row.certificate_from is not None and not row.has_certificate:
            st.caption(_("Certificate: available from {date}").format(date=day(row.certificate_from)))
        if row.status is EnrolmentStatus.WAITLISTED:
            st.caption(_("Place {position} on the waiting list").format(position=number(row.waiting_position or 1)))
        if row.status is EnrolmentStatus.OFFERED and row.offer_expires_at:
            st.caption(_("The seat is kept for you until {moment}.").format(moment=moment(row.offer_expires_at)))
        if form is not None and form.missing:
            own_questions.waits(form)
        actions(row, form)


def _payment(row: EnrolmentRow) -> str:
    payer = row.payer_name if row.payer_kind is PayerKind.INSTITUTION else _("yourself")
    parts = [f"{cards.price(row.price_cents)} · {_('payer: {payer}').format(payer=cards.plain(payer))}"]
    if row.asked_name:
        parts.append(_("{name} was asked to pay").format(name=cards.plain(row.asked_name)))
    if row.is_billed:
        parts.append(_("the debit note has been sent"))
    elif row.debit_note_on is not None:
        parts.append(_("the debit note leaves on {date}").format(date=day(row.debit_note_on)))
    return " · ".join(parts)


def actions(row: EnrolmentRow, form: Form | None = None) -> None:
    """What can be done with an enrolment now; what cannot is greyed, with the reason."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if row.certificate_from is not None:
            st.link_button(
                _("Certificate"),
                f"/download/certificate/{row.enrolment_id}",
                key=f"certificate_{row.enrolment_id}",
                icon=":material/workspace_premium:",
                type="primary" if row.has_certificate else "secondary",
                disabled=not row.has_certificate,
            )
        if row.status is EnrolmentStatus.OFFERED:
            st.page_link(
                "public/enrol.py",
                label=f"**{_('Accept the seat')}**",
                icon=":material/check:",
                query_params={"id": row.course_address},
            )
        if row.is_coming and row.status is EnrolmentStatus.CONFIRMED:
            st.link_button(
                _("Add to my calendar"),
                f"/download/calendar/{row.enrolment_id}.ics",
                key=f"calendar_{row.enrolment_id}",
                icon=":material/calendar_add_on:",
            )
        if row.has_material:
            st.page_link("person/material.py", label=_("Course material"), icon=":material/folder_open:")
        st.page_link(
            "public/course.py",
            label=_("View course"),
            icon=":material/arrow_forward:",
            query_params={"id": row.course_address},
        )
        if form is not None:
            own_questions.button(row.enrolment_id, form)
        if row.is_coming and not row.is_billed and row.price_cents and row.enrolled_by is ActorKind.PERSON:
            st.button(
                _("Change the payer"),
                key=f"payer_{row.enrolment_id}",
                icon=":material/account_balance_wallet:",
                on_click=open_dialog,
                args=("payer", row.enrolment_id),
            )
        if row.is_coming:
            can_cancel = row.cancel_cents is not None
            cost = (
                _("free of charge")
                if not row.cancel_cents
                else _("costs {amount}").format(amount=euro(row.cancel_cents))
            )
            st.button(
                _("Cancel ({cost})").format(cost=cost) if can_cancel else _("Cancel"),
                key=f"cancel_{row.enrolment_id}",
                icon=":material/cancel:",
                disabled=not can_cancel,
                help=None if can_cancel else _("The course has started: cancelling is no longer possible."),
                on_click=open_dialog,
                args=("cancel", row.enrolment_id),
            )


def cancel_dialog(rows: Sequence[EnrolmentRow]) -> None:
    """The question before cancelling: what it costs and why, then the click that does it (D1)."""
    subject = dialog_subject("cancel")
    row = next((row for row in rows if row.enrolment_id == subject and row.cancel_cents is not None), None)
    if row is None:
        return

    @st.dialog(_("Cancel this enrolment?"), icon=":material/cancel:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(f"**{cards.plain(row.course_title)}**")
        st.caption(cards.dates(row.first_day, row.last_day, row.days))
        if row.cancel_cents:
            st.warning(
                _("Cancelling now costs **{amount}**.").format(amount=euro(row.cancel_cents))
                + (
                    " " + _("It was free of charge until {date}.").format(date=day(row.free_until))
                    if row.free_until
                    else ""
                ),
                icon=":material/euro:",
            )
            st.markdown(
                _("A colleague may take your place free of charge. Ask your school, or write to us, before you cancel.")
            )
        else:
            st.success(_("Cancelling is free of charge now."), icon=":material/check:")
        refusal("cancel")
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Keep my seat"), key="keep", on_click=close_dialog)
            st.button(
                _("Cancel the enrolment"),
                key="confirm_cancel",
                type="primary",
                on_click=attempt,
                args=("cancel", lambda db, actor: services.cancel(db, actor, row.enrolment_id)),
                kwargs={"done": _("Your enrolment has been cancelled. You get a confirmation by mail.")},
            )

    ask()
