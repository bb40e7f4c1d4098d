"""Asking an ASGI application once, without a server."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def let_answer(application: Any, *of: Any) -> None:
    """Let it answer (scope, receive, send), in a thread: a browser's journey leaves a running loop in the main one."""
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, application(*of)).result()
