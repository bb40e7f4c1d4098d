"""What a visitor sees when something of ours breaks: one sentence in the own language, the rest in the log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.i18n import _
from core.settings import settings


def report(where: str) -> str:
    """Log the exception that is being handled; the sentence for the screen."""
    logging.getLogger("pages").exception("something broke: %s", where)
    return _("Something went wrong on our side; nothing was changed. Try again, or write to {address}.").format(
        address=settings().mail_address
    )


@contextmanager
def shown(where: str) -> Iterator[None]:
    """Show the sentence instead of what breaks in this block."""
    try:
        yield
    except Exception:
        st.error(report(where), icon=":material/error:")
