"""What leaves by itself: looked at without a trace, held, added to, sent before its day, on both databases."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import func, select

from core import clock, jobs
from core.access import NotAllowed, NotFound
from core.db import read, write
from core.errors import DomainError
from core.models import AuditEvent, Course, Enrolment, Institution, Note, OutgoingMail, Person
from core.queries import attention, due_notes
from core.queries import coming as coming_queries
from core.queries.attention import Matter
from core.services import billing, coming, coming_changes, enrolments, outbox, payer_requests
from core.vocabulary import (
    CLOCK,
    Actor,
    AuditTag,
    ComingKind,
    CoordinatorRole,
    EnrolmentStatus,
    OutgoingState,
    PayerPolicy,
)
from tests.builders import (
    a_course,
    a_person,
    acting,
    an_account,
    an_affiliation,
    an_enrolment,
    an_institution,
    queued,
)


@pytest.fixture
def coordinator(database: str, noon: datetime) -> Actor:
    with write() as db:
        return acting(an_account(db, None, "team@cno.example"))


def a_seat(days_ago: int = 3, **values: object) -> int:
    """A seat that a school pays, confirmed so many days ago; its id."""
    with write() as db:
        person, school = a_person(db), an_institution(db)
        an_account(db, person, f"an{person.id if person.id > 1 else ''}@school.example")
        an_account(db, school, f"secretariaat{school.id if school.id > 1 else ''}@school.example")
        on = clock.today() - timedelta(days=days_ago)
        return an_enrolment(db, a_course(db, **values), person, school, confirmed_on=on).id  # type: ignore[arg-type]


def everything(actor: Actor, kind: ComingKind) -> list[coming_queries.ComingRow]:
    with read() as db:
        return list(coming_queries.coming(db, actor, kind, 14).rows)


def test_the_mail_of_a_debit_note_is_shown_as_it_would_leave_and_nothing_stays(coordinator: Actor) -> None:
    seat = a_seat()
    (row,) = everything(coordinator, ComingKind.DEBIT_NOTE)
    assert (row.subject_id, row.on, row.cents) == (seat, clock.today() + timedelta(days=4), 19_000)
    with write() as db:
        mails = coming.rendered(db, coordinator, ComingKind.DEBIT_NOTE, seat)
    assert {mail.recipient for mail in mails} == {"an@school.example", "secretariaat@school.example"}
    assert all("Debetnota DN-2026-000001" in mail.subject and "<p>" in mail.html for mail in mails)
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Note)) == 0
        assert queued(db) == []
        assert db.get_one(Enrolment, seat).billed_on is None
        assert db.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_what_is_held_does_not_leave_until_it_is_released(coordinator: Actor) -> None:
    seat = a_seat(days_ago=7)
    with write() as db:
        coming_changes.hold(db, coordinator, ComingKind.DEBIT_NOTE, seat)
    assert jobs.run_due().issued == 0
    (row,) = everything(coordinator, ComingKind.DEBIT_NOTE)
    assert row.is_held
    with write() as db:
        coming_changes.release(db, coordinator, ComingKind.DEBIT_NOTE, seat)
    assert jobs.run_due().issued == 1
    assert everything(coordinator, ComingKind.DEBIT_NOTE) == []


def test_what_is_held_while_the_clock_works_does_not_leave_and_what_left_cannot_be_held(coordinator: Actor) -> None:
    held, left = a_seat(days_ago=7), a_seat(days_ago=7)
    with read() as db:
        assert set(due_notes.due(db)) == {held, left}  # what the clock is about to issue
    with write() as db:
        coming_changes.hold(db, coordinator, ComingKind.DEBIT_NOTE, held)
    for seat, is_issued in ((held, False), (left, True)):
        with write() as db:
            assert (billing.issue_debit_note(db, CLOCK, seat) is not None) is is_issued
    with write() as db, pytest.raises(coming_changes.HasLeft):
        coming_changes.hold(db, coordinator, ComingKind.DEBIT_NOTE, left)
    with write() as db:
        assert not coming_changes.is_kept(db, ComingKind.DEBIT_NOTE, left)
        assert coming.send_now(db, coordinator, ComingKind.DEBIT_NOTE, held), "who keeps it may still send it"


def test_a_note_can_leave_before_its_day_with_a_text_of_ones_own(coordinator: Actor) -> None:
    seat = a_seat(days_ago=1)
    with write() as db:
        coming_changes.add_text(db, coordinator, ComingKind.DEBIT_NOTE, seat, "Zoals afgesproken\naan de telefoon.")
        assert coming.send_now(db, coordinator, ComingKind.DEBIT_NOTE, seat)
    with write() as db:
        assert not coming.send_now(db, coordinator, ComingKind.DEBIT_NOTE, seat)
    done = jobs.run_due()
    assert (done.issued, done.rendered) == (0, 1)
    with read() as db:
        mails = queued(db, "debit-note")
        note = db.scalars(select(Note)).one()
        tags = set(db.scalars(select(AuditEvent.tag)))
    assert note.issued_on == clock.today()
    assert len(mails) == 2
    assert all("Zoals afgesproken\naan de telefoon." in mail.body for mail in mails)
    html = message_from_bytes(mails[0].raw, policy=default).get_body(("html",))
    assert html is not None
    assert "Zoals afgesproken<br>aan de telefoon." in html.get_content()
    assert {AuditTag.COMING_ADDED_TO, AuditTag.COMING_SENT} <= tags


def test_a_text_that_is_too_long_is_refused_at_its_box(coordinator: Actor) -> None:
    with write() as db, pytest.raises(coming_changes.AdditionTooLong) as refused:
        coming_changes.add_text(db, coordinator, ComingKind.DEBIT_NOTE, a_seat(), "x" * 2001)
    assert refused.value.field == "addition"


def test_a_question_to_a_payer_waits_as_long_as_its_note_is_held(coordinator: Actor, noon: datetime) -> None:
    with write() as db:
        person = a_person(db)
        school = an_institution(db, payer_policy=PayerPolicy.APPROVAL)
        actor = acting(an_account(db, person, "an@school.example"))
        an_account(db, school, "secretariaat@school.example")
        an_affiliation(db, person, school)
        course = a_course(db, in_days=60)
        school_id, course_id = school.id, course.id
    with write() as db:
        seat = enrolments.enrol(db, actor, course_id, payer_institution_id=school_id).enrolment_id
    (row,) = everything(coordinator, ComingKind.PAYER_REMINDER)
    assert row.on == clock.today() + timedelta(days=5)
    with write() as db:
        mails = coming.rendered(db, coordinator, ComingKind.PAYER_REMINDER, row.subject_id)
        assert {mail.recipient for mail in mails} == {"an@school.example", "secretariaat@school.example"}
        coming_changes.hold(db, coordinator, ComingKind.DEBIT_NOTE, seat)
        coming_changes.hold(db, coordinator, ComingKind.PAYER_REMINDER, row.subject_id)
    with clock.frozen(noon + timedelta(days=8)):
        assert jobs.run_due().issued == 0
        with read() as db:
            assert queued(db, "payer-request-reminder") == []
            assert payer_requests.over(db) == ()
        with write() as db:
            assert coming.send_now(db, coordinator, ComingKind.PAYER_REMINDER, row.subject_id)
            assert not coming.send_now(db, coordinator, ComingKind.PAYER_REMINDER, row.subject_id)


def test_places_without_a_name_are_reminded_when_a_coordinator_says_so(coordinator: Actor) -> None:
    seat = a_seat(in_days=20)
    with write() as db:
        db.get_one(Enrolment, seat).person_id = None
        course_id = db.get_one(Enrolment, seat).course_id
    (row,) = everything(coordinator, ComingKind.NAME_REMINDER)
    assert (row.subject_id, row.on) == (course_id, clock.today() + timedelta(days=6))
    with write() as db:
        assert coming.send_now(db, coordinator, ComingKind.NAME_REMINDER, course_id)
    with read() as db:
        assert [mail.recipient for mail in queued(db, "name-seats")] == ["secretariaat@school.example"]


def test_an_offer_that_is_kept_open_can_still_be_taken_after_its_end(coordinator: Actor, noon: datetime) -> None:
    with write() as db:
        person = a_person(db)
        actor = acting(an_account(db, person, "an@school.example"))
        seat = an_enrolment(
            db,
            a_course(db),
            person,
            status=EnrolmentStatus.OFFERED,
            confirmed_at=None,
            confirmed_on=None,
            offer_expires_at=clock.now() + timedelta(hours=3),
        ).id
    (row,) = everything(coordinator, ComingKind.OFFER_END)
    assert (row.subject_id, row.to) == (seat, "An Peeters")
    with write() as db:
        coming_changes.hold(db, coordinator, ComingKind.OFFER_END, seat)
        with pytest.raises(NotFound):
            coming.send_now(db, coordinator, ComingKind.OFFER_END, seat)
    with clock.frozen(noon + timedelta(hours=5)):
        assert jobs.run_due().lapsed == 0
        with write() as db:
            assert enrolments.accept_offer(db, actor, seat).status is EnrolmentStatus.CONFIRMED


def test_the_yearly_question_is_seen_beforehand_and_asked_once_a_day_at_most(coordinator: Actor) -> None:
    with write() as db:
        school = an_institution(db, asked_links_on=clock.today() - timedelta(days=360))
        an_account(db, school, "secretariaat@school.example")
        an_affiliation(db, a_person(db), school).started_on = clock.today() - timedelta(days=500)
        school_id = school.id
    (row,) = everything(coordinator, ComingKind.LINK_QUESTION)
    assert (row.subject_id, row.on) == (school_id, clock.today() + timedelta(days=5))
    with write() as db:
        assert coming.send_now(db, coordinator, ComingKind.LINK_QUESTION, school_id)
        assert not coming.send_now(db, coordinator, ComingKind.LINK_QUESTION, school_id)
    with read() as db:
        assert len(queued(db, "still-linked")) == 1


@pytest.mark.parametrize("role", [CoordinatorRole.READER, None])
def test_who_may_not_change_things_changes_nothing(coordinator: Actor, role: CoordinatorRole | None) -> None:
    seat = a_seat()
    with write() as db:
        other = (
            acting(an_account(db, None, "lezer@cno.example", coordinator_role=role))
            if role
            else acting(an_account(db, a_person(db, "Bo"), "bo@school.example"))
        )
    kind = ComingKind.DEBIT_NOTE
    for verb in (coming_changes.hold, coming_changes.release, coming.send_now, coming.rendered):
        with pytest.raises(NotAllowed), write() as db:
            verb(db, other, kind, seat)
    with pytest.raises(NotAllowed), write() as db:
        coming_changes.add_text(db, other, kind, seat, "x")


def test_a_held_mail_is_changed_and_leaves_with_its_attachment_and_message_id(coordinator: Actor) -> None:
    a_seat(days_ago=7)
    jobs.run_due()
    with read() as db:
        row = next(mail for mail in queued(db, "debit-note") if mail.recipient.startswith("secretariaat"))
    with write() as db:
        with pytest.raises(outbox.TooLate):
            outbox.edit(db, coordinator, row.id, subject="Ander", text="Anders")
        outbox.hold(db, coordinator, row.id)
    with write() as db, pytest.raises(outbox.NothingWritten):
        outbox.edit(db, coordinator, row.id, subject=" ", text="Anders")
    with write() as db:
        outbox.edit(
            db, coordinator, row.id, subject="Uw nota\r\nBcc: x@x.example", text="Beste,\n\nHierbij <b>de nota</b>."
        )
    with read() as db:
        changed = db.get_one(OutgoingMail, row.id)
    before, after = (message_from_bytes(raw, policy=default) for raw in (row.raw, changed.raw))
    assert after["Subject"] == "Uw nota Bcc: x@x.example"
    assert (after["Message-ID"], after["To"], after["Bcc"]) == (before["Message-ID"], before["To"], None)
    assert [part.get_filename() for part in after.iter_attachments()] == ["DN-2026-000001.pdf"]
    plain, html = after.get_body(("plain",)), after.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Hierbij <b>de nota</b>." in plain.get_content()
    assert "Hierbij &lt;b&gt;de nota&lt;/b&gt;." in html.get_content()
    assert changed.state is OutgoingState.HELD


def test_a_mail_with_a_personal_link_is_never_changed(coordinator: Actor) -> None:
    with write() as db:
        account = an_account(db, a_person(db, "Bo"), "bo@school.example", confirmed_at=None)
        from core.services import accounts

        accounts.ask_confirmation_again(db, acting(account))
        (row,) = queued(db)
        outbox.hold(db, coordinator, row.id)
        with pytest.raises(outbox.MailHoldsLink):
            outbox.edit(db, coordinator, row.id, subject="x", text="y")


def test_each_matter_of_today_is_counted_and_listed(coordinator: Actor) -> None:
    with write() as db:
        school = an_institution(db)
        an_account(db, school, "secretariaat@school.example", undeliverable_since=clock.now())
        a_course(db, "Te weinig", in_days=10, minimum=5)
        a_course(db, "Genoeg tijd", in_days=60, minimum=5)
        free = a_course(db, "Kan opschuiven", in_days=40, capacity=2)
        an_enrolment(db, free, a_person(db, "Wacht"), status=EnrolmentStatus.WAITLISTED, confirmed_on=None)
        past = a_course(db, "Geen aanwezigheden", in_days=-5)
        an_enrolment(db, past, a_person(db, "Was er"), billed_on=clock.today())
    with read() as db:
        numbers = attention.counts(db, coordinator)
        listed = {matter: [row.title for row in attention.matters(db, coordinator, matter).rows] for matter in Matter}
    assert numbers == {matter: len(rows) for matter, rows in listed.items()}
    assert listed == {
        Matter.BELOW_MINIMUM: ["Te weinig"],
        Matter.WAITING_LISTS: ["Kan opschuiven"],
        Matter.ATTENDANCE: ["Geen aanwezigheden"],
        Matter.NOTES: [],
        Matter.ADDRESSES: ["Basisschool De Zonnewimpel"],
    }


def test_nobody_else_sees_what_leaves_or_needs_somebody(coordinator: Actor) -> None:
    with write() as db:
        other = acting(an_account(db, a_person(db, "Bo"), "bo@school.example"))
    with read() as db:
        for look in (
            lambda: attention.counts(db, other),
            lambda: attention.matters(db, other, Matter.NOTES),
            lambda: coming_queries.counts(db, other, 14),
            lambda: coming_queries.coming(db, other, ComingKind.DEBIT_NOTE, 14),
        ):
            with pytest.raises(DomainError):
                look()
        assert due_notes.count_coming(db, 14) == 0
        assert db.scalar(select(func.count()).select_from(Course)) == 0
        assert db.scalar(select(func.count()).select_from(Institution)) == 0
        assert db.scalar(select(func.count()).select_from(Person)) == 1
