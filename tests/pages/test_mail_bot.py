"""«Mailbot»: the curve of a replay stands in words beside its chart, and an intent is switched at its row."""

import json

from core import clock
from core.assistant import policy
from core.db import read, write
from core.models import Replay
from core.vocabulary import Intent, IntentMode, Role
from tests.pages.screens import a_season, door_of, opened, said


def test_the_curve_is_told_and_an_intent_is_switched(sqlite_database: str) -> None:
    a_season(1)
    results = {"seen": {"certificate": 4}, "outcomes": [["certificate", 0.9, True], ["certificate", 0.3, False]]}
    with write() as db:
        db.add(Replay(name="2025", at=clock.now(), mails=4, results=json.dumps(results)))
    page = opened(door_of("coordinator/assistant.py"), Role.COORDINATOR)
    assert not page.exception
    told = next(line for line in said(page).splitlines() if "beantwoord, " in line).replace("\xa0", "").replace(" ", "")
    assert told.startswith("vanaf0%:50%beantwoord,50%fout;")
    page.button_group(key="mode_certificate").set_value(IntentMode.ON).run()
    assert not page.exception
    with read() as db:
        assert policy.is_on(db, Intent.CERTIFICATE)
