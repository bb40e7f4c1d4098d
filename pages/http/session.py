"""The cookie door: a single-use ticket goes in, an HttpOnly cookie comes out. Only its hash is kept on the server."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from core.db import read, write
from core.queries.accounts import SignedIn
from core.services import sign_ins
from core.settings import settings

COOKIE = "cno_sign_in"
PATH = "/sessie"
_LONGEST_TICKET = 200  # bytes


def take_ticket(ticket: str) -> Response:
    """Exchange a ticket for the cookie; a used, old or made-up ticket gets 403."""
    with write() as db:
        secret = sign_ins.redeem_ticket(db, ticket)
    if secret is None:
        return Response(status_code=403)
    response = Response(status_code=204, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE,
        secret,
        max_age=settings().sign_in_days * 24 * 3600,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings().public_url.startswith("https://"),
    )
    return response


def signed_in(request: Request) -> SignedIn | None:
    """Who sends this request, by the cookie."""
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    with read() as db:
        return sign_ins.by_cookie(db, secret)


async def post_ticket(request: Request) -> Response:
    """POST /sessie: the ticket is the body."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_TICKET:
            return Response(status_code=413)
    return await run_in_threadpool(take_ticket, body.decode("ascii", "replace"))
