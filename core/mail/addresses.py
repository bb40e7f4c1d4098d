"""Message-IDs and bounce addresses of our own: recognisable, and not to be forged (HMAC over a random reference)."""

import hmac
import re

from core import tokens
from core.settings import settings

_MID = re.compile(r"<?ob\.([0-9a-f]{16})\.([0-9a-f]{10})@")
_BOUNCE = re.compile(r"\+b\.([0-9a-f]{16})\.([0-9a-f]{10})@", re.IGNORECASE)


def _mac(ref: str) -> str:
    return tokens.keyed(f"outgoing|{ref}", length=10)


def message_id(ref: str) -> str:
    """The Message-ID of an outgoing mail, from its random reference."""
    return f"<ob.{ref}.{_mac(ref)}@{settings().mail_domain}>"


def bounce_address(ref: str) -> str:
    """The envelope sender by which a bounce names the mail it is about (VERP)."""
    local, _, domain = settings().mail_address.partition("@")
    return f"{local}+b.{ref}.{_mac(ref)}@{domain}"


def _genuine(found: re.Match[str] | None) -> str | None:
    if found is None or not hmac.compare_digest(found[2].lower(), _mac(found[1].lower())):
        return None
    return found[1].lower()


def ref_of_message_id(text: str) -> str | None:
    """The reference in a Message-ID of ours; None when it is not ours or was forged."""
    return _genuine(_MID.search(text))


def ref_of_bounce_address(text: str) -> str | None:
    """The reference in a bounce address of ours; None when it is not ours or was forged."""
    return _genuine(_BOUNCE.search(text))
