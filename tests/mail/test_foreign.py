"""The watch over all automatic mails of the test run sees what it has to see."""

import pytest

from core import mail
from core.db import write
from tests.builders import a_person, an_account
from tests.foreign import foreign
from tests.mailbot.conftest import a_mail


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Vragen? Schrijf naar cno@cno.example.", set()),
        ("U bent gekend als an@school.example.", set()),
        ("Uw collega bo@school.example schreef.", {"bo@school.example"}),
        ("<Bo@School.Example>", {"bo@school.example"}),
    ],
)
def test_an_address_of_somebody_else_is_seen(text: str, seen: set[str]) -> None:
    raw = a_mail(text, "cno@cno.example", To="an@school.example")
    assert foreign(raw, "an@school.example") == seen


def test_a_mail_that_names_somebody_else_cannot_be_queued_in_a_test(sqlite_database: str) -> None:
    with write() as db, pytest.raises(AssertionError):
        account = an_account(db, a_person(db), "an@school.example")
        account.name = "bo@elders.example"
        mail.queue(db, "password-changed", dedupe="1", account=account)
