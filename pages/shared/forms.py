"""Boxes to type in: what is typed waits in the browser and goes along with the next click."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from core.i18n import _
from core.settings import settings

Kind = Literal["default", "password", "email", "phone", "search"]


def text(  # one place for what every box has in common
    label: str,
    value: str = "",
    *,
    key: str,
    kind: Kind = "default",
    longest: int | None = None,
    placeholder: str = "",
    autocomplete: str = "",
    disabled: bool = False,
) -> str:
    """A box without Streamlit's own remarks, which are always English («Press Enter to apply», «Enter a valid …»).

    The services check what is typed and say in the visitor's language what is wrong with it.
    """
    return (
        st.text_input(
            label,
            value,
            key=key,
            type=kind,
            max_chars=longest,
            placeholder=placeholder,
            autocomplete=autocomplete,
            disabled=disabled,
            validate="",
            live="0ms",  # each key stroke is kept at once; nothing is sent before a click
            on_change="ignore",
        )
        or ""
    )


def email(label: str, *, key: str, autocomplete: str = "email") -> str:
    """A box for an e-mail address."""
    return text(label, key=key, kind="email", placeholder=_("name@example.com"), autocomplete=autocomplete)


def phone(label: str, value: str = "", *, key: str) -> str:
    """A box for a telephone number."""
    return text(label, value, key=key, kind="phone", longest=40, placeholder="0470 00 00 00", autocomplete="tel")


def password(label: str, *, key: str) -> str:
    """A box for the password one has."""
    return text(label, key=key, kind="password", autocomplete="current-password")


def new_password(label: str, *, key: str) -> str:
    """A box for a password to choose."""
    least = _("At least {least} characters").format(least=settings().password_min_length)
    return text(label, key=key, kind="password", autocomplete="new-password", placeholder=least)


def emptied(*keys: str) -> Callable[[object], None]:
    """What empties these boxes once they have served (a password is not kept longer than needed)."""

    def empty(_result: object) -> None:
        for key in keys:
            st.session_state[key] = ""

    return empty


def kept(key: str) -> str:
    """What stands in a box now, in a callback."""
    return str(st.session_state.get(key) or "")
