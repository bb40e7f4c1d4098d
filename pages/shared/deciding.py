"""The decisions of CNO as numbers and texts to fill in, a section at a time."""

from collections.abc import Sequence
from enum import StrEnum

import streamlit as st

from core.db import Db
from core.i18n import _, moment
from core.labels import label
from core.queries.accounts import SignedIn
from core.queries.decisions import Change, DecisionRow
from core.services import decisions as services
from core.vocabulary import Actor, CoordinatorRole, DecisionSection, Unit
from pages.shared import cards
from pages.shared.feedback import attempt, refusal


class Part(StrEnum):
    """The parts of the settings page, as its address names them."""

    DELAYS = "termijnen"
    MONEY = "geld"
    ORGANISER = "organisator"
    TERMS = "annuleren"
    ROUTING = "wie-krijgt-wat"
    TEXTS = "mails"
    TEAM = "team"


#: Which sections of decisions stand on a part of the page.
SECTIONS = {
    Part.DELAYS: (DecisionSection.DELAYS, DecisionSection.LINKS, DecisionSection.LIMITS),
    Part.MONEY: (DecisionSection.MONEY, DecisionSection.LEDGER),
    Part.ORGANISER: (DecisionSection.ORGANISER, DecisionSection.SIGNATURES),
}

_ANEW = "_decisions_anew"  # how often a field went back to its default: it is then another field to the browser


def part_of(section: DecisionSection) -> Part:
    """Where the decisions of a section are changed."""
    return next((part for part, found in SECTIONS.items() if section in found), Part.TERMS)


def sections(rows: Sequence[DecisionRow], wanted: Sequence[DecisionSection], signed_in: SignedIn) -> None:
    """Some sections, one form each."""
    for section in wanted:
        _section(section, [row for row in rows if row.spec.section is section], signed_in)


def may_change(row: DecisionRow, signed_in: SignedIn) -> bool:
    """Whether who is signed in may change a decision."""
    role = signed_in.coordinator_role
    return role is CoordinatorRole.FINANCE or (role is CoordinatorRole.COORDINATOR and not row.spec.is_financial)


def _section(section: DecisionSection, rows: Sequence[DecisionRow], signed_in: SignedIn) -> None:
    is_open = any(may_change(row, signed_in) for row in rows)
    with st.form(f"decisions_{section}", enter_to_submit=False):
        st.subheader(label(section), anchor=False)
        if not is_open and signed_in.coordinator_role is CoordinatorRole.COORDINATOR:
            st.caption(f":material/lock: {_('Only accounts with the role «finance» may change this.')}")
        for row in rows:
            _row(section, row, disabled=not may_change(row, signed_in))
        refusal(f"decisions_{section}")
        st.form_submit_button(
            _("Save"),
            key=f"save_{section}",
            type="primary",
            icon=":material/save:",
            disabled=not is_open,
            on_click=attempt,
            args=(f"decisions_{section}", lambda db, actor: _save(db, actor, rows)),
            kwargs={"done": _("Saved. It holds from the next action on; what was issued stays as it is.")},
        )


def _row(section: DecisionSection, row: DecisionRow, *, disabled: bool) -> None:
    key, name = _field(row.key), _(row.spec.name)
    box, words = st.columns([2, 3], vertical_alignment="bottom")
    with box:
        if row.spec.unit is Unit.CHOICE:
            st.selectbox(
                name,
                row.choices,
                index=row.choices.index(str(row.value)),
                key=key,
                format_func=_shown,
                disabled=disabled,
            )
        elif row.spec.unit is Unit.TEXT:
            st.text_input(name, str(row.value), key=key, max_chars=200, disabled=disabled)
        else:
            st.number_input(
                f"{name} ({label(row.spec.unit)})",
                min_value=row.least,
                max_value=row.most,
                value=int(row.value),
                step=1,
                key=key,
                disabled=disabled,
            )
    words.caption(f"{_(row.spec.meaning)} {_state(row)}")
    if row.history:
        with words.container(horizontal=True):
            _past(section, row, disabled=disabled)
    refusal(f"decisions_{section}", row.key)


def _past(section: DecisionSection, row: DecisionRow, *, disabled: bool) -> None:
    """The way back to the default, and what was decided earlier."""
    if not row.is_default:
        st.form_submit_button(
            _("Back to default"),
            key=f"reset_{row.key}",
            type="tertiary",
            icon=":material/undo:",
            disabled=disabled,
            on_click=attempt,
            args=(f"decisions_{section}", lambda db, actor: _reset(db, actor, row)),
            kwargs={"done": _("The default holds again: {value}.").format(value=_shown(row.default))},
        )
    with st.popover(_("History"), type="tertiary", icon=":material/history:"):
        for change in row.history:
            st.markdown(_change(change))


def _change(change: Change) -> str:
    old, new = cards.plain(_shown(change.old)), cards.plain(_shown(change.new))
    return f"**{old} → {new}**  \n{moment(change.at)}, {cards.plain(change.by)}"


def _shown(value: int | str) -> str:
    """A value in words."""
    return {"structured": _("structured"), "text": _("free text"), "yes": _("yes"), "no": _("no")}.get(
        str(value), str(value)
    )


def _field(key: str) -> str:
    times = st.session_state.get(_ANEW, {}).get(key, 0)
    return f"decision_{key}" + (f"_{times}" if times else "")


def _reset(db: Db, actor: Actor, row: DecisionRow) -> None:
    """Take the default again, and show it in a fresh field."""
    services.reset(db, actor, row.key, seen=row.version)
    anew = st.session_state.setdefault(_ANEW, {})
    anew[row.key] = anew.get(row.key, 0) + 1


def _state(row: DecisionRow) -> str:
    """Who changed it last, and what it was by default."""
    if row.changed_at is None:
        return ""
    who = _("Changed by {name}, {moment}.").format(name=cards.plain(row.changed_by), moment=moment(row.changed_at))
    if row.is_default:
        return who
    return f"{who} {_('Default: {value}.').format(value=cards.plain(_shown(row.default)))}"


def _save(db: Db, actor: Actor, rows: Sequence[DecisionRow]) -> tuple[str, ...]:
    """Decide what was filled in otherwise than it was shown."""
    typed = {row.key: st.session_state.get(_field(row.key)) for row in rows}
    values = {row.key: typed[row.key] for row in rows if typed[row.key] != row.value}
    return services.decide(db, actor, values, seen={row.key: row.version for row in rows})
