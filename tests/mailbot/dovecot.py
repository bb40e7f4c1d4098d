"""Dovecot, a real IMAP server, as a child with a configuration and a folder of its own."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.postgres import free_port

PASSWORD = "demo"
START_SECONDS = 20
DOVECOT = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
first_valid_uid = 0
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


class Missing(RuntimeError):
    """Dovecot is not installed, or speaks another configuration than ours."""


@contextmanager
def running() -> Iterator[int]:
    """The port of a fresh server where every user has an empty mailbox. Raises Missing."""
    binary = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if binary is None:
        raise Missing("Dovecot is missing: apt-get install dovecot-imapd")
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("2.3"):
        raise Missing(f"this is the configuration of Dovecot 2.3, found {version.strip()}")
    folder, port = Path(tempfile.mkdtemp()), free_port()
    (folder / "mail").mkdir()
    (folder / "dovecot.conf").write_text(_configuration(folder, port))
    server = subprocess.Popen([binary, "-F", "-c", folder / "dovecot.conf"], stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def _configuration(folder: Path, port: int) -> str:
    is_root = os.geteuid() == 0
    user, group = ("nobody", "nogroup") if is_root else (_own("-un"), _own("-gn"))
    text = DOVECOT.format(folder=folder, password=PASSWORD, user=user, group=group, port=port)
    if is_root:
        folder.chmod(0o755)
        shutil.chown(folder / "mail", user, group)
        return text
    own = {"default_internal_user": user, "default_login_user": user, "default_internal_group": group}
    return text + "".join(f"{name} = {value}\n" for name, value in own.items())


def _own(option: str) -> str:
    return subprocess.run(["id", option], capture_output=True, text=True, check=True).stdout.strip()


def _wait(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise Missing("Dovecot does not start")
