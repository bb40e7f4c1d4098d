"""Never lost, never twice: the bot dies by SIGKILL at every step of a mail, starts again, and answers it once."""

import signal
import socket
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core import mail
from core.db import read, write
from core.models import IncomingMail, IntentSetting, OutgoingMail
from core.vocabulary import IncomingState, Intent, IntentMode, OutgoingState
from mailbot.steps import INCOMING, OUTGOING
from tests.builders import a_person, an_account
from tests.mailbot.conftest import MailServer, Nursery, a_mail, until

ASKER = "an@school.example"


def _switch_on() -> None:
    with write() as db:
        an_account(db, a_person(db), ASKER)
        db.add(IntentSetting(intent=Intent.NEW_PASSWORD, mode=IntentMode.ON))


def _is_done() -> bool:
    """One mail handled, and everything queued is sent: the answer, and the link to the account's address."""
    with read() as db:
        states = db.scalars(select(OutgoingMail.state)).all()
        handled = db.scalars(select(IncomingMail.state)).all()
    return list(handled) == [IncomingState.HANDLED] and list(states) == [OutgoingState.SENT] * 2


@pytest.mark.parametrize("step", INCOMING + OUTGOING)
def test_a_mail_is_answered_exactly_once_although_the_bot_dies(
    mail_server: MailServer, nursery: Nursery, step: str
) -> None:
    _switch_on()
    mail_server.send(a_mail(sender=ASKER))
    doomed = nursery.start(kill_at=step)
    until(lambda: nursery.code(doomed) is not None)
    assert nursery.code(doomed) == -signal.SIGKILL
    successor = nursery.start()
    until(_is_done)
    assert nursery.stop(successor) == 0
    arrived = sorted(mail.subject for mail in mail_server.mails(ASKER))
    assert arrived == ["Een nieuw wachtwoord kiezen", "Een nieuw wachtwoord voor uw CNO-account"]
    assert mail_server.mails("cno@cno.example") == []
    assert len(mail_server.mails("cno@cno.example", "Verwerkt")) == 1


def test_two_bots_started_by_mistake_answer_once_and_their_log_names_nobody(
    mail_server: MailServer, long_leases: None, nursery: Nursery, bot_log: Path
) -> None:
    _switch_on()
    bots = [nursery.start(), nursery.start()]
    for number in range(5):
        mail_server.send(a_mail(f"Ik ben mijn wachtwoord vergeten. Groeten {number}", f"leraar{number}@school.example"))
    with_answer = [f"leraar{number}@school.example" for number in range(5)]
    until(lambda: all(mail_server.mails(address) for address in with_answer))
    for bot in bots:
        assert nursery.stop(bot) == 0
    assert [len(mail_server.mails(address)) for address in with_answer] == [1] * 5
    with read() as db:
        assert db.scalar(select(func.count()).select_from(IncomingMail)) == 5
    lines = bot_log.read_text()  # of every bot of this file so far, crashes included
    assert "mail handled mail=1 state=handled intent=new_password" in lines
    assert "mail sent mail=1" in lines
    assert [word for word in ("@", "leraar", "wachtwoord", "Groeten") if word in lines] == []


def test_a_bot_that_waits_for_a_silent_server_stops_within_five_seconds(
    mail_server: MailServer, nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("SMTP_PORT", str(silent.getsockname()[1]))
        with write() as db:
            facts = {"reply_subject": "Re: x", "reply_text": "Dag"}
            mail.queue(db, "reply", dedupe="1", address=ASKER, facts=facts)
        bot = nursery.start()

        def is_claimed() -> bool:
            with read() as db:
                return db.scalars(select(OutgoingMail.state)).one() is OutgoingState.CLAIMED

        until(is_claimed)
        started = time.monotonic()
        assert nursery.stop(bot) == 0
        assert time.monotonic() - started < 5
