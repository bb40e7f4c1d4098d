"""The participants of a course as a list on paper and as a workbook."""

from collections.abc import Mapping, Sequence
from typing import Any

from core import clock
from core.documents import pdf, sheets
from core.documents.sheets import Column
from core.i18n import _, speaking
from core.vocabulary import Language


def to_xlsx(title: str, lines: Sequence[Mapping[str, Any]], language: Language) -> bytes:
    """The list as a workbook: how each can be reached and who pays; `lines` come from `one_course.facts`."""
    with speaking(language):
        columns = [
            Column(_("Name")),
            Column(_("E-mail address")),
            Column(_("Telephone")),
            Column(_("Function")),
            Column(_("Payer")),
            Column(_("Reference")),
            Column(_("State")),
            Column(_("Price"), "euro"),
        ]
        rows = [
            tuple(line[key] for key in ("name", "email", "phone", "function", "payer", "reference", "state", "cents"))
            for line in lines
        ]
        return sheets.workbook({_("Participants"): (columns, rows), _("Course"): ([Column(_("Title"))], [(title,)])})


def to_pdf(title: str, code: str, lines: Sequence[Mapping[str, Any]], language: Language) -> bytes:
    """The list on paper: names, schools, telephones."""
    facts = {
        "title": title,
        "code": code,
        "made_on": clock.today().isoformat(),
        "lines": list(lines),
    }
    return pdf.rendered(
        "participants.html", language, {"course": facts}, identifier=f"participants-{code}", variant="pdf/a-2a"
    )
