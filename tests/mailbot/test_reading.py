"""Reading: what was written, in odd encodings; bombs are refused in time, mutations never crash."""

import random
import time
from email.message import EmailMessage

import pytest

from mailbot.reading import ReadingRefused, read
from tests.mailbot.conftest import a_mail

BOMBS = {
    "a subject of a megabyte": b"From: a@b.example\nSubject: " + b"x" * (1 << 20) + b"\n\nx",
    "encoded words": b"From: a@b.example\nSubject: " + b"=?utf-8?q?x?= " * 70_000 + b"\n\nx",
    "type parameters": b"Content-Type: text/plain; " + b"a=b; " * 32_000 + b"\n\nx",
    "type parameters in a part": b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; "
    + b"a=b; " * 1_000_000
    + b"\n\nx\n--b--\n",
    "nested deep": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2_000)),
    "line ends": b"From: a@b.example\n\n" + b"\n" * (24 << 20),
    "boundary lines": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 1_000_000,
    "bare carriage returns": b"From: a@b.example\r\r" + b"\r" * 500_000,
    "over 25 MB": b"x" * ((25 << 20) + 1),
    "many parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: text/plain\n\nx\n" * 900,
    "a long header": b"From: a@b.example\nX-Long: " + b"y" * 20_000 + b"\n\nx",
}


@pytest.mark.parametrize("raw", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_and_says_why(raw: bytes) -> None:
    with pytest.raises(ReadingRefused, match=r"\w+ .*\."):
        read(raw)


def test_mutations_are_read_or_refused_but_never_crash() -> None:
    seeds = [a_mail(), a_mail("Zoë vroeg «één» ding", Subject="=?utf-8?b?w6k=?= vraag", Cc='"A\\"b" <a@b.example>')]
    chance = random.Random(7)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(3_000):
        raw = bytearray(chance.choice(seeds))
        for _change in range(chance.randint(1, 12)):
            where = chance.randrange(len(raw))
            raw[where : where + chance.randint(0, 4)] = bytes(
                chance.randrange(256) for _ in range(chance.randint(0, 5))
            )
        try:
            message = read(bytes(raw))
        except ReadingRefused:
            outcomes["refused"] += 1
            continue
        outcomes["read"] += 1
        assert "\x00" not in message.subject + message.text + message.sender_name
        (message.subject + message.text + message.sender_name).encode("utf-8")
    assert outcomes["read"] > 2_000


def test_a_parser_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbot.reading.READING_SECONDS", 0.2)
    monkeypatch.setattr("mailbot.reading.message_from_bytes", lambda *_args, **_options: time.sleep(30))
    with pytest.raises(ReadingRefused, match="takes too long"):
        read(a_mail())


def test_the_display_name_is_never_taken_for_the_address() -> None:
    message = read(a_mail(sender='"anna@school.example" <x@evil.example>'))
    assert (message.sender, message.sender_name) == ("x@evil.example", "anna@school.example")


def test_html_alone_is_read_without_scripts() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = "an@school.example", "cno@cno.example"
    mail.set_content(
        "<html><head><style>p {color:red}</style></head><body><p>Dag,</p><script>alert(1)</script>"
        "<p>Waar is mijn attest?</p></body></html>",
        subtype="html",
    )
    text = read(mail.as_bytes()).text
    assert text.split() == ["Dag,", "Waar", "is", "mijn", "attest?"]


def test_a_wrong_charset_still_gives_text_and_attachments_are_counted_not_read() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "an@school.example", "cno@cno.example", "café"
    mail.set_content("Mijn vraag staat in bijlage.")
    mail.add_attachment("geheim", filename="vraag.txt")
    message = read(mail.as_bytes())
    assert (message.text.strip(), message.attachments, message.subject) == ("Mijn vraag staat in bijlage.", 1, "café")
    raw = b"From: a@b.example\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\ncaf\xe9\n"
    assert read(raw).text == "café\n"
    assert read(raw.replace(b"utf-8", b"x-unknown")).text == "café\n"


LOGO = "Content-Type: image/png; name=logo.png\nContent-ID: <logo>\nContent-Transfer-Encoding: base64\n\n"
HANGING = {
    "a signature's logo": (LOGO + "AAEC", 0),
    "a photograph in the text": (LOGO + "AAEC" * 20_000, 1),
    "a logo that was enclosed": ("Content-Disposition: attachment\n" + LOGO + "AAEC", 1),
    "a seal": ("Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx", 0),
    "a document": ("Content-Type: application/pdf; name=attest.pdf\n\nx", 1),
}


@pytest.mark.parametrize(("part", "enclosed"), HANGING.values(), ids=HANGING)
def test_only_what_the_writer_enclosed_counts_as_an_attachment(part: str, enclosed: int) -> None:
    raw = f"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nDag\n--b\n{part}\n--b--\n"
    assert read(raw.encode()).attachments == enclosed
