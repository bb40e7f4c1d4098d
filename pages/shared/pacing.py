"""How often one place may ask something of a public page: in the memory of this process, forgotten after a minute."""

import threading
import time
from collections import deque

import streamlit as st

_WINDOW_SECONDS = 60.0
_MOST_PLACES = 10_000
_lock = threading.Lock()
_asked: dict[str, deque[float]] = {}


def is_too_often(most: int, *, now: float | None = None, place: str | None = None) -> bool:
    """Whether this address asked more than `most` times in the last minute; each call counts as one."""
    at = time.monotonic() if now is None else now
    where = place if place is not None else st.context.ip_address or "here"
    with _lock:
        if len(_asked) > _MOST_PLACES:
            for old in [name for name, times in _asked.items() if at - times[-1] > _WINDOW_SECONDS]:
                del _asked[old]
        times = _asked.setdefault(where, deque(maxlen=most + 1))
        while times and at - times[0] > _WINDOW_SECONDS:
            times.popleft()
        times.append(at)
        return len(times) > most
