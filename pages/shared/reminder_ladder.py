"""The steps of the reminders, a form for each kind of payer."""

from collections.abc import Sequence

import streamlit as st

from core.db import Db, read
from core.i18n import _, ngettext
from core.labels import label
from core.queries import reminders_due
from core.rules import reminders as rules
from core.rules.reminders import Step
from core.services import reminder_care
from core.vocabulary import Actor, PayerKind, ReminderText
from pages.shared.decided import decided
from pages.shared.feedback import attempt, refusal


def draw(*, can_change: bool) -> None:
    """Both ladders."""
    with read() as db:
        ladder = reminders_due.ladder(db)
    for payer in (PayerKind.INSTITUTION, PayerKind.PERSON):
        with st.form(f"ladder_{payer}", enter_to_submit=False):
            st.subheader(_("Institutions") if payer is PayerKind.INSTITUTION else _("Persons"), anchor=False)
            _form(payer, tuple(ladder[payer]), can_change=can_change)
    st.caption(
        _(
            "A cost is printed in the letter. It is not part of what the QR code asks, and is not booked as a debt: "
            "ask for it separately."
        )
    )


def _form(payer: PayerKind, steps: tuple[Step, ...], *, can_change: bool) -> None:
    days = rules.days_between(payer, decided().reminder_gap_days)
    apart = ngettext(
        "At least {count} day lies between two steps. An empty line counts for nothing.",
        "At least {count} days lie between two steps. An empty line counts for nothing.",
        days,
    )
    st.caption(apart)
    if payer is PayerKind.PERSON:
        st.caption(
            _("Persons are consumers: the first reminder is free, a further one costs € 7.50 at most (law, book XIX).")
        )
    for place in range(_lines(steps)):
        _step(f"ladder_{payer}_{place}", steps[place] if place < len(steps) else None, disabled=not can_change)
    refusal(f"ladder_{payer}")
    st.form_submit_button(
        _("Save"),
        key=f"ladder_{payer}_save",
        icon=":material/save:",
        disabled=not can_change,
        on_click=attempt,
        args=(f"ladder_{payer}", lambda db, actor: _save(db, actor, payer, steps)),
        kwargs={"done": _("The steps are saved. They hold from the next run on.")},
    )


def _lines(steps: Sequence[Step]) -> int:
    """How many lines the form has: those there are, and one to add."""
    return min(rules.MOST_STEPS, len(steps) + 1)


def _step(key: str, step: Step | None, *, disabled: bool) -> None:
    days, what, cost = st.columns([2, 3, 2], vertical_alignment="bottom")
    days.number_input(
        _("Days after the due date"),
        min_value=1,
        max_value=rules.FARTHEST,
        value=step.after_days if step else None,
        key=f"{key}_days",
        placeholder=_("none"),
        disabled=disabled,
    )
    kinds = list(ReminderText)
    what.selectbox(
        _("What happens"),
        kinds,
        index=kinds.index(step.text) if step else 0,
        format_func=label,
        key=f"{key}_text",
        disabled=disabled,
    )
    cost.number_input(
        _("Cost (€)"),
        min_value=0.0,
        value=step.cost_cents / 100 if step else 0.0,
        step=0.5,
        format="%.2f",
        key=f"{key}_cost",
        disabled=disabled,
    )


def _save(db: Db, actor: Actor, payer: PayerKind, seen: tuple[Step, ...]) -> None:
    """Save what stands in the form now, in the order of the days."""
    kept = st.session_state
    keys = [f"ladder_{payer}_{place}" for place in range(_lines(seen))]
    steps = sorted(
        (
            Step(int(kept[f"{key}_days"]), kept[f"{key}_text"], round(float(kept[f"{key}_cost"] or 0) * 100))
            for key in keys
            if kept.get(f"{key}_days") is not None
        ),
        key=lambda step: step.after_days,
    )
    reminder_care.change_ladder(db, actor, payer, steps, seen=seen)
