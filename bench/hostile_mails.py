"""Broken and hostile mails: bombs of size and nesting, mutations, and clean questions in odd mails."""

import random
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum

from bench import odd_mails

SEED = 20261125
BOMBS_IN, MUTATED_IN = 20, 5
SEED_SENDER = b"an@school.example"
NASTY = [
    *(b"\x00", b"\r", b"\n\n", b"\r\n\r\n", b"--b", b"=?utf-8?q?", b"?="),
    *(b'"', b"<", b">", b"\xff\xfe", b"\xe2\x80\xae", b";", b"="),
]
HEADERS = [
    b"Content-Type: multipart/mixed", b"Content-Type: text/plain; charset=x-unknown", b"Content-Type: message/rfc822",
    b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: uuencode", b"From: a@b.example, c@d.example",
    b"From: =?utf-8?b?PGFAYi5leGFtcGxlPgo=?= <x@y.example>", b"Date: Thu, 99 Foo 99999", b"To: undisclosed:;",
    b"Content-Type: text/html; charset=utf-7", b"Message-ID: <" + b"m" * 900 + b">", b"References: " + b"<a@b> " * 800,
    b"Reply-To: cno@cno.example", b"Content-Disposition: attachment; filename*0*=utf-8%FF; filename*2=x", b": no name",
]  # fmt: skip


class Kind(StrEnum):
    """How a mail was broken."""

    BOMB = "bomb"
    MUTATED = "mutated anywhere"
    ODD = "clean question, odd mail"
    ATTACHED = "the same, with an attachment"


def mails(count: int, seed: int = SEED) -> Iterator[tuple[Kind, bytes]]:
    """Hostile mails, each of another sender and with other bytes: of twenty one bomb, five mutated, the rest odd."""
    chance = random.Random(seed)
    seeds = _seeds()
    bombs = _bombs()
    for number in range(count):
        place = number % BOMBS_IN
        if place == 0:
            kind, raw = Kind.BOMB, bombs[number // BOMBS_IN % len(bombs)](chance)
        elif place <= MUTATED_IN:
            kind, raw = Kind.MUTATED, _mutated(chance.choice(seeds), chance.choice(seeds), chance)
        else:
            raw, is_attached = odd_mails.odd(number, chance)
            kind = Kind.ATTACHED if is_attached else Kind.ODD
        raw = raw.replace(SEED_SENDER, odd_mails.sender(number).encode())
        yield kind, b"X-Number: %d\r\n" % number + raw


def _seeds() -> list[bytes]:
    """Sound mails of every build that reaches a mailbox."""
    made = []
    for text, subject in (
        ("Dag, waar vind ik mijn attest?\n\nGroeten,\nAn", "attest"),
        ("Ik ben mijn wachtwoord vergeten.\n\nOp ma 16 nov. 2026 schreef CNO:\n> uw mail", "Re: wachtwoord één"),
        ("Bonjour, j'ai oublié mon mot de passe.", "=?utf-8?q?mot?="),
    ):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "An Peeters <an@school.example>", "cno@cno.example", subject
        mail["Message-ID"], mail["Date"] = "<1@school.example>", "Mon, 23 Nov 2026 11:00:00 +0000"
        mail.set_content(text)
        made.append(mail.as_bytes(policy=SMTP))
        mail.add_alternative(f"<html><body><p>{text}</p><script>x()</script></body></html>", subtype="html")
        made.append(mail.as_bytes(policy=SMTP))
        mail.add_attachment(b"%PDF-1.4" * 50, maintype="application", subtype="pdf", filename="één bijlage.pdf")
        made.append(mail.as_bytes(policy=SMTP))
        outer = EmailMessage()
        outer["From"], outer["To"], outer["Subject"] = "bo@school.example", "cno@cno.example", "Fwd: " + subject
        outer.set_content("Zie hieronder.")
        outer.add_attachment(mail)
        made.append(outer.as_bytes(policy=SMTP))
    made = [re.sub(rb"={15}\d+==", b"border", raw) for raw in made]  # those of the library are random
    report = b"From: mailer-daemon@school.example\r\nTo: cno@cno.example\r\nSubject: Undelivered\r\nReturn-Path: <>\r\n"
    report += b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\n"
    report += (
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\n\r\n--b--\r\n"
    )
    invitation = (
        b"From: an@school.example\r\nTo: cno@cno.example\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN"
    )
    return [*made, report, invitation]


def _mutated(one: bytes, other: bytes, chance: random.Random) -> bytes:
    raw = bytearray(one)
    for _ in range(chance.randint(1, 12)):
        where, length = chance.randrange(len(raw) + 1), chance.randint(0, 40)
        kind = chance.randrange(8)
        if kind == 0:
            raw[where : where + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            raw[where:where] = chance.choice(NASTY) * chance.randint(1, 30)
        elif kind == 2:
            del raw[where : where + length]
        elif kind == 3:
            raw[where:where] = raw[where : where + length] * chance.randint(1, 20)
        elif kind == 4:
            start = chance.randrange(len(other))
            raw[where : where + length] = other[start : start + chance.randint(0, 400)]
        elif kind == 5:
            raw[0:0] = chance.choice(HEADERS) + chance.choice([b"\r\n", b"\n", b"\r", b"\r\n "])
        elif kind == 6:
            raw[:] = raw.replace(
                chance.choice([b"\r\n", b": ", b"--", b"utf-8", b"base64", b"="]), chance.choice(NASTY), 3
            )
        else:
            del raw[max(1, where) :]
    return bytes(raw) or b"x"


def _bombs() -> list[Callable[[random.Random], bytes]]:
    """Mails that cost a parser minutes or its stack; each a little different every time."""
    head = b"From: an@school.example\r\nTo: cno@cno.example\r\n"
    mixed = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    return [
        lambda c: head + b"Subject: " + b"x" * c.randint(15_000, 2 << 20) + b"\r\n\r\nx",
        lambda c: head + b"Subject: " + b"=?utf-8?q?x?= " * c.randint(900, 70_000) + b"\r\n\r\nx",
        lambda c: head + b"Content-Type: text/plain; " + b"a=b; " * c.randint(700, 200_000) + b"\r\n\r\nx",
        lambda c: (
            head + mixed + b"--b\r\nContent-Type: text/plain; " + b"a*0=b; " * c.randint(500, 900_000) + b"\r\n\r\nx"
        ),
        lambda c: b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
            for n in range(c.randint(40, 3_000))
        ),
        lambda c: head + b"Content-Type: message/rfc822\r\n\r\n" * c.randint(20, 2_000) + b"x",
        lambda c: head + b"\r\n" + b"\n" * c.randint(300_000, 4_000_000),
        lambda c: head + mixed + b"--b\r\n" * c.randint(900, 400_000),
        lambda c: head + b"\r" * c.randint(300_000, 900_000),
        lambda c: head + mixed + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * c.randint(150, 2_000),
        lambda c: head + b"X-A: b\r\n" * c.randint(5_000, 100_000) + b"\r\nx",
        lambda c: head + b"\r\n" + b"\r\n> " * c.randint(1_000, 150_000) + b"Op ma schreef x:",
        lambda c: head + b"Content-Type: text/html\r\n\r\n" + b"<div>" * c.randint(1_000, 150_000) + b"x",
        lambda c: head + b"Content-Type: text/html\r\n\r\n<p>" + b"&amp;" * c.randint(1_000, 200_000),
        lambda c: head + b"\r\n" + b"op " * c.randint(1_000, 300_000) + b"schreef",
        lambda c: head + b"\r\n" + b"attest en wachtwoord. " * c.randint(1_000, 40_000),
        lambda c: head + b"\r\n" + b"a" * c.randint(100_000, 26 << 20),
        lambda c: b"From: " + b"(" * c.randint(500, 8_000) + b" a@b.example\r\nTo: cno@cno.example\r\n\r\nx",
        lambda c: head + b"To: " + b"a@b.example, " * c.randint(500, 9_000) + b"\r\n\r\nwaar is mijn attest?",
    ]
