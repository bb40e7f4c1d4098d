"""The parts of enrolling colleagues: places without a name, the cost, the next steps."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core import clock
from core.i18n import _, day, ngettext
from core.money import euro
from core.queries.course_details import CourseDetail
from core.rules import seats
from core.services.colleagues import GroupResult
from core.vocabulary import EnrolmentStatus
from pages.shared import cards, choosing
from pages.shared.decided import decided


def unnamed(places_left: int, first_day: date | None) -> int:
    """How many places to reserve and name later; none once the day to name them is over."""
    until = seats.last_day_to_name(first_day, decided().name_seats_until_days)
    if until is not None and clock.today() > until:
        return 0
    most = max(0, choosing.most_unnamed(places_left))
    if st.session_state.get("unnamed_places", 0) > most:
        st.session_state["unnamed_places"] = most
    count = st.number_input(
        _("Places to reserve without a name («to be named»)"),
        min_value=0,
        max_value=most,
        step=1,
        key="unnamed_places",
        width=320,
    )
    if count and until is not None:
        st.caption(
            _(
                "Fill in the names under «Our courses» until {date}; we remind you. "
                "A place without a name is charged too."
            ).format(date=day(until))
        )
    return int(count)


def costs(
    course: CourseDetail, names: Sequence[str], unnamed: int, places_left: int, leaves_on: date, *, waits: bool
) -> None:
    """Who is chosen, what it costs together, how many places stay."""
    wanted = len(names) + unnamed
    st.subheader(_("What you agree to"), anchor=False)
    with st.container(border=True, gap="xsmall"):
        if not wanted:
            st.markdown(_("Nobody chosen yet."))
        else:
            listed = [cards.plain(name) for name in names]
            listed += [ngettext("{count} place to be named", "{count} places to be named", unnamed)] if unnamed else []
            st.markdown(
                f":material/group: **{ngettext('{count} place', '{count} places', wanted)}**: {', '.join(listed)}"
            )
        if not waits:
            st.markdown(
                f":material/event_seat: {ngettext('{count} place left now', '{count} places left now', places_left)}"
            )
        if course.price_cents and wanted:
            total = f"{wanted} × {euro(course.price_cents)} = **{euro(wanted * course.price_cents)}**"
            st.markdown(f":material/sell: {total}")
            text = (
                _("Nothing is due before there is a seat.")
                if waits
                else _(
                    "The debit notes leave on {date}. Until then you change participant and reference free of charge."
                ).format(date=day(leaves_on))
            )
            st.markdown(f":material/receipt_long: {text}")
            cards.terms(course.terms)
        elif not course.price_cents:
            st.markdown(f":material/redeem: {_('This course is free of charge.')}")


def what_happens_next(course: CourseDetail, done: GroupResult, place: str) -> None:
    """The screen after the click."""
    count = len(done.enrolment_ids)
    if done.status is EnrolmentStatus.WAITLISTED:
        st.title(_("They are on the waiting list"), anchor=False)
        st.info(_("You and they get a mail as soon as a seat comes free."), icon=":material/hourglass_top:")
    else:
        st.title(_("They are enrolled"), anchor=False)
        st.success(
            ngettext("{count} place has been confirmed.", "{count} places have been confirmed.", count),
            icon=":material/check_circle:",
        )
    cards.summary(course)
    st.subheader(_("What happens now?"), anchor=False)
    st.markdown(f":material/mail: {_('You get one confirmation by mail; each colleague gets one too.')}")
    if done.debit_note_on is not None:
        text = _("The debit notes leave on {date}: {amount} in all.").format(
            date=day(done.debit_note_on), amount=euro(done.total_cents)
        )
        st.markdown(f":material/receipt_long: {text}")
    if done.status is EnrolmentStatus.CONFIRMED:
        st.markdown(f":material/swap_horiz: {_('A colleague may always take the place, free of charge')}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link("institution/enrolments.py", label=_("Our courses"), icon=":material/event_available:")
        st.page_link("public/catalogue.py", label=_("Find another course"), icon=":material/school:")
        st.button(
            _("Enrol others in this course"),
            key="enrol_others",
            type="tertiary",
            icon=":material/group_add:",
            on_click=_again,
            args=(place, course.course_id),
        )


def _again(place: str, course_id: int) -> None:
    """Callback: begin anew, with an empty choice."""
    ticked = [str(key) for key in st.session_state if str(key).startswith(f"choose_{course_id}_")]
    for key in (place, f"chosen_{course_id}", "unnamed_places", "billing_reference", *ticked):
        st.session_state.pop(key, None)
