"""Who teaches: a teacher is let in by the cookie that the mailed link left, and sees the own courses only."""

import streamlit as st

from core.access import NotFound
from core.db import read, write
from core.i18n import _
from core.queries import teacher_links as queries
from core.queries.teacher_links import Teaching
from core.services import teacher_links
from core.vocabulary import Actor
from pages.http.callers import TEACHER_COOKIE

LINK = "_teacher_link"


def visitor() -> Teaching | None:
    """The teacher who came by a link in this browser, as long as the link works."""
    identity = st.session_state.get(LINK)
    secret = st.context.cookies.get(TEACHER_COOKIE)
    with read() as db:
        if isinstance(secret, str) and secret:
            found = queries.by_link(db, secret)
        else:
            found = queries.still_stands(db, identity) if identity is not None else None
    if found is not None and found.needs_touch:
        with write() as db:
            teacher_links.touch(db, found.link_id)
    return found


def actor() -> Actor:
    """On whose behalf a teacher notes something, looked up afresh. Raises NotFound when the link no longer works."""
    found = visitor()
    if found is None:
        raise NotFound
    return found.actor


def require_teacher() -> Teaching:
    """Only a teacher with a link that works goes on; others read what to do, and the page ends."""
    found = visitor()
    if found is None:
        st.title(_("My lessons"), anchor=False)
        st.info(
            _(
                "This page opens by the link in the mail that we send to teachers before their course. The link no "
                "longer works, or this is another device: open the link again, or ask CNO for a new one."
            ),
            icon=":material/link_off:",
        )
        st.stop()
    return found
