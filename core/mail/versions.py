"""The texts of mails that coordinators edited: every version is kept, the newest one holds."""

from dataclasses import dataclass

from sqlalchemy import select

from core.db import Db
from core.models import MailTemplateVersion
from core.vocabulary import Language

_CACHE = "edited_mails"


@dataclass(frozen=True, slots=True)
class Draft:
    """The texts of a mail between greeting and signature; without `html` it is made from the text."""

    subject: str
    text: str
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a mail's texts; without a `draft` the code's own texts hold again."""

    identity: int
    version: int
    draft: Draft | None

    def row(self, db: Db) -> MailTemplateVersion:
        """The row it was read from."""
        return db.get_one(MailTemplateVersion, self.identity)


def draft_of(row: MailTemplateVersion) -> Draft | None:
    """The texts of a version; None when it went back to those of the code."""
    if row.subject is None or row.text is None:
        return None
    return Draft(row.subject, row.text, row.html)


def newest(db: Db, name: str, language: Language) -> Version | None:
    """The version that holds, read once a transaction; None while a mail was never edited."""
    known: dict[tuple[str, Language], Version | None] = db.info.setdefault(_CACHE, {})
    if (name, language) not in known:
        row = db.scalar(
            select(MailTemplateVersion)
            .where(MailTemplateVersion.name == name, MailTemplateVersion.language == language)
            .order_by(MailTemplateVersion.version.desc())
            .limit(1)
        )
        known[name, language] = Version(row.id, row.version, draft_of(row)) if row else None
    return known[name, language]


def forget(db: Db) -> None:
    """Read the versions anew, after one was added in this transaction."""
    db.info.pop(_CACHE, None)
