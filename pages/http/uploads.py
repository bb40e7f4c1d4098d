"""Course material on its way in: pieces of a file, resumable, so that no large file is ever whole in memory.

POST /upload/material announces a file and names it; PATCH /upload/material/<key>?at=… brings the piece at that byte;
GET says how far it is; POST /upload/material/<key>/finish makes it material; DELETE gives up. For coordinators, and for
teachers by the cookie of their mailed link.
"""

import json
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core import storage
from core.db import read, write
from core.errors import DomainError
from core.i18n import say, set_language
from core.scanning import Infected
from core.services import material_uploads as services
from core.services.material_uploads import PIECE, OutOfStep, Upload
from pages.http.callers import Caller, caller

#: A header that no form and no other website can send without asking (RFC 6454): what forges a request lacks it.
MARK = "x-cno-upload"
_LONGEST_ANNOUNCEMENT = 4096
_KEPT_APART = {"Cache-Control": "no-store"}
Act = Callable[[Caller], Response]


def _told(upload: Upload, status: int = 200) -> Response:
    told = {"key": upload.key, "received": upload.received, "size": upload.size, "piece": PIECE}
    return JSONResponse(told, status_code=status, headers=_KEPT_APART)


def _refused(status: int, message: str = "") -> Response:
    return JSONResponse({"message": message}, status_code=status, headers=_KEPT_APART)


def is_forged(request: Request) -> bool:
    """Whether a request may come from another website: without our mark, or as the browser itself says."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    return MARK not in request.headers or site not in ("same-origin", "none")


async def _answered(request: Request, act: Act) -> Response:
    """What `act` answers to who is signed in, in a thread of its own; a refusal is said in words."""
    if is_forged(request):
        return _refused(403)

    def do() -> Response:
        visitor = caller(request)
        if visitor is None:
            return _refused(401)
        set_language(visitor.language)
        try:
            return act(visitor)
        except OutOfStep as refused:
            return _refused(409, say(refused))
        except DomainError as refused:
            return _refused(422, say(refused))

    return await run_in_threadpool(do)


async def _body(request: Request, longest: int) -> bytearray | None:
    """What a request brings, not copied once more; None when that is more than it may be."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > longest:
            return None
    return body


async def announce(request: Request) -> Response:
    """POST /upload/material: a file of this name and size comes for a course."""
    if is_forged(request):
        return _refused(403)
    body = await _body(request, _LONGEST_ANNOUNCEMENT)
    if body is None:
        return _refused(413)
    try:
        asked = json.loads(body)
        numbers = {name: _number(asked.get(name)) for name in ("course", "day", "replaces", "size")}
        filename = str(asked["name"])
    except (ValueError, KeyError, AttributeError, TypeError):
        return _refused(400)

    def act(visitor: Caller) -> Response:
        with write() as db:
            return _told(
                services.begin(
                    db,
                    visitor.actor,
                    numbers["course"] or 0,
                    filename,
                    numbers["size"] or 0,
                    day_id=numbers["day"],
                    replaces_id=numbers["replaces"],
                ),
                201,
            )

    return await _answered(request, act)


async def one(request: Request) -> Response:
    """GET, PATCH and DELETE /upload/material/<key>: how far it is, its next piece, no more of it."""
    key = request.path_params["key"]
    if request.method == "PATCH":
        return await _piece(request, key)

    def act(visitor: Caller) -> Response:
        if request.method == "DELETE":
            with write() as db:
                services.give_up(db, visitor.actor, key)
            services.forget_pieces(key)
            return Response(status_code=204)
        with read() as db:
            return _told(services.look(db, visitor.actor, key))

    return await _answered(request, act)


async def _piece(request: Request, key: str) -> Response:
    """The piece at a byte: stored first, then counted, so that one that breaks off is simply sent again."""
    if is_forged(request):
        return _refused(403)
    at = _number(request.query_params.get("at"))

    def expected(visitor: Caller) -> Response:
        with read() as db:
            services.check_piece(services.look(db, visitor.actor, key), at if at is not None else -1, _length(request))
        return Response(status_code=204)

    answer = await _answered(request, expected)  # before a byte of it is read
    if answer.status_code != 204:
        return answer
    body = await _body(request, PIECE)
    if body is None or len(body) != _length(request):
        return _refused(400)

    def act(visitor: Caller) -> Response:
        storage.write(services.piece_key(key, at or 0), (body,))
        with write() as db:
            return _told(services.advance(db, visitor.actor, key, at or 0, len(body)))

    return await _answered(request, act)


async def finish(request: Request) -> Response:
    """POST /upload/material/<key>/finish: put together, looked at, scanned, and from now on course material."""
    key = request.path_params["key"]

    def act(visitor: Caller) -> Response:
        with read() as db:
            upload = services.look(db, visitor.actor, key)
        try:
            stored = services.assembled(upload)
        except Infected as found:
            with write() as db:
                services.refuse(db, visitor.actor, key, str(found.fields["virus"]))
            services.forget_pieces(key)
            raise
        try:
            with write() as db:
                identity = services.finish(db, visitor.actor, key, stored)
        except BaseException:
            storage.remove(stored.storage_key)
            raise
        services.forget_pieces(key)
        return JSONResponse({"id": identity}, status_code=201, headers=_KEPT_APART)

    return await _answered(request, act)


def _length(request: Request) -> int:
    return _number(request.headers.get("content-length")) or 0


def _number(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 13 else None
