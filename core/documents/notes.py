"""A debit or credit note as PDF/A-3a, made from its frozen payload only; the e-invoice lies within (§8)."""

import json
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from weasyprint import Attachment

from core.documents import pdf, qr, ubl
from core.vocabulary import FileKind, Language, NoteKind, PayerKind

_QR_TITLES = {Language.DUTCH: "QR-code voor betaling", Language.ENGLISH: "QR code for payment"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files of a note: of the whole note, and of one of several lines a copy for whom it names, by position."""

    files: dict[FileKind, bytes]
    copies: dict[int, bytes]


def rendered(payload: str) -> Rendered:
    """All files that a note has. The same payload gives the same bytes."""
    return Rendered(
        {kind: render(payload, kind) for kind in kinds(payload)},
        {position: render(payload, FileKind.COPY, position) for position in copied_lines(payload)},
    )


def render(payload: str, kind: FileKind, position: int = 0) -> bytes:
    """A file of a note; a copy says that the institution pays it (D6), at a position it holds that line alone.

    Raises ubl.NotForUbl when an e-invoice is asked that the note does not have (:func:`kinds`).
    """
    if kind is FileKind.UBL:
        return ubl.render(payload)
    facts = json.loads(payload)
    language = Language(facts["language"])
    is_copy, suffix = kind is FileKind.COPY, ""
    if is_copy:
        suffix = f"-copy-{position}" if position else "-copy"
    if position:
        _reduce(facts, position)
    context = {
        "note": facts,
        "is_copy": is_copy,
        "is_part": bool(position),
        "qr": Markup("" if is_copy else _qr(facts, language)),  # noqa: S704 - our own SVG
    }
    return pdf.rendered(
        "note.html",
        language,
        context,
        identifier=facts["number"] + suffix,
        variant="pdf/a-3a",
        attachments=[] if is_copy or not ubl.applies(payload) else [_e_invoice(payload, facts["number"])],
    )


def _reduce(facts: dict[str, Any], position: int) -> None:
    """Leave one line of a note, its amount as the total: whom else the institution pays for is its own matter."""
    facts["lines"] = [line for line in facts["lines"] if line["position"] == position]
    facts["total_cents"] = sum(line["amount_cents"] for line in facts["lines"])
    facts["ogm"] = None


def _qr(facts: dict[str, Any], language: Language) -> str:
    if facts["kind"] != NoteKind.DEBIT:
        return ""
    payee = facts["payee"]
    return qr.payment(
        name=payee["name"],
        iban=payee["iban"],
        bic=payee["bic"],
        cents=facts["total_cents"],
        ogm=facts["ogm"],
        slot=facts["epc_slot"],
        title=_QR_TITLES[language],
    )


def kinds(payload: str) -> tuple[FileKind, ...]:
    """Which files a whole note has: a copy for the one participant when an institution pays, an e-invoice with a KBO.

    Of several lines each has a copy of its own (:func:`copied_lines`).
    """
    facts = json.loads(payload)
    if facts["payer"]["kind"] != PayerKind.INSTITUTION:
        return (FileKind.ORIGINAL,)
    copy = (FileKind.COPY,) if len(facts["lines"]) == 1 else ()
    return (FileKind.ORIGINAL, *copy, *((FileKind.UBL,) if ubl.applies(payload) else ()))


def copied_lines(payload: str) -> tuple[int, ...]:
    """The positions of the lines that a participant gets a copy of: of a note of several, those that name somebody."""
    lines = json.loads(payload)["lines"]
    return tuple(line["position"] for line in lines if line["person_id"] is not None) if len(lines) > 1 else ()


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
