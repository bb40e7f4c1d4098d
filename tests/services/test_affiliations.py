"""The link between a person and a school: undone by the mailed link, removed, kept, and asked about once a year."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock, jobs
from core.access import NotFound
from core.db import read, write
from core.models import Affiliation, AuditEvent, Institution
from core.queries import colleagues as people
from core.rules.enrolment import AccountNotConfirmed, PayerNotLinked
from core.services import affiliation_care, affiliations
from core.tokens import LinkNotValid
from core.vocabulary import CLOCK, VISITOR, Actor, AuditTag, EnrolmentStatus
from tests.builders import acting, an_account, secret_in
from tests.services.schools import course, enrolled, enrols, id_of, in_days, mails, row, school, sent_to, staff, text_of


def links(by: Actor, to: Actor) -> int:
    with write() as db:
        return affiliations.link(db, by, to.institution_id or 0)


def stands(affiliation_id: int) -> bool:
    with read() as db:
        return db.get_one(Affiliation, affiliation_id).ended_on is None


@pytest.fixture
def each_day_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process has asked nobody yet."""
    monkeypatch.setattr(jobs, "_asked_on", None)


# -- undone by the school's mail (D8) --------------------------------------------------------------------------------


def test_a_new_link_is_told_to_the_school_which_undoes_it_by_the_link(database: str, noon: datetime) -> None:
    wimpel = school()
    (an,) = staff("An")
    link = links(an, wimpel)
    (told,) = mails("affiliation-made")
    assert (told.recipient, told.is_sensitive) == ("secretariaat@wimpel.example", True)
    secret = secret_in(told)
    with read() as db:  # a scanner that opens it changes nothing
        shown = affiliations.look_at_undo(db, secret)
    assert (shown.person_name, shown.institution_name, stands(link)) == (
        "An Peeters",
        "Basisschool De Zonnewimpel",
        True,
    )
    with write() as db:
        affiliations.undo_by_link(db, VISITOR, secret)
    assert not stands(link)
    assert sent_to("affiliation-ended") == ["an@staff.example"]
    with pytest.raises(LinkNotValid), write() as db:
        affiliations.undo_by_link(db, VISITOR, secret)
    with pytest.raises(PayerNotLinked):
        enrols(an, course(), wimpel)


def test_a_link_that_ended_or_grew_old_is_not_undone_by_the_mail(database: str, noon: datetime) -> None:
    wimpel = school()
    (an,) = staff("An")
    first = links(an, wimpel)
    secret = secret_in(mails("affiliation-made")[0])
    with write() as db:
        affiliations.unlink(db, an, first)
    second = links(an, wimpel)  # linked anew: the old mail is about the old link
    for act in (affiliations.look_at_undo, lambda db, it: affiliations.undo_by_link(db, VISITOR, it)):
        with pytest.raises(LinkNotValid), write() as db:
            act(db, secret)
    assert stands(second)
    newer = secret_in(mails("affiliation-made")[1])
    with clock.frozen(in_days(31)), pytest.raises(LinkNotValid), write() as db:
        affiliations.undo_by_link(db, VISITOR, newer)
    assert stands(second)


def test_linking_is_refused_with_its_reason(database: str, noon: datetime) -> None:
    wimpel = school()
    (an,) = staff("An", of=(wimpel,))
    (new,) = staff("Nieuw", confirmed_at=None)
    with pytest.raises(affiliations.AlreadyLinked):
        links(an, wimpel)
    with pytest.raises(AccountNotConfirmed):
        links(new, wimpel)
    for actor in (wimpel, CLOCK):  # no school adds staff (R44)
        with pytest.raises(NotFound):
            links(actor, wimpel)
    many = [school(f"School {number}", f"s{number}@school.example") for number in range(10)]
    for each in many[:9]:
        links(an, each)
    with pytest.raises(affiliations.TooManyAffiliations):
        links(an, many[9])


# -- removed (D7) and kept -------------------------------------------------------------------------------------------


def test_removing_somebody_keeps_the_enrolments_and_tells_which(database: str, noon: datetime) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    an, bo = staff("An", "Bo", of=(wimpel,))
    (seat,) = enrolled(wimpel, course(title="Wiskunde doen"), an)
    enrols(an, course(title="Zelf betaald"))
    with read() as db:
        listed = {person.name: person for person in people.linked(db, wimpel).rows}
    assert [each.title for each in listed["An Peeters"].coming] == ["Wiskunde doen"]
    link = listed["An Peeters"].affiliation_id
    for actor in (kade, an, bo, CLOCK):
        with pytest.raises(NotFound), write() as db:
            affiliations.remove(db, actor, link)
    with write() as db:
        assert affiliations.remove(db, wimpel, link) == "An Peeters"
    with pytest.raises(NotFound), write() as db:
        affiliations.remove(db, wimpel, link)
    assert row(seat).status is EnrolmentStatus.CONFIRMED
    (told,) = mails("affiliation-ended")
    assert told.recipient == "an@staff.example"
    assert "Wiskunde doen, 23/12/2026" in text_of(told)
    assert "Zelf betaald" not in text_of(told)
    with read() as db:
        assert [person.name for person in people.linked(db, wimpel).rows] == ["Bo Peeters"]
        (event,) = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.AFFILIATION_ENDED))
    assert event.account_id == wimpel.account_id
    assert stands(links(an, wimpel))  # and the person alone makes it again


def test_a_person_ends_the_own_link_only(database: str) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    for actor in (bo, wimpel):
        with pytest.raises(NotFound), write() as db:
            affiliations.unlink(db, actor, 1)
    with write() as db:
        affiliations.unlink(db, an, 1)
    assert (stands(1), stands(2)) == (False, True)


# -- once a year -----------------------------------------------------------------------------------------------------


def asked(*days: int) -> list[int]:
    """How many yearly questions have left after the clock's run on each of these days."""
    counts = []
    for day in days:
        with clock.frozen(in_days(day)):
            assert jobs.run_due().failed == 0
            assert jobs.run_due().failed == 0
            counts.append(len(mails("still-linked")))
    return counts


@pytest.mark.usefixtures("each_day_anew")
def test_a_school_is_asked_once_a_year_who_is_still_linked(database: str, noon: datetime) -> None:
    wimpel, _nobody = school(), school("Leeg", "leeg@school.example")
    staff("An", "Bo", "Cas", of=(wimpel,))
    assert asked(0, 364, 365, 366, 500) == [0, 0, 1, 1, 1]
    (told,) = mails("still-linked")
    assert told.recipient == "secretariaat@wimpel.example"
    assert all(name in text_of(told) for name in ("An Peeters", "Bo Peeters", "Cas Peeters"))
    with clock.frozen(in_days(366)):
        with read() as db:
            page = people.linked(db, wimpel, only_to_ask=True)
        assert (page.total, page.to_ask) == (3, 3)
        with write() as db:
            assert affiliations.keep(db, wimpel, page.rows[0].affiliation_id) == "An Peeters"
            affiliations.remove(db, wimpel, page.rows[1].affiliation_id)
        with read() as db:
            assert people.linked(db, wimpel).to_ask == 1
    assert asked(729, 730, 731) == [1, 2, 2]
    assert "An Peeters" not in text_of(mails("still-linked")[1])  # kept on day 366: not a year ago yet
    assert "Cas Peeters" in text_of(mails("still-linked")[1])


@pytest.mark.usefixtures("each_day_anew")
def test_when_all_are_kept_nobody_is_asked_for_a_year(database: str, noon: datetime) -> None:
    wimpel = school()
    staff("An", of=(wimpel,))
    with clock.frozen(in_days(200)), write() as db:
        affiliations.keep(db, wimpel, 1)
    assert asked(365, 564, 565) == [0, 0, 1]
    with clock.frozen(in_days(565)), write() as db:
        affiliations.remove(db, wimpel, 1)
    with clock.frozen(in_days(2000)), write() as db:  # nobody is left: no mail, and no mark
        assert affiliations.ask_institution(db, CLOCK, wimpel.institution_id or 0) is False
        assert db.get_one(Institution, wimpel.institution_id).asked_links_on == clock.today() - timedelta(2000 - 565)


def test_only_the_school_keeps_its_links(database: str) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    (an,) = staff("An", of=(wimpel,))
    for actor in (kade, an, CLOCK):
        with pytest.raises(NotFound), write() as db:
            affiliations.keep(db, actor, 1)


# -- by a coordinator ------------------------------------------------------------------------------------------------


@pytest.fixture
def coordinator(database: str, noon: datetime) -> Actor:
    with write() as db:
        return acting(an_account(db, None, "team@cno.example"))


def test_a_coordinator_links_somebody_who_asked_for_it_and_both_are_told(coordinator: Actor) -> None:
    wimpel = school()
    (an,) = staff("An")
    ids = (id_of(an), wimpel.institution_id or 0)
    with pytest.raises(affiliation_care.NotAsked), write() as db:
        affiliation_care.make(db, coordinator, *ids, is_asked=False)
    with write() as db:
        link = affiliation_care.make(db, coordinator, *ids, is_asked=True)
    assert sent_to("affiliation-made-for-you") == ["an@staff.example"]
    (told,) = mails("affiliation-made")
    with pytest.raises(affiliation_care.LinkStands), write() as db:
        affiliation_care.make(db, coordinator, *ids, is_asked=True)
    with write() as db:
        affiliations.undo_by_link(db, VISITOR, secret_in(told))
    assert not stands(link)


def test_the_mail_about_an_ended_link_says_who_ended_it(coordinator: Actor) -> None:
    wimpel = school()
    staff("An", "Bo", of=(wimpel,))
    with write() as db:
        affiliation_care.end(db, coordinator, 1)
        affiliations.remove(db, wimpel, 2)
    by_cno, by_school = (text_of(mail) for mail in mails("affiliation-ended"))
    assert "Centrum Nascholing Onderwijs maakte uw verbondenheid met Basisschool De Zonnewimpel ongedaan" in by_cno
    assert "Antwoord dan op deze mail" in by_cno
    assert "Basisschool De Zonnewimpel maakte uw verbondenheid" in by_school
    assert (stands(1), stands(2)) == (False, False)
