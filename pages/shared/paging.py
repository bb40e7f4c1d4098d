"""The pages of a long list."""

import math

import streamlit as st


def current(key: str) -> int:
    """The page looked at now, from 1 on."""
    return max(1, int(st.session_state.get(key) or 1))


def first(key: str) -> None:
    """Callback of a filter: another list begins at its first page."""
    st.session_state[key] = 1


def pages(total: int, size: int, key: str) -> None:
    """The row of pages below a list; nothing when all fits on one."""
    count = math.ceil(total / size)
    if count <= 1:
        return
    if current(key) > count:  # the list has become shorter
        st.session_state[key] = count
        st.rerun()
    with st.container(horizontal_alignment="center"):
        st.pagination(count, key=key)
