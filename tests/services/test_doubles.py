"""The list of likely doubles: found among all, kept night after night, dismissed and taken back; on both databases."""

from datetime import datetime

import pytest

from core import clock, jobs
from core.access import NotAllowed
from core.db import Db, read, write
from core.models import FormerAddress, LikelyDouble
from core.queries import doubles as queries
from core.services import doubles, merges
from core.vocabulary import Actor, Alike, CoordinatorRole, Party
from tests.builders import a_person, acting, an_account, an_institution


@pytest.fixture
def team(database: str, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> Actor:
    monkeypatch.setattr(jobs, "_compared_on", None)
    with write() as db:
        return acting(an_account(db, None, "team@cno.example"))


def three_ans(db: Db) -> tuple[int, int, int]:
    """Two with one birth year; the third signs in with an address that was the first one's."""
    first, second = (a_person(db, birth_year=1980) for _each in range(2))
    third = a_person(db, "Ann", "Peters", birth_year=1990)
    account = an_account(db, first, "an@school.example")
    an_account(db, third, "an@vroeger.example")
    db.add(FormerAddress(account_id=account.id, email="an@vroeger.example", until_at=clock.now()))
    return first.id, second.id, third.id


def night(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(jobs, "_compared_on", None)
    return jobs.find_doubles()


def listed(actor: Actor, *, is_dismissed: bool = False) -> list[tuple[int, int, tuple[Alike, ...]]]:
    with read() as db:
        page = queries.page(db, actor, Party.PERSON, is_dismissed=is_dismissed)
    assert page.total == len(page.rows)
    return [(row.kept_id, row.absorbed_id, row.reasons) for row in page.rows]


def test_the_night_finds_each_pair_once_and_keeps_what_was_said_of_it(
    team: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write() as db:
        first, second, third = three_ans(db)
    assert jobs.find_doubles() == 2
    assert jobs.find_doubles() == 0  # once a day
    assert night(monkeypatch) == 0
    assert sorted(listed(team)) == [(first, second, (Alike.YEAR,)), (first, third, (Alike.ADDRESS,))]
    with write() as db:
        double = db.query(LikelyDouble).filter_by(second_id=second).one().id
        doubles.dismiss(db, team, double)
    night(monkeypatch)
    assert listed(team) == [(first, third, (Alike.ADDRESS,))]
    assert listed(team, is_dismissed=True) == [(first, second, (Alike.YEAR,))]
    with read() as db:
        assert queries.count(db, team) == {Party.PERSON: 1, Party.INSTITUTION: 0}
    with write() as db:
        doubles.reopen(db, team, double)
    assert len(listed(team)) == 2


def test_a_merged_pair_leaves_the_list_at_once_and_a_mended_one_the_next_night(
    team: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write() as db:
        first, second, third = three_ans(db)
    night(monkeypatch)
    with write() as db:
        merges.merge(db, team, Party.PERSON, first, second)
    assert listed(team) == [(first, third, (Alike.ADDRESS,))]
    with write() as db:
        db.query(FormerAddress).filter_by(email="an@vroeger.example").delete()
    night(monkeypatch)
    with read() as db:
        assert db.query(LikelyDouble).count() == 0


def test_institutions_are_found_too_and_a_reader_only_looks(team: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    with write() as db:
        an_institution(db, "De Wimpel")
        an_institution(db, "de wimpel")
        reader = acting(an_account(db, None, "lezer@cno.example", coordinator_role=CoordinatorRole.READER))
    assert night(monkeypatch) == 1
    with read() as db:
        (row,) = queries.page(db, reader, Party.INSTITUTION).rows
    assert row.reasons == (Alike.NAME,)
    with pytest.raises(NotAllowed), write() as db:
        doubles.dismiss(db, reader, row.double_id)
