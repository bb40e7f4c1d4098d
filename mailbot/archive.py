"""The archive mailbox: second recipient of every mail, so that a copy there proves that the relay accepted it."""

import logging
from datetime import timedelta

from imap_tools import BaseMailBox
from sqlalchemy import select, update

from core import clock
from core.db import read, write
from core.models import OutgoingMail
from core.settings import settings
from core.vocabulary import OutgoingState
from mailbot.mailbox import connected, dropped

log = logging.getLogger(__name__)
KEPT_DAYS = 30
_AT_ONCE = 100


def has_copy(mid: str) -> bool:
    """Whether the archive holds the mail of a Message-ID. Raises one of `mailbox.TROUBLE`."""
    box = _opened()
    try:
        return bool(_uids(box, mid))
    finally:
        dropped(box)


def tidy() -> int:
    """Blank sent mails that held a secret link, after their copy; drop copies over 30 days old. Returns how many.

    Raises one of `mailbox.TROUBLE`; what was not done is done at the next call.
    """
    with read() as db:
        blanked = db.execute(
            select(OutgoingMail.id, OutgoingMail.mid)
            .where(
                OutgoingMail.is_sensitive,
                OutgoingMail.state == OutgoingState.SENT,
                OutgoingMail.raw != b"",
            )
            .order_by(OutgoingMail.id)
            .limit(_AT_ONCE)
        ).all()
    if not blanked:
        return 0
    if settings().archive_address:
        box = _opened()
        try:
            for _identity, mid in blanked:
                _remove(box, _uids(box, mid))
        finally:
            dropped(box)
    with write() as db:
        db.execute(update(OutgoingMail).where(OutgoingMail.id.in_([row.id for row in blanked])).values(raw=b""))
    return len(blanked)


def drop_old() -> int:
    """Remove copies of over 30 days ago; returns how many. Raises one of `mailbox.TROUBLE`."""
    if not settings().archive_address:
        return 0
    before = (clock.now() - timedelta(days=KEPT_DAYS)).strftime("%d-%b-%Y")
    box = _opened()
    try:
        uids = box.uids(f"UNDELETED BEFORE {before}")
        _remove(box, uids)
        return len(uids)
    finally:
        dropped(box)


def _opened() -> BaseMailBox:
    own = settings()
    return connected(own.archive_imap_user, own.archive_imap_password)


def _uids(box: BaseMailBox, mid: str) -> list[str]:
    return list(box.uids(f'UNDELETED HEADER Message-ID "{mid}"'))


def _remove(box: BaseMailBox, uids: list[str]) -> None:
    """The archive is the bot's alone, so a plain EXPUNGE takes nothing of anybody else along."""
    for uid in uids:
        box.client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
    if uids:
        box.client.expunge()
