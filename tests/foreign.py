"""No automatic mail of the whole test run holds an address but its addressee's own and ours: seen as it is made."""

import email
import re
from email.header import decode_header, make_header
from typing import Any

import pytest

from core.mail import outbox
from core.mail.routing import ROUTES
from core.models import OutgoingMail
from core.settings import settings
from core.vocabulary import MailKind

_ADDRESS = re.compile(r"[\w.!#$%&'*+=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_HEADERS = ("From", "Subject", "To", "Cc", "Reply-To")
#: They name another address of the same addressee: of the account that stays, and where the school's own notes go.
_NAMES_OWN_OTHER = tuple(ROUTES[name] for name in ("accounts-merged", "billing-details-changed"))


def foreign(raw: bytes, recipient: str) -> set[str]:
    """The addresses in headers, text and HTML of a mail that are neither the recipient's nor in our own domain."""
    mail = email.message_from_bytes(raw)  # the old policy: it parses no header that nobody asks for
    texts = [str(make_header(decode_header(mail.get(name, "")))) for name in _HEADERS]
    texts += [
        part.get_payload(decode=True).decode(part.get_content_charset("ascii"))  # type: ignore[union-attr]
        for part in mail.walk()
        if part.get_content_type() in {"text/plain", "text/html"}
    ]
    found = {address.lower().strip(".'") for text in texts for address in _ADDRESS.findall(text)}
    return {each for each in found if each != recipient and not each.endswith(f"@{settings().mail_domain}")}


def watch(patch: pytest.MonkeyPatch) -> None:
    """Refuse a mail with a foreign address where it is queued."""
    made = outbox._row

    def watched(route: Any, recipient: Any, *arguments: Any, **named: Any) -> OutgoingMail:
        row = made(route, recipient, *arguments, **named)
        if route.kind is not MailKind.PERSONAL and not any(route is each for each in _NAMES_OWN_OTHER):
            assert foreign(row.raw, row.recipient) == set(), row.subject
        return row

    patch.setattr(outbox, "_row", watched)
