"""Finding persons and institutions by parts of what they are known by, forgiving one typing error a word; ranked.

The index (`core/models/search.py`) is the same on both databases, and so is what they find.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from core.db import Db, is_sqlite
from core.models import (
    Affiliation,
    FoundBy,
    Institution,
    InstitutionWord,
    Person,
    PersonWord,
    SearchPart,
    SearchWord,
)
from core.rules.accounts import phone_key
from core.rules.search import is_one_slip_away
from core.text import folded

#: How many are ranked; when more match, one is asked to type more.
MOST = 200
_MOST_WORDS = 6
_FORGIVEN_BELOW = 20  # when so few match as typed, words with one typing error count too
_FORGIVEN_FROM = 4  # letters
_ANYWHERE_FROM = 3  # letters; shorter words must stand at the beginning of one
_ALIKE = 5  # words of one person that hold the same text
_RARE = 2_000  # counted no further
_WAYS = ("seqscan", "hashjoin", "mergejoin", "parallel_append", "gathermerge")
_MOST_HOLDING = 500  # words that hold a typed one further on
_STAFF = 30  # persons a school, roughly
_MOST_SCHOOLS = 500  # looked up one by one; more are left to the database


@dataclass(frozen=True, slots=True)
class Ranked:
    """Who was found, the best first; `is_cut`: more match than were ranked."""

    ids: tuple[int, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class _Typed:
    """A word as typed, the known words that hold it further on or are one typing error away, if these count too."""

    text: str
    held_in: frozenset[str] = frozenset()
    meant: frozenset[str] = frozenset()
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    """With which word to begin: the one that the fewest are known by; the schools whose names hold each word."""

    rarest: _Typed
    is_common: bool
    schools: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Index:
    owner: type[Person] | type[Institution]
    owner_id: InstrumentedAttribute[int]
    word: InstrumentedAttribute[str]
    field: InstrumentedAttribute[int]


_PERSONS = _Index(Person, PersonWord.person_id, PersonWord.word, PersonWord.field)
_INSTITUTIONS = _Index(Institution, InstitutionWord.institution_id, InstitutionWord.word, InstitutionWord.field)


def words(text: str) -> tuple[str, ...]:
    """The words of a search, without accents; digits of one telephone or company number together."""
    found: list[str] = []
    for word in folded(text).replace(".", " ").replace("@", " ").split():
        last = found[-1] if found else ""
        if word.isdigit() and last.isdigit() and (last.startswith(("0", "32")) or len(last) > 5):
            found[-1] += word
        else:
            found.append(word)
    return tuple(dict.fromkeys((word.isdigit() and phone_key(word)) or word for word in found))[:_MOST_WORDS]


def persons(db: Db, text: str) -> Ranked:
    """Persons known by all words of a text: name, address, former address, telephone, or the name of their school."""
    with _by_index(db):
        return _search(db, _PERSONS, text)


def institutions(db: Db, text: str) -> Ranked:
    """Institutions known by all words of a text: name, town, number, address, billing address, contact person."""
    with _by_index(db):
        return _search(db, _INSTITUTIONS, text)


@contextmanager
def _by_index(db: Db) -> Iterator[None]:
    """PostgreSQL guesses badly how many hold a word, and would then read whole tables: here each step has its index."""
    if is_sqlite(db):
        yield
        return
    db.execute(select(*(func.set_config(f"enable_{way}", "off", True) for way in _WAYS)))
    yield
    db.execute(select(*(func.set_config(f"enable_{way}", "on", True) for way in _WAYS)))


def _search(db: Db, index: _Index, text: str) -> Ranked:
    typed = _with_words_holding(db, words(text))
    if not typed:
        return Ranked((), is_cut=False)
    plan = _plan(db, index, typed)
    these_words = [_Typed(word.text, is_whole=True) for word in typed]
    found = _matching(db, index, these_words) if plan.is_common else {}
    if len(found) <= MOST:
        found |= _matching(db, index, typed, plan)
    if len(found) > MOST and not plan.is_common:  # not all are looked at: those known by these very words must be
        found |= _matching(db, index, these_words)
    is_cut = len(found) > MOST
    if len(found) < _FORGIVEN_BELOW:
        meant = _with_words_meant(db, typed)
        if meant != typed:
            typed = meant
            found |= _matching(db, index, typed)
    return Ranked(_ranked(db, index, typed, found), is_cut)


def _with_words_holding(db: Db, texts: Sequence[str]) -> list[_Typed]:
    """The typed words, each with the known words that hold it further on: «wimpel» in «zonnewimpel»."""
    queries = []
    for text in texts:
        if len(text) >= _ANYWHERE_FROM:
            parts = select(SearchPart.word_id).where(_begins(SearchPart.part, text), SearchPart.place > 0)
            holding = parts.limit(_MOST_HOLDING).subquery()
            queries.append(select(literal(text), SearchWord.word).join(holding, holding.c.word_id == SearchWord.id))
    found: dict[str, set[str]] = {text: set() for text in texts}
    if queries:
        for text, word in db.execute(union_all(*queries)):
            found[text].add(word)
    return [_Typed(text, frozenset(held_in)) for text, held_in in found.items()]


def _matching(db: Db, index: _Index, typed: Sequence[_Typed], plan: _Plan | None = None) -> dict[int, str]:
    """Who is known by all words, with the name to order by; one more than are ranked at most."""
    plan = plan or _plan(db, index, typed)
    rarest, schools = plan.rarest, plan.schools
    known = _known_by(index, rarest, schools.get(rarest.text))
    if len(typed) == 1:
        known = select(known.limit(MOST * _ALIKE).subquery().c[0])
    owner_id = select(known.subquery().c[0]).distinct().subquery().c[0]
    others = [_is_known_by(index, owner_id, word, schools.get(word.text)) for word in typed if word is not rarest]
    rows = db.execute(
        select(owner_id, index.owner.search_name)
        .join(index.owner, index.owner.id == owner_id)
        .where(*others)
        .limit(MOST + 1)
    )
    return {identity: name for identity, name in rows.all()}  # noqa: C416 - rows are not yet pairs to the checker


def _plan(db: Db, index: _Index, typed: Sequence[_Typed]) -> _Plan:
    """Count, no further than needed, who is known by each word, and look up the schools whose names hold it."""
    own = [_known_by(index, word, None).limit(_RARE).subquery() for word in typed]
    counts = db.execute(select(*(select(func.count()).select_from(each).scalar_subquery() for each in own))).one()
    named: dict[str, list[int]] = {}
    if index is _PERSONS:
        found = [_schools(word).limit(_MOST_SCHOOLS + 1).subquery() for word in typed]
        queries = [select(literal(word.text), each.c[0]) for word, each in zip(typed, found, strict=True)]
        for text, identity in db.execute(union_all(*queries)):
            named.setdefault(text, []).append(identity)
    guesses = [count + _STAFF * len(named.get(word.text, ())) for word, count in zip(typed, counts, strict=True)]
    return _Plan(
        rarest=typed[guesses.index(min(guesses))],
        is_common=min(guesses) >= _RARE,
        schools={
            word.text: named[word.text] if len(named[word.text]) <= _MOST_SCHOOLS else _schools(word)
            for word in typed
            if word.text in named
        },
    )


def _begins(column: Any, text: str) -> ColumnElement[bool]:
    return and_(column >= text, column < text + "\x7f")


def _rows_with(index: _Index, wanted: Any, word: _Typed) -> Iterator[Select[int]]:
    """The index's rows of a word: itself or beginning with it, holding it, meant by it."""
    if word.is_whole:
        yield select(wanted).where(index.word == word.text)
        return
    yield select(wanted).where(_begins(index.word, word.text))
    if others := word.held_in | word.meant:
        yield select(wanted).where(index.word.in_(others))


def _schools(word: _Typed) -> Any:
    named = InstitutionWord.field == FoundBy.NAME
    return union_all(*(rows.where(named) for rows in _rows_with(_INSTITUTIONS, InstitutionWord.institution_id, word)))


def _known_by(index: _Index, word: _Typed, schools: Any) -> Any:
    """The ids of all who are known by a word, some of them several times."""
    queries = list(_rows_with(index, index.owner_id, word))
    if schools is not None:
        staff = select(Affiliation.person_id).where(Affiliation.ended_on.is_(None))
        queries.append(staff.where(Affiliation.institution_id.in_(schools)))
    return union_all(*queries)


def _is_known_by(index: _Index, owner_id: ColumnElement[int], word: _Typed, schools: Any) -> ColumnElement[bool]:
    """Whether one of them is known by a word too, looked up in that one's own few words.

    A query of one row at most instead of EXISTS, which PostgreSQL would turn into a join with the whole index.
    """
    same: ColumnElement[bool] = index.word == word.text
    if not word.is_whole:
        is_long = len(word.text) >= _ANYWHERE_FROM
        same = (index.word.contains if is_long else index.word.startswith)(word.text, autoescape=True)
    if word.meant:
        same = or_(same, index.word.in_(word.meant))
    own = select(literal(1)).where(index.owner_id == owner_id, same).limit(1).scalar_subquery().is_not(None)
    if schools is None:
        return own
    looked_up = Affiliation.institution_id + 0  # else SQLite tries every school with that name, person by person
    at_school = select(literal(1)).where(
        Affiliation.person_id == owner_id, Affiliation.ended_on.is_(None), looked_up.in_(schools)
    )
    return or_(own, at_school.limit(1).scalar_subquery().is_not(None))


def _with_words_meant(db: Db, typed: list[_Typed]) -> list[_Typed]:
    """The words with the known words that are one typing error away: one half of such a word was typed right.

    Digits are taken as they are: another one makes another number.
    """
    forgiven = [word.text for word in typed if len(word.text) >= _FORGIVEN_FROM and word.text.isalpha()]
    if not forgiven:
        return typed
    near = set(db.scalars(union_all(*(query for text in forgiven for query in _near(text)))))
    return [
        replace(word, meant=frozenset(known for known in near if is_one_slip_away(word.text, known)))
        if word.text in forgiven
        else word
        for word in typed
    ]


def _near(text: str) -> Iterator[Select[str]]:
    half = len(text) // 2
    left, right = text[:half], text[half:]
    swapped = text[: half - 1] + text[half] + text[half - 1] + text[half + 1 :]
    length = func.length(SearchPart.part)
    yield select(SearchPart.part).where(
        _begins(SearchPart.part, left), SearchPart.place == 0, length.between(len(text) - 1, len(text) + 1)
    )
    ends = select(SearchPart.word_id).where(SearchPart.part == right, SearchPart.place.between(half - 1, half + 1))
    yield select(SearchWord.word).where(SearchWord.id.in_(ends))
    yield select(SearchWord.word).where(SearchWord.word == swapped)


def _ranked(db: Db, index: _Index, typed: Sequence[_Typed], found: dict[int, str]) -> tuple[int, ...]:
    best: dict[tuple[int, str], float] = {}
    matches = [index.word.contains(word.text, autoescape=True) for word in typed]
    meant = [known for word in typed for known in word.meant]
    rows = db.execute(
        select(index.owner_id, index.field, index.word).where(
            index.owner_id.in_(found), or_(*matches, index.word.in_(meant))
        )
    )
    for owner_id, found_by, known in rows:
        for word in typed:
            score = _score(word, known, FoundBy(found_by))
            best[owner_id, word.text] = max(score, best.get((owner_id, word.text), 0))

    def order(owner_id: int) -> tuple[float, str, int]:
        return -sum(best.get((owner_id, word.text), 0) for word in typed), found[owner_id], owner_id

    return tuple(sorted(found, key=order)[:MOST])


def _score(word: _Typed, known: str, found_by: FoundBy) -> float:
    """How well a known word answers a typed one: itself, its beginning, a part of it, meant by it."""
    weight = {FoundBy.NAME: 1.0, FoundBy.ADDRESS: 0.9, FoundBy.NUMBER: 0.9}.get(found_by, 0.8)
    if known == word.text:
        return 10 * weight
    if known.startswith(word.text):
        return (5 + len(word.text) / len(known)) * weight
    if word.text in known:
        return (3 + len(word.text) / len(known)) * weight
    return 2 * weight if known in word.meant else 0
