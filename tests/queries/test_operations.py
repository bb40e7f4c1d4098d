"""How the mailbox is doing: the same numbers for «Vandaag» and for monitoring, and who may read them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.applications import Starlette

from core import mail
from core.db import read, write
from core.models import BotHealth, IncomingMail, OutgoingMail
from core.queries import operations
from core.settings import settings
from core.vocabulary import Actor, ActorKind, CoordinatorRole, IncomingState, OutgoingState
from pages.http.routes import ROUTES
from tests.asgi import let_answer

COORDINATOR = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.COORDINATOR, name="An")


def asked(client: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """The status and text of /metrics for somebody at an address."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/metrics",
        "raw_path": b"/metrics",
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()],
        "client": (client, 1),
    }
    let_answer(Starlette(routes=ROUTES), scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


@pytest.fixture
def a_day(database: str, noon: datetime) -> datetime:
    """Mails in every state of today, one of last week, and a relay that is left alone."""
    came = [*IncomingState, IncomingState.HANDLED]
    with write() as db:
        for number, state in enumerate(came):
            at = noon - timedelta(days=7 if number == len(came) - 1 else 0, minutes=20)
            db.add(IncomingMail(sha256=str(number), raw=b"", size=0, arrived_at=at, state=state))
        facts = {"reply_subject": "Re: x", "reply_text": "Dag"}
        for state in OutgoingState:
            mail.queue(db, "reply", dedupe=state.value, address=f"{state}@school.example", facts=facts)
        for row in db.query(OutgoingMail):
            row.state = OutgoingState(row.recipient.partition("@")[0])
            row.not_before = noon - timedelta(minutes=30)
        db.add(BotHealth(key=operations.ALIVE, value="1", at=noon))
        db.add(BotHealth(key=operations.PAUSED, value=(noon + timedelta(minutes=4)).isoformat(), at=noon))
    return noon


def test_the_last_day_is_counted_and_the_oldest_that_waits_is_known(a_day: datetime) -> None:
    with read() as db:
        found = operations.of_today(db, COORDINATOR)
    figures = found.figures
    assert (figures.received, figures.answered, figures.handed_over) == (5, 1, 1)
    assert (figures.ignored, figures.quarantined, figures.sent, figures.failed) == (1, 1, 1, 2)
    assert (figures.to_leave, figures.oldest_at) == (4, a_day - timedelta(minutes=30))
    assert (found.paused_until, found.bot_seen_at) == (a_day + timedelta(minutes=4), a_day)
    assert found.is_at_limit is False


def test_monitoring_reads_all_of_it_as_text_and_nothing_about_anybody(a_day: datetime) -> None:
    status, text = asked("127.0.0.1")
    lines = text.splitlines()
    assert status == 200
    assert "# TYPE cno_mails_received_total counter" in lines
    for line in (
        "cno_mails_received_total 6",
        "cno_mails_answered_total 2",
        "cno_mails_handed_over_total 1",
        "cno_mails_failed_total 2",
        "cno_mails_to_leave 4",
        "cno_oldest_received_age_seconds 1200",
        "cno_oldest_to_leave_age_seconds 1800",
        "cno_bot_silence_seconds 0",
        "cno_relay_paused 1",
    ):
        assert line in lines
    assert "@" not in text


@pytest.mark.parametrize(
    ("token", "asker", "status"),
    [
        ("", ("127.0.0.1", {}), 200),
        ("", ("::1", {}), 200),
        ("", ("10.0.0.7", {}), 404),
        ("", ("testclient", {}), 404),
        ("", ("127.0.0.1", {"X-Forwarded-For": "10.0.0.7"}), 404),
        ("", ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}), 404),
        ("t0ken", ("10.0.0.7", {"Authorization": "Bearer t0ken"}), 200),
        ("t0ken", ("127.0.0.1", {}), 404),
        ("t0ken", ("127.0.0.1", {"Authorization": "Bearer tOken"}), 404),
        ("t0ken", ("127.0.0.1", {"Authorization": "Bearer é"}), 404),
    ],
)
def test_only_this_machine_or_the_token_opens_the_figures(
    sqlite_database: str,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    asker: tuple[str, dict[str, str]],
    status: int,
) -> None:
    monkeypatch.setenv("METRICS_TOKEN", token)
    settings.cache_clear()
    assert asked(*asker)[0] == status


def test_a_silent_bot_and_an_empty_mailbox_are_numbers_too(sqlite_database: str) -> None:
    lines = asked("127.0.0.1")[1].splitlines()
    assert "cno_bot_silence_seconds -1" in lines
    assert "cno_relay_paused 0" in lines
