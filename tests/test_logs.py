"""The log says what happened and never about whom."""

import json
import logging
import sys

import pytest

from core import logs
from core.settings import settings


def line(message: str, *, error: Exception | None = None, **facts: object) -> str:
    exception = None
    if error is not None:
        try:
            raise error
        except type(error):
            exception = sys.exc_info()
    record = logging.LogRecord("mailbot.delivery", logging.WARNING, __file__, 1, message, (), exception)
    vars(record).update(facts)
    return logs.Line().format(record)


def test_a_line_tells_when_what_and_its_numbers() -> None:
    assert line("mail refused", mail=7, code=451).endswith(" WARNING mailbot.delivery mail refused mail=7 code=451")


def test_a_line_may_be_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    settings.cache_clear()
    event = json.loads(line("mail refused", mail=7))
    settings.cache_clear()
    assert (event["level"], event["event"], event["mail"]) == ("WARNING", "mail refused", 7)


def test_an_error_tells_its_kind_and_place_and_not_what_it_quotes() -> None:
    text = line("mail not handled", error=ValueError("An Peeters <an@school.example> schreef"))
    assert "exception=ValueError where=tests/test_logs.py:" in text
    assert "Peeters" not in text
    assert "\n" not in text


@pytest.mark.parametrize("address", ["an.peeters@school.example", "cno+b.12.ab@cno.example", "o'neil@x.be", "a@b"])
def test_an_address_never_reaches_the_log(address: str) -> None:
    assert address not in line(f"550 <{address}>: unknown", to=address)
