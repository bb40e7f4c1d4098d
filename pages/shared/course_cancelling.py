"""Cancelling a course as a whole: what it will do, the click, the progress, and going on after a crash."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.db import Db, read, write
from core.errors import DomainError
from core.i18n import _, moment, ngettext, number, say
from core.labels import label
from core.money import euro
from core.queries import cancelling_plan
from core.queries.cancelling_plan import Plan
from core.queries.course_sheets import CourseSheet
from core.services import course_cancelling as services
from core.vocabulary import Actor, CourseStatus
from pages.shared import access, cards
from pages.shared.feedback import attempt, close_dialog, dialog_subject, flash, open_dialog, refusal

DIALOG = "cancel_course"
_GOING = "_cancelling"
_SHOWN = 200


def button(sheet: CourseSheet) -> None:
    """The way to it, while the course can still be cancelled."""
    if sheet.status in (CourseStatus.PUBLISHED, CourseStatus.CLOSED):
        st.button(
            _("Cancel the whole course"),
            key="ask_cancel_course",
            icon=":material/cancel:",
            on_click=open_dialog,
            args=(DIALOG, sheet.course_id),
        )


def dialog(sheet: CourseSheet, actor: Actor) -> None:
    """Everything it will do, and the click that begins it."""
    if dialog_subject(DIALOG) != sheet.course_id:
        return

    def act(db: Db, actor: Actor) -> None:
        services.begin(db, actor, sheet.course_id, reason=str(st.session_state.get("cancel_reason") or ""))

    @st.dialog(_("Cancel the whole course?"), icon=":material/cancel:", width="large", on_dismiss=close_dialog)
    def ask() -> None:
        try:
            with read() as db:
                plan = cancelling_plan.plan(db, actor, sheet.course_id)
        except DomainError as refused:
            st.error(cards.plain(say(refused)), icon=":material/error:")
            return
        _plan(plan)
        st.text_area(
            _("Why? This stands in the mail (optional)"), key="cancel_reason", max_chars=1000, on_change="ignore"
        )
        refusal(DIALOG)
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Do not cancel"), key="keep_whole_course", on_click=close_dialog)
            st.button(
                _("Cancel the course and tell everybody"),
                key="confirm_cancel_course",
                type="primary",
                on_click=attempt,
                args=(DIALOG, act),
                kwargs={"then": lambda _none: go_on(sheet.course_id)},
            )

    ask()


def _plan(plan: Plan) -> None:
    told = ngettext("{count} person or place is told", "{count} persons or places are told", len(plan.seats))
    schools = ngettext("{count} school gets one mail", "{count} schools get one mail each", len(plan.schools))
    st.markdown(f":material/mail: {told}; {schools}.")
    credit = ngettext("{count} credit note follows", "{count} credit notes follow", len(plan.credits))
    st.markdown(f":material/receipt_long: {credit}: **{euro(plan.credit_cents)}**.")
    if plan.unbilled_cents:
        text = _("What was not billed yet, {amount}, will not be billed.").format(amount=euro(plan.unbilled_cents))
        st.markdown(f":material/block: {text}")
    if plan.kept:
        text = ngettext(
            "{count} earlier cancellation had a cost: that stays. Credit it apart if you wish.",
            "{count} earlier cancellations had a cost: that stays. Credit it apart if you wish.",
            plan.kept,
        )
        st.markdown(f":material/info: {text}")
    if plan.unreachable:
        names = ", ".join(cards.plain(name) for name in plan.unreachable)
        st.warning(f"{_('Without an address, so call them yourself')}: {names}", icon=":material/call:")
    if plan.teachers:
        names = ", ".join(cards.plain(name) for name in plan.teachers)
        st.info(f"{_('The teachers get no mail: tell them yourself')}: {names}", icon=":material/person:")
    with st.expander(_("Everybody, one a line"), icon=":material/groups:"):
        for seat in plan.seats[:_SHOWN]:
            money = euro(seat.credit_cents) if seat.credit_cents else "–"
            facts = (
                seat.person_name,
                label(seat.status),
                seat.payer_name,
                _("credit note {amount}").format(amount=money),
            )
            st.caption(" · ".join(cards.plain(fact) for fact in facts))
        if len(plan.seats) > _SHOWN:
            st.caption(_("and {count} more").format(count=number(len(plan.seats) - _SHOWN)))


def go_on(course_id: int) -> None:
    """Callback: take the seats back that are left, in this browser, with a bar."""
    st.session_state[_GOING] = course_id


def state(sheet: CourseSheet, actor: Actor) -> None:
    """Where a cancelling stands: going on, broken off, or done."""
    if sheet.status is CourseStatus.CANCELLED:
        on = moment(sheet.cancelled_at) if sheet.cancelled_at else ""
        reason = f" {cards.plain(sheet.cancellation_reason)}" if sheet.cancellation_reason else ""
        st.error(f"{_('This course was cancelled on {moment}.').format(moment=on)}{reason}", icon=":material/cancel:")
    if sheet.status is not CourseStatus.CANCELLING:
        return
    with read() as db:
        far = services.progress(db, actor, sheet.course_id)
    bar = st.progress(far.done / max(far.total, 1), _words(far.done, far.total))
    if st.session_state.pop(_GOING, None) == sheet.course_id:
        try:
            _work(sheet.course_id, far, bar)
        except DomainError as refused:
            st.error(cards.plain(say(refused)), icon=":material/error:")
        else:
            st.rerun()
    st.warning(
        _("This cancelling was broken off. Nobody is told twice; what is left is done by itself soon, or now."),
        icon=":material/hourglass_bottom:",
    )
    refusal(DIALOG)
    st.button(
        _("Go on"),
        key="go_on_cancelling",
        type="primary",
        icon=":material/play_arrow:",
        on_click=go_on,
        args=(sheet.course_id,),
    )


def _work(course_id: int, far: services.Progress, bar: DeltaGenerator) -> None:
    """One transaction a seat, so that whatever happens half-way nothing is lost and nothing is done twice."""
    actor = access.actor()
    for done, identity in enumerate(far.left, start=far.done + 1):
        with write() as db:
            services.take_back(db, actor, identity)
        bar.progress(done / max(far.total, 1), _words(done, far.total))
    with write() as db:
        services.finish(db, actor, course_id)
    flash(_("The course has been cancelled. Everybody is told, and the credit notes follow by mail."))


def _words(done: int, total: int) -> str:
    return _("{done} of {total} seats taken back").format(done=number(done), total=number(total))
