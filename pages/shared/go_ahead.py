"""Go or no-go: how a course fills against earlier editions, break-even, the money at stake."""

import pandas as pd
import streamlit as st

from core.db import Db, read
from core.i18n import _, day, ngettext, number, short_day
from core.money import euro
from core.queries import go_ahead
from core.queries.course_details import CourseDetail
from core.queries.go_ahead import Curve, GoAhead
from core.services import course_costs
from core.vocabulary import Actor
from pages.shared.feedback import attempt, refusal


def draw(actor: Actor, course: CourseDetail) -> None:
    """The panel: a verdict in a sentence, four figures, the curve, the costs to fill in."""
    with read() as db:
        found = go_ahead.go_ahead(db, actor, course.course_id)
    _verdict(found)
    for column, (name, value, note) in zip(st.columns(4), _figures(found), strict=True):
        with column, st.container(border=True, gap="xxsmall", height="stretch"):
            st.metric(name, value)
            st.caption(note)
    if found.curves:
        _curves(found.curves)
    _costs(course, found)


def _verdict(found: GoAhead) -> None:
    missing = found.minimum - found.seats
    until = _("decide by {date}").format(date=day(found.decides_on)) if found.decides_on else ""
    if found.minimum and missing > 0:
        text = ngettext(
            "{count} enrolment is missing to reach the minimum",
            "{count} enrolments are missing to reach the minimum",
            missing,
        )
        st.warning(f"{text} ({until})." if until else f"{text}.", icon=":material/trending_down:")
    else:
        st.success(_("The minimum has been reached: nothing stands in the way."), icon=":material/thumb_up:")


def _figures(found: GoAhead) -> tuple[tuple[str, str, str], ...]:
    balance = found.balance
    break_even = number(balance.break_even) if balance.break_even is not None else _("never")
    if not found.fixed_cents and not found.person_cents:
        break_even = "–"
    return (
        (
            _("Enrolments"),
            number(found.seats),
            _("minimum {minimum}, at most {capacity}").format(
                minimum=number(found.minimum), capacity=number(found.capacity)
            ),
        ),
        (
            _("Break-even"),
            break_even,
            _("fill in below what it costs") if break_even == "–" else _("enrolments that pay the costs"),
        ),
        (
            _("When it goes ahead"),
            euro(balance.result_cents),
            _("{income} income, {costs} costs").format(
                income=euro(balance.income_cents), costs=euro(balance.costs_cents)
            ),
        ),
        (
            _("When it is cancelled"),
            euro(-found.fixed_cents),
            _("{amount} of debit notes to credit").format(amount=euro(found.issued_cents)),
        ),
    )


def _curves(curves: tuple[Curve, ...]) -> None:
    """Confirmed seats by days before the first day, one line an edition."""
    names = {
        curve.code: _("this edition") if curve.is_this else f"{curve.code} ({short_day(curve.first_day)})"
        for curve in curves
    }
    before, edition, seats = _("Days before the first day"), _("Edition"), _("Enrolments")
    frame = pd.DataFrame(
        [{before: -days, edition: names[curve.code], seats: total} for curve in curves for days, total in curve.points]
    )
    ends = ", ".join(f"{names[curve.code]}: {number(curve.points[-1][1])}" for curve in curves if curve.points)
    st.markdown(f"**{_('How it fills')}**")
    st.line_chart(frame, x=before, y=seats, color=edition, height=280, alt=f"{seats}: {ends}")
    if len(curves) == 1:
        st.caption(_("There is no earlier edition to compare with."))


def _costs(course: CourseDetail, found: GoAhead) -> None:
    def save(db: Db, actor: Actor) -> None:
        course_costs.change_costs(
            db,
            actor,
            course.course_id,
            fixed_cents=round(float(st.session_state["fixed_costs"]) * 100),
            person_cents=round(float(st.session_state["person_costs"]) * 100),
        )

    with st.container(border=True):
        st.markdown(f"**{_('What it costs us')}**")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.number_input(
                _("Fixed (teacher, room), in euro"),
                0.0,
                None,
                found.fixed_cents / 100,
                50.0,
                key="fixed_costs",
                width=240,
            )
            st.number_input(
                _("Each participant (lunch, material), in euro"),
                0.0,
                None,
                found.person_cents / 100,
                1.0,
                key="person_costs",
                width=320,
            )
            st.button(
                _("Save the costs"),
                key="save_costs",
                icon=":material/save:",
                on_click=attempt,
                args=("costs", save),
                kwargs={"done": _("The costs have been saved.")},
            )
        refusal("costs")
