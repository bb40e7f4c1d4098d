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

    `is_own`: among the few things of one person a single telling word is enough.
    """
    said = f" {folded(text.replace('.', ' '))} "
    words = set(said.split())
    codes = {code.upper() for code in _CODE.findall(text)}
    wanted = tuple(titles)
    telling = {each.key: _telling(each.title) for each in wanted}
    shared = Counter(word for found in {frozenset(words) for words in telling.values()} for word in found)
    scores = {}
    for each in wanted:
        score = _score(each, said, words, codes, telling[each.key])
        unique = any(word in words and shared[word] == 1 for word in telling[each.key])
        if not score and is_own and unique:
            score = 1
        if score:
            scores[each.key] = score
    best = max(scores.values(), default=0)
    return tuple(key for key, score in scores.items() if score == best)[:most]


def _telling(title: str) -> frozenset[str]:
    words = folded(title.replace(".", " ")).split()
    return frozenset(word for word in words if len(word) >= _SHORTEST_WORD and word not in _COMMON)


def _score(each: Titled, said: str, words: set[str], codes: set[str], telling: frozenset[str]) -> int:
    if each.code.upper() in codes:
        return _BY_CODE
    title = folded(each.title.replace(".", " "))
    if len(title) > 2 * _SHORTEST_WORD and f" {title} " in said:
        return _WHOLE_TITLE + len(title)
    hits = len(telling & words)
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
