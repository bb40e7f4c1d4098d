"""The evaluations of a course as a workbook: the averages, the counts, and every form as a line, in no order."""

from collections.abc import Sequence

from core.documents import sheets
from core.documents.sheets import Column
from core.i18n import _


def workbook(results: Sequence[Sequence[object]], questions: Sequence[str], forms: Sequence[Sequence[str]]) -> bytes:
    """One sheet with what came of each question (see `evaluation.lines`), one with the forms."""
    columns = [
        Column(_("Question")),
        Column(_("Answer")),
        Column(_("Number"), "number"),
        Column(_("Average"), "number"),
    ]
    return sheets.workbook(
        {_("Results"): (columns, results), _("Forms"): ([Column(question) for question in questions], forms)}
    )
