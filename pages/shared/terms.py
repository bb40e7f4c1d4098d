"""The cancellation terms: each kind of course its ordered steps, and what cancelling on a day costs."""

from datetime import timedelta

import streamlit as st

from core import clock
from core.db import Db, read
from core.decisions import usual_terms
from core.errors import DomainError
from core.i18n import _, day, ngettext, say
from core.labels import label
from core.money import euro
from core.queries import cancellation_terms as queries
from core.queries import decisions as decision_queries
from core.queries.accounts import SignedIn
from core.queries.cancellation_terms import TermsRow
from core.rules.cancellation import FROM_ENROLMENT, Step, Terms, cost_of_absence, cost_of_cancelling
from core.services import cancellation_terms as services
from core.services.cancellation_terms import NamedTerms
from core.vocabulary import Actor, CoordinatorRole, CourseType, DayCount, DecisionSection
from pages.shared import cards, deciding
from pages.shared.feedback import attempt, refusal


def draw(signed_in: SignedIn) -> None:
    """The default, each named terms with its form, a form for new ones, and the preview."""
    with read() as db:
        rows, usual = queries.all_terms(db, signed_in.actor), usual_terms(db)
        decided = decision_queries.all_decisions(db, signed_in.actor)
    is_locked = signed_in.coordinator_role is not CoordinatorRole.FINANCE
    if is_locked:
        st.caption(f":material/lock: {_('Only accounts with the role «finance» may change this.')}")
    deciding.sections(decided, (DecisionSection.CANCELLING,), signed_in)
    with st.container(border=True):
        st.markdown(f"**{_('Default')}** – {_('for courses without terms of their own')}")
        cards.terms(usual)
    for row in rows:
        kind = label(row.course_type) if row.course_type else _("for single courses")
        with st.expander(f"{cards.plain(row.name)} · {kind}", key=f"terms_{row.terms_id}_row"):
            cards.terms(row.terms)
            if row.coming:
                held = ngettext(
                    "They hold for {count} coming course.", "They hold for {count} coming courses.", row.coming
                )
                st.caption(held)
            _form(f"terms_{row.terms_id}", row, is_locked=is_locked)
    with st.expander(_("New terms"), icon=":material/add:", key="terms_new_row"):
        _form("terms_new", None, is_locked=is_locked)
    _preview({_("Default"): usual} | {row.name: row.terms for row in rows})


def _form(key: str, row: TermsRow | None, *, is_locked: bool) -> None:
    terms = row.terms if row else Terms(())
    absence = terms.absence or Step(0, 0, 100)
    kinds: list[CourseType | None] = [None, *CourseType]
    with st.form(key, border=False, enter_to_submit=False):
        st.text_input(_("Name"), row.name if row else "", key=f"{key}_name", max_chars=100, disabled=is_locked)
        refusal(key, "name")
        st.selectbox(
            _("Meant for"),
            kinds,
            index=kinds.index(row.course_type if row else None),
            format_func=lambda each: label(each) if each else _("for single courses"),
            key=f"{key}_kind",
            disabled=is_locked,
        )
        st.segmented_control(
            _("Days count as"),
            list(DayCount),
            default=terms.counting,
            required=True,
            format_func=label,
            key=f"{key}_counting",
            disabled=is_locked,
        )
        st.caption(_("From so many days before the first day on; an empty line counts for nothing."))
        for number in range(_lines(terms)):
            _step(f"{key}_{number}", terms.steps[number] if number < len(terms.steps) else None, disabled=is_locked)
        refusal(key, "steps")
        st.markdown(_("Not showing up"))
        _cost(f"{key}_absence", absence, disabled=is_locked)
        st.number_input(
            _("A colleague may come until so many days before"),
            min_value=1,
            max_value=730,
            value=terms.replace_until_days,
            key=f"{key}_replace",
            disabled=is_locked,
        )
        refusal(key, "replace")
        st.toggle(
            _("Free of charge with a proof of illness or accident"),
            value=terms.is_free_when_ill,
            key=f"{key}_ill",
            disabled=is_locked,
        )
        refusal(key)
        st.form_submit_button(
            _("Save"),
            key=f"{key}_save",
            icon=":material/save:",
            disabled=is_locked,
            on_click=attempt,
            args=(key, lambda db, actor: _save(db, actor, key, row)),
            kwargs={"done": _("The terms are saved. They hold from the next cancellation on.")},
        )
    if row is not None:
        st.button(
            _("Remove these terms"),
            key=f"{key}_remove",
            icon=":material/delete:",
            disabled=is_locked,
            on_click=attempt,
            args=(key, lambda db, actor: services.remove(db, actor, row.terms_id, seen=row.version)),
            kwargs={"done": _("The terms are removed.")},
        )


def _lines(terms: Terms) -> int:
    """How many lines the form has: those there are, and two to add."""
    return len(terms.steps) + 2


def _step(key: str, step: Step | None, *, disabled: bool) -> None:
    days, rest = st.columns([1, 2], vertical_alignment="bottom")
    with days:
        st.number_input(
            _("Days before"),
            min_value=0,
            max_value=FROM_ENROLMENT,
            value=step.days_before if step else None,
            key=f"{key}_days",
            placeholder=_("none"),
            disabled=disabled,
            help=_("{days} means: from enrolling on.").format(days=FROM_ENROLMENT),
        )
    with rest:
        _cost(key, step or Step(0), disabled=disabled)


def _cost(key: str, step: Step, *, disabled: bool) -> None:
    fee, share = st.columns(2)
    fee.number_input(
        _("Fixed cost (€)"),
        min_value=0.0,
        value=step.fixed_cents / 100,
        step=5.0,
        format="%.2f",
        key=f"{key}_fee",
        disabled=disabled,
    )
    share.number_input(_("Part of the price (%)"), 0, 100, step.percentage, key=f"{key}_share", disabled=disabled)


def _typed(key: str, days: int) -> Step:
    kept = st.session_state
    return Step(days, round(float(kept[f"{key}_fee"] or 0) * 100), int(kept[f"{key}_share"] or 0))


def _save(db: Db, actor: Actor, key: str, row: TermsRow | None) -> int:
    """Save what stands in the form now."""
    kept = st.session_state
    numbers = range(_lines(row.terms if row else Terms(())))
    days = {number: kept.get(f"{key}_{number}_days") for number in numbers}
    terms = Terms(
        steps=tuple(_typed(f"{key}_{number}", int(each)) for number, each in days.items() if each is not None),
        counting=kept[f"{key}_counting"],
        replace_until_days=int(kept[f"{key}_replace"] or 0),
        is_free_when_ill=bool(kept[f"{key}_ill"]),
        absence=_typed(f"{key}_absence", 0),
    )
    form = NamedTerms(kept[f"{key}_name"] or "", terms, kept[f"{key}_kind"])
    if row is None:
        return services.save(db, actor, form)
    return services.save(db, actor, form, terms_id=row.terms_id, seen=row.version)


def _preview(known: dict[str, Terms]) -> None:
    """What cancelling on a day would cost, and the days on which that changes."""
    st.subheader(_("What does cancelling cost on a day?"), anchor=False)
    with st.grid(4, min_column_width=180):
        name = st.selectbox(_("Terms"), list(known), key="preview_terms")
        price = st.number_input(_("Price (€)"), 0.0, value=190.0, step=5.0, format="%.2f", key="preview_price")
        first_day = st.date_input(
            _("First day"), clock.today() + timedelta(days=30), format="DD/MM/YYYY", key="preview_first"
        )
        on = st.date_input(_("Cancelled on"), clock.today() + timedelta(days=25), format="DD/MM/YYYY", key="preview_on")
    terms, cents = known[name], round(price * 100)
    try:
        cost = cost_of_cancelling(terms, cents, first_day, on)
    except DomainError as refused:
        st.warning(say(refused), icon=":material/block:")
        return
    rule = cards.step_text(cost.step, terms.counting) if cost.step else _("free of charge")
    st.markdown(f"**{euro(cost.cents)}** – {rule}")
    if cost.free_until is not None:
        st.caption(_("Free of charge until {date}.").format(date=day(cost.free_until)))
    st.caption(_("Not showing up: {cost}").format(cost=euro(cost_of_absence(terms, cents))))
