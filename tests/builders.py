"""Small builders: one call, one row that makes sense. Each takes an open `write()` and returns the flushed row."""

import re
from datetime import date, time, timedelta
from email import message_from_bytes
from email.policy import default
from itertools import count
from typing import Any

from sqlalchemy import select

from core import clock
from core.db import Db
from core.models import (
    Account,
    Affiliation,
    Course,
    CourseDay,
    CourseQuestion,
    Enrolment,
    EnrolmentAnswer,
    Institution,
    Material,
    OutgoingMail,
    Person,
    Teacher,
)
from core.text import address_key, folded, slug
from core.vocabulary import (
    Actor,
    ActorKind,
    CoordinatorRole,
    CourseStatus,
    EnrolmentStatus,
    PayerKind,
    QuestionKind,
    Role,
)

_serial = count(1)


def a_person(db: Db, first_name: str = "An", last_name: str = "Peeters", **values: Any) -> Person:
    person = Person(
        first_name=first_name,
        last_name=last_name,
        search_name=folded(f"{first_name} {last_name}"),
        created_at=clock.now(),
        **values,
    )
    db.add(person)
    db.flush()
    return person


def an_institution(db: Db, name: str = "Basisschool De Zonnewimpel", **values: Any) -> Institution:
    institution = Institution(name=name, search_name=folded(name), created_at=clock.now(), **values)
    db.add(institution)
    db.flush()
    return institution


def an_account(db: Db, owner: Person | Institution | None, email: str, **values: Any) -> Account:
    """A confirmed account without a password (give `password_hash` for one); of a coordinator when `owner` is None."""
    role = {Person: Role.PERSON, Institution: Role.INSTITUTION}.get(type(owner), Role.COORDINATOR)
    values.setdefault("confirmed_at", clock.now())
    values.setdefault("coordinator_role", CoordinatorRole.COORDINATOR if owner is None else None)
    account = Account(
        role=role,
        email=address_key(email),
        name=owner.name if owner is not None else "Coördinator",
        person_id=owner.id if isinstance(owner, Person) else None,
        institution_id=owner.id if isinstance(owner, Institution) else None,
        created_at=clock.now(),
        **values,
    )
    db.add(account)
    db.flush()
    return account


def a_coordinator(db: Db, name: str = "Bo Claes") -> Actor:
    """Somebody of the CNO team, with an account."""
    account = an_account(db, None, f"{slug(name)}@cno.example")
    account.name = name
    db.flush()
    return acting(account)


def a_course(db: Db, title: str = "Didactiek Nederlands", *, in_days: int = 30, days: int = 1, **values: Any) -> Course:
    """A published course of `days` days (09:30–16:00) from `in_days` days on, a week apart."""
    serial = next(_serial)
    first = clock.today() + timedelta(days=in_days)
    values.setdefault("price_cents", 19_000)
    values.setdefault("capacity", 20)
    values.setdefault("status", CourseStatus.PUBLISHED)
    values.setdefault("place", "Campus Boogkeers")
    values.setdefault("city", "Antwerpen")
    course = Course(
        code=values.pop("code", f"26/TST/{serial:03}A"),
        slug=slug(title),
        title=title,
        search_text=folded(title),
        first_day=first,
        last_day=first + timedelta(days=7 * (days - 1)),
        total_minutes=390 * days,
        created_at=clock.now(),
        published_at=clock.now(),
        days=[a_day(first + timedelta(days=7 * index)) for index in range(days)],
        **values,
    )
    db.add(course)
    db.flush()
    return course


def a_teacher(db: Db, name: str, email: str | None = None) -> Teacher:
    teacher = Teacher(name=name, email=email)
    db.add(teacher)
    db.flush()
    return teacher


def a_material(db: Db, course: Course, title: str = "Slides") -> Material:
    """A file of a course; without its bytes."""
    material = Material(
        course_id=course.id,
        title=title,
        filename=f"{slug(title)}.pdf",
        media_type="application/pdf",
        size=1000,
        storage_key=f"material/{next(_serial)}",
        created_at=clock.now(),
    )
    db.add(material)
    db.flush()
    return material


def a_day(held_on: date) -> CourseDay:
    return CourseDay(held_on=held_on, starts_at=time(9, 30), ends_at=time(16, 0), minutes=390, room="R.101")


def an_affiliation(db: Db, person: Person, institution: Institution) -> Affiliation:
    affiliation = Affiliation(person_id=person.id, institution_id=institution.id, started_on=clock.today())
    db.add(affiliation)
    db.flush()
    return affiliation


def an_enrolment(
    db: Db, course: Course, person: Person | None, payer: Institution | None = None, **values: Any
) -> Enrolment:
    """A confirmed seat as of now, paid by the person unless a payer is given; made past the service, for set-ups.

    Without a person it is a place to be named, that the payer reserved.
    """
    values.setdefault("status", EnrolmentStatus.CONFIRMED)
    values.setdefault("confirmed_at", clock.now())
    values.setdefault("confirmed_on", clock.today())
    values.setdefault("enrolled_by", ActorKind.PERSON if person is not None else ActorKind.INSTITUTION)
    enrolment = Enrolment(
        course_id=course.id,
        person_id=person.id if person is not None else None,
        payer_kind=PayerKind.PERSON if payer is None else PayerKind.INSTITUTION,
        payer_institution_id=None if payer is None else payer.id,
        price_cents=course.price_cents,
        created_at=clock.now(),
        **values,
    )
    db.add(enrolment)
    db.flush()
    return enrolment


def a_question(db: Db, course: Course, text: str = "Wat eet u?", **values: Any) -> CourseQuestion:
    """A question that a course asks, last of all; one to answer in words unless told otherwise."""
    values.setdefault("kind", QuestionKind.CHOICE if "options" in values else QuestionKind.TEXT)
    question = CourseQuestion(course_id=course.id, position=next(_serial), text=text, **values)
    db.add(question)
    db.flush()
    return question


def an_answer(
    db: Db, enrolment: Enrolment, question: CourseQuestion, text: str, by: Institution | None = None
) -> EnrolmentAnswer:
    """An answer, by the participant unless an institution filled it in."""
    answer = EnrolmentAnswer(
        enrolment_id=enrolment.id,
        question_id=question.id,
        answer=text,
        answered_at=clock.now(),
        institution_id=by.id if by is not None else None,
    )
    db.add(answer)
    db.flush()
    return answer


def acting(account: Account) -> Actor:
    """The actor that a sign-in of this account gives."""
    return Actor(
        kind=ActorKind(account.role.value),
        account_id=account.id,
        person_id=account.person_id,
        institution_id=account.institution_id,
        coordinator_role=account.coordinator_role,
        name=account.name,
    )


def queued(db: Db, name: str = "") -> list[OutgoingMail]:
    """The mails in the outbox, oldest first; of one name when given."""
    rows = db.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    return [row for row in rows if not name or row.name == name]


def secret_in(mail: OutgoingMail) -> str:
    """The secret of the link in a mail."""
    body = message_from_bytes(mail.raw or b"", policy=default).get_body(("plain",))
    assert body is not None
    found = re.search(r"code=([\w-]+)", body.get_content())
    assert found is not None
    return found[1]
