"""XOAUTH2: what both servers hear, byte for byte, from a token in a file or printed by a command."""

import base64
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import settings
from mailbot import mailbox, relay, tokens

SAID = b"user=cno@cno.example\x01auth=Bearer t0ken\x01\x01"
REFUSAL = base64.b64encode(b'{"status":"400"}').decode()


class Scripted:
    """A server on loopback for one connection of IMAP or SMTP that hears a client out."""

    def __init__(self, protocol: str, accepts: bool) -> None:
        self.heard: list[bytes] = []
        self._accepts = accepts
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._imap if protocol == "imap" else self._smtp, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.close()
        self._thread.join(timeout=5)

    def _imap(self) -> None:
        connection, _ = self._socket.accept()
        with connection, connection.makefile("rwb", buffering=0) as line:
            line.write(b"* OK ready\r\n")
            while text := line.readline():
                tag, _, command = text.strip().partition(b" ")
                if command.upper().startswith(b"AUTHENTICATE XOAUTH2"):
                    line.write(b"+ \r\n")
                    self.heard.append(base64.b64decode(line.readline()))
                    if not self._accepts:
                        line.write(f"+ {REFUSAL}\r\n".encode())
                        self.heard.append(line.readline().strip())
                        line.write(tag + b" NO AUTHENTICATE failed\r\n")
                        continue
                if command.upper().startswith(b"CAPABILITY"):
                    line.write(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 MOVE\r\n")
                if command.upper().startswith((b"SELECT", b"EXAMINE")):
                    line.write(b"* 0 EXISTS\r\n")
                line.write(tag + b" OK done\r\n")

    def _smtp(self) -> None:
        connection, _ = self._socket.accept()
        with connection, connection.makefile("rwb", buffering=0) as line:
            line.write(b"220 ready\r\n")
            while text := line.readline():
                command = text.strip()
                if command.upper().startswith(b"EHLO"):
                    line.write(b"250-here\r\n250 AUTH XOAUTH2 LOGIN\r\n")
                elif command.upper().startswith(b"AUTH XOAUTH2"):
                    self.heard.append(base64.b64decode(command.split()[-1]))
                    if self._accepts:
                        line.write(b"235 2.7.0 welcome\r\n")
                        continue
                    line.write(f"334 {REFUSAL}\r\n".encode())
                    self.heard.append(line.readline().strip())
                    line.write(b"535 5.7.3 no\r\n")
                else:
                    line.write(b"250 OK\r\n")


@pytest.fixture
def by_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    (tmp_path / "token").write_text("t0ken\n")
    for name, value in {
        "MAIL_AUTH": "xoauth2",
        "MAIL_TOKEN_FILE": str(tmp_path / "token"),
        "SMTP_PASSWORD": "",
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


def at(server: Scripted, name: str, by_token: pytest.MonkeyPatch) -> None:
    by_token.setenv(name, str(server.port))
    settings.cache_clear()


def test_the_mailbox_is_opened_with_a_token(by_token: pytest.MonkeyPatch) -> None:
    server = Scripted("imap", accepts=True)
    at(server, "IMAP_PORT", by_token)
    box = mailbox.connected("cno@cno.example", "unused")
    assert server.heard == [SAID]
    assert "MOVE" in box.client.capabilities
    mailbox.dropped(box)
    server.close()


def test_the_relay_takes_mail_after_a_token(by_token: pytest.MonkeyPatch) -> None:
    server = Scripted("smtp", accepts=True)
    at(server, "SMTP_PORT", by_token)
    relay.hang_up(relay.connect())
    assert server.heard == [SAID]
    server.close()


@pytest.mark.parametrize("protocol", ["imap", "smtp"])
def test_a_refused_token_is_trouble_that_is_tried_again(by_token: pytest.MonkeyPatch, protocol: str) -> None:
    server = Scripted(protocol, accepts=False)
    at(server, f"{protocol.upper()}_PORT", by_token)
    with pytest.raises(mailbox.TROUBLE if protocol == "imap" else relay.TROUBLE):
        if protocol == "imap":
            mailbox.connected("cno@cno.example", "unused")
        else:
            relay.connect()
    assert server.heard == [SAID, b""]
    server.close()


def test_a_command_may_print_the_token(by_token: pytest.MonkeyPatch) -> None:
    by_token.setenv("MAIL_TOKEN_COMMAND", f"{sys.executable} -c 'print(\"t1\")'")
    settings.cache_clear()
    assert tokens.token() == "t1"


@pytest.mark.parametrize(
    "setting",
    [
        {"MAIL_TOKEN_FILE": "/nowhere/geheim"},
        {"MAIL_TOKEN_COMMAND": "false geheim"},
        {"MAIL_TOKEN_COMMAND": "echo geheim geheim"},
        {"MAIL_TOKEN_COMMAND": "'"},
    ],
)
def test_without_a_token_the_bot_waits_and_tells_no_secret(
    by_token: pytest.MonkeyPatch, setting: dict[str, str]
) -> None:
    for name, value in setting.items():
        by_token.setenv(name, value)
    settings.cache_clear()
    with pytest.raises(tokens.NoToken) as trouble:
        tokens.xoauth2("cno@cno.example")
    assert "geheim" not in str(trouble.value)
    assert isinstance(trouble.value, mailbox.TROUBLE)


def test_production_wants_a_token_when_it_signs_in_by_token(by_token: pytest.MonkeyPatch) -> None:
    by_token.setenv("ENVIRONMENT", "production")
    by_token.setenv("MAIL_TOKEN_FILE", "")
    settings.cache_clear()
    with pytest.raises(ValueError, match="MAIL_TOKEN_FILE") as refused:
        settings()
    assert "IMAP_PASSWORD" not in str(refused.value)
