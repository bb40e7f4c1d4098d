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

from core import assistant, clock, jobs, start
from core.db import write
from core.models import BotHealth
from core.settings import settings
from mailbot import check_auth
from mailbot.delivery import Deliverer
from mailbot.mailbox import Collector

log = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 10.0


def worker_name() -> str:
    """A name no other process has, for leases."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def beat() -> None:
    """Say «alive», for «Vandaag»."""
    with write() as db:
        row = db.get(BotHealth, "alive")
        if row is None:
            row = BotHealth(key="alive", value="")
            db.add(row)
        row.value, row.at = str(os.getpid()), clock.now()


def tick(stop: threading.Event, wake: threading.Event) -> None:
    """Do what falls due, again and again; what fails is logged and tried at the next turn."""
    while not stop.is_set():
        is_busy = False
        try:
            beat()
            done = jobs.run_due(stop.is_set)
            is_busy = bool(done.issued or done.rendered or done.lapsed)
        except Exception:
            log.exception("what falls due stumbled; it is tried again")
        if is_busy:  # there may be more: a run takes what it can hold
            log.info("due: %s", done)
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
    for thread in threads:
        thread.start()
    try:
        assistant.warm_up()
        log.info("the mail bot is ready: %s", settings().mail_address)
        Collector(worker, stop, wake.set).run()
    finally:
        stop.set()
        wake.set()
        for thread in threads:
            thread.join(timeout=10)


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
