"""A throw-away PostgreSQL server on loopback, for tests and measurements."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

START_SECONDS = 20
_OPTIONS = (
    "listen_addresses=127.0.0.1",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
)


def free_port() -> int:
    """A TCP port on loopback that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def running(options: tuple[str, ...] = _OPTIONS) -> Iterator[str]:
    """The address of a fresh server, without a database name; it and its folder are gone afterwards.

    Raises FileNotFoundError when PostgreSQL is not installed.
    """
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not binaries:
        raise FileNotFoundError("PostgreSQL is missing: apt-get install postgresql, or set TEST_POSTGRES_URL")
    # A socket path holds 107 characters at most, so the folder lies directly in the temporary folder.
    folder = Path(tempfile.mkdtemp())
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    port, data = free_port(), folder / "data"
    make = [binaries[-1] / "initdb", "-D", data, "-A", "trust", "-U", "cno", "-E", "UTF8", "--no-locale"]
    subprocess.run([*as_user, *make], check=True, capture_output=True, cwd="/")
    serve = [binaries[-1] / "postgres", "-D", data, "-p", str(port), "-k", folder]
    serve += [part for option in options for part in ("-c", option)]
    server = subprocess.Popen([*as_user, *serve], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    address = f"postgresql://cno@127.0.0.1:{port}"
    try:
        _wait(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(f"{address}/postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
