"""Lists of a course that a coordinator downloads."""

from starlette.requests import Request
from starlette.responses import Response

from core.db import read
from core.documents import participants
from core.documents.sheets import MEDIA_TYPE as XLSX
from core.i18n import _
from core.queries import one_course, questions
from core.queries.accounts import SignedIn
from core.queries.billing import StoredFile
from pages.http import downloads


def of_course(request: Request) -> Response:
    """GET /download/course/<id>/participants.xlsx|pdf: who has a seat, for coordinators only."""

    def fetch(visitor: SignedIn) -> Response:
        course_id = request.path_params["identity"]
        with read() as db:
            title, code = one_course.title_of(db, visitor.actor, course_id)
            asked, answers = questions.sheet(db, visitor.actor, course_id)
            lines = one_course.facts(one_course.lines(db, visitor.actor, course_id), answers)
        name = f"{_('participants')}-{code.replace('/', '-')}"
        if request.url.path.endswith(".xlsx"):
            content = participants.to_xlsx(title, lines, visitor.language, asked)
            return downloads.file(StoredFile(f"{name}.xlsx", XLSX, content))
        content = participants.to_pdf(title, code, lines, visitor.language, asked)
        return downloads.file(StoredFile(f"{name}.pdf", "application/pdf", content))

    return downloads.answered(request, fetch)
