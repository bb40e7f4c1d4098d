"""Set-ups of the institution's side: a school, its staff and a course; each call is one transaction of its own."""

from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

from sqlalchemy import select

from core import clock
from core.db import read, write
from core.models import Course, Enrolment, Institution, Note, OutgoingMail, Person
from core.services import colleagues, enrolments
from core.vocabulary import Actor, EnrolmentStatus, NoteKind, PayerPolicy
from tests.builders import a_course, a_person, acting, an_account, an_affiliation, an_institution, queued


def school(
    name: str = "Basisschool De Zonnewimpel",
    email: str = "secretariaat@wimpel.example",
    policy: PayerPolicy = PayerPolicy.ALLOWED,
    **values: object,
) -> Actor:
    """An institution with an account."""
    with write() as db:
        return acting(an_account(db, an_institution(db, name, payer_policy=policy, **values), email))


def staff(*names: str, of: tuple[Actor, ...] = (), **values: object) -> list[Actor]:
    """Persons with an account, `An` being an@staff.example, linked to these schools as of today."""
    with write() as db:
        made = []
        for name in names:
            person = a_person(db, name)
            made.append(acting(an_account(db, person, f"{name.lower()}@staff.example", **values)))
            for each in of:
                an_affiliation(db, person, db.get_one(Institution, each.institution_id))
        return made


def course(**values: object) -> int:
    """A course, 30 days from now unless told otherwise; returns its id."""
    with write() as db:
        return a_course(db, **values).id  # type: ignore[arg-type]


def id_of(actor: Actor) -> int:
    """The person an actor is."""
    assert actor.person_id is not None
    return actor.person_id


def enrolled(by: Actor, course_id: int, *persons: Actor, unnamed: int = 0, reference: str = "") -> tuple[int, ...]:
    """The seats that a school takes for its staff, in the order of the persons' names; places without a name last."""
    with write() as db:
        ids = [id_of(person) for person in persons]
        return colleagues.enrol_colleagues(
            db, by, course_id, ids, unnamed=unnamed, billing_reference=reference
        ).enrolment_ids


def enrols(person: Actor, course_id: int, payer: Actor | None = None) -> int:
    """Somebody enrols, paid by a school when one is given; returns the enrolment."""
    with write() as db:
        named = payer.institution_id if payer else None
        return enrolments.enrol(db, person, course_id, payer_institution_id=named).enrolment_id


def takes_the_last_seats(course_id: int) -> list[int]:
    """Strangers take all seats that are left; returns their enrolments."""
    with read() as db:
        left = enrolments.offering(db, db.get_one(Course, course_id)).places_left
    return [enrols(person, course_id) for person in staff(*(f"Vreemd{number}" for number in range(left)))]


def row(enrolment_id: int) -> Enrolment:
    """An enrolment as it stands."""
    with read() as db:
        found = db.get_one(Enrolment, enrolment_id)
        _ = found.course, found.person, found.payer_institution
        return found


def standing(course_id: int) -> list[tuple[str, EnrolmentStatus]]:
    """Who is in a course, and how; places without a name as an empty name."""
    with read() as db:
        found = db.execute(
            select(Person.first_name, Enrolment.status)
            .select_from(Enrolment)
            .outerjoin(Person, Person.id == Enrolment.person_id)
            .where(Enrolment.course_id == course_id)
            .order_by(Enrolment.id)
        )
        return [(name or "", status) for name, status in found]


def notes(kind: NoteKind | None = None) -> list[Note]:
    """The notes issued, oldest first."""
    with read() as db:
        return [note for note in db.scalars(select(Note).order_by(Note.id)) if kind in (None, note.kind)]


def mails(name: str = "") -> list[OutgoingMail]:
    """The mails in the outbox, oldest first."""
    with read() as db:
        return queued(db, name)


def sent_to(name: str) -> list[str]:
    """Whom the mails of a name went to, in order of the alphabet."""
    return sorted(mail.recipient for mail in mails(name))


def text_of(mail: OutgoingMail) -> str:
    """What the addressee reads, on one line."""
    body = message_from_bytes(mail.raw or b"", policy=default).get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def in_days(days: int, start: datetime | None = None) -> datetime:
    """Noon, so many days after the frozen moment."""
    return (start or clock.now()) + timedelta(days=days)


def on(days: int) -> date:
    """The calendar day so many days from now."""
    return clock.today() + timedelta(days=days)
