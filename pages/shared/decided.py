"""The decisions that hold, for a page that only shows them: read once a run, with who is signed in."""

import streamlit as st

from core.db import Db, read
from core.decisions import Decisions, decisions

_KEY = "_decided"


def refresh(db: Db) -> None:
    """Read the decisions for this run of the page."""
    st.session_state[_KEY] = decisions(db)


def decided() -> Decisions:
    """The decisions as of this run."""
    if _KEY not in st.session_state:
        with read() as db:
            refresh(db)
    found: Decisions = st.session_state[_KEY]
    return found
