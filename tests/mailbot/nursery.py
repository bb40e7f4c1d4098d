"""Forks mail bots on request; one JSON line in, one out. A bot reads its settings anew and can die at a named step."""

import json
import os
import signal
import sys
import threading
from typing import Any

from core import assistant, logs
from core.settings import settings
from mailbot import steps
from mailbot.__main__ import run


def bot(environment: dict[str, str], kill_at: str) -> None:
    os.environ.update(environment)
    settings.cache_clear()
    logs.begin()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())

    def kill(step: str) -> None:
        if step == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    steps.hook = kill
    run(stop)


def answer(question: dict[str, Any]) -> object:
    if "start" in question:
        pid = os.fork()
        if not pid:
            os.dup2(2, 1)
            code = 1
            try:
                bot(question["start"], question["kill_at"])
                code = 0
            finally:
                os._exit(code)
        return pid
    if "stop" in question:
        os.kill(question["stop"], signal.SIGTERM)
        return None
    pid = question["poll"]
    if pid not in ended:
        done, status = os.waitpid(pid, os.WNOHANG)
        if not done:
            return None
        ended[pid] = os.waitstatus_to_exitcode(status)
    return ended[pid]


ended: dict[int, int] = {}

if __name__ == "__main__":
    assistant.warm_up()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()
