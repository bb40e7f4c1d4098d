"""What a password must be, and how it is hashed (bcrypt, which reads 72 bytes at most)."""

from collections.abc import Sequence

import bcrypt

from core.errors import DomainError
from core.i18n import N_
from core.text import folded

LONGEST_BYTES = 72
#: The cost of a hash, as a power of two: about a quarter of a second.
ROUNDS = 12
_FORGIVEN_SECONDS = 120
_GUESSABLE = (
    "wachtwoord",
    "password",
    "nascholing",
    "universiteit",
    "antwerpen",
    "1234567890",
    "qwertyuiop",
    "azertyuiop",
)


class PasswordTooShort(DomainError):
    """Shorter than the setting `password_min_length` allows."""

    message = N_("Choose a password of at least {least} characters.")


class PasswordTooLong(DomainError):
    """Over 72 bytes, which bcrypt would refuse."""

    message = N_("This password is too long: 72 characters at most, fewer with accents.")


class PasswordGuessable(DomainError):
    """The own name or address, a word everybody tries first, figures only or hardly any different signs."""

    message = N_("This password is easy to guess. Do not use your name, your address or a well-known word.")


class PasswordHasEdges(DomainError):
    """Begins or ends with a space, which no sign-in form keeps."""

    message = N_("A password cannot begin or end with a space.")


def check_password(password: str, *, least: int, personal: Sequence[str] = (), field: str = "password") -> None:
    """Refuse a password that will not do.

    `least` is its shortest length in characters; `personal` are texts of the owner that it must not be made of.
    Raises PasswordTooShort, PasswordTooLong, PasswordHasEdges or PasswordGuessable.
    """
    if password != password.strip():
        raise PasswordHasEdges(field=field)
    if len(password) < least:
        raise PasswordTooShort(field=field, least=least)
    if len(password.encode()) > LONGEST_BYTES:
        raise PasswordTooLong(field=field)
    plain = folded(password).replace(" ", "")
    words = [folded(text).replace(" ", "") for text in personal]
    bare = plain.strip("0123456789.")
    is_personal = any(len(word) > 3 and word in (plain, bare) for word in words)
    is_monotonous = len(set(password.casefold())) < 4 or password.isdigit()
    if is_monotonous or is_personal or plain in _GUESSABLE or bare in _GUESSABLE:
        raise PasswordGuessable(field=field)


def hashed(password: str) -> str:
    """The bcrypt hash of a password."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(ROUNDS)).decode()


def matches(password: str, password_hash: str | None) -> bool:
    """Whether a password belongs to a hash; False for an account without one."""
    if password_hash is None or len(password.encode()) > LONGEST_BYTES:
        return False
    return bcrypt.checkpw(password.encode(), password_hash.encode())


def wait_seconds(failures: int, free: int, longest: int) -> int:
    """Seconds to wait after this many wrong passwords in a row: none within the free ones, then 2, 4, 8 … `longest`."""
    over = failures - free
    return 0 if over < 0 else min(longest, 2 ** min(over + 1, 20))


def failures_left(failures: int, seconds: float) -> int:
    """How many wrong passwords still count this long after the last one: one is forgiven every two minutes."""
    return max(0, failures - int(max(0.0, seconds) // _FORGIVEN_SECONDS))
