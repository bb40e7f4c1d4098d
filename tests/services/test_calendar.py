"""Calendar entries in mails and by subscription, read back by icalendar; on both databases."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event
from sqlalchemy import select

from core import calendar, clock
from core.calendar import Method
from core.db import read, write
from core.models import Account, CourseDay, Enrolment, OutgoingMail
from core.queries import calendar_feeds
from core.services import (
    by_hand,
    course_cancelling,
    course_days,
    enrolments,
    replacements,
)
from core.services import calendar_feeds as feeds
from core.services.course_days import Tells, day_values
from core.settings import settings
from core.vocabulary import Actor
from tests.builders import a_coordinator, a_course, a_person, acting, an_account, an_enrolment, an_institution
from tests.services.schools import course, enrolled, id_of, school, staff


@pytest.fixture(autouse=True)
def here(database: str, noon: datetime) -> None:
    """A fresh database, and a clock that stands still."""


def entries(address: str) -> list[tuple[str, Event]]:
    """Every calendar entry mailed to an address, with its method, in the order of the mails; each checked."""
    found = []
    with read() as db:
        raws = db.scalars(select(OutgoingMail.raw).where(OutgoingMail.recipient == address).order_by(OutgoingMail.id))
        for raw in raws:
            mail = message_from_bytes(raw, policy=default)
            assert isinstance(mail, EmailMessage)
            for part in mail.walk():
                if part.get_content_type() == "text/calendar":
                    found.append(checked(part, address))
    return found


def checked(part: EmailMessage, address: str) -> tuple[str, Event]:
    """One entry of a mail, as RFC 5545, 5546 and 6047 want it."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    well_formed(content)
    parsed = Calendar.from_ical(content)
    method = str(parsed["METHOD"])
    assert part.get_param("method") == method
    assert part.get_param("charset") == "utf-8"
    (event,) = parsed.walk("VEVENT")
    assert str(event["ORGANIZER"]) == f"mailto:{settings().mail_address}"
    assert str(event["ATTENDEE"]) == f"mailto:{address}"
    assert event["STATUS"] == ("CANCELLED" if method == "CANCEL" else "CONFIRMED")
    assert event["DTSTAMP"].dt == clock.now()
    return method, event


def well_formed(content: bytes) -> None:
    """Lines end in CRLF and hold 75 bytes at most, none cuts a letter; what must be there is there once."""
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line or len(line) > 75 for line in lines)
    assert all(line.decode() is not None for line in lines)
    text = content.replace(b"\r\n ", b"").decode()
    for name in ("VERSION:2.0", "PRODID:", "TZID:Europe/Brussels", "BEGIN:VTIMEZONE"):
        assert len(re.findall(rf"^{re.escape(name)}", text, re.MULTILINE)) == 1, name
    for event in Calendar.from_ical(content).walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= set(event)
        assert event["DTSTART"].params["TZID"] == event["DTEND"].params["TZID"] == "Europe/Brussels"
        assert re.search(r"^DTSTAMP:\d{8}T\d{6}Z\r?$", event.to_ical().decode(), re.MULTILINE), (
            "in UTC (RFC 5545 3.8.7.2)"
        )
        assert event["DTSTART"].dt < event["DTEND"].dt


def uid(event: Event) -> str:
    return str(event["UID"])


@pytest.fixture
def bo(here: None) -> Actor:
    with write() as db:
        return a_coordinator(db, "Bo Claes")


def an_own_seat(title: str = "Didactiek Nederlands", days: int = 2) -> tuple[Actor, int, int]:
    """Somebody who enrolled in a course of two days, 23 and 30 December; the actor, the enrolment, the course."""
    (an,) = staff("An")
    course_id = course(title=title, days=days)
    with write() as db:
        return an, enrolments.enrol(db, an, course_id).enrolment_id, course_id


def test_a_confirmation_brings_each_day_and_a_cancellation_takes_it_away() -> None:
    an, enrolment_id, _course_id = an_own_seat()
    first = entries("an@staff.example")
    assert [method for method, _event in first] == ["REQUEST", "REQUEST"]
    assert [event["DTSTART"].dt for _m, event in first] == [
        datetime(2026, 12, day, 9, 30, tzinfo=ZoneInfo("Europe/Brussels")) for day in (23, 30)
    ]
    assert {event["SEQUENCE"] for _m, event in first} == {1}
    with write() as db:
        enrolments.cancel(db, an, enrolment_id)
    after = entries("an@staff.example")[2:]
    assert [(method, uid(event)) for method, event in after] == [("CANCEL", uid(event)) for _m, event in first]
    assert {event["SEQUENCE"] for _m, event in after} == {2}


def test_the_first_entry_is_another_form_of_the_text_and_the_others_are_files() -> None:
    an_own_seat(days=3)
    with read() as db:
        raw = db.scalars(select(OutgoingMail.raw).where(OutgoingMail.name == "enrolment-confirmed")).one()
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    alternative, *files = mail.iter_parts()
    kinds = [part.get_content_type() for part in alternative.iter_parts()]
    assert (alternative.get_content_type(), kinds) == (
        "multipart/alternative",
        ["text/plain", "text/html", "text/calendar"],
    )
    assert [part.get_filename() for part in files] == ["cursusdag-2.ics", "cursusdag-3.ics"]


def test_a_moved_day_keeps_its_uid_and_rises_in_sequence(bo: Actor) -> None:
    _an, _enrolment_id, course_id = an_own_seat()
    first = entries("an@staff.example")
    with write() as db:
        row = db.scalars(select(CourseDay).where(CourseDay.course_id == course_id).order_by(CourseDay.held_on)).first()
        assert row is not None
        seen = day_values(row)
        to = replace(seen, held_on=date(2027, 4, 7), starts_at=time(13), ends_at=time(16), minutes=180)
        course_days.change(db, bo, row.id, to, seen=seen, tells=Tells.ALL)
    ((method, moved),) = entries("an@staff.example")[2:]
    assert (method, uid(moved), moved["SEQUENCE"]) == ("REQUEST", uid(first[0][1]), 2)
    assert moved["DTSTART"].dt.utcoffset() == timedelta(hours=2)  # summer time, in the zone that travels along
    with write() as db:
        row = db.get_one(CourseDay, row.id)
        course_days.remove(db, bo, row.id, seen=day_values(row), tells=Tells.ALL)
    ((method, gone),) = entries("an@staff.example")[3:]
    assert (method, uid(gone), gone["SEQUENCE"]) == ("CANCEL", uid(moved), 3)


def test_who_is_replaced_loses_the_entry_and_who_comes_gets_one_and_back_again() -> None:
    wimpel = school()
    an, cem = staff("An", "Cem", of=(wimpel,))
    (seat,) = enrolled(wimpel, course(), an)
    with write() as db:
        replacements.replace(db, wimpel, seat, id_of(cem))
    with read() as db:
        taken = db.scalars(select(Enrolment.id).where(Enrolment.replaces_id == seat)).one()
    with write() as db:
        replacements.undo(db, wimpel, taken)
    story = {who: [(m, int(e["SEQUENCE"])) for m, e in entries(f"{who}@staff.example")] for who in ("an", "cem")}
    assert story == {"an": [("REQUEST", 1), ("CANCEL", 2), ("REQUEST", 3)], "cem": [("REQUEST", 1), ("CANCEL", 2)]}
    assert len({uid(event) for _m, event in entries("an@staff.example")}) == 1
    assert entries("secretariaat@wimpel.example") == []


def test_a_course_cancelled_as_a_whole_leaves_every_calendar(bo: Actor) -> None:
    _an, seat, course_id = an_own_seat()
    with write() as db:
        course_cancelling.begin(db, bo, course_id)
        assert course_cancelling.take_back(db, bo, seat)
    assert [method for method, _event in entries("an@staff.example")] == ["REQUEST"] * 2 + ["CANCEL"] * 2


def test_a_place_on_the_waiting_list_and_days_that_are_over_send_no_entry(bo: Actor) -> None:
    (an,) = staff("An")
    full, begun = course(capacity=0), course(in_days=0, days=2)
    with write() as db:
        waiting = enrolments.join_waiting_list(db, an, full).enrolment_id
        enrolments.cancel(db, an, waiting)
    assert entries("an@staff.example") == []
    with write() as db:
        by_hand.enrol_by_hand(db, bo, begun, id_of(an))
    with clock.frozen(clock.now() + timedelta(days=1)), write() as db:
        seat = db.scalars(select(Enrolment.id).where(Enrolment.course_id == begun)).one()
        enrolments.cancel(db, bo, seat, agreed_cents=0)
    with clock.frozen(clock.now() + timedelta(days=1)), read() as db:
        raw = db.scalars(select(OutgoingMail.raw).where(OutgoingMail.name == "enrolment-cancelled")).all()[-1]
        assert raw.count(b"text/calendar") == 1  # of two days one is over


def test_long_titles_names_with_signs_and_links_survive_folding() -> None:
    title = 'Één lange titel; met, tekens \\ en "aanhaling" – ' + "ëèàçñ€ " * 12
    an_own_seat(title=title, days=1)
    ((_method, event),) = entries("an@staff.example")
    assert str(event["SUMMARY"]) == title
    assert str(event["DESCRIPTION"]).splitlines()[-1].startswith(settings().public_url)


def test_a_subscription_shows_confirmed_days_until_it_is_renewed_or_stopped() -> None:
    an, enrolment_id, _course_id = an_own_seat()
    with write() as db:
        address = feeds.start(db, an)
    content = of_address(address)
    assert content is not None
    well_formed(content.content)
    events = Calendar.from_ical(content.content).walk("VEVENT")
    assert [uid(event) for event in events] == [uid(event) for _m, event in entries("an@staff.example")]
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        again = of_address(address)
        assert again is not None and again.etag == content.etag
        with write() as db:
            enrolments.cancel(db, an, enrolment_id)
        emptied = of_address(address)
        assert emptied is not None and emptied.etag != content.etag and b"VEVENT" not in emptied.content
    with write() as db:
        renewed = feeds.start(db, an)
    assert of_address(address) is None
    assert of_address(renewed) is not None
    with write() as db:
        db.get_one(Account, an.account_id).is_active = False
    assert of_address(renewed) is None
    with write() as db:
        db.get_one(Account, an.account_id).is_active = True
        feeds.stop(db, an)
    assert of_address(renewed) is None


def of_address(address: str) -> calendar_feeds.Feed | None:
    with read() as db:
        return calendar_feeds.feed(db, address.rpartition("/")[2].removesuffix(".ics"))


def test_a_school_sees_whom_it_pays_for_one_entry_a_day_without_the_link_of_the_meeting() -> None:
    wimpel = school()
    people = staff("An", "Bea", "Cem", "Dre", of=(wimpel,))
    few, many = course(title="Weinig"), course(title="Velen", in_days=31, is_online=True)
    enrolled(wimpel, few, *people[:2])
    enrolled(wimpel, many, *people, unnamed=1)
    with write() as db:
        for row in db.scalars(select(CourseDay)):
            row.online_url = "https://meet.example/geheim"
        own = a_course(db, "Van mezelf")
        an_enrolment(db, own, a_person(db, "Eva"), None)
        address = feeds.start(db, wimpel)
    feed = of_address(address)
    assert feed is not None and b"geheim" not in feed.content and b"mezelf" not in feed.content
    events = Calendar.from_ical(feed.content).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == ["An Peeters, Bea Peeters: Weinig", "5 collega's: Velen"]
    assert str(events[1]["DESCRIPTION"]).splitlines()[1:5] == [
        f"{name} Peeters" for name in ("An", "Bea", "Cem", "Dre")
    ]


def test_the_feed_of_a_school_with_300_people_is_small_and_quick() -> None:
    with write() as db:
        institution = an_institution(db, "Grote school")
        big = acting(an_account(db, institution, "groot@school.example"))
        courses = [a_course(db, f"Nascholing {number}", in_days=number, days=2) for number in range(30)]
        for number in range(300):
            an_enrolment(db, courses[number % 30], a_person(db, f"Persoon{number}"), institution)
        address = feeds.start(db, big)
    feed = of_address(address)
    assert feed is not None
    assert len(Calendar.from_ical(feed.content).walk("VEVENT")) == 60
    assert len(feed.content) < 60_000


def test_a_downloaded_file_is_published_with_the_same_uids() -> None:
    an, enrolment_id, _course_id = an_own_seat()
    with read() as db:
        content = calendar.of_enrolment(db, an, enrolment_id)
    well_formed(content)
    parsed = Calendar.from_ical(content)
    assert parsed["METHOD"] == Method.PUBLISH
    assert [uid(event) for event in parsed.walk("VEVENT")] == [uid(event) for _m, event in entries("an@staff.example")]
