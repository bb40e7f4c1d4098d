"""Two schools that know nothing of each other: all that one can have, in words that nothing else holds."""

import hashlib
import io
import json
import secrets
import sqlite3
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, text

from core import clock, storage, tokens
from core.db import Db, write
from core.demo.bank_files import Movement, camt_053
from core.mail.versions import Draft
from core.models import (
    Account,
    Attendance,
    BankTransaction,
    Base,
    BillingAddress,
    CancellationTerms,
    Certificate,
    ContactPerson,
    ControlRun,
    Course,
    CourseTeacher,
    Decision,
    Enrolment,
    EvaluationInvitation,
    EvaluationQuestion,
    ImportRun,
    IncomingMail,
    Institution,
    LedgerExport,
    LikelyDouble,
    MailAttachment,
    MailThread,
    Material,
    MaterialUpload,
    Note,
    OutgoingMail,
    PayerRequest,
    Person,
    ProposedExample,
    Remark,
    Reminder,
    Teacher,
    TeacherLink,
    TextModule,
)
from core.queries import ledger, teacher_links
from core.rules import passwords
from core.rules.course_days import DayValues
from core.rules.proposals import Part
from core.services import (
    bank_files,
    billing,
    calendar_feeds,
    certificates,
    enrolments,
    mail_texts,
    mailed_choices,
    merges,
    note_files,
    payments,
    reminder_care,
    replacements,
    saved_views,
    sign_ins,
)
from core.services.course_days import day_values
from core.vocabulary import (
    CLOCK,
    VISITOR,
    Actor,
    ActorKind,
    CoordinatorRole,
    CourseStatus,
    EnrolmentStatus,
    EvaluationKind,
    FileKind,
    HoldReason,
    Intent,
    Language,
    OutgoingState,
    Party,
    PayerPolicy,
    ReminderText,
    TokenPurpose,
)
from pages.http.callers import TEACHER_COOKIE
from tests.builders import (
    a_course,
    a_material,
    a_person,
    a_question,
    a_teacher,
    acting,
    an_account,
    an_affiliation,
    an_answer,
    an_enrolment,
    an_institution,
)

PASSWORD = "een lang geheim woord"
UNKNOWN = 999_999
#: What nobody but the school, its staff and CNO may read, in whatever way it is shown.
SECRETS = (
    "Geheimnaam",
    "Geheimcollega",
    "Geheimvertrokken",
    "Geheimschool",
    "geheimadres",
    "geheimfactuur",
    "Geheimcontact",
    "Geheimbetaler",
    "GEHEIMREF",
    "Geheimbestand",
    "Geheimonderwerp",
    "Geheimantwoord",
    "Geheimstraat",
    "Geheimcursus",
    "Geheimlesgever",
    "047099",
    "0470 99",
    "1999000150",
    "990001",
)


@dataclass(frozen=True, slots=True)
class World:
    """Who is there, and the ids of what the first school has; `numbers` are those printed on its papers."""

    school: Actor
    person: Actor
    stranger_school: Actor
    stranger: Actor
    colleague: Actor
    coordinator: Actor
    finance: Actor
    reader: Actor
    teacher: Actor
    stranger_teacher: Actor
    cookies: dict[str, str]
    links: dict[TokenPurpose, str]
    ids: dict[str, int]
    addresses: dict[str, str]
    day: DayValues
    numbers: tuple[str, ...]

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every word and number that belongs to the first school."""
        return SECRETS + self.numbers

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody who has nothing to do with the first school, by name."""
        return {
            "another school": self.stranger_school,
            "another person": self.stranger,
            "a visitor": VISITOR,
            "another teacher": self.stranger_teacher,
        }

    def acting(self, name: str) -> Actor:
        """Who has a right, by name."""
        return {
            "school": self.school,
            "person": self.person,
            "coordinator": self.coordinator,
            "finance": self.finance,
            "clock": CLOCK,
            "teacher": self.teacher,
            "stranger": self.stranger,
        }[name]


def _school(db: Db) -> tuple[Institution, Account]:
    school = an_institution(
        db,
        "Geheimschool",
        kbo="1999000150",
        number="990001",
        phone="0470 99 00 01",
        street="Geheimstraat 5",
        payer_policy=PayerPolicy.ALLOWED,
        billing_name="Geheimbetaler",
        billing_reference="GEHEIMREF",
        billing_addresses=[BillingAddress(email="geheimfactuur@school.example")],
        contacts=[ContactPerson(name="Geheimcontact", email="geheimadres.c@school.example", phone="0470 99 00 02")],
    )
    return school, _account(db, school, "geheimadres.school@school.example")


def _account(db: Db, owner: Person | Institution | None, email: str, **values: Any) -> Account:
    return an_account(db, owner, email, password_hash=passwords.hashed(PASSWORD), **values)


def _cookie(db: Db, account: Account) -> str:
    _identity, ticket = sign_ins.start(db, account.id)
    secret = sign_ins.redeem_ticket(db, ticket)
    assert secret is not None
    return secret


def _billed(db: Db, seat: Enrolment) -> Note:
    """A seat's debit note, with its files."""
    note = db.get_one(Note, billing.issue_debit_note(db, CLOCK, seat.id))
    _file(db, note)
    return note


def _file(db: Db, note: Note) -> None:
    content = f"%PDF Geheimnaam {note.number}".encode() if "Geheim" in note.payload else b"%PDF"
    note_files.store_and_mail(db, CLOCK, note.id, dict.fromkeys(FileKind, content))


def _material(db: Db, course: Course, title: str) -> int:
    material = a_material(db, course, title)
    material.size = storage.save(material.storage_key, io.BytesIO(title.encode()))
    return material.id


def _removed(db: Db, course: Course) -> int:
    """A file that was removed and can be put back."""
    identity = _material(db, course, "Geheimbestand weg")
    db.get_one(Material, identity).removed_at = clock.now()
    return identity


def _upload(db: Db, owner: str, course_id: int, key: int = 4242) -> int:
    """A file of ten bytes on its way in, brought by this owner; its key is this number."""
    upload = MaterialUpload(
        key=str(key),
        owner=owner,
        course_id=course_id,
        filename="Geheimbestand.pdf",
        size=10,
        received=0,
        started_at=clock.now(),
    )
    db.add(upload)
    db.flush()
    return key


_RAW_MAIL = b"""Subject: Geheimonderwerp
Content-Type: multipart/mixed; boundary=a

--a
Content-Type: text/html

<p>Geheimnaam</p>
--a
Content-Type: text/plain
Content-Disposition: attachment; filename=Geheimbestand.txt

Geheimnaam
--a--
"""


def _mailroom(db: Db) -> dict[str, int]:
    """A conversation with its received mail; of our mails one is kept back, another waits."""
    thread = MailThread(
        subject="Geheimonderwerp",
        address="geheimadres.p@school.example",
        created_at=clock.now(),
        last_mail_at=clock.now(),
    )
    db.add(thread)
    db.flush()
    mail = IncomingMail(
        sha256="1" * 64,
        raw=_RAW_MAIL,
        size=3,
        subject="Geheimonderwerp",
        from_address="geheimadres.p@school.example",
        body="Geheimnaam",
        arrived_at=clock.now(),
        thread_id=thread.id,
    )
    attachment = MailAttachment(position=0, filename="Geheimbestand.txt", media_type="text/plain", size=3)
    module = TextModule(language=Language.DUTCH, title="Blok", text="Dag", author="CNO", changed_at=clock.now())
    other = MailThread(subject="Ook", address=thread.address, created_at=clock.now(), last_mail_at=clock.now())
    example = ProposedExample(intent=Intent.PAYMENT, text="Geheimonderwerp", proposed_by="Bo", proposed_at=clock.now())
    db.add_all([mail, module, other, example])
    db.flush()
    attachment.mail_id = mail.id
    db.add(attachment)
    db.flush()
    held, pending = db.scalars(select(OutgoingMail).order_by(OutgoingMail.id).limit(2)).all()
    held.state = OutgoingState.HELD
    return {
        "attachment": attachment.id,
        "text_module": module.id,
        "other_thread": other.id,
        "example": example.id,
        "thread": thread.id,
        "mail": mail.id,
        "held": held.id,
        "pending": pending.id,
    }


def _past(db: Db, person: Person, school: Institution) -> dict[str, int]:
    """A course of two months ago: its note, certificate and material; and one cancelled after its note."""
    course = a_course(db, "Geheimcursus voorbij", in_days=-60)
    seat = an_enrolment(db, course, person, school, confirmed_on=clock.today() - timedelta(days=90))
    note = _billed(db, seat)
    certificate_id = certificates.issue(db, acting_for(school, db), seat.id, Language.DUTCH)
    content = f"%PDF {person.name}".encode()
    certificates.store_file(db, CLOCK, certificate_id, content)
    given_up = an_enrolment(
        db, a_course(db, "Geheimcursus geannuleerd", in_days=50), person, school, confirmed_on=date(2026, 11, 1)
    )
    debit = _billed(db, given_up)
    enrolments.cancel(db, acting_for(school, db), given_up.id)
    credit = db.scalars(select(Note).where(Note.corrects_id == debit.id)).one()
    _file(db, credit)
    db.add(Attendance(enrolment_id=seat.id, course_day_id=course.days[0].id, is_present=True, recorded_at=clock.now()))
    db.add(
        EvaluationInvitation(enrolment_id=seat.id, course_id=course.id, token_hash="e" * 64, invited_on=clock.today())
    )
    an_answer(db, seat, a_question(db, course), "Geheimantwoord van toen")
    question = EvaluationQuestion(position=9, text="Geheimvraag", kind=EvaluationKind.STARS)
    ended = a_course(db, "Geheimcursus gisteren", in_days=-2)
    an_enrolment(db, ended, person, school)
    _teacher(db, course.id, "Geheimlesgever Gisteren")
    db.add(question)
    db.flush()
    earlier = an_enrolment(db, a_course(db, "Geheimcursus eerder", in_days=-80), person, school)
    unbilled = an_enrolment(
        db, a_course(db, "Geheimcursus nota", in_days=55), person, school, confirmed_on=date(2026, 11, 10)
    )
    return {
        "bare_certificate": certificates.issue(db, CLOCK, earlier.id, Language.DUTCH),
        "bare_note": billing.issue_debit_note(db, CLOCK, unbilled.id) or 0,
        "past": seat.id,
        "past_course": course.id,
        "ended_course": ended.id,
        "evaluation_question": question.id,
        "held_day": course.days[0].id,
        "note": note.id,
        "credit": credit.id,
        "cancelled": given_up.id,
        "certificate": certificate_id,
        "material": _material(db, course, "Geheimbestand"),
        "more_material": _material(db, course, "Geheimbestand twee"),
        "removed_material": _removed(db, course),
    }


def acting_for(school: Institution, db: Db) -> Actor:
    """The actor that the school's own account gives."""
    return acting(db.scalars(select(Account).where(Account.institution_id == school.id)).one())


def _coming(db: Db, person: Person, other: Person, school: Institution) -> dict[str, int]:
    """Courses to come: a named seat, a place to be named, one waited for, one on offer, one replaced, one asked for."""
    course = a_course(db, "Geheimcursus straks", in_days=14)
    named = an_enrolment(db, course, person, school, billing_reference="GEHEIMREF")
    question, new_question = a_question(db, course, "Wat eet u?"), a_question(db, course, "Nog iets?")
    an_answer(db, named, question, "Geheimantwoord", school)
    unnamed = an_enrolment(db, course, None, school, confirmed_on=clock.today() - timedelta(days=5))
    waits = an_enrolment(
        db,
        a_course(db, "Geheimcursus vol", in_days=31, capacity=0),
        person,
        school,
        status=EnrolmentStatus.WAITLISTED,
        confirmed_on=None,
        confirmed_at=None,
    )
    offered = an_enrolment(
        db,
        a_course(db, "Geheimcursus aanbod", in_days=32),
        person,
        school,
        status=EnrolmentStatus.OFFERED,
        confirmed_on=None,
        confirmed_at=None,
        offer_expires_at=clock.now() + timedelta(days=1),
    )
    expired = an_enrolment(
        db,
        a_course(db, "Geheimcursus verlopen", in_days=35),
        person,
        school,
        status=EnrolmentStatus.OFFERED,
        confirmed_on=None,
        confirmed_at=None,
        offer_expires_at=clock.now() - timedelta(days=1),
    )
    soon = a_course(db, "Geheimcursus overmorgen", in_days=2)
    invited = an_enrolment(db, soon, other, school, confirmed_at=clock.now() - timedelta(days=9))
    invited.created_at = clock.now() - timedelta(days=9)
    _teacher(db, soon.id, "Geheimlesgever Morgen")
    chain = an_enrolment(db, a_course(db, "Geheimcursus keten", in_days=33), person, school)
    replacements.replace(db, acting_for(school, db), chain.id, other.id)
    follower = db.scalars(select(Enrolment).where(Enrolment.replaces_id == chain.id)).one()
    return {
        "named": named.id,
        "unnamed": unnamed.id,
        "waits": waits.id,
        "offered": offered.id,
        "replaced": chain.id,
        "chain_material": _material(db, chain.course, "Geheimbestand keten"),
        "follower": follower.id,
        "teacher_course": soon.id,
        "course": course.id,
        "question": question.id,
        "new_question": new_question.id,
        "expired_course": expired.course_id,
    }


def _asked(db: Db, school: Institution, person: Person) -> int:
    """A question to the school whether it pays; returns its id."""
    school.payer_policy = PayerPolicy.APPROVAL
    account = db.scalars(select(Account).where(Account.person_id == person.id)).one()
    course = a_course(db, "Geheimcursus gevraagd", in_days=34)
    enrolments.enrol(db, acting(account), course.id, payer_institution_id=school.id)
    return db.scalars(select(PayerRequest.id)).one()


def _links(  # noqa: PLR0917 - what the links are about
    db: Db, account: Account, person_account: Account, affiliation_id: int, request_id: int, seat_id: int
) -> dict[Any, str]:
    """One mailed link of each kind."""
    month = timedelta(days=30)

    def made(purpose: TokenPurpose, owner: Account, **payload: object) -> str:
        return tokens.make(db, purpose, owner, month, **payload)

    return {
        TokenPurpose.CONFIRM_ACCOUNT: made(TokenPurpose.CONFIRM_ACCOUNT, person_account),
        TokenPurpose.NEW_PASSWORD: made(TokenPurpose.NEW_PASSWORD, person_account),
        TokenPurpose.CHANGE_ADDRESS: made(TokenPurpose.CHANGE_ADDRESS, account, email="geheimadres.n@school.example"),
        TokenPurpose.UNDO_AFFILIATION: made(TokenPurpose.UNDO_AFFILIATION, account, affiliation_id=affiliation_id),
        TokenPurpose.DECIDE_PAYER_REQUEST: made(TokenPurpose.DECIDE_PAYER_REQUEST, account, request_id=request_id),
        TokenPurpose.PAYER_POLICY: mailed_choices.policy_link(db, CLOCK, account.id),
        TokenPurpose.BILLING_ADDRESS: mailed_choices.billing_link(db, CLOCK, account.id),
        TokenPurpose.CANCEL: mailed_choices.cancel_link(db, CLOCK, account.id, seat_id),
    }


def _colleague(db: Db, name: str) -> int:
    """An account of the team without a password."""
    account = an_account(db, None, f"{name}@cno.example")
    account.name = name
    return account.id


def _terms(db: Db) -> int:
    """Cancellation terms that no course follows."""
    terms = CancellationTerms(name="Streng")
    db.add(terms)
    db.flush()
    return terms.id


def _import(db: Db) -> int:
    """An import that made nothing more to undo."""
    run = ImportRun(files='[{"name": "Geheimbestand.csv"}]', counts="{}", made_by="Geheim", made_at=clock.now())
    db.add(run)
    db.flush()
    return run.id


def bank_file(number: int, *movements: Movement) -> bytes:
    """A bank file of its own; without movements one of € 5 of nobody."""
    small = Movement(clock.today(), 500, f"KLEIN{number}", "Iemand")
    return camt_053("BE71096123456769", movements or (small,), number=number)


def _bank(db: Db, finance: Actor, note_id: int) -> dict[str, int]:
    """A note that was paid with € 10 too much, which is kept, and € 15 of which nobody knows what for."""
    note = db.get_one(Note, note_id)
    paid = Movement(clock.today(), note.total_cents + 1_000, "B1", "Geheimschool", "BE10000000000404", note.ogm or "")
    waits = Movement(clock.today() - timedelta(days=3), 1_500, "B2", "Geheimschool", text="Geheimnaam")
    bank_files.take_in(db, finance, "Geheimbestand.xml", bank_file(99, paid, waits))
    placed, waiting = db.scalars(select(BankTransaction.id).order_by(BankTransaction.id)).all()
    payments.place(db, finance, placed, [Part(note_id, note.total_cents), Part(note_id, 1_000, is_kept=True)])
    return {"placed_line": placed, "waiting_line": waiting}


def _reminded(db: Db, finance: Actor, note_id: int, held_id: int) -> dict[str, int]:
    """A note that was reminded of, and one whose reminders are held."""
    reminder = Reminder(
        note_id=note_id,
        step=1,
        text=ReminderText.FRIENDLY,
        sent_on=clock.today(),
        pay_by=clock.today(),
        open_cents=100,
        cost_cents=0,
        payload="{}",
        letter=b"%PDF Geheimnaam",
        letter_sha256=hashlib.sha256(b"%PDF Geheimnaam").hexdigest(),
        made_by="klok",
        made_at=clock.now(),
    )
    db.add(reminder)
    db.flush()
    reminder_care.hold(db, finance, held_id, reason=HoldReason.OTHER, until=clock.today())
    return {"reminder": reminder.id, "held_note": held_id}


def _books(db: Db) -> dict[str, int]:
    """An export to bookkeeping of the month before, and a control of the books."""
    now, plan = clock.now(), json.dumps(asdict(ledger.plan_of(db)))
    export = LedgerExport(first_day=date(2026, 10, 1), last_day=date(2026, 10, 31), plan=plan, controls="{}", lines=0)
    export.debit_cents, export.sha256, export.made_by, export.made_at = 0, "", "Geheimnaam", now
    run = ControlRun(is_full=True, done_note_id=0, last_note_id=0, done_line_id=0, last_line_id=0)
    run.made_by, run.started_at, run.finished_at = "Geheimnaam", now, now
    db.add_all([export, run])
    db.flush()
    return {"export": export.id, "run": run.id}


def _strangers(db: Db, shared: Person) -> tuple[Account, Account, dict[str, int]]:
    """Another school with a colleague, a seat, a note and material of its own."""
    school = an_institution(db, "Andere school")
    person = a_person(db, "Quinten", "Vreemd")
    account, own = _account(db, school, "andere@school.example"), _account(db, person, "quinten@school.example")
    own_link = an_affiliation(db, person, school)
    an_affiliation(db, shared, school)
    past = a_course(db, "Gewone cursus", in_days=-40)
    seat = an_enrolment(db, past, person, school, confirmed_on=clock.today() - timedelta(days=50))
    note = _billed(db, seat)
    certificates.store_file(db, CLOCK, certificates.issue(db, CLOCK, seat.id, Language.DUTCH), b"%PDF")
    coming = an_enrolment(db, a_course(db, "Gewone cursus straks", in_days=45), person, school)
    place = an_enrolment(db, a_course(db, "Gewone cursus later", in_days=46), None, school)
    return (
        account,
        own,
        {
            "stranger_link": own_link.id,
            "stranger_course": past.id,
            "stranger_note": note.id,
            "stranger_seat": coming.id,
            "stranger_place": place.id,
            "stranger_material": _material(db, past, "Gewoon bestand"),
        },
    )


def _double(db: Db, first: Person, second: Person, **values: Any) -> int:
    pair = LikelyDouble(
        party=Party.PERSON,
        first_id=first.id,
        second_id=second.id,
        reasons="school",
        found_at=clock.now(),
        **values,
    )
    db.add(pair)
    db.flush()
    return pair.id


def fill() -> World:
    """Both schools, in one transaction; the clock must stand still."""
    with write() as db:
        school, account = _school(db)
        person = a_person(db, "Geheimnaam", "Vertrouwelijk", phone="0470 99 00 03", street="Geheimstraat 6")
        other, gone = a_person(db, "Geheimcollega", "Verborgen"), a_person(db, "Geheimvertrokken", "Weg")
        shared, silent = a_person(db, "Sam", "Gedeeld"), a_person(db, "Stil", "Collega")
        person_account = _account(db, person, "geheimadres.p@school.example")
        other_account = _account(db, other, "geheimadres.o@school.example")
        _account(db, shared, "sam@school.example")
        silent_account = _account(db, silent, "stil@school.example")
        link, other_link, gone_link, *_rest = (
            an_affiliation(db, each, school) for each in (person, other, gone, shared, silent)
        )
        link.started_on = clock.today() - timedelta(days=400)
        gone_link.ended_on = clock.today()
        coordinator = _account(db, None, "team@cno.example")
        finance = _account(db, None, "geld@cno.example", coordinator_role=CoordinatorRole.FINANCE)
        reader = _account(db, None, "lezer@cno.example", coordinator_role=CoordinatorRole.READER)
        db.add(Decision(key="teacher_link_days", value="90", changed_at=clock.now()))
        ids = _past(db, person, school)
        ids |= _bank(db, acting(finance), ids["note"]) | _books(db)
        ids |= _coming(db, person, other, school)
        ids |= _reminded(db, acting(finance), ids["note"], ids["bare_note"])
        overlap = a_course(db, "Geheimcursus samen", in_days=40)
        for each in (shared, person, None):
            an_enrolment(db, overlap, each, school)
        due = an_enrolment(
            db, a_course(db, "Geheimcursus te factureren", in_days=56), person, school, confirmed_on=date(2026, 11, 10)
        )
        off = a_course(db, "Geheimcursus vervalt", in_days=61, status=CourseStatus.CANCELLING, cancelled_at=clock.now())
        emptied = a_course(db, "Lege cursus", in_days=62, status=CourseStatus.CANCELLING, cancelled_at=clock.now())
        draft = a_course(db, "Kladcursus", in_days=60, status=CourseStatus.DRAFT)
        ids |= {
            "link": link.id,
            "other_link": other_link.id,
            "person": person.id,
            "other": other.id,
            "gone": gone.id,
            "shared": shared.id,
            "open_course": a_course(db, "Openbare cursus", in_days=40).id,
            "full_course": a_course(db, "Volle openbare cursus", in_days=41, capacity=0).id,
            "draft": draft.id,
            "teacher": a_teacher(db, "Geheimdocent").id,
            "calling_off": off.id,
            "taken_back": an_enrolment(db, off, other, school).id,
            "emptied": emptied.id,
            "day": draft.days[0].id,
            "view": saved_views.save(db, acting(coordinator), "courses", "Geheimcursus-weergave", {}),
            "due": due.id,
            "import": _import(db),
            "request": _asked(db, school, person),
            "institution": school.id,
            "account": account.id,
            "remark": _remark(db, person, coordinator),
            "uninvited": an_account(db, an_institution(db, "Genodigde school"), "genodigd@school.example").id,
            "double": _double(db, person, other),
            "dismissed": _double(db, person, gone, dismissed_at=clock.now(), dismissed_by="Team"),
            "merge": merges.merge(
                db,
                acting(coordinator),
                Party.INSTITUTION,
                an_institution(db, "Dubbele school").id,
                an_institution(db, "Dubbel schooltje").id,
            ),
        }
        calendar_feeds.start(db, acting(account))
        ids["upload"] = _upload(db, f"coordinator:{coordinator.id}", ids["course"])
        stranger_account, stranger, more = _strangers(db, shared)
        ids |= more
        ids |= {"terms": _terms(db), "invited": _colleague(db, "Genodigd"), "closed": _colleague(db, "Gesloten")}
        db.get_one(Account, ids["closed"]).is_active = False
        mail_texts.save(
            db, acting(coordinator), "password-changed", Language.DUTCH, Draft("Gewijzigd", "Het is gebeurd."), seen=0
        )
        ids |= _mailroom(db)
        links = _links(db, account, person_account, other_link.id, ids["request"], ids["named"])
        owners = {
            "school": account,
            "person": person_account,
            "another school": stranger_account,
            "another person": stranger,
            "a colleague": silent_account,
            "the follower": other_account,
            "coordinator": coordinator,
            "finance": finance,
            "reader": reader,
        }
        notes = db.scalars(select(Note).where(Note.payer_institution_id == school.id)).all()
        papers = db.scalars(select(Certificate).where(Certificate.id == ids["certificate"])).all()
        seats = db.scalars(select(Course).where(Course.id.in_([ids["course"], ids["open_course"]]))).all()
        teacher = _teacher(db, ids["past_course"], "Lut Maes")
        stranger_teacher = _teacher(db, ids["stranger_course"], "Ander Docent")
        ids["taught_upload"] = _upload(db, f"teacher:{teacher.teacher_id}", ids["past_course"], key=4343)
        cookies = {name: _cookie(db, owner) for name, owner in owners.items()} | {
            "teacher": _taught_by_link(db, teacher, ids["past_course"]),
            "another teacher": _taught_by_link(db, stranger_teacher, ids["stranger_course"]),
        }
        return World(
            school=acting(account),
            person=acting(person_account),
            stranger_school=acting(stranger_account),
            stranger=acting(stranger),
            colleague=acting(silent_account),
            coordinator=acting(coordinator),
            finance=acting(finance),
            reader=acting(reader),
            teacher=teacher,
            stranger_teacher=stranger_teacher,
            cookies=cookies,
            links=links,
            ids=ids,
            day=day_values(draft.days[0]),
            addresses={each.title: f"{each.slug}-{each.id:05}" for each in seats},
            numbers=(
                *(each.number for each in notes),
                *(each.ogm for each in notes if each.ogm),
                *(text for each in papers for text in (each.number, each.code)),
            ),
        )


def _teacher(db: Db, course_id: int, name: str) -> Actor:
    """Somebody who teaches one course, as the mailed link lets in."""
    teacher = a_teacher(db, name, f"{name.split(maxsplit=1)[0].lower()}@docent.example")
    db.add(CourseTeacher(course_id=course_id, teacher_id=teacher.id))
    db.flush()
    return Actor(ActorKind.TEACHER, name=name, teacher_id=teacher.id)


def _taught_by_link(db: Db, teacher: Actor, course_id: int) -> str:
    """The cookie that the mailed link of a teacher leaves."""
    secret = secrets.token_urlsafe(32)
    row = db.get_one(Teacher, teacher.teacher_id)
    db.add(
        TeacherLink(
            teacher_id=row.id,
            course_id=course_id,
            token_hash=tokens.fingerprint(secret),
            state=teacher_links.bound_to(row),
            created_at=clock.now(),
        )
    )
    db.flush()
    return f"{TEACHER_COOKIE}={secret}"


def _remark(db: Db, person: Person, author: Account) -> int:
    remark = Remark(
        person_id=person.id,
        author_id=author.id,
        author=author.name,
        text="Geheimnaam belt vaak",
        written_at=clock.now(),
    )
    db.add(remark)
    db.flush()
    return remark.id


Dump = dict[str, list[dict[str, Any]]]


def dump(db: Db) -> Dump:
    """Every row of every table, as this transaction sees them."""
    db.flush()
    return {
        table.name: sorted((dict(row._mapping) for row in db.connection().execute(table.select())), key=repr)
        for table in Base.metadata.sorted_tables
    }


def written(db: Db) -> int:
    """How many rows were inserted, changed and deleted: on this connection (SQLite), in this transaction."""
    db.flush()
    connection = db.connection()
    if connection.dialect.name == "sqlite":
        driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        return driver.total_changes
    counted = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables"
    return int(db.scalar(text(counted)) or 0)


def touched(before: Dump, after: Dump) -> list[tuple[str, dict[str, Any]]]:
    """The rows that were changed or are gone."""
    return [(table, row) for table, rows in before.items() for row in rows if row not in after[table]]


def made(before: Dump, after: Dump) -> list[tuple[str, dict[str, Any]]]:
    """The rows that are new or changed, as they are now."""
    return touched(after, before)
