"""How the mailbox is doing, as text for Prometheus: numbers only."""

import hmac
from datetime import datetime
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from core import clock
from core.db import read
from core.queries import operations
from core.queries.operations import MailFigures
from core.settings import settings

PATH = "/metrics"
#: What a proxy adds: then the asker is not on this machine, whatever the connection says.
_THROUGH_A_PROXY = ("forwarded", "x-forwarded-for", "x-real-ip")
_TYPE = "text/plain; version=0.0.4"


def figures(request: Request) -> Response:
    """GET /metrics: with the token of `METRICS_TOKEN`; without that setting only from this machine itself."""
    if not _may_read(request):
        return Response(status_code=404)
    with read() as db:
        found = operations.mail_figures(db)
        seen, paused = operations.seen_at(db), operations.paused_until(db)
    return PlainTextResponse("\n".join(_lines(found, seen, paused)) + "\n", headers={"Content-Type": _TYPE})


def _may_read(request: Request) -> bool:
    token = settings().metrics_token
    if token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    if request.client is None or any(name in request.headers for name in _THROUGH_A_PROXY):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _lines(found: MailFigures, seen: datetime | None, paused: datetime | None) -> list[str]:
    counters = {
        "received": ("Mails that came in", found.received),
        "answered": ("Mails that the bot answered", found.answered),
        "handed_over": ("Mails handed over to a coordinator", found.handed_over),
        "ignored": ("Automatic mails and bounces that need no answer", found.ignored),
        "quarantined": ("Mails that could not be read", found.quarantined),
        "sent": ("Mails that the relay accepted", found.sent),
        "failed": ("Mails that failed or are uncertain", found.failed),
    }
    lines = [line for name, (text, count) in counters.items() for line in _one(f"mails_{name}", text, count, "counter")]
    gauges = {
        "mails_to_leave": ("Mails in the outbox", found.to_leave),
        "oldest_received_age_seconds": ("Age of the oldest mail to be handled", _age(found.oldest_received_at)),
        "oldest_to_leave_age_seconds": ("Time that the oldest due mail waits to leave", _age(found.oldest_to_leave_at)),
        "bot_silence_seconds": ("Time since the bot said that it is alive, -1 for never", _age(seen) if seen else -1),
        "relay_paused": ("1 while the relay is left alone after faults", int(paused is not None)),
    }
    return lines + [line for name, (text, value) in gauges.items() for line in _one(name, text, value, "gauge")]


def _one(name: str, text: str, value: float, kind: str) -> tuple[str, str, str]:
    full = f"cno_{name}_total" if kind == "counter" else f"cno_{name}"
    return (
        f"# HELP {full} {text}",
        f"# TYPE {full} {kind}",
        f"{full} {value:g}" if kind == "gauge" else f"{full} {value}",
    )


def _age(at: datetime | None) -> float:
    return round((clock.now() - at).total_seconds(), 1) if at else 0.0
