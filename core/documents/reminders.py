"""The letter of a reminder as PDF/A, made from its frozen payload only; the QR code asks what is open (§6, §10)."""

import json

from markupsafe import Markup

from core.documents import pdf, qr
from core.vocabulary import Language

_QR_TITLES = {Language.DUTCH: "QR-code voor betaling", Language.ENGLISH: "QR code for payment"}


def render(payload: str) -> bytes:
    """The letter; the same payload gives the same bytes."""
    facts = json.loads(payload)
    language = Language(facts["language"])
    code = qr.payment(
        **facts["payee"],
        cents=facts["open_cents"],
        ogm=facts["ogm"],
        slot=facts["epc_slot"],
        title=_QR_TITLES[language],
    )
    context = {"letter": facts, "qr": Markup(code)}  # noqa: S704 - our own SVG
    return pdf.rendered(
        "reminder.html", language, context, identifier=f"{facts['number']}-{facts['step']}", variant="pdf/a-2a"
    )
