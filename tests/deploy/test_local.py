"""Starting on one machine: a clear line when it cannot."""

import os
import socket
import subprocess
import sys

import pytest

from deploy import local
from tests.conftest import ROOT, free_port


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.local"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_port_in_use_is_named_with_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = started(WEB_PORT=str(port), DATABASE_URL="sqlite:///:memory:")
    assert done.returncode == 1
    assert f"Poort {port} is al in gebruik" in done.stdout
    assert "WEB_PORT" in done.stdout


def test_production_does_not_start_on_default_secrets() -> None:
    done = started(ENVIRONMENT="production", WEB_PORT=str(free_port()), DATABASE_URL="sqlite:///:memory:")
    assert done.returncode == 1
    assert "SECRET_KEY" in done.stdout


def test_production_starts_no_embedded_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.settings import Settings

    safe = Settings(
        environment="production",
        secret_key="x" * 40,
        imap_password="echt",
        archive_imap_password="echt",
        public_url="https://cno.example",
    )
    assert [child.name for child in local.children(safe)] == ["de website", "de mailbot"]
    assert [child.name for child in local.children(Settings())] == ["de website", "de mailserver", "de mailbot"]


@pytest.mark.parametrize("module", ["mailbot", "mailbot.local_server"])
def test_a_process_refuses_an_old_schema(module: str, tmp_path: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3", "ENVIRONMENT": "test"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "alembic upgrade head" in done.stderr
