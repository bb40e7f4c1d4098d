"""What a coordinator does in one course: enrol by hand, offer a seat, replace, cancel on agreed terms."""

from collections.abc import Callable

import streamlit as st

from core.db import Db, read
from core.errors import DomainError
from core.i18n import _, day, number, say
from core.money import euro
from core.queries import one_course
from core.queries import questions as question_queries
from core.queries.course_details import CourseDetail
from core.queries.enrolments import EnrolmentRow
from core.services import by_hand, enrolments, question_answers, waiting_list
from core.vocabulary import Actor
from pages.shared import cards, choosing, forms, questions
from pages.shared.decided import decided
from pages.shared.feedback import attempt, close_dialog, dialog_subject, refusal


def draw(actor: Actor, course: CourseDetail) -> None:
    """Open the dialog that was asked for, if any."""
    if dialog_subject("hand") is not None:
        _enrol(actor, course)
    for name, show in _DIALOGS.items():
        subject = dialog_subject(name)
        if subject is not None:
            with read() as db:
                row = one_course.chosen(db, actor, int(subject))
            if row is not None:
                show(actor, row)


def person(actor: Actor, key: str, course_id: int) -> int | None:
    """A search for somebody known to CNO, and the choice among those found who have no place in the course yet."""
    text = st.text_input(
        _("Participant"), key=f"{key}_text", type="search", live=True, placeholder=_("Part of a name or address")
    )
    with read() as db:
        found = one_course.possible_participants(db, actor, text or "", course_id=course_id)
    if not found:
        if len(text or "") >= 3:
            st.caption(_("Nobody known by this name or address. Somebody new first creates an account."))
        return None
    names = {
        each.person_id: " · ".join(filter(None, (each.name, each.email, each.school)))
        for each in found
        if each.standing is None
    }
    for each in found:
        if each.standing is not None:
            st.caption(f":material/how_to_reg: {cards.plain(each.name)} – {choosing.standing(each.standing)}")
    if not names:
        return None
    chosen: int | None = st.radio(
        _("Who?"), list(names), index=None, format_func=lambda identity: cards.plain(names[identity]), key=f"{key}_who"
    )
    return chosen


def _enrol(actor: Actor, course: CourseDetail) -> None:
    @st.dialog(_("Enrol by hand"), icon=":material/person_add:", width="large", on_dismiss=close_dialog)
    def ask() -> None:
        kind = st.segmented_control(
            _("What?"),
            ["person", "places"],
            required=True,
            default="person",
            format_func={"person": _("Somebody"), "places": _("Places without a name")}.get,
            key="hand_kind",
            label_visibility="collapsed",
        )
        chosen = person(actor, "hand_person", course.course_id) if kind == "person" else None
        with read() as db:
            asked = question_queries.of_course(db, course.course_id)
        payer = choosing.institution(_("Institution that pays (empty: the participant)"), "hand_payer")
        places = (
            st.number_input(_("How many places?"), 1, by_hand.MOST_RESERVED, 1, key="hand_places", width=160)
            if kind == "places"
            else 1
        )
        refusal("hand", "places")
        if chosen is not None and asked:
            questions.fields(asked, "hand", place=question_answers.place_of(chosen), is_by_hand=True)
        forms.text(_("Reference on the debit note (optional)"), key="hand_reference", longest=100)
        beyond = False
        if course.taken + int(places) > course.capacity:
            beyond = st.checkbox(_("Beyond the capacity: all seats are taken"), key="hand_beyond")
        refusal("hand", "capacity")
        refusal("hand")
        st.caption(_("Whoever is concerned gets the usual confirmation by mail; the debit note follows as always."))

        def act(db: Db, who: Actor) -> by_hand.ByHand:
            reference = forms.kept("hand_reference")
            if kind == "places":
                return by_hand.reserve_by_hand(
                    db,
                    who,
                    course.course_id,
                    payer or 0,
                    int(places),
                    billing_reference=reference,
                    beyond_capacity=beyond,
                )
            return by_hand.enrol_by_hand(
                db,
                who,
                course.course_id,
                chosen or 0,
                payer_institution_id=payer,
                billing_reference=reference,
                beyond_capacity=beyond,
                given=questions.given(asked, question_answers.place_of(chosen or 0)),
            )

        ready = payer is not None if kind == "places" else chosen is not None
        done = _("Enrolled; the confirmation is on its way.")
        _end("hand", _("Do not enrol"), _("Enrol"), act, done=done, ready=ready)

    ask()


def _offer(_actor: Actor, row: EnrolmentRow) -> None:
    @st.dialog(_("Offer a seat"), icon=":material/notifications_active:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(f"**{cards.plain(row.person_name)}**")
        hours = st.number_input(
            _("Hours to accept it"),
            1,
            waiting_list.LONGEST_OFFER_HOURS,
            decided().waiting_list_offer_hours,
            key="offer_hours",
            width=200,
        )
        refusal("offer", "hours")
        position = row.waiting_position or 1
        if position > 1:
            text = _("{count} others wait longer. Why does this person go first?").format(count=number(position - 1))
            st.text_area(text, key="offer_reason", height=80, max_chars=500)
        refusal("offer", "reason")
        _end(
            "offer",
            _("Not now"),
            _("Offer the seat"),
            lambda db, who: waiting_list.offer_to(
                db, who, row.enrolment_id, hours=int(hours), reason=forms.kept("offer_reason")
            ),
            done=_("The seat is on offer; a mail is on its way."),
        )

    ask()


def _swap(actor: Actor, row: EnrolmentRow) -> None:
    @st.dialog(_("Replace the participant"), icon=":material/swap_horiz:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(f"**{cards.plain(row.person_name)}**")
        new = person(actor, "swap", row.course_id)
        if row.billed_on is not None:
            st.info(
                _("The debit note that left stays with who got it; nothing is charged for replacing."),
                icon=":material/receipt_long:",
            )
        else:
            st.caption(_("Replacing is free of charge. Both persons and the payer are told by mail."))
        _end(
            "swap",
            _("Do not replace"),
            _("Save"),
            lambda db, who: by_hand.replace_by_hand(db, who, row.enrolment_id, new or 0),
            done=_("Replaced. Whoever is concerned is told by mail."),
            ready=new is not None,
        )

    ask()


def _drop(actor: Actor, row: EnrolmentRow) -> None:
    @st.dialog(_("Cancel this enrolment?"), icon=":material/cancel:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(f"**{cards.plain(row.person_name)}**")
        usual = _usual_cost(actor, row)
        options = ["usual", "free", "agreed"] if usual is not None else ["free", "agreed"]
        names = {
            "usual": _("By the terms: {amount}").format(amount=euro(usual or 0)),
            "free": _("Free of charge (illness with proof, our own fault)"),
            "agreed": _("Another amount"),
        }
        choice = st.radio(_("Cost"), options, format_func=names.get, key="drop_cost")
        agreed: int | None = None if choice == "usual" else 0
        if choice == "agreed":
            amount = st.number_input(
                _("Amount in euro"), 0.0, row.price_cents / 100, row.price_cents / 100, 5.0, key="drop_amount"
            )
            agreed = round(float(amount) * 100)
        refusal("drop", "agreed")
        st.text_area(_("Reason (for us only)"), key="drop_reason", height=80, max_chars=1000)
        if row.billed_on is not None:
            text = _("The debit note left on {date}: a credit note follows for what is no longer due.")
            st.caption(text.format(date=day(row.billed_on)))
        _end(
            "drop",
            _("Keep it"),
            _("Cancel the enrolment"),
            lambda db, who: enrolments.cancel(
                db, who, row.enrolment_id, reason=forms.kept("drop_reason"), agreed_cents=agreed
            ),
            done=_("Cancelled. Everybody concerned gets a confirmation by mail."),
        )

    ask()


def _usual_cost(actor: Actor, row: EnrolmentRow) -> int | None:
    """What the terms say today; None once the course has begun."""
    try:
        with read() as db:
            return enrolments.cancellation_preview(db, actor, row.enrolment_id).cost_cents
    except DomainError as refused:
        st.caption(cards.plain(say(refused)))
        return None


def _end(
    place: str, keep: str, confirm: str, act: Callable[[Db, Actor], object], *, done: str, ready: bool = True
) -> None:
    """The refusal, the way back and the click that does it."""
    if place != "hand":
        refusal(place)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(keep, key=f"keep_{place}", on_click=close_dialog)
        st.button(
            confirm,
            key=f"confirm_{place}",
            type="primary",
            disabled=not ready,
            on_click=attempt,
            args=(place, act),
            kwargs={"done": done},
        )


def _answers(actor: Actor, row: EnrolmentRow) -> None:
    with read() as db:
        form = question_queries.form_of(db, actor, row.enrolment_id)
    questions.dialog(row.enrolment_id, row.person_name, form.asked, form.given, is_by_hand=True)


_DIALOGS: dict[str, Callable[[Actor, EnrolmentRow], None]] = {
    "offer": _offer,
    "swap": _swap,
    "drop": _drop,
    questions.DIALOG: _answers,
}
