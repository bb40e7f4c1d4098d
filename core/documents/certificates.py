"""A certificate of participation as PDF/A-2a, made from its frozen payload only."""

import json

from markupsafe import Markup

from core.documents import pdf, qr, seals
from core.vocabulary import Language

_QR_TITLES = {
    Language.DUTCH: "QR-code om dit attest te controleren",
    Language.ENGLISH: "QR code to check this certificate",
}


def render(payload: str) -> bytes:
    """The PDF of a certificate, sealed when there is a seal; without one the same payload gives the same bytes."""
    facts = json.loads(payload)
    language = Language(facts["language"])
    code = qr.link(facts["check_url"], title=_QR_TITLES[language])
    context = {"certificate": facts, "qr": Markup(code)}  # noqa: S704 - our own SVG
    made = pdf.rendered("certificate.html", language, context, identifier=facts["number"], variant="pdf/a-2a")
    return seals.sealed(made)
