"""Which course, person or note a message names: by code, by title, by the words that tell one title from the others.

What is recognised only narrows what is shown to who may see it anyway.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import or_, select

from core import clock
from core.db import Db
from core.models import Course
from core.text import folded
from core.vocabulary import CourseStatus

T = TypeVar("T")
_CODE = re.compile(r"\b\d{2}/[a-z]{2,}/\d{1,4}[a-z]?\b", re.IGNORECASE)
_NOTE = re.compile(r"\b[dc]n[ -]?\d{4}[ -]?\d{3,6}\b", re.IGNORECASE)
_SHORTEST_WORD = 4
_STEM = 6
_HALF = 0.5
_WHOLE_TITLE = 100
_BY_CODE = 1000
_COMMON_TEXT = """
cursus cursussen nascholing nascholingen vorming opleiding workshop studiedag webinar online herhaling deel module
basis voor naar over door onze jouw jullie hebben willen kunnen werken leren leerlingen leerkracht leerkrachten
leraar leraren school scholen klas klassen onderwijs lager secundair met zonder tussen binnen meer goed beter nieuwe
nieuw eerste tweede derde wanneer waar hoeveel kost kosten prijs plaats plaatsen inschrijven annuleren jaar dagen graad
course training teachers teaching learning school with from your what when where about
formation enseignants pour dans avec
"""
#: Words of titles that many courses share, or that any mail holds.
_COMMON = frozenset(_COMMON_TEXT.split())


@dataclass(frozen=True, slots=True)
class Titled:
    """Something known by a title and a code, such as a course."""

    key: int
    title: str
    code: str


def named(text: str, titles: Iterable[Titled], *, is_own: bool = False, most: int = 3) -> tuple[int, ...]:
    """The keys of what a text names best, at most `most`; nothing when no title stands out.

    One telling word is enough when only one title has it: any word among the few things of one person (`is_own`), a
    long one in the whole catalogue.
    """
    said = f" {folded(text.replace('.', ' '))} "
    stems = {_stem(word) for word in said.split()}
    codes = {code.upper() for code in _CODE.findall(text)}
    wanted = tuple(titles)
    telling = {each.key: _telling(each.title) for each in wanted}
    shared = Counter(stem for found in set(telling.values()) for stem in found)
    scores = {each.key: _score(each, said, stems, codes, telling[each.key]) for each in wanted}
    if not any(scores.values()):
        shortest = 1 if is_own else _STEM
        alone = {stem for stem in stems if shared[stem] == 1 and len(stem) >= shortest}
        scores = {key: len(found & alone) for key, found in telling.items()}
    best = max(scores.values(), default=0)
    return tuple(key for key, score in scores.items() if score == best and best)[:most]


def _stem(word: str) -> str:
    """The beginning by which forms of a word are alike: «kleuter» and «kleuters», «didactiek» and «didactische»."""
    return word[:_STEM].rstrip("s") if len(word) <= _STEM else word[:_STEM]


def _telling(title: str) -> frozenset[str]:
    words = folded(title.replace(".", " ")).split()
    return frozenset(_stem(word) for word in words if len(word) >= _SHORTEST_WORD and word not in _COMMON)


def _score(each: Titled, said: str, stems: set[str], codes: set[str], telling: frozenset[str]) -> int:
    if each.code.upper() in codes:
        return _BY_CODE
    title = folded(each.title.replace(".", " "))
    if len(title) > 2 * _SHORTEST_WORD and f" {title} " in said:
        return _WHOLE_TITLE + len(title)
    hits = len(telling & stems)
    return hits if hits >= 2 and hits >= _HALF * len(telling) else 0


def courses_named(db: Db, text: str) -> tuple[int, ...]:
    """The courses of the catalogue that a text names, coming or going on; at most three."""
    rows = db.execute(
        select(Course.id, Course.title, Course.code)
        .where(
            Course.status.in_((CourseStatus.PUBLISHED, CourseStatus.CLOSED)),
            or_(Course.last_day.is_(None), Course.last_day >= clock.today()),
        )
        .order_by(Course.first_day, Course.id)
    )
    return named(text, [Titled(*row) for row in rows])


def narrowed(text: str, rows: Sequence[T], titled: Sequence[Titled], people: Sequence[str]) -> tuple[T, ...]:
    """Some rows of an asker, those that the text names by course and by person; all when it names none.

    `titled` (whose key is the place in `rows`) and `people` go along with the rows.
    """
    one_a_title = {(each.title, each.code): each.key for each in titled}
    of_titles = [Titled(key, title, code) for (title, code), key in one_a_title.items()]
    chosen = {(titled[key].title, titled[key].code) for key in named(text, of_titles, is_own=True, most=len(of_titles))}
    said = f" {folded(text.replace('.', ' '))} "
    is_named = [bool(name) and f" {folded(name)} " in said for name in people]
    places = list(range(len(rows)))
    if chosen:
        places = [place for place in places if (titled[place].title, titled[place].code) in chosen]
    if any(is_named[place] for place in places):
        places = [place for place in places if is_named[place]]
    return tuple(rows[place] for place in places)


def note_numbers(text: str) -> frozenset[str]:
    """The numbers of notes that stand in a text, as they are printed: «DN-2026-000123»."""
    return frozenset(re.sub(r"[ -]", "", number).upper() for number in _NOTE.findall(text))
