"""The screening table: a mail that hits only one row, and its near miss; the interface as a process."""

import json
import subprocess
import sys
from email.message import EmailMessage

import pytest

from core.mail.addresses import bounce_address, message_id
from mailbot.reading import read
from mailbot.screening import screen
from tests.conftest import ROOT
from tests.mailbot.conftest import a_mail

REF = "0123456789abcdef"
OURS = "cno@cno.example"


def a_report(action: str, kind: str = "delivery-status", to: str = OURS, **status: str) -> bytes:
    """A delivery report about one recipient."""
    fields = {"Final-Recipient": "rfc822; x@y.example", "Action": action, "Status": "5.1.1"} | status
    block = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items())
    return (
        f"From: mx@provider.example\nTo: {to}\nSubject: Bericht\nMIME-Version: 1.0\n"
        f"Content-Type: multipart/report; report-type={kind}; boundary=b\n\n"
        f"--b\nContent-Type: text/plain\n\nUw bericht.\n"
        f"--b\nContent-Type: message/{kind}\n\nReporting-MTA: dns; mx\n\n{block}\n--b--\n"
    ).encode()


def with_calendar(method: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "an@school.example", OURS, "Afspraak"
    mail.set_content("Dag, past dit moment voor u?")
    mail.add_alternative("BEGIN:VCALENDAR\nEND:VCALENDAR\n", subtype="calendar", params={"method": method})
    return mail.as_bytes()


def forwarded_as_attachment() -> bytes:
    inner = EmailMessage()
    inner["From"], inner["Auto-Submitted"], inner["X-CNO-Bot"] = "robot@x.example", "auto-replied", "cno.example"
    inner.set_content("x")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "an@school.example", OURS, "Vraag"
    mail.set_content("Wat betekent deze mail die ik kreeg?")
    mail.add_attachment(inner)
    return mail.as_bytes()


def only_attachment() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "an@school.example", OURS, "Document"
    mail.set_content("\n")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="scan.pdf")
    return mail.as_bytes()


TABLE = {
    "a plain question": (a_mail(), "answer"),
    "our header": (a_mail(X_CNO_Bot="cno.example"), "own_mail"),
    "our Message-ID": (a_mail(Message_ID=message_id(REF)), "own_mail"),
    "a forged Message-ID of ours": (a_mail(Message_ID=message_id(REF).replace("ob.0", "ob.1")), "answer"),
    "from our own address": (a_mail(sender=OURS), "own_mail"),
    "from our own address with a tag": (a_mail(sender="cno+x@cno.example"), "own_mail"),
    "from another address of our domain": (a_mail(sender="iemand@cno.example"), "answer"),
    "thirty-one hops": (b"".join(b"Received: x\r\n" for _ in range(31)) + a_mail(), "own_mail"),
    "thirty hops": (b"".join(b"Received: x\r\n" for _ in range(30)) + a_mail(), "answer"),
    "delivered to us twice": (b"Delivered-To: cno@cno.example\r\n" * 2 + a_mail(), "own_mail"),
    "delivered to us once": (b"Delivered-To: cno@cno.example\r\n" + a_mail(), "answer"),
    "a failed delivery": (a_report("failed"), "bounce"),
    "a delayed delivery": (a_report("delayed"), "bounce"),
    "a confirmed delivery": (a_report("delivered"), "ignore_automatic"),
    "failed recipients named": (a_mail(X_Failed_Recipients="x@y.example"), "bounce"),
    "a daemon with a bounce subject": (a_mail(sender="mailer-daemon@x.example", Subject="Undeliverable: x"), "bounce"),
    "a daemon with another subject": (a_mail(sender="mailer-daemon@x.example"), "ignore_automatic"),
    "null path with a bounce subject": (a_mail(Return_Path="<>", Subject="Onbestelbaar: x"), "bounce"),
    "null path to our bounce address": (a_mail(Return_Path="<>", To=bounce_address(REF)), "bounce"),
    "an automatic reply to it": (
        a_mail(Return_Path="<>", To=bounce_address(REF), Auto_Submitted="auto-replied"),
        "ignore_automatic",
    ),
    "a complaint": (a_report("", "feedback-report"), "bounce"),
    "a read receipt": (a_report("", "disposition-notification"), "ignore_automatic"),
    "a bounce subject alone": (a_mail(Subject="Undeliverable mail van u gekregen"), "answer"),
    "submitted automatically": (a_mail(Auto_Submitted="auto-generated; x=y"), "ignore_automatic"),
    "submitted by hand": (a_mail(Auto_Submitted="no"), "answer"),
    "bulk": (a_mail(Precedence="bulk"), "ignore_automatic"),
    "first class": (a_mail(Precedence="first-class"), "answer"),
    "a list": (a_mail(List_Unsubscribe="<mailto:x@y.example>"), "ignore_automatic"),
    "suppress all": (a_mail(X_Auto_Response_Suppress="DR, OOF"), "ignore_automatic"),
    "suppress receipts only": (a_mail(X_Auto_Response_Suppress="DR, RN"), "answer"),
    "a loop header": (a_mail(X_Loop="x"), "ignore_automatic"),
    "another null path": (a_mail(Return_Path="<>"), "ignore_automatic"),
    "no-reply": (a_mail(sender="no-reply@x.example"), "ignore_automatic"),
    "noreply with a name": (a_mail(sender="noreply-cursus@x.example"), "ignore_automatic"),
    "a name with reply": (a_mail(sender="reply.noor@x.example"), "answer"),
    "out of office": (a_mail(Subject="Afwezig: tot 5 december"), "ignore_automatic"),
    "absence is not out of office": (a_mail("Ik ben die dag ziek.", Subject="Afwezigheid cursus 5 december"), "answer"),
    "an automatic subject in the middle": (a_mail(Subject="Kreeg: Automatic reply"), "answer"),
    "an answer to our invitation": (with_calendar("REPLY"), "ignore_automatic"),
    "an invitation": (with_calendar("REQUEST"), "hold"),
    "a challenge": (a_mail("Klik hier en bevestig dat u een mens bent."), "ignore_automatic"),
    "two senders": (a_mail(sender="an@school.example, bo@school.example"), "hold"),
    "no sender": (a_mail(sender=""), "hold"),
    "neither To nor Cc": (a_mail(To="iemand@school.example"), "hold"),
    "in Cc": (a_mail(To="iemand@school.example", Cc=OURS), "answer"),
    "with a tag in To": (a_mail(To="cno+cursus@cno.example"), "answer"),
    "answers come back to us": (a_mail(Reply_To=OURS), "hold"),
    "answers go elsewhere": (a_mail(Reply_To="prive@thuis.example"), "answer"),
    "only an attachment": (only_attachment(), "hold"),
    "garbage": (a_mail("%&/()= 0101 ####### ???? $$$$ !!!!"), "hold"),
    "encrypted": (a_mail("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"), "hold"),
    "a bare quote": (a_mail("> Wat vroeg u\n> precies aan ons?"), "hold"),
    "an automatic mail attached": (forwarded_as_attachment(), "answer"),
}


@pytest.mark.parametrize(("raw", "outcome"), TABLE.values(), ids=TABLE)
def test_each_row_and_its_near_miss(raw: bytes, outcome: str) -> None:
    assert screen(read(raw)).outcome == outcome


def test_the_interface_answers_a_thousand_lines_in_order_odd_ones_among_them() -> None:
    names = [list(TABLE)[number % len(TABLE)] for number in range(980)]
    rows = [json.dumps({"id": number, "raw": TABLE[name][0].decode("latin-1")}) for number, name in enumerate(names)]
    rows += ["no json", "[1]", '{"id": "odd"}', '{"id": 7, "raw": "\\ud800 € \\u0000"}', "", '{"id": 8, "raw": ""}'] * 4
    done = subprocess.run(
        [sys.executable, "-m", "mailbot.screening"],
        cwd=ROOT,
        input="\n".join(rows),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers[:980]] == list(range(980))
    assert [answer["outcome"] for answer in answers[:980]] == [TABLE[name][1] for name in names]
    assert [(answer["id"], answer["outcome"]) for answer in answers[980:985]] == [
        (None, "hold"),
        (None, "hold"),
        ("odd", "hold"),
        (7, "hold"),
        (8, "hold"),
    ]
    assert len(answers) == 980 + 20
