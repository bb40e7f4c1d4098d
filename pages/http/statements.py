"""A statement of account as PDF, made when it is asked for."""

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from core.db import read
from core.documents import statements as documents
from core.i18n import _
from core.queries import statements
from core.queries.accounts import SignedIn
from core.queries.billing import StoredFile
from core.rules.proposals import Payer
from core.services import statements as services
from core.vocabulary import PayerKind
from pages.http import downloads


def own(request: Request) -> Response:
    """GET /download/statement.pdf?van=&tot=: the account of who is signed in."""
    return _answered(request, None)


def of_institution(request: Request) -> Response:
    """GET /download/institution/<id>/statement.pdf?van=&tot=: that of an institution."""
    return _answered(request, (PayerKind.INSTITUTION, request.path_params["identity"]))


def of_person(request: Request) -> Response:
    """GET /download/person/<id>/statement.pdf?van=&tot=: that of a person."""
    return _answered(request, (PayerKind.PERSON, request.path_params["identity"]))


def _answered(request: Request, payer: Payer | None) -> Response:
    def fetch(visitor: SignedIn) -> Response:
        first, last = statements.usual_period()
        first = _day(request.query_params.get("van"), first)
        last = _day(request.query_params.get("tot"), last)
        with read() as db:
            facts = services.facts(db, statements.of(db, visitor.actor, payer, first, last))
        content = documents.to_pdf(facts, visitor.language)
        return downloads.file(StoredFile(f"{_('statement-of-account')}-{first}-{last}.pdf", "application/pdf", content))

    return downloads.answered(request, fetch)


def _day(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise
