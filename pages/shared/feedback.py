"""Actions and what they say: one transaction, a refusal at its place, a flash after success, dialogs that close."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

from core.db import Db, write
from core.errors import DomainError
from core.i18n import say
from core.vocabulary import Actor
from pages.shared import access, cards, mishaps

T = TypeVar("T")
_FLASH = "_flash"
_DIALOG = "_dialog"
_REFUSED = "_refused"
_UNTOLD = "_untold"


def attempt(
    place: str,
    action: Callable[[Db, Actor], T],
    *,
    done: str | Callable[[T], str] | None = None,
    then: Callable[[T], None] | None = None,
) -> None:
    """Callback of a button: do an action in one transaction, on behalf of who is signed in now.

    A refusal is kept for :func:`refusal` at this place and nothing is changed; what breaks is told at the top. After
    success `then` gets the result (to keep in `st.session_state`), `done` is shown once, and an open dialog closes.
    """
    _forget_refusal()
    try:
        actor = access.actor()
        with write() as db:
            result = action(db, actor)
    except DomainError as refused:
        st.session_state[_REFUSED] = (place, refused.field, say(refused))
        st.session_state[_UNTOLD] = True
        return
    except Exception:  # a callback's own exception would show Streamlit's page, in English
        st.session_state[_FLASH] = (st.error, mishaps.report(place))
        return
    if then is not None:
        then(result)
    if done is not None:
        flash(done if isinstance(done, str) else done(result))
    if st.session_state.pop(_DIALOG, None):
        st.rerun()


def refusal(place: str, field: str | None = None) -> None:
    """Show what was refused at this place: below the field at fault, or (without `field`) whatever has no field."""
    where, at_field, text = st.session_state.get(_REFUSED, (None, None, ""))
    if where == place and at_field == field:
        st.session_state.pop(_UNTOLD, None)
        st.error(cards.plain(text), icon=":material/error:")


def show_untold() -> None:
    """Show what the last action was refused for, when its place is no longer on the page."""
    if st.session_state.pop(_UNTOLD, False):
        _place, _field, text = st.session_state.pop(_REFUSED)
        st.error(cards.plain(text), icon=":material/error:")


def flash(text: str) -> None:
    """Leave a sentence that the frame shows once, at the top of the next page drawn."""
    st.session_state[_FLASH] = (st.success, text)


def show_flash() -> None:
    """Show the sentence left by the last action, once."""
    show, text = st.session_state.pop(_FLASH, (st.success, ""))
    if text:
        show(text, icon=":material/check_circle:" if show is st.success else ":material/error:")


def open_dialog(name: str, subject: int | str = 0) -> None:
    """Callback: have the page open this dialog about this thing."""
    _forget_refusal()
    st.session_state[_DIALOG] = (name, subject)


def dialog_from_address(dialogs: Mapping[str, str]) -> None:
    """Open the dialog that a link asks for («?annuleren=12»), once; it only shows, for the dialog reads what is own.

    `dialogs` names the dialog behind each word of the address.
    """
    for word, name in dialogs.items():
        text = st.query_params.get(word, "")
        if text:
            del st.query_params[word]
            if text.isascii() and text.isdecimal() and len(text) < 10:
                open_dialog(name, int(text))


def dialog_subject(name: str) -> int | str | None:
    """What the open dialog of this name is about; None when it is not open."""
    opened, subject = st.session_state.get(_DIALOG, (None, None))
    return subject if opened == name else None


def close_dialog() -> None:
    """Callback, also for `on_dismiss`: close the open dialog (a button inside draws only the dialog anew)."""
    _forget_refusal()
    if st.session_state.pop(_DIALOG, None):
        st.rerun()


def _forget_refusal() -> None:
    st.session_state.pop(_REFUSED, None)
    st.session_state.pop(_UNTOLD, None)
