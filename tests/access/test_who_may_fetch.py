"""Who may fetch what: every kind of person asks the HTTP door for every kind of file of the first school."""

from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from core.db import write
from core.models import Account
from core.services import calendar_feeds
from tests.access.test_uploads import sent
from tests.access.test_wrong_routes import asked
from tests.access.world import World

#: The initials of who gets it; all others are told that it is not there, and a visitor to sign in.
#: p the participant · f a colleague who took a place over · s the school that pays · t a colleague without a course
#: o another school · q another person · c a coordinator · e one of finance · r one who only reads
#: l who teaches the course, by the mailed link · m who teaches another
WHO = {
    "p": "person",
    "f": "the follower",
    "s": "school",
    "t": "a colleague",
    "o": "another school",
    "q": "another person",
    "c": "coordinator",
    "e": "finance",
    "r": "reader",
    "l": "teacher",
    "m": "another teacher",
}
#: What teachers may ask for at all: for the rest their link is no sign-in.
TAUGHT = ("/download/material/", "/download/day/")
FILES = {
    "debit note of the school": ("/download/note/{note}", "pscer"),
    "credit note of the school": ("/download/note/{credit}", "pscer"),
    "e-invoice of the school": ("/download/note/{note}?soort=ubl", "scer"),
    "certificate": ("/download/certificate/{past}", "pscer"),
    "certificate of a cancelled place": ("/download/certificate/{cancelled}", ""),
    "certificate before its day": ("/download/certificate/{named}", ""),
    "material of a course followed": ("/download/material/{material}", "pscerl"),
    "material of a place passed on": ("/download/material/{chain_material}", "fscer"),
    "material that was removed": ("/download/material/{removed_material}", ""),
    "calendar of a seat": ("/download/calendar/{named}.ics", "pscer"),
    "calendar of a place passed on": ("/download/calendar/{replaced}.ics", ""),
    "calendar of who took it over": ("/download/calendar/{follower}.ics", "fscer"),
    "material of another course": ("/download/material/{stranger_material}", "oqcerm"),
    "list to sign of a day": ("/download/day/{held_day}/sign-in.pdf", "cerl"),
    "evaluations of a course": ("/download/course/{past_course}/evaluations.xlsx", "cer"),
    "letter of a reminder": ("/download/reminder/{reminder}", "scer"),
    "statement of account of a school": ("/download/institution/{institution}/statement.pdf", "scer"),
    "statement of account of a person": ("/download/person/{person}/statement.pdf", "pcer"),
    "export for the bookkeeping": ("/download/ledger/{export}.csv", "cer"),
    "open amounts": ("/download/open-amounts.xlsx", "cer"),
    "list of participants": ("/download/course/{course}/participants.xlsx", "cer"),
    "list to print": ("/download/course/{course}/participants.pdf", "cer"),
    "all certificates of a course": ("/download/course/{past_course}/certificates.zip", "cer"),
    "received mail": ("/download/mail/{mail}", "cer"),
    "attachment of a mail": ("/download/attachment/{attachment}", "cer"),
    "report": ("/download/report.xlsx", "cer"),
    "overview of a school": ("/download/overview.xlsx", "so"),
    "overview of the school by its id": ("/download/institution/{institution}/overview.xlsx", "cer"),
    "dossier of a person": ("/download/dossier.xlsx", "pftq"),
    "dossier of the participant by the id": ("/download/person/{person}/dossier.xlsx", "pcer"),
}


@pytest.mark.parametrize("kind", FILES)
def test_each_person_gets_just_the_files_of_the_table(world: World, kind: str) -> None:
    pattern, allowed = FILES[kind]
    address = pattern.format_map(world.ids)
    got = {sign: asked(address, world.cookies[who]).status for sign, who in WHO.items()}
    signs_in = {sign: sign not in "lm" or address.startswith(TAUGHT) for sign in WHO}
    assert got == {sign: 200 if sign in allowed else 404 if signs_in[sign] else 303 for sign in WHO}
    assert asked(address).status == 303


def test_a_calendar_is_read_by_its_secret_address_until_that_is_renewed_or_stopped(world: World) -> None:
    with write() as db:
        address = path_of(calendar_feeds.start(db, world.school))
    found = sent("GET", address, "")
    assert (found.status, found.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert found.headers["cache-control"] == "private, no-cache"
    assert "Geheimcursus" in Calendar.from_ical(found.body).to_ical().decode()
    for tag in (found.headers["etag"], f'"other", W/{found.headers["etag"]}'):
        same = sent("GET", address, "", if_none_match=tag)
        assert (same.status, same.body, same.headers["etag"]) == (304, b"", found.headers["etag"])
    assert sent("GET", address, "", if_none_match='"other"').body == found.body
    wrong = sent("GET", f"/agenda/{'x' * 43}.ics", world.cookies["school"])
    assert (wrong.status, wrong.body) == (404, b"404"), "no cookie opens another's calendar"
    for each in (f"/agenda/{'x' * 101}.ics", "/agenda/é.ics", address.removesuffix(".ics")):
        assert sent("GET", each, "").status == 404
    with write() as db:
        renewed = path_of(calendar_feeds.start(db, world.school))
    assert sent("GET", address, "") == wrong, "what was renewed looks unknown"
    assert sent("GET", renewed, "").status == 200
    with write() as db:
        db.get_one(Account, world.ids["account"]).is_active = False
    assert sent("GET", renewed, "") == wrong
    with write() as db:
        db.get_one(Account, world.ids["account"]).is_active = True
        calendar_feeds.stop(db, world.school)
    assert sent("GET", renewed, "") == wrong


def path_of(address: str) -> str:
    """The path of an address of the site."""
    return urlsplit(address).path
