"""A school year of an institution as PDF and as XLSX."""

from collections.abc import Mapping
from typing import Any

from core.documents import pdf, sheets
from core.documents.sheets import Column
from core.i18n import _, speaking
from core.vocabulary import Language


def to_pdf(facts: Mapping[str, Any], language: Language) -> bytes:
    """The overview on paper; `facts` come from `core.queries.overviews.facts`."""
    identifier = f"overview-{facts['school_year']}"
    return pdf.rendered("overview.html", language, {"overview": facts}, identifier=identifier, variant="pdf/a-2a")


def to_xlsx(facts: Mapping[str, Any], language: Language) -> bytes:
    """The overview as a workbook: one sheet of sums, one with a line a seat."""
    with speaking(language):
        sums = (
            [Column(_("What")), Column(_("How many"), "number")],
            [
                (_("Persons"), facts["persons"]),
                (_("Courses"), facts["courses"]),
                (_("Hours of training"), round(facts["minutes"] / 60, 2)),
                (_("Hours followed"), round(facts["followed"] / 60, 2)),
                (_("Certificates"), facts["certificates"]),
                (_("Cost in euro"), facts["cents"] / 100),
            ],
        )
        lines = (
            [
                Column(_("Participant")),
                Column(_("Code")),
                Column(_("Course")),
                Column(_("First day"), "date"),
                Column(_("Last day"), "date"),
                Column(_("State")),
                Column(_("Theme")),
                Column(_("Hours"), "hours"),
                Column(_("Hours followed"), "hours"),
                Column(_("Days missed"), "number"),
                Column(_("Certificate")),
                Column(_("Cost"), "euro"),
            ],
            [
                (
                    line["person"],
                    line["code"],
                    line["title"],
                    line["first_day"],
                    line["last_day"],
                    line["state"],
                    line["theme"],
                    line["minutes"],
                    line["followed"],
                    line["missed"],
                    line["number"],
                    line["cents"],
                )
                for line in facts["lines"]
            ],
        )
        return sheets.workbook({_("Overview"): sums, _("Enrolments"): lines})
