"""The participants of a course as a list on paper and as a workbook."""

from collections.abc import Mapping, Sequence
from typing import Any

from core import clock
from core.documents import pdf, sheets
from core.documents.sheets import Column
from core.i18n import _, speaking
from core.vocabulary import Language


def to_xlsx(title: str, lines: Sequence[Mapping[str, Any]], language: Language, questions: Sequence[str] = ()) -> bytes:
    """The list as a workbook: how each can be reached, who pays, what was answered to each of the questions.

    `lines` come from `one_course.facts`.
    """
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
            *map(Column, questions),
        ]
        keys = ("name", "email", "phone", "function", "payer", "reference", "state", "cents")
        rows = [(*(line[key] for key in keys), *(line["answers"] or [""] * len(questions))) for line in lines]
        return sheets.workbook({_("Participants"): (columns, rows), _("Course"): ([Column(_("Title"))], [(title,)])})


def to_pdf(
    title: str, code: str, lines: Sequence[Mapping[str, Any]], language: Language, questions: Sequence[str] = ()
) -> bytes:
    """The list on paper: names, schools, telephones; below each name what was answered."""
    facts = {
        "title": title,
        "code": code,
        "made_on": clock.today().isoformat(),
        "lines": [dict(line) | {"answers": _answered(questions, line["answers"])} for line in lines],
    }
    return pdf.rendered(
        "participants.html", language, {"course": facts}, identifier=f"participants-{code}", variant="pdf/a-2a"
    )


def _answered(questions: Sequence[str], given: Sequence[str]) -> list[dict[str, str]]:
    """The questions that somebody answered, with the answer."""
    return [{"question": text, "answer": answer} for text, answer in zip(questions, given, strict=False) if answer]
