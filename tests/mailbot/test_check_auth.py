"""`mailbot check-auth`: a forged probe through a real server says whether results may be believed."""

import sys

import pytest

from core.settings import settings
from mailbot import __main__ as bot
from mailbot import check_auth
from mailbot.check_auth import SAFE, UNKNOWN, UNSAFE, check, judged, probe
from tests.mailbot.conftest import MailServer, free_port

OURS = (["mx.cno.example"], ["mx.cno.example"])
OUR_HOP = b"Received: from out.evil.example by mx.cno.example; Mon, 23 Nov 2026 11:00:00 +0000\r\n"
FAILED = b"Authentication-Results: mx.cno.example; dmarc=fail header.from=example.org\r\n"
FOREIGN_HOP = b"Received: from x by relay.elsewhere.example; Mon, 23 Nov 2026 11:00:00 +0000\r\n"


@pytest.mark.parametrize(
    ("above", "code"),
    [
        (OUR_HOP, UNSAFE),  # a server that adds nothing and strips nothing
        (OUR_HOP + FAILED, SAFE),  # one that overrules the lie
        (OUR_HOP + FOREIGN_HOP, SAFE),  # the lie stands below a foreign hop
        (b"", UNSAFE),
    ],
)
def test_the_arrived_probe_is_judged(above: bytes, code: int) -> None:
    assert judged(above + probe("t", "mx.cno.example", "mx.cno.example"), *OURS).code == code


def test_a_server_that_strips_the_lie_is_safe() -> None:
    raw = probe("t", "mx.cno.example", "mx.cno.example").partition(b"Received:")[2]
    assert judged(OUR_HOP + b"Received:" + raw, *OURS).code == SAFE


def test_without_names_of_ours_or_a_server_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.cache_clear()
    assert check("127.0.0.1:1").code == UNKNOWN
    monkeypatch.setenv("OUR_MAIL_HOSTS", "mx.cno.example")
    monkeypatch.setenv("OUR_AUTHSERV_IDS", "mx.cno.example")
    settings.cache_clear()
    assert "did not take" in check(f"127.0.0.1:{free_port()}").text
    assert check("127.0.0.1:no-port").code == UNKNOWN


@pytest.mark.parametrize(("hosts", "code"), [("cno.example", UNSAFE), ("mx.elsewhere.example", SAFE)])
def test_the_probe_travels_through_a_real_server(
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    hosts: str,
    code: int,
) -> None:
    monkeypatch.setenv("OUR_MAIL_HOSTS", hosts)
    monkeypatch.setenv("OUR_AUTHSERV_IDS", "mx.cno.example")
    monkeypatch.setattr(check_auth, "POLL_SECONDS", 0.05)
    settings.cache_clear()
    monkeypatch.setattr(sys, "argv", ["mailbot", "check-auth", f"127.0.0.1:{settings().smtp_port}"])
    monkeypatch.setattr("core.start.check", lambda: None)
    assert bot.main() == code
    assert "TRUST_AUTHRES" in capsys.readouterr().out
