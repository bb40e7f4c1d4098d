"""The three filters of an institution's lists: part of a name, a course, a school year."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.i18n import _
from core.rules import school_year as years


def draw(person: str, course: str, year: str, all_years: Sequence[int], first_page: Callable[[], None]) -> None:
    """The filters side by side, below each other on a telephone; each is the widget of the key given."""
    if st.session_state.get(year) not in all_years:
        st.session_state[year] = None
    with st.grid(3, min_column_width=240):
        for key, label, hint in (
            (person, _("Participant"), _("Part of a name")),
            (course, _("Course"), _("Title or code")),
        ):
            st.text_input(label, key=key, type="search", live=True, placeholder=hint, on_change=first_page)
        st.selectbox(
            _("School year"),
            all_years,
            index=None,
            format_func=years.text,
            key=year,
            placeholder=_("All school years"),
            on_change=first_page,
        )


def only_school_year(key: str, all_years: Sequence[int]) -> None:
    """The choice of one school year, the present one at first."""
    if st.session_state.get(key) not in all_years:
        st.session_state[key] = all_years[0]
    st.selectbox(_("School year"), all_years, format_func=years.text, key=key, width=240)
