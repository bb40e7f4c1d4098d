"""Issuing all debit notes that are due, from the screen: a bar, a way to stop, and going on later where it stopped."""

import streamlit as st

from core import issuing
from core.db import read
from core.i18n import _, ngettext, number
from core.issuing import Progress
from core.queries import due_notes
from core.vocabulary import Actor
from pages.shared import mishaps
from pages.shared.feedback import flash

MOST = 5000
_GOING = "_issuing"


def draw(actor: Actor, due: int) -> None:
    """The button while something is due or was left half-way; once clicked, the work with its bar."""
    leftover = issuing.waiting()
    if st.session_state.pop(_GOING, False):
        _work(actor, leftover)
        return
    if leftover and not due:
        st.warning(
            ngettext(
                "{count} note was issued and still waits for its PDF and its mail. It goes by itself soon, or now.",
                "{count} notes were issued and still wait for their PDF and mail. They go by themselves soon, or now.",
                len(leftover),
            ),
            icon=":material/hourglass_bottom:",
        )
    if due or leftover:
        st.button(
            ngettext("Issue this debit note now", "Issue these {count} debit notes now", due) if due else _("Go on"),
            key="issue_all",
            type="primary",
            icon=":material/receipt_long:",
            on_click=_begin,
        )


def _begin() -> None:
    """Callback: the script does the work, so that it can show how far it is."""
    st.session_state[_GOING] = True


def _work(actor: Actor, leftover: tuple[int, ...]) -> None:
    """One transaction a note: whoever stops, or whatever breaks, nothing is lost and nothing is done twice."""
    with read() as db:
        due = due_notes.due(db, limit=MOST)
    far = Progress(len(due) + len(leftover))
    bar = st.progress(0.0, _words(far))
    st.button(_("Stop issuing"), key="stop_issuing", icon=":material/stop:")  # any click ends this run of the page
    st.caption(_("Stopping loses nothing: what is not done yet stays due."))
    try:
        with issuing.presses_apart() as presses:
            for far in issuing.run(actor, due, leftover, presses):
                bar.progress(min(1.0, (far.rendered + far.failed) / max(far.total, 1)), _words(far))
    except Exception:  # told here, where the button is
        mishaps.report("issuing")
        st.error(_("It broke off. What was issued stays so, and the rest is still due."), icon=":material/error:")
        return
    if far.failed:
        st.error(
            ngettext(
                "{count} note did not succeed. It is tried again by itself; the server's log says what went wrong.",
                "{count} notes did not succeed. They are tried again by themselves; the server's log says what "
                "went wrong.",
                far.failed,
            ),
            icon=":material/error:",
        )
        return
    flash(
        ngettext(
            "{count} note has been issued; its mail leaves within a minute.",
            "{count} notes have been issued; their mails leave within a few minutes.",
            far.rendered,
        )
    )
    st.rerun()


def _words(far: Progress) -> str:
    return _("{done} of {total} notes issued, with PDF and mail").format(
        done=number(far.rendered), total=number(far.total)
    )
