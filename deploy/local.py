"""`make run`: the whole platform on one machine. Migrates, fills an empty demo, starts everything, ends it on Ctrl-C.

Children: the embedded mail server (never in production), the mail bot and the web server, each on loopback. One that
dies is started again.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from alembic import command
from alembic.config import Config

from core import demo, start
from core.settings import Settings, settings

ROOT = Path(__file__).parent.parent
WEB_START_SECONDS = 90
STOP_SECONDS = 12
RESTART_SECONDS = 2


@dataclass
class Child:
    """One process of the platform."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor only."""
        self.process = subprocess.Popen(self.command, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True)

    def end(self) -> None:
        """Ask it to stop."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)


def say(text: str) -> None:
    """A line for whoever started us."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def children(own: Settings) -> list[Child]:
    """What runs, in the order of starting; the bot comes last, when the website answers already."""
    python = sys.executable
    web = [
        *(python, "-m", "streamlit", "run", "streamlit_app.py"),
        *("--server.port", str(own.web_port), "--server.address", "127.0.0.1"),
    ]
    website, bot = Child("de website", web), Child("de mailbot", [python, "-m", "mailbot"])
    if own.environment == "production":
        return [website, bot]
    return [website, Child("de mailserver", [python, "-m", "mailbot.local_server"]), bot]


def occupied(own: Settings) -> str | None:
    """Which setting names a port that somebody listens on already."""
    ports = {"WEB_PORT": own.web_port}
    if own.environment != "production":
        ports |= {"IMAP_PORT": own.imap_port, "SMTP_PORT": own.smtp_port}
    for name, port in ports.items():
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return f"Poort {port} is al in gebruik. Stop wat daar draait, of kies een andere: {name}=… make run"
    return None


def prepare(own: Settings) -> None:
    """Bring the database to the newest schema; fill it with demo data on the very first start."""
    if not start.is_migrated():
        say("De databank wordt klaargemaakt …")
        command.upgrade(Config("alembic.ini"), "head")
    if own.environment == "demo" and demo.is_empty():
        say("De demogegevens worden gemaakt (een tiental seconden) …")
        demo.fill()


def answers(url: str) -> bool:
    """Whether the website is up."""
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def banner(own: Settings) -> str:
    """Where everything is."""
    lines = ["", f"Het CNO-platform draait op {own.public_url}", ""]
    if own.environment == "demo":
        lines += [
            f"Demoaccounts (wachtwoord: {demo.PASSWORD})",
            f"  een leerkracht          {demo.PERSON_ADDRESS:<34} {own.public_url}/aanmelden (links)",
            f"  een schoolsecretariaat  {demo.INSTITUTION_ADDRESS:<34} {own.public_url}/aanmelden (rechts)",
            f"  een coördinator         {demo.COORDINATOR_ADDRESS:<34} {own.public_url}/team",
            f"  … met de rol financiën  {demo.FINANCE_ADDRESS:<34} {own.public_url}/team",
            f"  … die alleen leest      {demo.READER_ADDRESS:<34} {own.public_url}/team",
            "",
        ]
    if own.environment != "production":
        lines += [
            f"Mail:  stuur een bericht naar {own.mail_address} via SMTP op 127.0.0.1:{own.smtp_port}",
            f"       lees elke mailbox via IMAP op 127.0.0.1:{own.imap_port}",
            f"       (gebruiker: het adres, wachtwoord: {own.imap_password})",
            "",
        ]
    return "\n".join([*lines, "Stoppen: Ctrl-C", ""])


def run(own: Settings) -> int:
    """Start everything, wait for the end, stop everything."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    running = children(own)
    *first, bot = running
    for child in first:
        child.begin()
    try:
        until = time.monotonic() + WEB_START_SECONDS
        local = f"http://127.0.0.1:{own.web_port}"
        while not stop.is_set() and not answers(local):
            if time.monotonic() > until:
                say("De website start niet; de meldingen hierboven zeggen waarom.")
                return 1
            stop.wait(0.1)
        if not stop.is_set():
            bot.begin()
            say(banner(own))
        while not stop.wait(RESTART_SECONDS):
            for child in running:
                if child.process is not None and child.process.poll() is not None:
                    say(f"{child.name} is gestopt (code {child.process.returncode}) en wordt opnieuw gestart.")
                    child.begin()
        return 0
    finally:
        end(running)


def end(running: list[Child]) -> None:
    """Stop every child, the last one first; what does not stop in time is killed."""
    say("Het platform stopt …")
    for child in reversed(running):
        child.end()
    until = time.monotonic() + STOP_SECONDS
    for child in running:
        if child.process is None:
            continue
        try:
            child.process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait(timeout=5)


def main() -> int:
    """Start the platform of the settings; 1 with a line that says why when it cannot."""
    logging.basicConfig(level=logging.WARNING)
    os.chdir(ROOT)
    try:
        own = settings()
    except ValueError as unsafe:
        say(f"De instellingen kloppen niet: {unsafe}")
        return 1
    if taken := occupied(own):
        say(taken)
        return 1
    prepare(own)
    return run(own)


if __name__ == "__main__":
    sys.exit(main())
