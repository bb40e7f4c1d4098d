"""The inbox: as many statements for a full list and a long conversation as for one mail, and no mail as it came."""

from core import clock
from core.db import write
from core.models import IncomingMail, MailAttachment, MailThread
from core.vocabulary import IncomingState, Intent, Language, Role
from tests.pages.screens import a_season, counted, door_of, opened

MOST_STATEMENTS = 48


def conversations(count: int, mails: int) -> None:
    """Conversations of the known person, each with so many mails that have a file and three guesses."""
    now = clock.now()
    with write() as db:
        for number in range(count):
            subject = f"Vraag {number} van {count}"
            thread = MailThread(subject=subject, address="an@school.example", created_at=now, last_mail_at=now)
            db.add(thread)
            db.flush()
            received = [
                IncomingMail(
                    sha256=f"{count}.{number}.{place}",
                    raw=b"x",
                    size=1,
                    from_address="an@school.example",
                    subject="Vraag",
                    body="Waar vind ik mijn attest?",
                    arrived_at=now,
                    state=IncomingState.HELD,
                    intent=Intent.CERTIFICATE,
                    score=0.5,
                    language=Language.DUTCH,
                    guesses="certificate:0.5 material:0.2 note_copy:0.1",
                    thread_id=thread.id,
                )
                for place in range(mails)
            ]
            db.add_all(received)
            db.flush()
            facts = {"position": 0, "filename": "x.pdf", "media_type": "application/pdf", "size": 1}
            db.add_all(MailAttachment(mail_id=mail.id, **facts) for mail in received)


def test_a_full_inbox_asks_no_more_than_one_with_a_single_mail(sqlite_database: str) -> None:
    a_season(1)
    asked: list[int] = []
    for count, mails in ((1, 1), (30, 8)):
        conversations(count, mails)
        with counted() as statements:
            page = opened(door_of("coordinator/inbox.py"), Role.COORDINATOR, zoek_mail=f"van {count}")
        assert not page.exception
        asked.append(len(statements))
        assert [text for text in statements if "mail.raw" in text] == []  # 25 MB would come with each click
    assert asked[0] == asked[1]
    assert asked[0] <= MOST_STATEMENTS
