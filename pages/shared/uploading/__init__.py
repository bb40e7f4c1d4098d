"""A file of any size from the browser to the HTTP door, in pieces and with progress: past Streamlit's memory.

The script sends nothing anywhere but to `/upload/material` of this site; what it shows comes from here, in the
reader's language.
"""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from core.i18n import _
from core.rules.material import KINDS
from core.settings import settings

_FOLDER = Path(__file__).parent
_box = st.components.v2.component(
    "material_upload",
    html=(_FOLDER / "box.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "box.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "box.js").read_text(encoding="utf-8"),
)


def box(
    key: str, course_id: int, on_done: Callable[[tuple[str, ...]], None], *, replaces_id: int | None = None
) -> None:
    """A place to choose or drop files for a course; when some have come in, `on_done` hears which did not and why."""

    def told() -> None:
        done = st.session_state[key].get("done") or {}
        on_done(tuple(str(sentence) for sentence in done.get("refused", ())))

    _box(
        key=key,
        data={
            "course": course_id,
            "replaces": replaces_id,
            "accept": ",".join(f".{ending}" for ending in KINDS),
            "words": {
                "choose": _("Choose files"),
                "drop": _("or drop them here · {most} MB a file at most").format(most=settings().material_largest_mb),
                "busy": _("{name}: {done} of {all} MB"),
                "checking": _("{name}: being checked …"),
                "again": _("{name}: connection lost, it goes on by itself …"),
                "done": _("{name}: received"),
                "failed": _("{name}: {why}"),
                "stopped": _("{name}: stopped"),
                "stop": _("Stop"),
                "signed_out": _(
                    "You are no longer signed in. Sign in and choose the file again: it goes on from there."
                ),
                "unknown": _("it did not work. Choose the file again: it goes on from there."),
            },
        },
        on_done_change=told,
    )
