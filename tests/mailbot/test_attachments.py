"""What hangs on a real mail, from the mailbox to a coordinator's disk: saved, never shown; its layout runs nothing."""

from email.message import EmailMessage

import pytest
from sqlalchemy import select

from core.db import read, write
from core.models import IncomingMail, MailAttachment
from core.queries import inbox
from core.services import sign_ins
from core.vocabulary import Actor
from mailbot import handling
from tests.access.test_wrong_routes import asked
from tests.builders import a_coordinator, a_person, acting, an_account

HTML = """<html><head><style>@import url(https://spy.example/x.css);</style><base href="https://spy.example/"></head>
<body background="https://spy.example/b.png" onload="x()"><p style="background:url(https://spy.example/c.png)">Dag
<img src="https://spy.example/1.gif"><img src="cid:logo"><picture><source srcset="https://spy.example/2.png"></picture>
<video poster="https://spy.example/3.png"></video><link rel="prefetch" href="https://spy.example/4">
<meta http-equiv="refresh" content="0;url=https://spy.example/5"><a href="java&#10;script:x()">klik</a>
<a href="https://spy.example/6" ping="https://spy.example/7" onclick="x()">zie hier</a>
<button formaction="https://spy.example/8">OK</button><svg><script>x()</script></svg>
<math href="javascript:x()">m</math>
</p></body></html>"""
FILES = {
    "rekening.pdf": ("application", "pdf", b"%PDF-1.7 x"),
    "<b>pagina</b>.html": ("text", "html", b"<script>alert(1)</script>"),
    "één beeld.svg": ("image", "svg+xml", b"<svg onload='x()'/>"),
    "..\\..\\start.exe": ("application", "x-msdownload", b"MZ\x00\x01"),
}


@pytest.fixture
def coordinator(database: str) -> Actor:
    with write() as db:
        return a_coordinator(db)


@pytest.fixture
def arrived(coordinator: Actor) -> int:
    """A mail with a hostile layout and files of several kinds, stored and handled; its id."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "an@school.example", "cno@cno.example", "Bijlagen"
    mail.set_content("Zie bijlagen.")
    mail.add_alternative(HTML, subtype="html")
    for name, (main, sub, content) in FILES.items():
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "x@elders.example", "Doorgestuurd"
    inner.set_content("Een mail in een mail.")
    mail.add_attachment(inner, filename="mail.eml")
    raw = mail.as_bytes()
    identity = handling.store(raw, size=len(raw))
    assert identity is not None
    assert handling.handle_received() == 1
    return identity


def cookie_of(actor: Actor) -> str:
    assert actor.account_id is not None
    with write() as db:
        _identity, ticket = sign_ins.start(db, actor.account_id)
        cookie = sign_ins.redeem_ticket(db, ticket)
    assert cookie is not None
    return cookie


def test_every_file_is_listed_by_a_plain_name_and_saved_byte_for_byte(arrived: int, coordinator: Actor) -> None:
    cookie = cookie_of(coordinator)
    with read() as db:
        thread_id = db.get_one(IncomingMail, arrived).thread_id
        (mail,) = inbox.conversation(db, coordinator, thread_id or 0).mails
    names = [row.filename for row in mail.attachments]
    assert names == ["rekening.pdf", "<b>pagina<_b>.html", "één beeld.svg", ".._.._start.exe", "mail.eml"]
    for row, (main, sub, content) in zip(mail.attachments, FILES.values(), strict=False):
        answer = asked(f"/download/attachment/{row.attachment_id}", cookie)
        assert (answer.status, answer.body, row.size) == (200, content, len(content))
        assert row.media_type == f"{main}/{sub}"
        assert answer.headers["content-type"] == "application/octet-stream"  # no browser opens it here
        assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        assert not set('<>\\/ é"') & set(answer.headers["content-disposition"].partition("''")[2])
        assert answer.headers["x-content-type-options"] == "nosniff"
    last = asked(f"/download/attachment/{mail.attachments[-1].attachment_id}", cookie)
    assert b"Een mail in een mail." in last.body


def test_nobody_else_gets_a_file_of_a_mail(arrived: int) -> None:
    with write() as db:
        person = acting(an_account(db, a_person(db), "an@school.example"))
    with read() as db:
        ids = db.scalars(select(MailAttachment.id)).all()
    assert len(ids) == 5
    for identity in ids:
        assert asked(f"/download/attachment/{identity}", cookie_of(person)).status == 404
        assert asked(f"/download/attachment/{identity}").status == 303


def test_its_layout_loads_nothing_from_elsewhere_and_runs_nothing(arrived: int, coordinator: Actor) -> None:
    with read() as db:
        shown = inbox.laid_out(db, coordinator, arrived)
    assert shown is not None
    loads = ("src=", "srcset", "poster", "background", "url(", "@import", "<link", "<meta", "<base", "cid:", "ping=")
    runs = ("script", "onload", "onclick", "formaction", "<svg", "<math", "<button", "style=")
    assert [bad for bad in loads + runs if bad in shown.lower()] == []
    assert "Dag" in shown
    assert 'href="https://spy.example/6"' in shown
    assert 'rel="noopener noreferrer nofollow"' in shown
