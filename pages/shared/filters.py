"""The filters of the catalogue, each with its counts."""

from collections.abc import Callable, Collection
from datetime import timedelta
from enum import StrEnum

import streamlit as st

from core import clock
from core.i18n import _, ngettext
from core.labels import label
from core.money import euro
from core.queries.courses import Counts, CourseFilter, Form, Sort
from core.vocabulary import Level, Subject, Theme
from pages.shared.address import Choice

PERIODS = {"1m": 31, "3m": 92, "6m": 183}  # days
PRICES = (0, 100, 150, 200, 300, 500)  # euros
FILTERS = {
    "niveau": Choice(Level, [], is_list=True),
    "vak": Choice(Subject, [], is_list=True),
    "thema": Choice(Theme, [], is_list=True),
    "vorm": Choice(Form),
    "periode": Choice({period: period for period in PERIODS}.__getitem__),
    "prijs": Choice({str(price): price for price in PRICES}.__getitem__),
    "vrij": Choice({"ja": True}.__getitem__, empty=False, code_of={True: "ja"}.__getitem__),
}
#: Where the session keeps the latest search, for the way back to it.
LATEST = "_latest_search"
#: Everything of the catalogue that stands in its address.
CHOICES = FILTERS | {"zoek": Choice(empty=""), "sorteer": Choice(Sort, Sort.DATE), "blad": Choice(int, 1)}


def chosen() -> int:
    """How many filters are set."""
    return sum(bool(choice.write(st.session_state.get(name))) for name, choice in FILTERS.items())


def clear() -> None:
    """Callback: look for everything again."""
    for name, choice in (FILTERS | {"zoek": CHOICES["zoek"], "blad": CHOICES["blad"]}).items():
        st.session_state[name] = choice.read([])


def draw(counts: Counts, text: str, first_page: Callable[[], None]) -> CourseFilter:
    """The filters; what they and the search text ask for. `first_page` is called on every change."""
    count = chosen()
    name = ngettext("Filters ({count} chosen)", "Filters ({count} chosen)", count) if count else _("Filters")
    with st.expander(name, expanded=count > 0, icon=":material/tune:", key="filters"):
        with st.grid(3, min_column_width=240):
            levels = _several(_("Level"), "niveau", counts.levels, _("All levels"), first_page)
            subjects = _several(_("Subject"), "vak", counts.subjects, _("All subjects"), first_page)
            themes = _several(_("Theme"), "thema", counts.themes, _("All themes"), first_page)
            forms = {Form.CAMPUS: _("On campus"), Form.ONLINE: _("Online")}
            form = st.segmented_control(
                _("Place"), list(forms), format_func=forms.get, key="vorm", on_change=first_page
            )
            periods = {"1m": _("Within a month"), "3m": _("Within three months"), "6m": _("Within half a year")}
            period = st.selectbox(
                _("Period"),
                list(periods),
                index=None,
                format_func=periods.get,
                key="periode",
                placeholder=_("Any time"),
                on_change=first_page,
            )
            highest = st.selectbox(
                _("Price"),
                PRICES,
                index=None,
                format_func=lambda euros: _("Up to {amount}").format(amount=euro(euros * 100)) if euros else _("Free"),
                key="prijs",
                placeholder=_("Any price"),
                on_change=first_page,
            )
        has_places = st.toggle(_("Only with places left"), key="vrij", on_change=first_page)
    return CourseFilter(
        text=text,
        levels=tuple(levels),
        subjects=tuple(subjects),
        themes=tuple(themes),
        form=form,
        until_day=clock.today() + timedelta(days=PERIODS[period]) if period else None,
        has_places=has_places,
        highest_cents=highest * 100 if highest is not None else None,
    )


def _several(
    name: str, key: str, counts: dict[StrEnum, int], placeholder: str, first_page: Callable[[], None]
) -> Collection[StrEnum]:
    """A choice of several members; only those that some course has, and what an address asks for."""
    wanted = st.session_state.get(key) or ()
    members = next(type(member) for member in (*counts, *wanted)) if counts or wanted else ()
    return st.multiselect(
        name,
        [member for member in members if counts.get(member) or member in wanted],
        format_func=lambda member: f"{label(member)} ({counts.get(member, 0)})",
        key=key,
        placeholder=placeholder,
        select_all=False,
        wrap=True,
        on_change=first_page,
    )
