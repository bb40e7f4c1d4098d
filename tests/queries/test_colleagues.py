"""Who is linked to a school, and who of them can still be enrolled: found by name, page by page, with the reason."""

from datetime import datetime

from core.db import read, write
from core.queries import colleagues as queries
from core.services import affiliations, colleagues, enrolments
from core.vocabulary import CLOCK, EnrolmentStatus
from tests.services.schools import course, enrolled, enrols, id_of, on, school, staff


def test_linked_persons_are_found_by_name_and_paged(database: str, noon: datetime) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    staff(*(f"An{number:02}" for number in range(25)), of=(wimpel,))
    staff("Zoë", of=(wimpel, kade))
    with read() as db:
        pages = [queries.linked(db, wimpel, page=number) for number in (1, 2, 3)]
        assert [len(page.rows) for page in pages] == [20, 6, 0]
        assert {page.total for page in pages} == {26}
        listed = [row.name for page in pages for row in page.rows]
        assert listed == sorted(listed)
        assert len(set(listed)) == 26
        assert [row.name for row in queries.linked(db, wimpel, "zoe PEET").rows] == ["Zoë Peeters"]
        assert queries.linked(db, wimpel, "an0").total == 10
        assert [row.name for row in queries.linked(db, kade).rows] == ["Zoë Peeters"]
        assert queries.linked(db, CLOCK).total == 0
        assert queries.linked(db, wimpel, only_to_ask=True).total == 0


def test_beside_a_person_stand_the_courses_to_come_that_the_school_pays(database: str, noon: datetime) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    an, bo = staff("An", "Bo", of=(wimpel, kade))
    enrolled(wimpel, course(title="Tweede", in_days=30), an)
    enrolled(wimpel, course(title="Eerste", in_days=20), an)
    enrolled(kade, course(title="Van de ander", in_days=25), an)
    enrols(an, course(title="Alleen", in_days=26))
    (gone,) = enrolled(wimpel, course(title="Geannuleerd", in_days=27), bo)
    with write() as db:
        enrolments.cancel(db, wimpel, gone)
        affiliations.remove(db, kade, 4)
    with read() as db:
        page = queries.linked(db, wimpel)
    assert [(row.name, [each.title for each in row.coming]) for row in page.rows] == [
        ("An Peeters", ["Eerste", "Tweede"]),
        ("Bo Peeters", []),
    ]
    assert page.rows[0].coming[0].first_day == on(20)


def test_a_candidate_that_cannot_be_chosen_comes_with_the_reason(database: str, noon: datetime) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    an, bo, cas, dirk, els, fem = staff("An", "Bo", "Cas", "Dirk", "Els", "Fem", of=(wimpel, kade))
    staff("Vreemd", of=(kade,))
    course_id, same_day = course(capacity=2), course(title="Zelfde dag")
    other_day = course(title="Andere dag", in_days=31)
    enrolled(wimpel, course_id, an)
    enrols(bo, course_id)
    with write() as db:
        colleagues.wait_for_colleagues(db, wimpel, course_id, [id_of(cas)])
    enrolled(wimpel, same_day, dirk)
    enrolled(kade, same_day, els)
    enrolled(wimpel, other_day, fem)
    with read() as db:
        found = {each.name.split()[0]: each for each in queries.candidates(db, wimpel, course_id)}
    assert {name: (each.status, each.overlap, each.can_be_chosen) for name, each in found.items()} == {
        "An": (EnrolmentStatus.CONFIRMED, None, False),
        "Bo": (EnrolmentStatus.CONFIRMED, None, False),
        "Cas": (EnrolmentStatus.WAITLISTED, None, False),
        "Dirk": (None, "Zelfde dag", False),
        "Els": (None, "", False),  # another school pays that course: its title stays private
        "Fem": (None, None, True),
    }
