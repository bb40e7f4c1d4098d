"""Who may fetch what: every kind of person asks the HTTP door for every kind of file of the first school."""

import pytest

from tests.access.test_wrong_routes import asked
from tests.access.world import World

#: The initials of who gets it; all others are told that it is not there, and a visitor to sign in.
#: p the participant · f a colleague who took a place over · s the school that pays · t a colleague without a course
#: o another school · q another person · c a coordinator · e one of finance · r one who only reads
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
}
FILES = {
    "debit note of the school": ("/download/note/{note}", "pscer"),
    "credit note of the school": ("/download/note/{credit}", "pscer"),
    "e-invoice of the school": ("/download/note/{note}?soort=ubl", "scer"),
    "certificate": ("/download/certificate/{past}", "pscer"),
    "certificate of a cancelled place": ("/download/certificate/{cancelled}", ""),
    "certificate before its day": ("/download/certificate/{named}", ""),
    "material of a course followed": ("/download/material/{material}", "pscer"),
    "material of a place passed on": ("/download/material/{chain_material}", "fscer"),
    "material that was removed": ("/download/material/{removed_material}", ""),
    "calendar of a seat": ("/download/calendar/{named}.ics", "pscer"),
    "calendar of a place passed on": ("/download/calendar/{replaced}.ics", ""),
    "calendar of who took it over": ("/download/calendar/{follower}.ics", "fscer"),
    "list of participants": ("/download/course/{course}/participants.xlsx", "cer"),
    "list to print": ("/download/course/{course}/participants.pdf", "cer"),
    "all certificates of a course": ("/download/course/{past_course}/certificates.zip", "cer"),
    "received mail": ("/download/mail/{mail}", "cer"),
    "attachment of a mail": ("/download/attachment/{attachment}", "cer"),
    "report": ("/download/report.xlsx", "cer"),
    "overview of a school": ("/download/overview.xlsx", "so"),
    "dossier of a person": ("/download/dossier.xlsx", "pftq"),
}


@pytest.mark.parametrize("kind", FILES)
def test_each_person_gets_just_the_files_of_the_table(world: World, kind: str) -> None:
    pattern, allowed = FILES[kind]
    address = pattern.format_map(world.ids)
    got = {sign: asked(address, world.cookies[who]).status for sign, who in WHO.items()}
    assert got == {sign: 200 if sign in allowed else 404 for sign in WHO}
    assert asked(address).status == 303
