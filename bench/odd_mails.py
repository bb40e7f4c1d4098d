"""Clean questions of known senders in broken mails: odd headers, encodings, structures and attachments.

A person reads every one of them; those without an attachment can be answered, so that the answering path is tried too.
"""

import base64
import quopri
import random
from collections.abc import Callable
from dataclasses import dataclass, field

QUESTIONS = (
    (b"Wachtwoord", "Dag, ik ben mijn wachtwoord vergeten."),
    (b"=?utf-8?b?VnJhYWc=?=", "Wanneer kan ik mijn attest downloaden?"),
    (b"=?iso-8859-1?q?E=E9n_vraag?=", "Waar vind ik de presentatie van de nascholing?"),
    (b"", "Hoe kan ik mijn adres wijzigen?"),
    (b"=?utf-8?q?kapot", "Hoe kan ik mij inschrijven voor een nascholing?"),
    (b"Re: Re: RE:", "Hoe kan ik mij aan mijn school koppelen?"),
    ("Vraag één".encode(), "Op welk rekeningnummer moet ik de debetnota betalen?"),
    (b"Vraag\r\n\t van mij", "Onder welk e-mailadres ben ik bij jullie gekend?"),
)
Chance = random.Random


@dataclass
class Draft:
    """A mail in the making: its header lines, and one entity (header lines and body) that says something."""

    headers: list[bytes]
    kind: list[bytes] = field(default_factory=list)
    body: bytes = b""
    has_attachment: bool = False

    @property
    def raw(self) -> bytes:
        """The mail as it would arrive."""
        return b"\r\n".join([*self.headers, *self.kind, b"", self.body])


def sender(number: int) -> str:
    """Whose mail the one of a number is."""
    return f"leraar{number}@school.example"


def odd(number: int, chance: Chance) -> tuple[bytes, bool]:
    """The mail of a number, and whether something hangs on it, which is for a person to open."""
    subject, text = chance.choice(QUESTIONS)
    address = sender(number).encode()
    draft = Draft([
        chance.choice(FROM) % address,
        chance.choice(TO),
        chance.choice([b"Subject: ", b"SUBJECT:", b"subject:\t"]) + subject,
        chance.choice(IDS) % number,
    ])  # fmt: skip
    chance.choice(ENCODINGS)(draft, text, chance)
    for _ in range(chance.randint(0, 3)):
        chance.choice(STRUCTURES)(draft, chance)
    if chance.random() < ATTACHED:
        chance.choice(ATTACHMENTS)(draft, chance)
    for _ in range(chance.randint(0, 5)):
        draft.headers.insert(chance.randint(0, len(draft.headers)), chance.choice(HEADERS))
    return draft.raw, draft.has_attachment


ATTACHED, DOUBTFUL = 0.08, 0.04
FROM = (
    b"From: %s", b"FROM:<%s>", b"From: An Peeters <%s>", b'From: "Peeters, An (De Linde)" <%s>',
    b"From: =?utf-8?b?QW4gUMOpw6l0ZXJz?= <%s>", b"From: =?utf-8?q?An?=\r\n =?utf-8?q?_P=C3=A9?= <%s>",
    b"From:   An\t <%s>  ", b'From: "An \\"de juf\\" Peeters" <%s>',
)  # fmt: skip
#: An encoded word within quotes is against RFC 2047; nobody can be sure whom it names.
DOUBTFUL_FROM = b'From: "=?utf-8?q?An?=" <%s>'
TO = (
    b"To: cno@cno.example", b"TO: <CNO@CNO.EXAMPLE>", b"To: =?utf-8?q?Het_CNO?= <cno@cno.example>, x@elders.example",
    b"To: cno+attest@cno.example", b"To: undisclosed-recipients:;\r\nCc: cno@cno.example",
    b"To: Team: x@elders.example, cno@cno.example;", b'To: "cno@cno.example" <cno@cno.example>',
    b"To: x@elders.example,\r\n\tcno@cno.example", b"Cc: cno@cno.example",
)  # fmt: skip
IDS = (
    b"Message-ID: <%d@school.example>", b"message-id:<%d@[10.0.0.1]>", b"Message-Id: \r\n <%d.x@school.example>",
    b"Message-ID: %d-without-brackets", b"X-No-Message-ID: %d", b"Message-ID: <%d" + b"m" * 480 + b"@school.example>",
)  # fmt: skip
HEADERS = (
    b"X-Empty:", b"X-Weird: \x80\xff\xfe \xe2\x80\xae", b"X-Long: " + b"w" * 15_000, b"X-Folded: a\r\n\tb\r\n c",
    b"X-Nul: a\x00b", b"Date: Thu, 99 Foo 99999 99:99:99 +9999", b"Date: vandaag", b"Date:",
    b"Sender: x@elders.example",
    b"References: " + b"<a@b.example> " * 800, b"In-Reply-To: <<<>>>", b"In-Reply-To: <ob.0.0@cno.example>",
    b"Reply-To: x@elders.example", b"Reply-To: cno@", b"MIME-Version: 9.9 (none)", b"MIME-Version:",
    b"X-Parameters: a; " + b"b=c; " * 2_000, b"Content-Language: nl, \xff", b"Content-ID: <<",
    b"Content-Disposition: inline",
    b"X-Encoded: =?x-none?q?=ZZ?= =?utf-8?b?!!!?= =?=?=", b"Importance: hoog\x07",
    b"Disposition-Notification-To: x@elders.example",
    b"Authentication-Results: mx; dmarc=pass header.from=elders.example", b"Auto-Submitted: no",
    b"Received: from x by y; nooit",
    b"Received: " + b"(" * 300, b"Resent-From: x@elders.example, y@elders.example", b"X-Priority: 1 (Hoogst)" * 40,
    b"Thread-Index: " + b"A" * 200, b"Return-Path: <x@elders.example>", b"DKIM-Signature: v=1; b=" + b"\t\r\n x" * 200,
)  # fmt: skip


# Encodings of a text that says something


def _plain(draft: Draft, text: str, _chance: Chance) -> None:
    draft.kind, draft.body = [], text.encode()


def _quoted(draft: Draft, text: str, chance: Chance) -> None:
    charset = chance.choice([b"utf-8", b'"UTF-8"', b"utf-8 (unicode)", b"x-vlaams", b"us-ascii", b"cp1252", b""])
    draft.kind = [b"Content-Type: text/plain; charset=" + charset, b"Content-Transfer-Encoding: Quoted-Printable"]
    draft.body = quopri.encodestring(text.encode()) + chance.choice(
        [b"", b"=", b"\r\n=ZZ=", b"=\r\n=\r\n", b"\r\n=00=07"]
    )


def _base64(draft: Draft, text: str, chance: Chance) -> None:
    draft.kind = [b"Content-type: TEXT/PLAIN;charset*=utf-8''utf-8", b"Content-Transfer-Encoding: BASE64"]
    noise = chance.choice([b"", b"\r\n", b"\r\n\r\n  "])
    coded = base64.b64encode((text + " " * (-len(text.encode()) % 3)).encode())
    draft.body = noise.join(coded[at : at + 8] for at in range(0, len(coded), 8)) + chance.choice(
        [b"", b"\r\n!!", b"=="]
    )


def _latin(draft: Draft, text: str, chance: Chance) -> None:
    draft.kind = [chance.choice([b"Content-Type: text/plain", b"Content-Type: text/plain; charset=unknown-8bit"])]
    draft.body = f"{text}\r\n\r\nGroeten, Zoë".encode("latin-1")


def _wide(draft: Draft, text: str, chance: Chance) -> None:
    charset = chance.choice(["utf-16", "utf-16le", "utf-32"])
    draft.kind = [f"Content-Type: text/plain; charset={charset}".encode(), b"Content-Transfer-Encoding: base64"]
    draft.body = base64.encodebytes(text.encode(charset)).replace(b"\n", b"\r\n")


def _marked(draft: Draft, text: str, chance: Chance) -> None:
    """Spaces of every kind, marks of byte order and direction, tabs and empty lines."""
    sign = chance.choice(["\ufeff", "\u200b", "\u202e\u202c", "\u00ad", "\x00"])
    draft.kind = [
        b"Content-Type: text/plain; format=flowed; delsp=yes; charset=utf-8",
        b"Content-Transfer-Encoding: 8bit",
    ]
    draft.body = (sign + "\r\n" * chance.randint(0, 200) + text + sign + " \t" * chance.randint(0, 900)).encode()


def _quoting(draft: Draft, text: str, chance: Chance) -> None:
    """With a mail quoted below it, thousands of lines long."""
    below = "\r\n".join(["> x" * chance.randint(1, 20)] * chance.randint(1, 3_000))
    draft.kind = [b"Content-Type: text/plain; charset=utf-8"]
    draft.body = f"{text}\r\n\r\nOp ma 16 nov. 2026 om 10:00 schreef CNO <cno@cno.example>:\r\n{below}".encode()


def _html(draft: Draft, text: str, chance: Chance) -> None:
    odd_tags = chance.choice(
        ["<o:p></o:p>", "<table><tr><td>" * 20, "<!-- [if mso]> x <![endif]-->", "<b><i></b></i>", "<p/>"]
    )
    hidden = "<style>p{" + "a:b;" * chance.randint(0, 9_000) + "}</style><script>alert('wachtwoord')</script>"
    draft.kind = [chance.choice([b"Content-Type: text/html; charset=utf-8", b"content-type:text/HTML"])]
    draft.body = f"<html>{hidden}<body>{odd_tags}<p>{text}</p><img src=https://x.example/1.gif>&nbsp;&#0;".encode()


ENCODINGS = (_plain, _quoted, _base64, _latin, _wide, _marked, _quoting, _html)


# Structures around it


def _wrapped(draft: Draft, kind: bytes, parts: list[bytes], chance: Chance) -> None:
    """Put the text among other parts; the border, what stands before and after, and the end are not always sound."""
    border = chance.choice([b"b%d", b"=_%d", b"b'()+_,-./:=? %d", b"%d" + b"x" * 60]) % chance.randrange(10**9)
    before, after = (
        chance.choice([b"", b"Dit is MIME.\r\n", b"--\r\n" * 20]),
        chance.choice([b"", b"--\r\n", b"--\r\nrest \xff"]),
    )
    own = b"\r\n".join([*draft.kind, b"", draft.body])
    inside = b"".join(b"\r\n--" + border + b"\r\n" + part for part in (part or own for part in parts))
    draft.kind = [b"Content-Type: " + kind + b'; boundary="' + border + b'"']
    draft.body = before + inside + b"\r\n--" + border + after


def _mixed(draft: Draft, chance: Chance) -> None:
    _wrapped(draft, b"multipart/mixed", [b"", b"Content-Type: text/plain\r\n\r\n"], chance)


def _alternative(draft: Draft, chance: Chance) -> None:
    _wrapped(draft, b"multipart/alternative", [b"", b"Content-Type: text/html\r\n\r\n<p>Zie tekst"], chance)


def _related(draft: Draft, chance: Chance) -> None:
    logo = b"Content-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\n\r\n\x89PNG\x00"
    _wrapped(draft, b"multipart/related; type=text/html", [b"", logo], chance)


def _signed(draft: Draft, chance: Chance) -> None:
    seal = b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Disposition: attachment\r\n\r\nMIIx"
    _wrapped(draft, b"multipart/signed; micalg=sha-256", [b"", seal], chance)


def _after_broken_parts(draft: Draft, chance: Chance) -> None:
    broken = chance.choice(
        [b"\r\n", b"no colon\r\n\r\n", b"X: \x00\xff\r\n\r\n", b"Content-Type: audio/x\r\n\r\n", b": \r\n\r\n"]
    )
    _wrapped(
        draft, chance.choice([b"multipart/mixed", b"multipart/x-none"]), [broken] * chance.randint(1, 5) + [b""], chance
    )


def _deep(draft: Draft, chance: Chance) -> None:
    for _ in range(chance.randint(2, 8)):
        _wrapped(draft, b"multipart/mixed", [b""], chance)


STRUCTURES = (_mixed, _alternative, _related, _signed, _after_broken_parts, _deep)


# What hangs on it


def _attached(draft: Draft, chance: Chance, head: bytes, content: bytes) -> None:
    _wrapped(draft, b"multipart/mixed", [b"", head + b"\r\n\r\n" + content], chance)
    draft.has_attachment = True


def _named(draft: Draft, chance: Chance) -> None:
    names = [
        b'"../../etc/passwd"', b'"attest.pdf\\".exe"', b'"=?utf-8?q?=2E=2E=2Fx?="', b'"a\x00b.pdf"',
        b'"' + b"n" * 900 + b'"',
        b'"\xe2\x80\xaefdp.exe"', b'"<script>.html"', b'"CON"', b'"a\r\n b.pdf"',
    ]  # fmt: skip
    _attached(
        draft,
        chance,
        b"Content-Type: text/html\r\nContent-Disposition: attachment; filename=" + chance.choice(names),
        b"<script>",
    )


def _in_pieces(draft: Draft, chance: Chance) -> None:
    name = b"filename*0*=utf-8''%C3%A9%FF; filename*2=x; filename*1*=%; filename=y.pdf"
    _attached(draft, chance, b"Content-Type: application/pdf\r\nContent-Disposition: ATTACHMENT; " + name, b"%PDF")


def _a_mail(draft: Draft, chance: Chance) -> None:
    inner = b"From: x@elders.example\r\nSubject: Fwd\r\n\r\nIk ben mijn wachtwoord vergeten.\r\n" * chance.randint(
        1, 40
    )
    _attached(
        draft, chance, b"Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=mail.eml", inner
    )


def _empty(draft: Draft, chance: Chance) -> None:
    _attached(
        draft, chance, b"Content-Type: application/x-zip; name=leeg.zip\r\nContent-Transfer-Encoding: base64", b""
    )


ATTACHMENTS: tuple[Callable[[Draft, Chance], None], ...] = (_named, _in_pieces, _a_mail, _empty)
