"""The plain texts a template may use, derived from what the mail is about. Templates never see a database row."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from stdnum.be import ogm_vcs

from core.decisions import Decisions
from core.i18n import _, day, hour, weekday
from core.labels import holder
from core.mail.rendering import url
from core.models import Course, Enrolment, Note
from core.money import euro
from core.rules.billing import leaves_on
from core.vocabulary import NoteKind, PayerKind

#: A text that is only made once the language of the addressee is known.
Text = Callable[[], str]


def of_course(course: Course) -> dict[str, object]:
    """What a mail may say of a course."""
    return {
        "course_title": course.title,
        "course_code": course.code,
        "course_url": url("nascholing", id=f"{course.slug}-{course.id:05}"),
        "first_day": weekday(course.first_day) if course.first_day else "",
        "days": [
            {
                "date": weekday(meeting.held_on),
                "from": hour(meeting.starts_at),
                "to": hour(meeting.ends_at),
                "room": meeting.room,
                "online_url": meeting.online_url,
            }
            for meeting in course.days
        ],
        "place": _("online")
        if course.is_online
        else ", ".join(filter(None, (course.place, course.street, course.city))),
    }


def of_enrolment(own: Decisions, enrolment: Enrolment) -> dict[str, object]:
    """What a mail may say of a seat, its holder and its payer."""
    institution = enrolment.payer_institution
    name = holder(enrolment.person.name if enrolment.person else None)
    confirmed_on = enrolment.confirmed_on
    return {
        **of_course(enrolment.course),
        "person_name": name,
        "is_paid_by_institution": enrolment.payer_kind is PayerKind.INSTITUTION,
        "payer_name": institution.name if institution else name,
        "price": euro(enrolment.price_cents),
        "is_free": enrolment.price_cents == 0,
        "debit_note_on": day(leaves_on(confirmed_on, own.debit_note_after_days, enrolment.note_grouping))
        if confirmed_on
        else "",
        "certificate_on": day(enrolment.course.last_day + timedelta(days=own.certificate_after_days))
        if enrolment.course.last_day
        else "",
    }


def of_note(own: Decisions, note: Note) -> dict[str, object]:
    """What a mail may say of a debit or credit note."""
    return {
        "note_number": note.number,
        "is_credit_note": note.kind is NoteKind.CREDIT,
        "issued_on": day(note.issued_on),
        "due_on": day(note.due_on) if note.due_on else "",
        "total": euro(note.total_cents),
        "ogm": f"+++{ogm_vcs.format(note.ogm)}+++" if note.ogm else "",
        "iban": " ".join(own.payee_iban[index : index + 4] for index in range(0, len(own.payee_iban), 4)),
    }


def merged(
    own: Decisions, enrolment: Enrolment | None, note: Note | None, given: Mapping[str, object] | None
) -> dict[str, object]:
    """All facts for one mail, in the language of the moment; what the caller gives wins."""
    facts: dict[str, object] = {}
    if enrolment is not None:
        facts |= of_enrolment(own, enrolment)
    if note is not None:
        facts |= of_note(own, note)
    return facts | {name: value() if callable(value) else value for name, value in (given or {}).items()}
