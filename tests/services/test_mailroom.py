"""What coordinators do with mail: reply, close, reopen; hold and release what leaves."""

from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes
from email.policy import default

import pytest

from core import clock
from core.access import NotAllowed, NotFound
from core.db import Db, read, write
from core.errors import DomainError
from core.models import IncomingMail, MailThread, OutgoingMail
from core.queries import inbox as inbox_queries
from core.queries import outbox as outbox_queries
from core.services import inbox, outbox
from core.vocabulary import (
    VISITOR,
    Actor,
    ActorKind,
    CoordinatorRole,
    IncomingState,
    MailKind,
    OutgoingState,
    ThreadState,
)
from tests.builders import a_person, acting, an_account, queued


@pytest.fixture
def coordinator(database: str) -> Actor:
    with write() as db:
        return acting(an_account(db, None, "team@cno.example"))


def a_question(address: str = "bert@school.example") -> int:
    """A mail that waits, in a conversation of its own; the conversation's id."""
    with write() as db:
        now = clock.now()
        thread = MailThread(subject="Bus", address=address, created_at=now, last_mail_at=now)
        db.add(thread)
        db.flush()
        db.add(
            IncomingMail(
                sha256=f"{thread.id:064}",
                raw=b"raw",
                size=3,
                message_id="<bus@school.example>",
                from_address=address,
                subject="Re: Bus",
                body="Is er parking?",
                arrived_at=now,
                state=IncomingState.HELD,
                thread_id=thread.id,
            )
        )
        return thread.id


def test_a_reply_leaves_in_the_same_thread_and_closes_it(coordinator: Actor, noon: datetime) -> None:
    thread_id = a_question()
    with write() as db:
        inbox.reply(db, coordinator, thread_id, "Ja, aan de overkant.")
    with read() as db:
        (mail,) = queued(db)
        thread = db.get_one(MailThread, thread_id)
    parsed = message_from_bytes(mail.raw, policy=default)
    assert (mail.recipient, mail.kind, parsed["Subject"]) == ("bert@school.example", MailKind.PERSONAL, "Re: Bus")
    assert parsed["In-Reply-To"] == "<bus@school.example>"
    assert parsed["Auto-Submitted"] is None
    assert (thread.state, thread.closed_by_id) == (ThreadState.CLOSED, coordinator.account_id)
    assert "Het CNO-team" in mail.body


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_reply_is_refused_and_nothing_leaves(coordinator: Actor, text: str) -> None:
    thread_id = a_question()
    with pytest.raises(DomainError), write() as db:
        inbox.reply(db, coordinator, thread_id, text)
    with read() as db:
        assert queued(db) == []
        assert db.get_one(MailThread, thread_id).state is ThreadState.OPEN


def test_a_mail_without_a_sender_cannot_be_answered(coordinator: Actor) -> None:
    thread_id = a_question(address="")
    with pytest.raises(inbox.NobodyToAnswer), write() as db:
        inbox.reply(db, coordinator, thread_id, "Dag")


def test_closing_and_opening_again(coordinator: Actor) -> None:
    thread_id = a_question()
    with write() as db:
        inbox.close(db, coordinator, thread_id)
    with read() as db:
        assert inbox_queries.waiting(db, coordinator) == (0, None)
    with write() as db:
        inbox.reopen(db, coordinator, thread_id)
    with read() as db:
        assert inbox_queries.waiting(db, coordinator)[0] == 1
        assert [row.subject for row in inbox_queries.threads(db, coordinator, text="bus bert").rows] == ["Bus"]
        assert inbox_queries.threads(db, coordinator, text="trein").total == 0


ACTIONS: list[Callable[[Db, Actor, int], object]] = [
    inbox.close,
    inbox.reopen,
    lambda db, actor, thread: inbox.reply(db, actor, thread, "Dag"),
    outbox.hold,
    outbox.release,
    inbox_queries.conversation,
    outbox_queries.body,
]


@pytest.mark.parametrize("action", ACTIONS)
def test_only_coordinators_touch_mail(database: str, action: Callable[[Db, Actor, int], object]) -> None:
    thread_id = a_question()
    with write() as db:
        person = acting(an_account(db, a_person(db), "an@school.example"))
    reader = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.READER)
    for actor in (VISITOR, person):
        with pytest.raises((NotFound, NotAllowed)), write() as db:
            action(db, actor, thread_id)
    if action in ACTIONS[:5]:
        with pytest.raises((NotFound, NotAllowed)), write() as db:
            action(db, reader, thread_id)


def test_a_waiting_mail_is_held_and_let_go_but_a_sent_one_is_not(coordinator: Actor, noon: datetime) -> None:
    with write() as db:
        identity = inbox.reply(db, coordinator, a_question_in(db), "Dag")
    with write() as db:
        outbox.hold(db, coordinator, identity)
    with read() as db:
        assert db.get_one(OutgoingMail, identity).state is OutgoingState.HELD
    with write() as db:
        outbox.release(db, coordinator, identity)
        db.get_one(OutgoingMail, identity).state = OutgoingState.SENT
    for action in (outbox.hold, outbox.release):
        with pytest.raises(outbox.TooLate), write() as db:
            action(db, coordinator, identity)


def a_question_in(db: Db) -> int:
    """The conversation of a question, made in an open transaction."""
    now = clock.now()
    thread = MailThread(subject="Bus", address="bert@school.example", created_at=now, last_mail_at=now)
    db.add(thread)
    db.flush()
    db.add(
        IncomingMail(
            sha256="1" * 64, raw=b"raw", size=3, from_address="bert@school.example", arrived_at=now, thread_id=thread.id
        )
    )
    db.flush()
    return thread.id
