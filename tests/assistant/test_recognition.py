"""Which course a message names: by code, title or telling words; nothing rather than a guess."""

import pytest

from core.assistant.answers.recognition import Titled, named, note_numbers

COURSES = (
    Titled(1, "Muziek met kleuters: zingen en bewegen", "26/KO/011A"),
    Titled(2, "Taal en muziek in de kleuterklas", "26/KO/012A"),
    Titled(3, "Autisme in de gewone klas", "26/ZO/101A"),
    Titled(4, "Didactiek Nederlands in de derde graad", "26/NL/201A"),
    Titled(5, "Didactiek Nederlands in de derde graad", "26/NL/201B"),
    Titled(6, "AI en taaltechnologie in de les Frans", "26/FR/301A"),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wanneer gaat 26/zo/101a door?", (3,)),
        ("Is er nog plaats in «Autisme in de gewone klas»?", (3,)),
        ("Is er nog plaats in de cursus over autisme?", (3,)),
        ("Didactische nascholing Nederlands derde graad, wanneer is die?", (4, 5)),
        ("Cursus zingen met kleuters", (1,)),
        ("Wanneer is de volgende cursus?", ()),
        ("Hebben jullie iets over klassenraden en schoolreglementen?", ()),
        ("Iets met muziek", ()),
    ],
)
def test_a_course_is_recognised(text: str, found: tuple[int, ...]) -> None:
    assert named(text, COURSES) == found


def test_among_ones_own_few_courses_a_single_word_is_enough() -> None:
    assert named("Ik kan niet komen naar AI", COURSES[2:], is_own=True) == ()
    assert named("Ik kan niet komen naar die van Frans", COURSES[2:], is_own=True) == (6,)
    assert named("Ik kan niet komen naar Nederlands", COURSES[2:], is_own=True) == (4, 5)


def test_numbers_of_notes_are_read_however_they_are_typed() -> None:
    assert note_numbers("Graag DN-2026-000123 en cn 2026 000004") == {"DN2026000123", "CN2026000004"}
