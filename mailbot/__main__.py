"""`python -m mailbot`: the process that collects, handles, does what falls due, and delivers.

The main thread collects and handles, one thread delivers, one does the clock's work. SIGTERM or Ctrl-C ends it within
five seconds; a kill at any point loses nothing.
"""

import logging
import os
import secrets
import signal
import socket
import sys
import threading
from dataclasses import asdict

from core import assistant, jobs, start
from core.assistant import learning
from core.db import read
from mailbot import check_auth, health
from mailbot.delivery import Deliverer
from mailbot.mailbox import Collector

log = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 10.0
#: What still waits for a server or draws a document then is left where it stands: the next start goes on with it.
LONGEST_STOP_SECONDS = 4.0


def worker_name() -> str:
    """A name no other process has, for leases."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def tick(stop: threading.Event, wake: threading.Event) -> None:
    """Do what falls due, again and again; what fails is logged and tried at the next turn."""
    while not stop.is_set():
        is_busy = False
        try:
            health.beat()
            done = jobs.run_due(stop.is_set)
            is_busy = bool(done.issued or done.rendered or done.reminded or done.lapsed)
        except Exception:
            log.exception("what falls due stumbled; it is tried again")
        if is_busy:  # there may be more: a run takes what it can hold
            log.info("due work done", extra=asdict(done))
            wake.set()
        else:
            stop.wait(HEARTBEAT_SECONDS)


def run(stop: threading.Event) -> None:
    """Run until `stop` is set."""
    worker, wake = worker_name(), threading.Event()
    deliverer = Deliverer(worker, stop, wake)
    threads = [
        threading.Thread(target=deliverer.run, name="delivery"),
        threading.Thread(target=tick, args=(stop, wake), name="clock"),
    ]
    for thread in (*threads, threading.Thread(target=_end_in_time, args=(stop,), name="end", daemon=True)):
        thread.start()
    try:
        with read() as db:
            learning.refresh(db)
        assistant.warm_up()
        log.info("the mail bot is ready")
        Collector(worker, stop, wake.set).run()
    finally:
        stop.set()
        wake.set()
        for thread in threads:
            thread.join()
        log.info("the mail bot has stopped")


def _end_in_time(stop: threading.Event) -> None:
    """Once told to stop, end the process although something still waits: a kill at any point loses nothing."""
    stop.wait()
    threading.Event().wait(LONGEST_STOP_SECONDS)
    log.warning("the mail bot ends with something half-way; the next start goes on with it")
    logging.shutdown()
    os._exit(0)


def main() -> int:
    """Check, then run until told to stop; `check-auth` only asks whether results of our servers may be believed."""
    start.check()
    if sys.argv[1:2] == ["check-auth"]:
        return check_auth.main(sys.argv[2:])
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
