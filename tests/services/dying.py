"""Work in a process of its own, forked from this one, that may die by SIGKILL at a step."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from itertools import count
from typing import Any

from core.db import engine_for
from core.settings import settings


def ended(work: Callable[[], object]) -> int:
    """How a process ends that does this; negative: the signal that killed it."""
    engine_for(settings().database_url).dispose()  # no connection is shared with a child
    child = multiprocessing.get_context("fork").Process(target=_alone, args=(work,))
    child.start()
    child.join(120)
    assert child.exitcode is not None, "it did not end in time"
    return child.exitcode


def _alone(work: Callable[[], object]) -> None:
    engine_for.cache_clear()
    work()
    os._exit(0)


def dying(action: Callable[..., Any], at: int = 1) -> Callable[..., Any]:
    """The same action, but the process is killed once it has been done so many times."""
    turns = count(1)

    def act(*values: Any, **named: Any) -> Any:
        result = action(*values, **named)
        if next(turns) == at:
            die()
        return result

    return act


def die(*_values: Any, **_named: Any) -> None:
    """End here and now, with the transaction open."""
    os.kill(os.getpid(), signal.SIGKILL)
