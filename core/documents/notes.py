"""A debit or credit note as PDF/A-3a, made from its frozen payload only; the e-invoice lies within (§8)."""

import json

from markupsafe import Markup
from weasyprint import Attachment

from core.documents import pdf, qr, ubl
from core.vocabulary import FileKind, Language, NoteKind, PayerKind

_QR_TITLES = {Language.DUTCH: "QR-code voor betaling", Language.ENGLISH: "QR code for payment"}


def render(payload: str, kind: FileKind) -> bytes:
    """The file of a note; a copy says that the institution pays it (D6). The same payload gives the same bytes.

    Raises ubl.NotForUbl when an e-invoice is asked that the note does not have (:func:`kinds`).
    """
    if kind is FileKind.UBL:
        return ubl.render(payload)
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
    return pdf.rendered(
        "note.html",
        language,
        context,
        identifier=facts["number"] + suffix,
        variant="pdf/a-3a",
        attachments=[_e_invoice(payload, facts["number"])]
        if kind is FileKind.ORIGINAL and ubl.applies(payload)
        else [],
    )


def kinds(payload: str) -> tuple[FileKind, ...]:
    """Which files a note has: a copy for the participant when an institution pays, an e-invoice if that has a KBO."""
    if json.loads(payload)["payer"]["kind"] != PayerKind.INSTITUTION:
        return (FileKind.ORIGINAL,)
    more = (FileKind.UBL,) if ubl.applies(payload) else ()
    return (FileKind.ORIGINAL, FileKind.COPY, *more)


def media_type(kind: FileKind) -> str:
    """What kind of file it is to a browser."""
    return ubl.MEDIA_TYPE if kind is FileKind.UBL else pdf.MEDIA_TYPE


def _e_invoice(payload: str, number: str) -> Attachment:
    moment = ubl.made_at(payload)
    return Attachment(
        string=ubl.render(payload),
        name=ubl.filename(number),
        description="UBL 2.1",
        relationship="Alternative",
        created=moment,
        modified=moment,
    )
