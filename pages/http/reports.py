"""A report as XLSX, for coordinators."""

from datetime import date
from enum import StrEnum
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from core import clock
from core.db import read
from core.documents.reports import to_xlsx
from core.documents.sheets import MEDIA_TYPE
from core.queries import reports
from core.queries.accounts import SignedIn
from core.queries.billing import StoredFile
from core.queries.reports import Per, ReportKind
from core.queries.reports.words import period_words
from core.rules.periods import Preset, span_of
from pages.http import downloads

Member = TypeVar("Member", bound=StrEnum)


def workbook(request: Request) -> Response:
    """GET /download/report.xlsx?rapport=&periode=&van=&tot=&per=: what «Rapporten» shows at the same address."""

    def fetch(visitor: SignedIn) -> Response:
        asked = request.query_params
        kind = _member(ReportKind, asked.get("rapport"), ReportKind.ENROLMENTS)
        preset = _member(Preset, asked.get("periode"), Preset.SCHOOL_YEAR)
        period = span_of(preset, clock.today(), _day(asked.get("van")), _day(asked.get("tot")))
        per = _member(Per, asked.get("per"), Per.LEVEL)
        with read() as db:
            found = reports.report(db, visitor.actor, kind, period, per)
        content = to_xlsx(reports.told(found), period_words(period.so_far(clock.today())))
        return downloads.file(StoredFile(f"{kind}-{period.first}-{period.last}.xlsx", MEDIA_TYPE, content))

    return downloads.answered(request, fetch)


def _member(kind: type[Member], text: str | None, otherwise: Member) -> Member:
    return next((member for member in kind if member.value == text), otherwise)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
