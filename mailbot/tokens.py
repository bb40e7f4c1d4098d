"""XOAUTH2: the access token that both mail servers take instead of a password, fetched anew at each sign-in."""

import shlex
import subprocess
from pathlib import Path

from core.settings import settings

COMMAND_SECONDS = 20


class NoToken(OSError):
    """No access token can be had now; like a server that does not answer, it is tried again."""


def is_wanted() -> bool:
    """Whether the bot signs in by token."""
    return settings().mail_auth == "xoauth2"


def token() -> str:
    """The access token: what the command prints, else what the file holds. Raises NoToken, without its text."""
    own = settings()
    try:
        found = _printed(own.mail_token_command) if own.mail_token_command else _written(own.mail_token_file)
    except (OSError, ValueError, subprocess.SubprocessError) as trouble:
        raise NoToken(f"the access token cannot be read: {type(trouble).__name__}") from None
    if not found or len(found.split()) != 1:
        raise NoToken("the access token is empty, or more than one word")
    return found


def xoauth2(user: str) -> str:
    """What a client says in the SASL mechanism XOAUTH2."""
    return f"user={user}\1auth=Bearer {token()}\1\1"


def _written(file: str) -> str:
    return Path(file).read_text(encoding="ascii").strip()


def _printed(command: str) -> str:
    done = subprocess.run(  # noqa: S603 - the installation's own command, without a shell
        shlex.split(command), capture_output=True, text=True, check=True, timeout=COMMAND_SECONDS
    )
    return done.stdout.strip()
