"""Single-use secrets: random, kept as a hash only, bound to the state of what they may change."""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from core import clock
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import Account, Token
from core.settings import settings
from core.vocabulary import TokenPurpose


class LinkNotValid(DomainError):
    """The link is unknown, used, too old, or what it was made for has changed since; all four look the same."""

    message = N_("This link is no longer valid. Ask for a new one.")


def fingerprint(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed(text: str, *, length: int = 64) -> str:
    """A keyed hash (HMAC-SHA256, hexadecimal) of a text: for bounce addresses and Message-IDs."""
    return hmac.new(settings().secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()[:length]


def sealed(kind: str, *numbers: int) -> str:
    """Numbers as a text that tells nothing and that others cannot make (HMAC-SHA256 as synthetic nonce), for a QR code.

    `kind` says what it is good for: it opens nothing else. The same numbers give the same text.
    """
    plain = b"".join(number.to_bytes(5) for number in numbers)
    mac = _mac(kind, plain)[:_MAC]
    return base64.b32encode(mac + _veiled(kind, mac, plain)).decode().rstrip("=").lower()


def unsealed(kind: str, text: str) -> tuple[int, ...]:
    """The numbers in a text of :func:`sealed`. Raises LinkNotValid when it is not ours, or of another kind."""
    try:
        raw = base64.b32decode(text.strip().upper() + "=" * (-len(text.strip()) % 8))
    except ValueError as broken:
        raise LinkNotValid from broken
    mac, plain = raw[:_MAC], _veiled(kind, raw[:_MAC], raw[_MAC:])
    if not plain or len(plain) > _LONGEST or not hmac.compare_digest(mac, _mac(kind, plain)[:_MAC]):
        raise LinkNotValid
    return tuple(int.from_bytes(plain[index : index + 5]) for index in range(0, len(plain), 5))


_MAC, _LONGEST = 10, 20  # bytes


def _mac(kind: str, plain: bytes) -> bytes:
    return hmac.new(settings().secret_key.encode(), b"sealed|" + kind.encode() + b"|" + plain, hashlib.sha256).digest()


def _veiled(kind: str, mac: bytes, text: bytes) -> bytes:
    pad = hmac.new(settings().secret_key.encode(), b"veil|" + kind.encode() + b"|" + mac, hashlib.sha256).digest()
    return bytes(one ^ other for one, other in zip(text, pad, strict=False))


def account_state(account: Account) -> str:
    """What a link is bound to: a new password, another address or a closed account make it void."""
    return keyed(f"{account.id}|{account.email}|{account.password_hash}|{account.is_active}")


def make(db: Db, purpose: TokenPurpose, account: Account, lifetime: timedelta, **payload: Any) -> str:
    """A new secret for a purpose of this account. Only the caller ever sees it."""
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    db.add(
        Token(
            purpose=purpose,
            token_hash=fingerprint(secret),
            account_id=account.id,
            state=account_state(account),
            payload=json.dumps(payload, sort_keys=True),
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return secret


def look(db: Db, purpose: TokenPurpose, secret: str) -> tuple[Account, dict[str, Any]]:
    """Whom a secret is for and what it carries, without using it up (mail scanners open links).

    Raises LinkNotValid.
    """
    token = db.scalar(select(Token).where(Token.token_hash == fingerprint(secret), Token.purpose == purpose))
    if token is None or token.used_at is not None or token.expires_at <= clock.now():
        raise LinkNotValid
    account = db.get_one(Account, token.account_id)
    if not hmac.compare_digest(token.state, account_state(account)):
        raise LinkNotValid
    return account, json.loads(token.payload)


def use(db: Db, purpose: TokenPurpose, secret: str) -> tuple[Account, dict[str, Any]]:
    """As :func:`look`, and use the secret up. Of two at once only one succeeds. Raises LinkNotValid."""
    account, payload = look(db, purpose, secret)
    used = db.execute(
        update(Token)
        .where(Token.token_hash == fingerprint(secret), Token.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(Token.id)
    ).first()
    if used is None:
        raise LinkNotValid
    return account, payload
