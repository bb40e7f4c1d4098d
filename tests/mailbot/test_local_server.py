"""The embedded server: ours and outside mailboxes over real SMTP and IMAP; a restart keeps all."""

import gc
from smtplib import SMTPRecipientsRefused

import pytest

from core.settings import settings
from mailbot import local_server
from tests.mailbot.conftest import MailServer, a_mail, started_server, until


def test_outside_addresses_get_a_mailbox_and_strangers_of_our_domain_are_refused(mail_server: MailServer) -> None:
    mail_server.send(a_mail("Dag"), to="wie.dan.ook@elders.example")
    assert [mail.text.strip() for mail in mail_server.mails("wie.dan.ook@elders.example")] == ["Dag"]
    with pytest.raises(SMTPRecipientsRefused):
        mail_server.send(a_mail("Dag"), to="niemand@cno.example")


def test_a_tag_reaches_the_mailbox_and_the_envelope_is_written_above(mail_server: MailServer) -> None:
    mail_server.send(a_mail("Dag"), to="cno+b.1@cno.example", sender="")
    (mail,) = mail_server.mails("cno@cno.example")
    assert mail.headers["return-path"] == ("<>",)


def test_a_restart_keeps_all_but_what_the_bot_has_collected(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mailbot import handling

    mail_server.send(a_mail("oud"))
    (raw,) = [raw for _box, raw, _at in local_server.kept()]
    handling.store(raw, size=len(raw))
    mail_server.send(a_mail("nieuw"))
    mail_server.send(a_mail("buiten"), to="an@elders.example")
    again = started_server(monkeypatch)
    assert [mail.text.strip() for mail in again.mails("cno@cno.example")] == ["nieuw"]
    assert [mail.text.strip() for mail in again.mails("an@elders.example")] == ["buiten"]
    again.stop()


def test_an_idle_connection_survives_a_garbage_collection(mail_server: MailServer) -> None:
    with mail_server.box("cno@cno.example") as box:
        box.idle.start()
        gc.collect()
        mail_server.send(a_mail("Dag"))
        assert until(lambda: box.idle.poll(2))
        box.idle.stop()


def test_it_refuses_to_run_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ENVIRONMENT": "production",
        "SECRET_KEY": "x" * 40,
        "IMAP_PASSWORD": "echt",
        "ARCHIVE_IMAP_PASSWORD": "echt",
        "PUBLIC_URL": "https://cno.example",
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    assert local_server.main() == 2
    settings.cache_clear()
