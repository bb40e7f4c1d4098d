"""The mails as the settings page shows them: their texts and versions, real examples, and who would get them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from core import access
from core.db import Db
from core.decisions import decisions
from core.i18n import speaking
from core.labels import holder
from core.mail import editing, outbox, routing
from core.mail import facts as facts_of
from core.mail.catalogue import ENTRIES
from core.mail.examples import example
from core.mail.rendering import Rendered, code_draft, render_draft
from core.mail.routing import ROUTES
from core.mail.versions import Draft, draft_of
from core.models import AuditEvent, Course, Enrolment, Institution, MailTemplateVersion, Note, NoteLine, Person
from core.vocabulary import Actor, Addressee, AuditTag, EnrolmentStatus, Language, NoteKind


@dataclass(frozen=True, slots=True)
class TextRow:
    """A version of a mail: who wrote it and when; without a `draft` it went back to the code's own texts."""

    version: int
    author: str
    created_at: datetime
    restored_from: int | None
    draft: Draft | None


@dataclass(frozen=True, slots=True)
class MailTexts:
    """The texts of a mail in a language: those that hold (`draft`), those of the code, and all versions, newest first.

    `failed`: the texts could not be filled in lately, and the code's own left instead.
    """

    draft: Draft
    code: Draft
    version: int
    is_edited: bool
    versions: tuple[TextRow, ...]
    failed: bool


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """A real enrolment to fill a mail in with."""

    enrolment_id: int
    person_name: str
    payer_name: str
    course_title: str


@dataclass(frozen=True, slots=True)
class RouteRow:
    """Whether an addressee gets a mail, and why that cannot be changed (a msgid; None when it can)."""

    name: str
    addressee: Addressee
    is_on: bool
    reason: str | None


def texts(db: Db, actor: Actor, name: str, language: Language) -> MailTexts:
    """The texts of a mail in a language, with their history. Raises NotFound for who does not work for CNO."""
    if not access.is_staff(actor) or name not in ENTRIES:
        raise access.NotFound
    rows = db.scalars(
        select(MailTemplateVersion)
        .where(MailTemplateVersion.name == name, MailTemplateVersion.language == language)
        .order_by(MailTemplateVersion.version.desc())
        .limit(50)
    ).all()
    code = code_draft(name, language)
    draft = draft_of(rows[0]) if rows else None
    failure = rows and db.scalar(
        select(AuditEvent.id)
        .where(
            AuditEvent.subject_type == MailTemplateVersion.__tablename__,
            AuditEvent.subject_id == rows[0].id,
            AuditEvent.tag == AuditTag.MAIL_TEMPLATE_FAILED,
        )
        .limit(1)
    )
    return MailTexts(
        draft=draft or code,
        code=code,
        version=rows[0].version if rows else 0,
        is_edited=draft is not None,
        versions=tuple(
            TextRow(row.version, row.author, row.created_at, row.restored_from, draft_of(row)) for row in rows
        ),
        failed=bool(failure),
    )


def edited_names(db: Db, actor: Actor) -> tuple[tuple[str, Language], ...]:
    """The mails whose texts were edited, and in which language."""
    if not access.is_staff(actor):
        return ()
    newer = aliased(MailTemplateVersion)
    found = db.execute(
        select(MailTemplateVersion.name, MailTemplateVersion.language)
        .outerjoin(
            newer,
            (newer.name == MailTemplateVersion.name)
            & (newer.language == MailTemplateVersion.language)
            & (newer.version > MailTemplateVersion.version),
        )
        .where(newer.id.is_(None), MailTemplateVersion.text.is_not(None))
    ).all()
    return tuple((name, language) for name, language in found)


def examples(db: Db, actor: Actor, *, limit: int = 8) -> tuple[ExampleRow, ...]:
    """The latest enrolments to try a mail with; none for who does not work for CNO."""
    if not access.is_staff(actor):
        return ()
    found = db.execute(
        select(Enrolment.id, Person, Institution.name, Course.title)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Institution, Institution.id == Enrolment.payer_institution_id)
        .where(Enrolment.status == EnrolmentStatus.CONFIRMED)
        .order_by(Enrolment.id.desc())
        .limit(limit)
    ).all()
    return tuple(
        ExampleRow(identity, person.name, institution or person.name, title)
        for identity, person, institution, title in found
    )


def facts(db: Db, actor: Actor, enrolment_id: int | None, language: Language) -> dict[str, object]:
    """What a mail would be filled in with: an enrolment's real facts, and made-up ones for the rest."""
    found = example()
    if enrolment_id is None:
        return found
    enrolment = access.enrolment(db, actor, enrolment_id)
    note = db.scalar(
        select(Note)
        .join(NoteLine)
        .where(NoteLine.enrolment_id == enrolment.id, Note.kind == NoteKind.DEBIT)
        .order_by(Note.id.desc())
        .limit(1)
    )
    with speaking(language):
        real = facts_of.merged(decisions(db), enrolment, note, None)
    school = enrolment.payer_institution
    return (
        found
        | {"to_name": holder(enrolment.person.name if enrolment.person else None)}
        | {name: value for name, value in real.items() if value != "" or not found.get(name)}
        | ({"institution_name": school.name} if school else {})
    )


def preview(
    db: Db, actor: Actor, name: str, language: Language, draft: Draft, *, filled: dict[str, object]
) -> Rendered:
    """A draft filled in with what :func:`facts` gives and `to`, its addressee.

    Raises NotFound for who does not work for CNO, and what `core.mail.editing.check` raises.
    """
    if not access.is_staff(actor) or name not in ENTRIES:
        raise access.NotFound
    with speaking(language):
        editing.check(name, language, draft, decisions(db), filled)
        return render_draft(decisions(db), draft, language, filled)


def routes(db: Db, actor: Actor) -> tuple[RouteRow, ...]:
    """Who gets what, in the order of the routing table; nothing for who does not work for CNO."""
    if not access.is_staff(actor):
        return ()
    return tuple(
        RouteRow(name, addressee, routing.is_on(db, name, addressee), routing.reason(name, addressee))
        for name, route in ROUTES.items()
        for addressee in (*route.to, *route.also)
    )


def would_get(db: Db, actor: Actor, name: str, enrolment_id: int) -> tuple[tuple[Addressee, str], ...]:
    """The addresses that a mail about an enrolment would go to now. Raises NotFound."""
    enrolment = access.enrolment(db, actor, enrolment_id)
    return outbox.addressees(db, name, enrolment)
