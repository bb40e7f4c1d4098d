"""Editing the texts of mails: every version is kept, the newest holds from the next mail on."""

from sqlalchemy import select, text

from core import access, audit, clock
from core.db import Db, is_sqlite
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_, speaking
from core.mail import editing, versions
from core.mail.catalogue import ENTRIES, NOT_EDITABLE
from core.mail.examples import example
from core.mail.rendering import code_draft
from core.mail.versions import Draft, draft_of
from core.models import MailTemplateVersion
from core.vocabulary import Actor, AuditTag, Language


class TextChangedMeanwhile(DomainError):
    """Somebody else saved this mail since the page was shown."""

    message = N_("{name} saved version {version} of this mail meanwhile ({at}). Compare it in the history, then save.")


def save(db: Db, actor: Actor, name: str, language: Language, draft: Draft, *, seen: int) -> int:
    """Make these texts the ones that hold; returns the new version, or the present one when nothing changed.

    `seen` is the version that the page showed (0: the code's own texts). Raises NotAllowed, NotFound, a
    `core.mail.editing.TextRefused` with its field and place, an `HtmlRefused`, or TextChangedMeanwhile.
    """
    draft = Draft(_plain(draft.subject), _plain(draft.text), None if draft.html is None else _plain(draft.html))
    now = _checked(db, actor, name, language, seen)
    with speaking(language):
        editing.check(name, language, draft, decisions(db), example())
    if draft == (now or code_draft(name, language)):
        return seen
    return _add(db, actor, AuditTag.MAIL_TEMPLATE_SAVED, _row(name, language, seen + 1, draft))


def restore(db: Db, actor: Actor, name: str, language: Language, version: int, *, seen: int) -> int:
    """Take an older version back, as a new one. Raises as :func:`save`."""
    _checked(db, actor, name, language, seen)
    old = db.scalar(
        select(MailTemplateVersion).where(
            MailTemplateVersion.name == name,
            MailTemplateVersion.language == language,
            MailTemplateVersion.version == version,
        )
    )
    draft = draft_of(old) if old else None
    if draft is None:
        raise access.NotFound
    with speaking(language):
        editing.check(name, language, draft, decisions(db), example())
    row = _row(name, language, seen + 1, draft)
    row.restored_from = version
    return _add(db, actor, AuditTag.MAIL_TEMPLATE_RESTORED, row)


def reset(db: Db, actor: Actor, name: str, language: Language, *, seen: int) -> int:
    """Go back to the texts of the code. Raises NotAllowed, NotFound or TextChangedMeanwhile."""
    if _checked(db, actor, name, language, seen) is None:
        return seen
    return _add(db, actor, AuditTag.MAIL_TEMPLATE_RESET, _row(name, language, seen + 1, None))


def _plain(source: str) -> str:
    return source.replace("\r\n", "\n").strip()


def _checked(db: Db, actor: Actor, name: str, language: Language, seen: int) -> Draft | None:
    """The texts that hold now, nobody else adding a version meanwhile; None: those of the code."""
    access.require_coordinator(actor)
    if name not in ENTRIES or name in NOT_EDITABLE:
        raise access.NotFound
    if not is_sqlite(db):
        db.execute(text("LOCK TABLE mail_template_version IN SHARE ROW EXCLUSIVE MODE"))
    versions.forget(db)
    found = versions.newest(db, name, language)
    if (found.version if found else 0) != seen:
        row = found.row(db) if found else None
        raise TextChangedMeanwhile(
            name=row.author if row else "", version=row.version if row else 0, at=row.created_at if row else ""
        )
    return found.draft if found else None


def _row(name: str, language: Language, version: int, draft: Draft | None) -> MailTemplateVersion:
    return MailTemplateVersion(
        name=name,
        language=language,
        version=version,
        subject=draft.subject if draft else None,
        text=draft.text if draft else None,
        html=draft.html if draft else None,
    )


def _add(db: Db, actor: Actor, tag: AuditTag, row: MailTemplateVersion) -> int:
    row.created_at, row.author_id, row.author = clock.now(), actor.account_id, actor.name
    db.add(row)
    db.flush()
    of = {} if row.restored_from is None else {"of": row.restored_from}
    audit.record(db, actor, tag, row, name=row.name, language=row.language, version=row.version, **of)
    versions.forget(db)
    return row.version
