"""Large files in answers: whole or a part, resumable, never whole in memory (RFC 9110 §13–14)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

_ONE_RANGE = re.compile(r"bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Large:
    """A file to stream: `pieces(start, stop)` gives its bytes; `etag` is a strong one, with its quotes, or empty."""

    size: int
    media_type: str
    etag: str
    pieces: Callable[[int, int], Iterator[bytes]]


class NotInFile(Exception):
    """A part that the file does not have."""


def wanted(header: str | None, size: int) -> tuple[int, int] | None:
    """The part that a Range header asks for, from a byte up to before another; None for the whole file.

    Several parts at once, and what is no Range, are answered with the whole, as RFC 9110 allows. Raises NotInFile.
    """
    found = _ONE_RANGE.fullmatch(header or "")
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        last = int(found[2])
        if last == 0 or size == 0:
            raise NotInFile
        return max(0, size - last), size
    start = int(found[1])
    if found[2] and int(found[2]) < start:
        return None
    if start >= size:
        raise NotInFile
    return start, min(size, int(found[2]) + 1) if found[2] else size


def answer(request: Request, large: Large, headers: dict[str, str]) -> Response:
    """The file, or the part that is asked for: 200, 206, 304 or 416; HEAD gets the same without a byte."""
    sent = headers | {"Accept-Ranges": "bytes", "Content-Type": large.media_type}
    if large.etag:
        sent["ETag"] = large.etag
        if large.etag in _tags(request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=sent)
    try:
        part = wanted(request.headers.get("range"), large.size) if _may_go_on(request, large) else None
    except NotInFile:
        return Response(status_code=416, headers=sent | {"Content-Range": f"bytes */{large.size}"})
    start, stop = part or (0, large.size)
    sent["Content-Length"] = str(stop - start)
    status = 200
    if part is not None:
        status = 206
        sent["Content-Range"] = f"bytes {start}-{stop - 1}/{large.size}"
    if request.method == "HEAD":
        return Response(status_code=status, headers=sent)
    return StreamingResponse(large.pieces(start, stop), status_code=status, headers=sent)


def _may_go_on(request: Request, large: Large) -> bool:
    """Whether the part fits what was fetched before: a file that changed since is sent whole (If-Range)."""
    condition = request.headers.get("if-range")
    return condition is None or bool(large.etag and condition.strip() == large.etag)


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]
