"""A debit or credit note as PDF/A-3a, made from its frozen payload only."""

import json

from markupsafe import Markup

from core.documents import pdf, qr
from core.vocabulary import FileKind, Language, NoteKind

_QR_TITLES = {Language.DUTCH: "QR-code voor betaling", Language.ENGLISH: "QR code for payment"}


def render(payload: str, kind: FileKind) -> bytes:
    """The PDF of a note; a copy says that the institution pays it (D6). The same payload gives the same bytes."""
    facts = json.loads(payload)
    language = Language(facts["language"])
    code = ""
    if facts["kind"] == NoteKind.DEBIT and kind is FileKind.ORIGINAL:
        code = qr.payment(
            name=facts["payee"]["name"],
            iban=facts["payee"]["iban"],
            bic=facts["payee"]["bic"],
            cents=facts["total_cents"],
            ogm=facts["ogm"],
            slot=facts["epc_slot"],
            title=_QR_TITLES[language],
        )
    context = {"note": facts, "is_copy": kind is FileKind.COPY, "qr": Markup(code)}  # noqa: S704 - our own SVG
    suffix = "-copy" if kind is FileKind.COPY else ""
    return pdf.rendered("note.html", language, context, identifier=facts["number"] + suffix, variant="pdf/a-3a")
