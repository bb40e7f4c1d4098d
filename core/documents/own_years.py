"""A school year of a person as PDF and as XLSX."""

from collections.abc import Mapping
from typing import Any

from core.documents import pdf, sheets
from core.documents.sheets import Column
from core.i18n import _, speaking
from core.vocabulary import Language


def to_pdf(facts: Mapping[str, Any], language: Language) -> bytes:
    """The dossier on paper; `facts` come from `core.queries.own_year.facts`."""
    identifier = f"dossier-{facts['school_year']}"
    return pdf.rendered("own_year.html", language, {"dossier": facts}, identifier=identifier, variant="pdf/a-2a")


def to_xlsx(facts: Mapping[str, Any], language: Language) -> bytes:
    """The dossier as a workbook: one sheet with a line a course, one with the hours by theme."""
    with speaking(language):
        lines = (
            [
                Column(_("Code")),
                Column(_("Course")),
                Column(_("First day"), "date"),
                Column(_("Last day"), "date"),
                Column(_("Hours given"), "hours"),
                Column(_("Hours followed"), "hours"),
                Column(_("Days missed"), "number"),
                Column(_("Theme")),
                Column(_("Certificate")),
            ],
            [
                (
                    line["code"],
                    line["title"],
                    line["first_day"],
                    line["last_day"],
                    line["given"],
                    line["followed"],
                    line["missed"],
                    line["themes"],
                    line["number"],
                )
                for line in facts["lines"]
            ],
        )
        themes = ([Column(_("Theme")), Column(_("Hours followed"), "hours")], list(facts["themes"]))
        return sheets.workbook({_("Courses"): lines, _("Theme"): themes})
