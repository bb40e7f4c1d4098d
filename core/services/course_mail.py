"""A mail of a coordinator to the people of a course: looked at for each recipient, then queued, once a composing."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from core import access, audit, mail
from core.db import Db
from core.errors import DomainError
from core.i18n import N_, speaking, weekday
from core.models import Account, Course, Enrolment
from core.vocabulary import Actor, AuditTag, EnrolmentStatus, Language

#: What a text may ask for; each is filled in for every recipient.
PLACEHOLDERS = ("voornaam", "naam", "nascholing", "code", "eerste_dag", "plaats")
LONGEST_TEXT = 10_000
_FIELD = re.compile(r"\{([^{}\n]*)\}")


class NothingWritten(DomainError):
    """A mail without subject or text."""

    message = N_("Fill in a subject and a text.")


class UnknownPlaceholder(DomainError):
    """A word between braces that cannot be filled in."""

    message = N_("«{word}» on line {line} cannot be filled in. Possible are: {known}.")


class TextTooLong(DomainError):
    """More than a mail should hold."""

    message = N_("Keep this text under {most} characters.")


class NobodyToMail(DomainError):
    """No one in this part of the course has an address."""

    message = N_("There is nobody to write to.")


@dataclass(frozen=True, slots=True)
class Written:
    """What a coordinator wrote, and to whom: everybody of the course in one of these states."""

    to: tuple[EnrolmentStatus, ...]
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class ForOne:
    """The mail as one recipient gets it."""

    enrolment_id: int
    name: str
    address: str
    subject: str
    text: str


def preview(db: Db, actor: Actor, course_id: int, written: Written) -> tuple[ForOne, ...]:
    """The mail for each recipient, without sending it.

    Raises NotFound, NotAllowed, NothingWritten, TextTooLong, UnknownPlaceholder or NobodyToMail.
    """
    access.require_coordinator(actor)
    return tuple(letter for letter, _enrolment in _letters(db, course_id, written))


def send(db: Db, actor: Actor, course_id: int, written: Written, *, turn: str) -> int:
    """Queue the mail for each recipient; returns how many. The same `turn` a second time sends nothing more.

    Raises as :func:`preview`.
    """
    access.require_coordinator(actor)
    sent = 0
    for letter, enrolment in _letters(db, course_id, written):
        sent += len(
            mail.queue(
                db,
                "course-message",
                dedupe=f"course:{course_id}:{turn}:{enrolment.id}",
                enrolment=enrolment,
                facts={"message_subject": letter.subject, "message_text": letter.text},
            )
        )
    if sent:
        course = db.get_one(Course, course_id)
        audit.record(db, actor, AuditTag.COURSE_MAILED, course, subject_line=written.subject.strip(), recipients=sent)
    return sent


def _letters(db: Db, course_id: int, written: Written) -> list[tuple[ForOne, Enrolment]]:
    course = db.get(Course, course_id)
    if course is None:
        raise access.NotFound
    subject, text = " ".join(written.subject.split()), written.text.strip()
    for field, part in (("subject", subject), ("text", text)):
        if not part:
            raise NothingWritten(field=field)
        _check_placeholders(field, part)
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(field="text", most=LONGEST_TEXT)
    found = db.execute(
        select(Enrolment, Account)
        .join(Account, Account.person_id == Enrolment.person_id)
        .where(Enrolment.course_id == course.id, Enrolment.status.in_(written.to))
        .order_by(Account.name, Enrolment.id)
    ).all()
    if not found:
        raise NobodyToMail
    return [(_letter(course, enrolment, account, subject, text), enrolment) for enrolment, account in found]


def _check_placeholders(field: str, text: str) -> None:
    for found in _FIELD.finditer(text):
        if found[1] not in PLACEHOLDERS:
            line = text.count("\n", 0, found.start()) + 1
            raise UnknownPlaceholder(field=field, word=found[1], line=line, known=", ".join(PLACEHOLDERS))


def _letter(course: Course, enrolment: Enrolment, account: Account, subject: str, text: str) -> ForOne:
    person = enrolment.person
    with speaking(Language(account.language)):
        known = {
            "voornaam": person.first_name if person else account.name,
            "naam": person.name if person else account.name,
            "nascholing": course.title,
            "code": course.code,
            "eerste_dag": weekday(course.first_day) if course.first_day else "",
            "plaats": "online" if course.is_online else ", ".join(filter(None, (course.place, course.city))),
        }

    def filled(written: str) -> str:
        return _FIELD.sub(lambda found: known[found[1]], written)

    return ForOne(enrolment.id, known["naam"], account.email, filled(subject), filled(text))
