"""Warm processes that render notes, on every core (`billing.md` §7): this side of them; `press` is the other.

A process of its own interpreter, not of `multiprocessing`: that would import the page a web server is drawing. It ends
when its input does, so none is left when whoever started it is killed.
"""

import json
import logging
import queue
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

from core.documents import notes
from core.documents.notes import Rendered
from core.vocabulary import FileKind

log = logging.getLogger(__name__)
ROOT = Path(__file__).parent.parent.parent
_COMMAND = (sys.executable, "-m", "core.documents.press")
_AHEAD = 2  # notes handed to each process, so that it never waits for the next one


class NotRendered(RuntimeError):
    """A note whose files could not be made: what went wrong, in the words of the process that tried."""


class Presses:
    """So many warm processes, started at the first note; with none of them this process renders by itself."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._idle: queue.SimpleQueue[subprocess.Popen[bytes] | None] = queue.SimpleQueue()
        self._is_closed = False
        self._all: set[subprocess.Popen[bytes]] = set()
        self._threads = ThreadPoolExecutor(max(1, processes), thread_name_prefix="press")
        for _ in range(processes):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        """End the processes; what they were at is not waited for, it is simply rendered again another time."""
        self._is_closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for press in list(self._all):
            press.kill()
        self._threads.shutdown(wait=True)
        for press in self._all:
            press.kill()
            press.communicate()

    def rendered(self, work: Iterable[tuple[int, str]]) -> Iterator[tuple[int, Rendered | Exception]]:
        """The files of notes, in order: of each its own name for it, and what was made or went wrong.

        `work` is taken up while the processes are busy, a few notes ahead.
        """
        if not self._processes:
            for identity, payload in work:
                yield identity, _here(payload)
            return
        waiting: deque[tuple[int, Future[Rendered]]] = deque()
        for identity, payload in work:
            waiting.append((identity, self._threads.submit(self._one, payload)))
            if len(waiting) >= _AHEAD * self._processes:
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The processes that run now, to measure them by."""
        return tuple(press.pid for press in self._all if press.poll() is None)

    def _one(self, payload: str) -> Rendered:
        press = self._idle.get() or self._start()
        try:
            made = _asked(press, payload)
        except NotRendered:
            self._idle.put(press)
            raise
        except BaseException:
            press.kill()
            self._idle.put(None)  # the next note gets a fresh one
            raise
        self._idle.put(press)
        return made

    def _start(self) -> subprocess.Popen[bytes]:
        if self._is_closed:
            raise BrokenPipeError("the presses were stopped")
        press = subprocess.Popen(  # noqa: S603 - this very program, without a shell
            _COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._all.add(press)
        return press


def _here(payload: str) -> Rendered | Exception:
    try:
        return notes.rendered(payload)
    except Exception as wrong:  # one note that fails stops no other; whoever stores it logs it
        return wrong


def _result(identity: int, future: Future[Rendered]) -> tuple[int, Rendered | Exception]:
    wrong = future.exception()
    if wrong is None:
        return identity, future.result()
    if not isinstance(wrong, Exception):
        raise wrong
    return identity, wrong


def _asked(press: subprocess.Popen[bytes], payload: str) -> Rendered:
    if press.stdin is None or press.stdout is None:
        raise ValueError("a press without pipes")
    press.stdin.write(json.dumps(payload).encode() + b"\n")
    press.stdin.flush()
    head = press.stdout.readline()
    if not head:
        raise BrokenPipeError(f"a rendering process ended: {press.poll()}")
    said = json.loads(head)
    if "wrong" in said:
        raise NotRendered(said["wrong"])
    files = {FileKind(kind): _read(press, size) for kind, size in said["files"]}
    return Rendered(files, {position: _read(press, size) for position, size in said["copies"]})


def _read(press: subprocess.Popen[bytes], size: int) -> bytes:
    content = press.stdout.read(size) if press.stdout else b""
    if len(content) != size:
        raise BrokenPipeError("a rendering process ended in the middle of a file")
    return content
