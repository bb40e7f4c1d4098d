"""What a browser fetches outside Streamlit."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from pages.http import (
    agenda,
    archives,
    downloads,
    finance,
    lists,
    metrics,
    reports,
    session,
    statements,
    teaching,
    uploads,
)

_HIDDEN = ("/attest", "/bevestigen", "/download", "/agenda", "/docent", "/aanwezig")


def check_certificate(request: Request) -> Response:
    """GET /attest/<code>, the address in a certificate's QR code: on to the check page."""
    return RedirectResponse(f"/attest-controleren?code={request.path_params['code'][:40]}", status_code=307)


def robots(_request: Request) -> Response:
    """GET /robots.txt: the catalogue may be found, the rest not."""
    return PlainTextResponse("User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in _HIDDEN))


ROUTES = [
    Route(session.PATH, session.post_ticket, methods=["POST"]),
    Route("/attest/{code}", check_certificate),
    Route("/robots.txt", robots),
    Route("/agenda/{secret}.ics", agenda.feed),
    Route(metrics.PATH, metrics.figures),
    Route("/download/note/{identity:int}", downloads.note),
    Route("/download/reminder/{identity:int}", downloads.reminder),
    Route("/download/statement.pdf", statements.own),
    Route("/download/institution/{identity:int}/statement.pdf", statements.of_institution),
    Route("/download/person/{identity:int}/statement.pdf", statements.of_person),
    Route("/download/certificate/{identity:int}", downloads.certificate),
    Route("/download/notes.zip", archives.notes),
    Route("/download/certificates.zip", archives.certificates),
    Route("/download/overview.{kind:str}", archives.overview),
    Route("/download/dossier.{kind:str}", archives.dossier),
    Route("/download/institution/{identity:int}/overview.xlsx", archives.overview),
    Route("/download/institution/{identity:int}/overview.pdf", archives.overview),
    Route("/download/person/{identity:int}/dossier.xlsx", archives.dossier),
    Route("/download/person/{identity:int}/dossier.pdf", archives.dossier),
    Route("/download/course/{identity:int}/participants.xlsx", lists.of_course),
    Route("/download/course/{identity:int}/participants.pdf", lists.of_course),
    Route(teaching.PATH, teaching.enter),
    Route("/download/course/{identity:int}/evaluations.xlsx", teaching.evaluations),
    Route("/download/day/{identity:int}/sign-in.pdf", teaching.sign_in_list),
    Route("/download/course/{identity:int}/certificates.zip", archives.course_certificates_zip),
    Route("/download/report.xlsx", reports.workbook),
    Route("/download/open-amounts.xlsx", finance.open_amounts),
    Route("/download/ledger/{identity:int}.csv", finance.ledger),
    Route("/download/ledger/{identity:int}.xlsx", finance.ledger),
    Route("/download/material/{identity:int}", downloads.material),
    Route("/upload/material", uploads.announce, methods=["POST"]),
    Route("/upload/material/{key}", uploads.one, methods=["GET", "PATCH", "DELETE"]),
    Route("/upload/material/{key}/finish", uploads.finish, methods=["POST"]),
    Route("/download/calendar/{identity:int}.ics", downloads.calendar),
    Route("/download/attachment/{identity:int}", downloads.attachment),
    Route("/download/mail/{identity:int}", downloads.mail),
]
