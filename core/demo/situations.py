"""The situations that the demo must contain (`sample-data.md` §8), made the way they arise."""

import io
import random
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, update

from core import clock, storage
from core.db import Db, read, write
from core.decisions import decisions
from core.documents import certificates as certificate_documents
from core.documents import notes as note_documents
from core.models import (
    Account,
    Attendance,
    Certificate,
    Course,
    CourseDay,
    Enrolment,
    FormerAddress,
    Institution,
    Material,
    Note,
    OutgoingMail,
    Person,
)
from core.queries import due_notes
from core.rules.billing import leaves_on
from core.services import billing, certificates, note_files, waiting_list
from core.vocabulary import (
    CLOCK,
    Actor,
    ActorKind,
    CoordinatorRole,
    CourseStatus,
    EnrolmentStatus,
    Language,
    OutgoingState,
    PayerKind,
)

COORDINATOR = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.COORDINATOR, name="demo")


def seat(  # noqa: PLR0917 - a table of seats reads better without names
    db: Db,
    course: Course,
    person: Person | None,
    payer: Institution | None,
    confirmed_on: date,
    status: EnrolmentStatus = EnrolmentStatus.CONFIRMED,
) -> Enrolment:
    """A seat that was confirmed on a day; no mail leaves for it."""
    at = clock.at(confirmed_on, time(10, 30))
    made = Enrolment(
        course_id=course.id,
        person_id=person.id if person else None,
        status=status,
        payer_kind=PayerKind.INSTITUTION if payer else PayerKind.PERSON,
        payer_institution_id=payer.id if payer else None,
        price_cents=course.price_cents,
        enrolled_by=ActorKind.PERSON if person else ActorKind.INSTITUTION,
        created_at=at,
        confirmed_at=at if status is EnrolmentStatus.CONFIRMED else None,
        confirmed_on=confirmed_on if status is EnrolmentStatus.CONFIRMED else None,
    )
    db.add(made)
    return made


def history(db: Db, past: list[Course], people: list[Person], schools: list[Institution]) -> None:
    """Courses followed since 2017: the demo's own person in each, two others beside."""
    for index, course in enumerate(past):
        if course.first_day is None:
            continue
        on = course.first_day - timedelta(days=30)
        payers = (schools[0] if index % 2 else None, schools[1], None)
        for person, payer in zip((people[0], people[1], people[4 + index]), payers, strict=True):
            seat(db, course, person, payer, on)
    db.flush()
    several = past[-1]
    present = db.scalars(select(Enrolment).where(Enrolment.course_id == several.id)).all()
    days = db.scalars(select(CourseDay).where(CourseDay.course_id == several.id).order_by(CourseDay.held_on)).all()
    for enrolment in present:
        for number, day in enumerate(days):
            missed = enrolment.person_id == people[0].id and number == 1
            db.add(
                Attendance(
                    enrolment_id=enrolment.id, course_day_id=day.id, is_present=not missed, recorded_at=clock.now()
                )
            )


def season(
    db: Db, chance: random.Random, coming: list[Course], people: list[Person], schools: list[Institution]
) -> None:
    """Seats of the coming courses, confirmed in the last six days, so that no debit note is due for them yet."""
    for index, course in enumerate(coming):
        full = course.capacity if index == 2 else chance.randint(2, min(9, course.capacity))
        for person in chance.sample(people[20:], full):
            payer = chance.choice(schools[10:]) if chance.random() < 0.6 else None
            seat(db, course, person, payer, clock.today() - timedelta(days=chance.randint(0, 6)))
    full_course, cancelled, chain = coming[2], coming[-1], coming[4]
    for number, person in enumerate(people[5:8]):
        waits = seat(db, full_course, person, None, clock.today(), EnrolmentStatus.WAITLISTED)
        waits.created_at = clock.now() - timedelta(hours=10 - number)
    cancelled.status, cancelled.cancelled_at = CourseStatus.CANCELLED, clock.now()
    due, waiting, given_up = coming[0], coming[1], coming[3]
    week = timedelta(days=decisions(db).debit_note_after_days)
    seat(db, due, people[0], schools[0], clock.today() - week)
    seat(db, waiting, people[0], None, clock.today() - week + timedelta(days=1))
    gone = seat(db, given_up, people[0], None, clock.today() - timedelta(days=4))
    db.flush()
    for each in (gone, *db.scalars(select(Enrolment).where(Enrolment.course_id == cancelled.id))):
        each.move_to(EnrolmentStatus.CANCELLED)
        each.cancelled_at, each.cancellation_cents = clock.now(), 0
    first = seat(db, chain, people[9], schools[0], clock.today() - timedelta(days=5))
    db.flush()
    for person in (people[10], people[11]):
        first.move_to(EnrolmentStatus.REPLACED)
        follower = seat(db, chain, person, schools[0], clock.today() - timedelta(days=5))
        follower.replaces_id, follower.seat_id = first.id, first.seat
        db.flush()
        first = follower
    seat(db, coming[5], None, schools[0], clock.today() - timedelta(days=2))
    account = db.scalars(select(Account).where(Account.person_id == people[1].id)).one()
    db.add(FormerAddress(account_id=account.id, email="zoe.oud@example.org", until_at=clock.now()))


def offer_a_seat(db: Db, full_course_id: int) -> None:
    """One participant of the full course gives up the seat: the first in line holds an open offer."""
    one = db.scalars(
        select(Enrolment)
        .where(Enrolment.course_id == full_course_id, Enrolment.status == EnrolmentStatus.CONFIRMED)
        .order_by(Enrolment.id)
        .limit(1)
    ).one()
    one.move_to(EnrolmentStatus.CANCELLED)
    one.cancelled_at, one.cancellation_cents = clock.now(), 0
    db.flush()
    waiting_list.offer_free_seats(db, CLOCK, full_course_id)


def material(db: Db, courses: list[Course]) -> None:
    """A small real file for a few courses."""
    for course in courses:
        content = f"Werkblad bij {course.title}\n\nOpdracht 1: kies een les van volgende week.\n".encode()
        key = f"{course.id}/werkblad.txt"
        storage.save(key, io.BytesIO(content))
        db.add(
            Material(
                course_id=course.id,
                title="Werkblad",
                filename="werkblad.txt",
                media_type="text/plain; charset=utf-8",
                size=len(content),
                storage_key=key,
                created_at=clock.now(),
            )
        )


def issue_history() -> None:
    """Debit notes of the past, each issued on its own day, in order."""
    with read() as db:
        after = decisions(db).debit_note_after_days
        seats = db.scalars(select(Enrolment).where(due_notes.leaves_by(db, clock.today() - timedelta(days=1))))
        due = [
            (leaves_on(seat.confirmed_on, after, seat.note_grouping), seat.id)
            for seat in seats
            if seat.confirmed_on is not None
        ]
    for on, enrolment_id in sorted(due):
        with clock.frozen(datetime.combine(on, time(8), clock.BRUSSELS)):
            with write() as db:
                note_id = billing.issue_debit_note(db, CLOCK, enrolment_id)
            if note_id is not None:
                file(note_id)


def mails_sent_long_ago() -> None:
    """The mails of what was made in the past count as sent."""
    with write() as db:
        db.execute(
            update(OutgoingMail)
            .where(OutgoingMail.created_at < clock.now() - timedelta(hours=12))
            .values(state=OutgoingState.SENT, sent_at=OutgoingMail.created_at)
        )


def file(note_id: int) -> None:
    """Render a note and store the files; its mail is queued."""
    with read() as db:
        note = db.get_one(Note, note_id)
        payload = note.payload
    made = note_documents.rendered(payload)
    with write() as db:
        note_files.store_and_mail(db, CLOCK, note_id, made.files, made.copies)


def a_replaced_certificate(person_id: int) -> None:
    """A certificate that was corrected: its old code says «vervangen»."""
    with read() as db:
        enrolment_id = db.scalars(
            select(Enrolment.id)
            .join(Course)
            .where(Enrolment.person_id == person_id, Course.last_day < clock.today() - timedelta(days=100))
            .order_by(Course.last_day)
            .limit(1)
        ).one()
    for make in (certificates.issue, certificates.reissue):
        with write() as db:
            certificate_id = make(db, COORDINATOR, enrolment_id, Language.DUTCH)
            payload = db.get_one(Certificate, certificate_id).payload
        content = certificate_documents.render(payload)
        with write() as db:
            certificates.store_file(db, COORDINATOR, certificate_id, content)
