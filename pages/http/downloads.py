"""Files, after the cookie was checked: notes, certificates, material, calendars. What is not yours looks unknown."""

from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from core import calendar as calendars
from core import storage
from core.db import read, write
from core.documents import certificates as certificate_documents
from core.errors import DomainError
from core.i18n import N_, say, set_language
from core.queries import billing, certificates, inbox, reminders_sent
from core.queries import material as material_queries
from core.queries.accounts import SignedIn
from core.queries.billing import StoredFile
from core.services import certificates as certificate_services
from core.vocabulary import Actor, FileKind, Language
from pages.http import callers, ranges
from pages.http.ranges import Large
from pages.http.session import signed_in


class MaterialGone(DomainError):
    """A file that the storage lost."""

    message = N_("This file cannot be found in the storage. Tell us, and we add it again.")


def answered(request: Request, fetch: Callable[[SignedIn], Response]) -> Response:
    """What `fetch` makes for who is signed in; a visitor is sent to the sign-in page, a refusal is said in words."""
    visitor = signed_in(request)
    if visitor is None:
        return RedirectResponse("/aanmelden", status_code=303)
    set_language(visitor.language)
    try:
        return fetch(visitor)
    except DomainError as refused:
        return PlainTextResponse(say(refused), status_code=404, headers={"Cache-Control": "no-store"})


def _answer(request: Request, fetch: Callable[[SignedIn, int], Response]) -> Response:
    return answered(request, lambda visitor: fetch(visitor, request.path_params["identity"]))


def file(stored: StoredFile) -> Response:
    """A stored file as a download."""
    return Response(stored.content, media_type=stored.media_type, headers=headers(stored.filename))


def headers(filename: str) -> dict[str, str]:
    """The headers of a download; nothing of it is kept by anybody in between."""
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}",
        "Cache-Control": "private, no-store",
    }


def note(request: Request) -> Response:
    """GET /download/note/<id>: the stored PDF of a debit or credit note; with `?soort=ubl` its e-invoice.

    With `?lijn=2` the copy of that own line, for a participant of a note of several lines.
    """

    def fetch(visitor: SignedIn, note_id: int) -> Response:
        is_e_invoice = request.query_params.get("soort") == FileKind.UBL
        with read() as db:
            return file(billing.note_file(db, visitor.actor, note_id, is_e_invoice=is_e_invoice, line=_line(request)))

    return _answer(request, fetch)


def _line(request: Request) -> int | None:
    text = request.query_params.get("lijn", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def reminder(request: Request) -> Response:
    """GET /download/reminder/<id>: the letter of a reminder as it left, for who pays the note."""

    def fetch(visitor: SignedIn, reminder_id: int) -> Response:
        with read() as db:
            return file(reminders_sent.letter(db, visitor.actor, reminder_id))

    return _answer(request, fetch)


def certificate(request: Request) -> Response:
    """GET /download/certificate/<enrolment>: the certificate, issued and rendered at first need (R25: one click)."""

    def fetch(visitor: SignedIn, enrolment_id: int) -> Response:
        return file(certificate_file(visitor.actor, enrolment_id, visitor.language))

    return _answer(request, fetch)


def certificate_file(actor: Actor, enrolment_id: int, language: Language) -> StoredFile:
    """Numbered in one transaction, rendered in none, stored in another; a crash between them loses nothing."""
    with write() as db:
        certificate_id = certificate_services.issue(db, actor, enrolment_id, language)
    with read() as db:
        stored = certificates.file(db, actor, certificate_id)
        payload = certificates.payload(db, actor, certificate_id)
    if stored is None:
        content = certificate_documents.render(payload)
        with write() as db:
            certificate_services.store_file(db, actor, certificate_id, content)
        with read() as db:
            stored = certificates.file(db, actor, certificate_id)
    if stored is None:
        raise LookupError("a certificate that was just stored is gone")
    return stored


def material(request: Request) -> Response:
    """GET /download/material/<id>: a file of a course, streamed chunk by chunk, whole or from where it broke off.

    Of who is signed in and came by a teacher's link as well, either may have it.
    """
    asking = callers.callers(request)
    if not asking:
        return RedirectResponse("/aanmelden", status_code=303)
    for who in asking:
        set_language(who.language)
        try:
            return _material(request, who.actor)
        except DomainError as found:
            refused = found
    return PlainTextResponse(say(refused), status_code=404, headers={"Cache-Control": "no-store"})


def _material(request: Request, actor: Actor) -> Response:
    with read() as db:
        row = material_queries.material_file(db, actor, request.path_params["identity"])
    if not storage.exists(row.storage_key):
        raise MaterialGone
    etag = f'"{row.sha256}"' if row.sha256 else ""
    large = Large(row.size, row.media_type, etag, lambda start, stop: storage.chunks(row.storage_key, start, stop))
    return ranges.answer(request, large, headers(row.filename))


def calendar(request: Request) -> Response:
    """GET /download/calendar/<enrolment>.ics: the course days for the own diary."""

    def fetch(visitor: SignedIn, enrolment_id: int) -> Response:
        with read() as db:
            content = calendars.of_enrolment(db, visitor.actor, enrolment_id)
        return file(StoredFile("nascholing.ics", "text/calendar; charset=utf-8", content))

    return _answer(request, fetch)


def mail(request: Request) -> Response:
    """GET /download/mail/<id>: a received mail as it came, for coordinators only."""

    def fetch(visitor: SignedIn, mail_id: int) -> Response:
        with read() as db:
            raw = inbox.raw_mail(db, visitor.actor, mail_id)
        return file(StoredFile(f"mail-{mail_id}.eml", "message/rfc822", raw))

    return _answer(request, fetch)


def attachment(request: Request) -> Response:
    """GET /download/attachment/<id>: what hangs on a received mail, for coordinators; to be saved, never shown."""

    def fetch(visitor: SignedIn, attachment_id: int) -> Response:
        with read() as db:
            row, content = inbox.attachment(db, visitor.actor, attachment_id)
        return file(StoredFile(row.filename, "application/octet-stream", content))

    return _answer(request, fetch)
