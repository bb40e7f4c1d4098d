"""The audit trail as coordinators search it: filters, pages from an event back, names of what it is about."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from core import access, audit, clock
from core.db import engine, read, write
from core.labels import label
from core.queries.audit_trail import WantedTraces, traces
from core.vocabulary import VISITOR, Actor, ActorKind, AuditTag
from tests.builders import a_course, a_person, acting, an_account, an_enrolment


@pytest.fixture
def team(database: str, noon: datetime) -> Actor:
    """A coordinator, and a trail of forty events on two days."""
    with write() as db:
        actor = acting(an_account(db, None, "team@cno.example"))
        person = a_person(db, "Bo", "Claes")
        seat = an_enrolment(db, a_course(db), person)
        for number in range(38):
            audit.record(db, actor, AuditTag.PERSON_CHANGED, person, number=number)
        with clock.frozen(noon - timedelta(days=2)):
            audit.record(db, VISITOR, AuditTag.ACCOUNT_CREATED, person, email="100%_zeker")
        audit.record(db, actor, AuditTag.ENROLMENT_CANCELLED, seat, reason="ziek")
    return actor


def test_the_latest_come_first_and_pages_hang_together(team: Actor) -> None:
    with read() as db:
        first = traces(db, team, WantedTraces(), size=25)
        second = traces(db, team, WantedTraces(), before=first.rows[-1].event_id, size=25)
    assert (len(first.rows), first.has_more, len(second.rows), second.has_more) == (25, True, 15, False)
    ids = [row.event_id for row in (*first.rows, *second.rows)]
    assert ids == sorted(ids, reverse=True)
    assert first.rows[0].subject == "Bo Claes · Didactiek Nederlands"
    assert first.rows[0].course_id is not None
    assert first.rows[0].details == {"reason": "ziek"}


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (WantedTraces(who="coörd"), 39),
        (WantedTraces(kind=ActorKind.VISITOR), 1),
        (WantedTraces(tag=AuditTag.ENROLMENT_CANCELLED), 1),
        (WantedTraces(text="0%_ZEK"), 1),
        (WantedTraces(text="%"), 1),
        (WantedTraces(until_day=date(2026, 11, 21)), 1),
        (WantedTraces(from_day=date(2026, 11, 22), until_day=date(2026, 11, 23)), 39),
        (WantedTraces(subject_type="enrolment"), 1),
        (WantedTraces(subject_type="person", subject_id=999), 0),
    ],
)
def test_what_is_asked_for_is_found(team: Actor, wanted: WantedTraces, count: int) -> None:
    with read() as db:
        assert len(traces(db, team, wanted, size=100).rows) == count


def test_the_number_of_queries_does_not_grow_with_the_page(team: Actor) -> None:
    asked: list[str] = []
    event.listen(engine(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    with read() as db:
        traces(db, team, WantedTraces(), size=2)
        few = len(asked)
        traces(db, team, WantedTraces(), size=40)
    assert len(asked) - few <= few


def test_strangers_see_nothing_of_it_and_every_tag_has_words(team: Actor) -> None:
    with pytest.raises(access.NotFound), read() as db:
        traces(db, VISITOR, WantedTraces())
    assert all(label(tag) for tag in AuditTag)
