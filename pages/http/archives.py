"""Many files in one: ZIPs of notes and certificates, the overview of a school year. A ZIP is streamed as it is made."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from core import clock
from core.db import read
from core.documents import overviews as overview_documents
from core.documents import own_years as own_year_documents
from core.documents.sheets import MEDIA_TYPE as XLSX
from core.errors import DomainError
from core.i18n import _, say, set_language
from core.queries import billing, course_certificates, institutions, overviews, own_year, paid_enrolments
from core.queries.accounts import SignedIn
from core.queries.billing import StoredFile, WantedNotes
from core.queries.paid_enrolments import Period, Wanted
from core.rules import school_year as years
from core.vocabulary import ActorKind
from pages.http import downloads

MOST = 200


class _Pipe(io.RawIOBase):
    """Takes what the ZIP writes and gives it out piece by piece; it cannot go back."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.waiting += data
        return len(data)

    def take(self) -> bytes:
        """What was written since the last time."""
        piece, self.waiting = bytes(self.waiting), bytearray()
        return piece


def zipped(files: Iterator[StoredFile], at: datetime) -> Iterator[bytes]:
    """A ZIP of files, never whole in memory."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # a PDF is compressed already
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.filename, at.timetuple()[:6]), file.content)
            yield pipe.take()
    yield pipe.take()


def notes(request: Request) -> Response:
    """GET /download/notes.zip?person=&course=&year=: the stored PDFs of the notes that match."""

    def fetch(visitor: SignedIn) -> Response:
        asked = WantedNotes(*_words(request), _year(request))
        with read() as db:
            rows = billing.notes_of(db, visitor.actor, asked, limit=MOST)

        def files() -> Iterator[StoredFile]:
            for row in rows:
                if row.has_file:
                    with read() as db:
                        yield billing.note_file(db, visitor.actor, row.note_id, line=row.line)

        return _zip("notas.zip", files())

    return downloads.answered(request, fetch)


def certificates(request: Request) -> Response:
    """GET /download/certificates.zip?person=&course=&year=: certificates, made at first need."""

    def fetch(visitor: SignedIn) -> Response:
        year = _year(request)
        with read() as db:
            if visitor.actor.kind is ActorKind.PERSON:
                wanted = own_year.certified(db, visitor.actor, year)
            else:
                asked = Wanted(Period.CERTIFIED, *_words(request), year)
                rows = paid_enrolments.paid(db, visitor.actor, asked, size=MOST).rows
                wanted = tuple((row.enrolment_id, f"{row.person_name} – {row.course_title}") for row in rows)
        return _zip("attesten.zip", _certificates(visitor, wanted))

    return downloads.answered(request, fetch)


def course_certificates_zip(request: Request) -> Response:
    """GET /download/course/<id>/certificates.zip: of all who followed a course, for coordinators."""

    def fetch(visitor: SignedIn) -> Response:
        course_id = request.path_params["identity"]
        with read() as db:
            wanted = course_certificates.holders(db, visitor.actor, course_id)
        return _zip(f"attesten-{course_id}.zip", _certificates(visitor, wanted))

    return downloads.answered(request, fetch)


def _certificates(visitor: SignedIn, wanted: Sequence[tuple[int, str]]) -> Iterator[StoredFile]:
    """The certificates of these enrolments, made at first need; who gets none stands in a list, with the reason."""
    set_language(visitor.language)  # the answer is made piece by piece, in threads of its own
    without = []
    for enrolment_id, name in wanted:
        try:
            yield downloads.certificate_file(visitor.actor, enrolment_id, visitor.language)
        except DomainError as refused:
            without.append(f"{name}: {say(refused)}")
    if without:
        yield StoredFile(_("without-certificate.txt"), "text/plain", "\n".join([*without, ""]).encode())


def overview(request: Request) -> Response:
    """GET /download/overview.xlsx|pdf?year=: what the institution followed and paid in a school year.

    GET /download/institution/<id>/overview.xlsx|pdf: the same of any institution, for coordinators.
    """

    def fetch(visitor: SignedIn) -> Response:
        year = _year(request) or years.school_year(clock.today())
        with read() as db:
            asked = request.path_params.get("identity")
            school = institutions.one(db, visitor.actor, asked) if asked else institutions.own(db, visitor.actor)
            facts = overviews.facts(overviews.overview(db, visitor.actor, year, institution_id=asked), school.name)
        name = f"{_('overview')}-{facts['school_year']}"
        if request.url.path.endswith(".xlsx"):
            return downloads.file(StoredFile(f"{name}.xlsx", XLSX, overview_documents.to_xlsx(facts, visitor.language)))
        pdf = overview_documents.to_pdf(facts, visitor.language)
        return downloads.file(StoredFile(f"{name}.pdf", "application/pdf", pdf))

    return downloads.answered(request, fetch)


def dossier(request: Request) -> Response:
    """GET /download/dossier.xlsx|pdf?year=: what a person followed in a school year.

    GET /download/person/<id>/dossier.xlsx|pdf: the same of any person, for coordinators.
    """

    def fetch(visitor: SignedIn) -> Response:
        year = _year(request) or years.school_year(clock.today())
        with read() as db:
            facts = own_year.facts(own_year.of_year(db, visitor.actor, year, request.path_params.get("identity")))
        name = f"{_('training-record')}-{facts['school_year']}"
        if request.url.path.endswith(".xlsx"):
            return downloads.file(StoredFile(f"{name}.xlsx", XLSX, own_year_documents.to_xlsx(facts, visitor.language)))
        pdf = own_year_documents.to_pdf(facts, visitor.language)
        return downloads.file(StoredFile(f"{name}.pdf", "application/pdf", pdf))

    return downloads.answered(request, fetch)


def _zip(name: str, files: Iterator[StoredFile]) -> Response:
    pieces = zipped(files, clock.now().astimezone(clock.BRUSSELS))
    return StreamingResponse(pieces, media_type="application/zip", headers=downloads.headers(name))


def _words(request: Request) -> tuple[str, str]:
    """Part of a person's name, and part of a course's title or code."""
    return request.query_params.get("person", "")[:100], request.query_params.get("course", "")[:100]


def _year(request: Request) -> int | None:
    text = request.query_params.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and 2000 <= int(text) <= 2100 else None
