"""The virus scanner: clamd over a socket, when one is configured (its command INSTREAM)."""

import socket
from collections.abc import Iterable, Iterator
from types import TracebackType

from core.errors import DomainError
from core.i18n import N_
from core.settings import settings

_PATIENCE_SECONDS = 120


class ScannerSilent(DomainError):
    """The scanner did not answer: nothing goes in unseen."""

    message = N_("The virus scanner does not answer now. Try again in some minutes; what was sent is kept.")


class ScannerTooSmall(DomainError):
    """More than the scanner takes (its setting StreamMaxLength)."""

    message = N_("The virus scanner is not set to look at so large a file. Ask who manages the platform.")


class Infected(DomainError):
    """A file with a virus."""

    message = N_("«{name}» was refused: the virus scanner found {virus} in it.")


class Scan:
    """One file that passes by the scanner in pieces: look at `virus` at the end. Without a scanner it sees nothing."""

    def __init__(self) -> None:
        self.virus: str | None = None
        self._socket = _connected()

    def __enter__(self) -> "Scan":
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        if self._socket is not None:
            self._socket.close()

    def passing(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces, each shown to the scanner first. Raises ScannerSilent."""
        for piece in pieces:
            self._send(len(piece).to_bytes(4, "big") + piece)
            yield piece
        self._send(bytes(4))
        self.virus = self._verdict()

    def _send(self, data: bytes) -> None:
        if self._socket is None:
            return
        try:
            self._socket.sendall(data)
        except OSError as broken:  # it hung up: its last word says why
            self._verdict()
            raise ScannerSilent from broken

    def _verdict(self) -> str | None:
        if self._socket is None:
            return None
        answer = b""
        try:
            while not answer.endswith(b"\0") and (more := self._socket.recv(1024)):
                answer += more
        except OSError as broken:
            raise ScannerSilent from broken
        text = answer.strip(b"\0\n").decode("utf-8", "replace").removeprefix("stream: ")
        if text == "OK":
            return None
        if text.endswith(" FOUND"):
            return text.removesuffix(" FOUND")
        raise ScannerTooSmall if "size limit" in text else ScannerSilent


def _connected() -> socket.socket | None:
    address = settings().clamd_address
    if not address:
        return None
    try:
        if address.startswith("unix:"):
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            made.settimeout(_PATIENCE_SECONDS)
            made.connect(address.removeprefix("unix:"))
        else:
            host, _, port = address.rpartition(":")
            made = socket.create_connection((host, int(port)), timeout=_PATIENCE_SECONDS)
        made.sendall(b"zINSTREAM\0")
    except OSError as broken:
        raise ScannerSilent from broken
    return made
