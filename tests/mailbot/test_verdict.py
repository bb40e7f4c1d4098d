"""The sender's verdict: only what our own servers wrote above the mail counts."""

import pytest

from mailbot.reading import read
from mailbot.verdict import verdict
from tests.mailbot.conftest import a_mail

HOSTS, IDS = frozenset({"mx.cno.example"}), frozenset({"mx.cno.example"})
OUR_HOP = b"Received: from out.school.example by mx.cno.example; Mon, 23 Nov 2026 11:00:00 +0000\r\n"
FOREIGN_HOP = b"Received: from x by relay.evil.example; Mon, 23 Nov 2026 11:00:00 +0000\r\n"


def results(text: str) -> bytes:
    return f"Authentication-Results: mx.cno.example; {text}\r\n".encode()


PASSED = results("dmarc=pass header.from=school.example")
CASES = {
    "nothing was written": (b"", "none"),
    "our server says pass": (OUR_HOP + PASSED, "pass"),
    "our server says fail": (OUR_HOP + results("dmarc=fail header.from=school.example"), "fail"),
    "about another domain": (OUR_HOP + results("dmarc=pass header.from=evil.example"), "bad"),
    "a signature of another organisation": (OUR_HOP + results("dkim=pass header.d=evil.example"), "none"),
    "forged below a foreign hop": (OUR_HOP + FOREIGN_HOP + PASSED, "none"),
    "forged without any hop of ours": (PASSED, "none"),
    "of somebody else's server": (OUR_HOP + PASSED.replace(b"mx.cno", b"mx.evil"), "none"),
    "the topmost of ours decides": (OUR_HOP + results("dmarc=fail header.from=school.example") + PASSED, "fail"),
    "unreadable results prove nothing": (OUR_HOP + results("((((=;;"), "none"),
}


@pytest.mark.parametrize(("above", "expected"), CASES.values(), ids=CASES)
def test_what_counts(above: bytes, expected: str) -> None:
    assert verdict(read(above + a_mail()).parsed, HOSTS, IDS) == expected


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "an@school.example, bo@school.example",
        "Groep: an@school.example;",
        "an@school",
        "<an@school.example",
        "zoë@school.example",
        '"an@school.example"@evil.example',
    ],
)
def test_an_odd_sender_is_bad(sender: str) -> None:
    raw = a_mail(sender="x@y.example").replace(b"From: x@y.example", f"From: {sender}".encode())
    assert verdict(read(raw).parsed, HOSTS, IDS) == "bad"


def test_without_servers_of_ours_a_clean_mail_is_none() -> None:
    assert verdict(read(OUR_HOP + PASSED + a_mail()).parsed, frozenset(), IDS) == "none"


@pytest.mark.parametrize(
    ("domain", "expected"), [("mail.example.org", "aligned"), ("example.org.evil.example", "none")]
)
def test_a_signature_counts_when_it_is_of_the_same_organisation(domain: str, expected: str) -> None:
    raw = OUR_HOP + results(f"dkim=pass header.d={domain}") + a_mail(sender="an@school.example.org")
    assert verdict(read(raw).parsed, HOSTS, IDS) == expected
