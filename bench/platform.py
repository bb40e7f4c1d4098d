"""The whole platform as `make run` starts it: seconds to the first page, mail answered, memory of each process."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.ground import Figure, memory_mb
from tests.journeys.platform import Platform

MAILS = 20


def _answer_seconds(platform: Platform, number: int) -> float:
    address = f"vraag{number}@elders.example"
    platform.send(address, "Wachtwoord", f"Dag, ik ben mijn wachtwoord vergeten. Groeten, leraar {number}")
    started = time.perf_counter()
    platform.wait_until(lambda: bool(platform.mails_of(address)), seconds=30, pause=0.02)
    return time.perf_counter() - started


def _children(pid: int) -> dict[str, float]:
    """The memory of each process of the platform, megabytes."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            command = (status.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it ended while we looked
            continue
        if int(fields[1]) == pid:
            name = next((word for word in ("local_server", "mailbot", "streamlit") if word in command), command)
            found[name] = memory_mb(int(status.parent.name))
    return found


def figures() -> Iterator[Figure]:
    """All figures of this file."""
    with tempfile.TemporaryDirectory() as name:
        platform = Platform(Path(name))
        started = time.perf_counter()
        platform.start()
        yield Figure("first start, demo data included", time.perf_counter() - started, "s")
        platform.stop()
        started = time.perf_counter()
        platform.start()
        yield Figure("second start to the first page", time.perf_counter() - started, "s", "< 5")
        time.sleep(20)  # the notes that are due today leave first
        times = sorted(_answer_seconds(platform, number) for number in range(MAILS))
        yield Figure(f"a mail answered, median of {MAILS}", statistics.median(times), "s")
        yield Figure(f"a mail answered, 95th percentile of {MAILS}", times[int(len(times) * 0.95) - 1], "s")
        assert platform.process is not None
        for process, memory in sorted(_children(platform.process.pid).items()):
            yield Figure(f"memory: {process}", memory, "MB")
        platform.stop()
