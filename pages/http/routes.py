"""What a browser fetches outside Streamlit."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from pages.http import archives, downloads, finance, lists, metrics, reports, session, statements, teaching


def check_certificate(request: Request) -> Response:
    """GET /attest/<code>, the address in a certificate's QR code: on to the check page."""
    return RedirectResponse(f"/attest-controleren?code={request.path_params['code'][:40]}", status_code=307)


def robots(_request: Request) -> Response:
    """GET /robots.txt: the catalogue may be found, the rest not."""
    hidden = ("/attest", "/bevestigen", "/download", "/docent", "/aanwezig")
    return PlainTextResponse("User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in hidden))


ROUTES = [
    Route(session.PATH, session.post_ticket, methods=["POST"]),
    Route("/attest/{code}", check_certificate),
    Route("/robots.txt", robots),
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
    Route("/download/course/{identity:int}/participants.xlsx", lists.of_course),
    Route("/download/course/{identity:int}/participants.pdf", lists.of_course),
    Route(teaching.PATH, teaching.enter),
    Route("/download/course/{identity:int}/evaluations.xlsx", teaching.evaluations),
    Route("/download/day/{identity:int}/sign-in.pdf", teaching.sign_in_list),
    Route("/download/report.xlsx", reports.workbook),
    Route("/download/open-amounts.xlsx", finance.open_amounts),
    Route("/download/material/{identity:int}", downloads.material),
    Route("/download/calendar/{identity:int}.ics", downloads.calendar),
    Route("/download/attachment/{identity:int}", downloads.attachment),
    Route("/download/mail/{identity:int}", downloads.mail),
]
