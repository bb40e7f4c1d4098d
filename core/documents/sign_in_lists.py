"""The sign-in list of a course day on paper: names, boxes to sign in, and a QR code a person for who has a phone."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from core.documents import pdf, qr
from core.vocabulary import Language

_QR_TITLES = {
    Language.DUTCH: "QR-code om {name} als aanwezig te noteren",
    Language.ENGLISH: "QR code to note {name} as present",
}


def to_pdf(facts: Mapping[str, Any], language: Language) -> bytes:
    """The list as PDF. `facts` come from `sign_in_lists.facts`; a line without an address to scan is to be named."""
    lines = [
        dict(line) | {"qr": _code(line["address"], line["name"], language) if line["address"] else ""}
        for line in facts["lines"]
    ]
    return pdf.rendered(
        "sign_in_list.html",
        language,
        {"sheet": dict(facts) | {"lines": lines}},
        identifier=f"sign-in-{facts['day_id']}",
        variant="pdf/a-2a",
    )


def _code(address: str, name: str, language: Language) -> Markup:
    return Markup(qr.link(address, title=_QR_TITLES[language].format(name=name)))  # noqa: S704 - our own SVG
