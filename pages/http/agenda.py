"""A calendar by subscription: who knows the secret address reads it, without signing in."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from core.db import read
from core.queries import calendar_feeds

_LONGEST_SECRET = 100


def feed(request: Request) -> Response:
    """GET /agenda/<secret>.ics: the courses of a person or an institution; 304 while nothing changed."""
    secret = request.path_params["secret"]
    found = None
    if len(secret) <= _LONGEST_SECRET:
        with read() as db:
            found = calendar_feeds.feed(db, secret)
    if found is None:
        return PlainTextResponse("404", status_code=404, headers={"Cache-Control": "no-store"})
    headers = {
        "ETag": f'"{found.etag}"',
        "Cache-Control": "private, no-cache",
        "Content-Disposition": 'inline; filename="cno.ics"',
    }
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if headers["ETag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type="text/calendar; charset=utf-8", headers=headers)
