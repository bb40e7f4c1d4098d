"""The door of teachers: the mailed link leaves a cookie, so that their pages need no secret in the address.

The lists they print are open to coordinators too.
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from core import clock
from core.db import read
from core.documents import evaluation_sheets, sheets
from core.documents import sign_in_lists as documents
from core.errors import DomainError
from core.i18n import _, say, set_language
from core.queries import evaluation, sign_in_lists, teacher_links
from core.queries.accounts import SignedIn
from core.queries.billing import StoredFile
from core.services import attendance
from core.settings import settings
from pages.http import callers, downloads
from pages.http.callers import TEACHER_COOKIE

PATH = "/docent"
_LONGEST_SECRET = 200  # characters


def enter(request: Request) -> Response:
    """GET /docent?code=…: take the link into a cookie and go on without it; without a code the cookie goes away."""
    secret = request.query_params.get("code", "")[:_LONGEST_SECRET]
    response = RedirectResponse("/mijn-cursussen", status_code=303, headers={"Cache-Control": "no-store"})
    with read() as db:
        found = teacher_links.by_link(db, secret) if secret else None
    if found is None:
        response.delete_cookie(TEACHER_COOKIE, path="/")
        return response
    response.set_cookie(
        TEACHER_COOKIE,
        secret,
        max_age=int((found.until - clock.today() + timedelta(days=1)).total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings().public_url.startswith("https://"),
    )
    return response


def sign_in_list(request: Request) -> Response:
    """GET /download/day/<id>/sign-in.pdf: the list to sign on paper, for coordinators and who teaches the course."""
    who = callers.caller(request)
    if who is None:
        return RedirectResponse("/aanmelden", status_code=303)
    set_language(who.language)
    try:
        with read() as db:
            sheet = sign_in_lists.sheet(db, who.actor, request.path_params["identity"])
    except DomainError as refused:
        return PlainTextResponse(say(refused), status_code=404, headers={"Cache-Control": "no-store"})
    site = settings().public_url
    addresses = {
        line.enrolment_id: f"{site}/aanwezig?code={attendance.code_of(line.enrolment_id, sheet.day_id)}"
        for line in sheet.lines
    }
    content = documents.to_pdf(sign_in_lists.facts(sheet, addresses), who.language)
    name = f"{_('sign-in list')}-{sheet.course_code.replace('/', '-')}-{sheet.held_on.isoformat()}.pdf"
    return downloads.file(StoredFile(name, "application/pdf", content))


def evaluations(request: Request) -> Response:
    """GET /download/course/<id>/evaluations.xlsx: the evaluations of a course, for coordinators only."""

    def fetch(visitor: SignedIn) -> Response:
        with read() as db:
            results = evaluation.of_course(db, visitor.actor, request.path_params["identity"])
            heads, lines = evaluation.forms(db, visitor.actor, request.path_params["identity"])
        content = evaluation_sheets.workbook(evaluation.lines(results), heads, lines)
        return downloads.file(StoredFile(f"{_('evaluations')}.xlsx", sheets.MEDIA_TYPE, content))

    return downloads.answered(request, fetch)
