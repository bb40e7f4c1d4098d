"""What a returned mail tells: believed only when our own bounce address or Message-ID proves which mail it was."""

import re
from dataclasses import dataclass
from email.message import Message

from sqlalchemy import or_, select

from core import audit
from core.db import Db
from core.mail import refusing
from core.mail.addresses import ref_of_bounce_address, ref_of_message_id
from core.mail.parts import own_parts
from core.models import OutgoingMail
from core.vocabulary import MAILBOT, AuditTag, OutgoingState
from mailbot.reading import IncomingMessage, values
from mailbot.screening import delivery_blocks

_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_SMTP_CODE = re.compile(r"\b([45])\d\d[ -]")
_ENVELOPE = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
_LONGEST_BODY = 20_000


@dataclass(frozen=True, slots=True)
class Bounce:
    """A proven bounce: which mail, its enhanced status («5.1.1», RFC 3463) if any, whether trying again is no use."""

    mail: OutgoingMail
    status: str
    is_final: bool


def is_complaint(message: IncomingMessage) -> bool:
    """Whether a receiver's server reports that somebody marked a mail of ours as unwanted (RFC 5965)."""
    return message.parsed.get_param("report-type") == "feedback-report"


def record(db: Db, message: IncomingMessage) -> Bounce | None:
    """Mark the mail that came back, and its address when it is lost for good. None when nothing proves which mail."""
    bounce = _proven(db, message)
    if bounce is None:
        return None
    mail = bounce.mail
    mail.error = f"{bounce.status} {_diagnosis(message)}".strip()[:500]
    if bounce.is_final:
        mail.state = OutgoingState.FAILED
        refusing.mark(db, mail.recipient)
    audit.record(db, MAILBOT, AuditTag.MAIL_BOUNCED, mail, status=bounce.status, final=bounce.is_final)
    return bounce


def _proven(db: Db, message: IncomingMessage) -> Bounce | None:
    refs = [ref_of_bounce_address(text) for name in _ENVELOPE for text in values(message.parsed, name)]
    found = _mail(db, [ref for ref in refs if ref])
    if found is None:
        named = [ref_of_message_id(text) for text in [*_returned_ids(message.parsed), *message.references]]
        by_id = _mail(db, [ref for ref in named if ref])
        found = by_id if by_id is not None and by_id.recipient in _recipients(message) else None
    if found is None or found.state not in (OutgoingState.SENT, OutgoingState.FAILED, OutgoingState.UNCERTAIN):
        return None
    status, is_final = _status(message)
    return Bounce(found, status, is_final)


def _mail(db: Db, refs: list[str]) -> OutgoingMail | None:
    if not refs:
        return None
    return db.scalar(select(OutgoingMail).where(or_(*(OutgoingMail.ref == ref for ref in refs))).with_for_update())


def _returned_ids(parsed: Message) -> list[str]:
    """The Message-IDs of the mail or headers that the bounce carries."""
    found = []
    for part in own_parts(parsed):
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            found += [text for inner in part.get_payload() if isinstance(inner, Message) for text in _ids_of(inner)]
        elif part.get_content_type() in ("text/rfc822-headers", "text/plain"):
            content = part.get_payload(decode=True)
            text = content[:_LONGEST_BODY].decode("utf-8", "replace") if isinstance(content, bytes) else ""
            found += re.findall(r"(?im)^message-id:\s*(<[^>\s]+>)", text)
    return found


def _ids_of(inner: Message) -> list[str]:
    return values(inner, "Message-ID")


def _recipients(message: IncomingMessage) -> set[str]:
    """Whom the bounce says it could not reach."""
    blocks = [
        block.get(name, "")
        for block in delivery_blocks(message.parsed)
        for name in ("final-recipient", "original-recipient")
    ]
    failed = [part for value in values(message.parsed, "X-Failed-Recipients") for part in value.split(",")]
    written = re.findall(r"<?([\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+\w)>?", message.text[:_LONGEST_BODY])
    return {text.rpartition(";")[2].strip().strip("<>").lower() for text in [*blocks, *failed, *written]}


def _status(message: IncomingMessage) -> tuple[str, bool]:
    """The enhanced status and whether it is final: from the delivery report, else from the text."""
    blocks = [block for block in delivery_blocks(message.parsed) if "action" in block or "status" in block]
    if blocks:
        status = next((found[0] for block in blocks if (found := _STATUS.search(block.get("status", "")))), "")
        return status, any(block.get("action") == "failed" for block in blocks) and not status.startswith("4")
    text = message.text[:_LONGEST_BODY]
    if found := _STATUS.search(text):
        return found[0], found[1] == "5"
    code = _SMTP_CODE.search(text)
    return "", code is None or code[1] == "5"


def _diagnosis(message: IncomingMessage) -> str:
    texts = [block["diagnostic-code"] for block in delivery_blocks(message.parsed) if "diagnostic-code" in block]
    return " ".join((texts[0] if texts else message.subject).split())[:300]
