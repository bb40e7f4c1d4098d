"""The schema is the same whichever way it is made, and notes cannot change."""

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import IntegrityError

from core.db import read, write
from core.migrations import balances, search
from core.migrations.triggers import BANK_BOOKS, INSERT_ONLY, REMINDERS
from tests.builders import a_person
from tests.conftest import ROOT


def test_the_models_and_the_migrations_agree(database: str) -> None:
    command.check(Config(str(ROOT / "alembic.ini")))


def test_all_triggers_are_there_after_all_migrations(database: str) -> None:
    guarded = INSERT_ONLY + BANK_BOOKS + REMINDERS
    with read() as db:
        if database.startswith("sqlite"):
            names = set(db.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
            expected = {f"{table}_no_{event}" for table in guarded for event in ("update", "delete")}
        else:
            names = set(db.scalars(sa.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
            expected = {f"{table}_no_{event}" for table in guarded for event in ("change", "truncate")}
    assert names == expected | search.triggers() | balances.triggers()


def test_a_write_that_fails_leaves_nothing(database: str) -> None:
    with pytest.raises(IntegrityError), write() as db:
        person = a_person(db)
        db.execute(sa.text("INSERT INTO person (id) VALUES (:id)"), {"id": person.id})
    with read() as db:
        assert db.scalar(sa.text("SELECT count(*) FROM person")) == 0
