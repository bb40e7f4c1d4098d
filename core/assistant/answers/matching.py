"""Which account a question is about: by the sender's address, an old address, else by full name and school.

What is found here is never told to the asker; it only decides which address on file hears of the question.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.assistant.answers.common import Question
from core.db import Db
from core.models import Account, Affiliation, BillingAddress, FormerAddress, Institution, Person
from core.text import folded
from core.vocabulary import Role

_INSTITUTION_WORDS = re.compile(
    r"\b(instelling\w*|schoolaccount|school ?account|secretariaat\w*|onze school|de school|institution\w*|our school|"
    r"etablissement|notre ecole|secretariat)\b"
)
_LONGEST_NAME = 5
_MOST_WORDS = 400
_SHORTEST_SCHOOL = 8


@dataclass(frozen=True, slots=True)
class Match:
    """The one account found, if any; doubtful when several fit or only a name does."""

    account: Account | None = None
    is_doubtful: bool = False


def says_institution(text: str) -> bool:
    """Whether a text speaks of the institution's account."""
    return bool(_INSTITUTION_WORDS.search(folded(text)))


def person_account(db: Db, question: Question) -> Match:
    """The personal account a question is about."""
    by_address = _by_address(db, Role.PERSON, question.address)
    return by_address if by_address is not None else _by_name_and_school(db, question)


def institution_account(db: Db, question: Question) -> Match:
    """The institution's account a question is about: its address, its name, or the sender's one school."""
    by_address = _by_address(db, Role.INSTITUTION, question.address)
    if by_address is not None:
        return by_address
    billed = _accounts(db, Institution.billing_addresses.any(BillingAddress.email == question.address))
    if billed:
        return _one(billed)
    named = _institutions_named(db, _words(question))
    if named:
        return _one(_accounts(db, Institution.id.in_(named)))
    own_schools = (
        select(Affiliation.institution_id)
        .join(Account, Account.person_id == Affiliation.person_id)
        .where(Account.email == question.address, Account.is_active, Affiliation.ended_on.is_(None))
    )
    return _one(_accounts(db, Institution.id.in_(own_schools)))


def _one(accounts: Sequence[Account]) -> Match:
    return Match(accounts[0]) if len(accounts) == 1 else Match(is_doubtful=len(accounts) > 1)


def _accounts(db: Db, condition: object) -> Sequence[Account]:
    """Up to two accounts of institutions that meet a condition."""
    return db.scalars(
        select(Account)
        .join(Institution, Institution.id == Account.institution_id)
        .where(condition, Account.is_active)  # type: ignore[arg-type]
        .order_by(Account.id)
        .limit(2)
    ).all()


def _by_address(db: Db, role: Role, address: str) -> Match | None:
    """The account that has or had an address; None when nobody did."""
    own = db.scalar(select(Account).where(Account.role == role, Account.email == address, Account.is_active))
    if own is not None:
        return Match(own)
    former = db.scalars(
        select(Account)
        .join(FormerAddress, FormerAddress.account_id == Account.id)
        .where(FormerAddress.email == address, Account.role == role, Account.is_active)
        .distinct()
        .order_by(Account.id)
        .limit(2)
    ).all()
    return _one(former) if former else None


def _words(question: Question) -> str:
    return folded(f"{question.sender_name}\n{question.text}\n{question.signature}".replace(".", " "))


def _by_name_and_school(db: Db, question: Question) -> Match:
    """The person whose full name and school both stand in the message, if exactly one."""
    said = _words(question)
    found = db.execute(
        select(Person, Account)
        .join(Account, Account.person_id == Person.id)
        .where(Person.search_name.in_(_possible_names(said)), Account.is_active)
        .order_by(Account.id)
        .limit(50)
    ).all()
    if not found:
        return Match()
    schools = db.execute(
        select(Affiliation.person_id, Institution.name)
        .join(Institution, Institution.id == Affiliation.institution_id)
        .where(Affiliation.person_id.in_([person.id for person, _account in found]))
    ).all()
    at_school = {person_id for person_id, name in schools if _stands_in(folded(name), said)}
    fitting = [account for person, account in found if person.id in at_school]
    return Match(fitting[0]) if len(fitting) == 1 else Match(is_doubtful=True)


def _possible_names(said: str) -> list[str]:
    """Every run of two to five words, also with its first or last word moved («Peeters An»), as names are stored."""
    words = [word for word in said.split()[:_MOST_WORDS] if not any(sign.isdigit() or sign == "@" for sign in word)]
    runs = [
        words[start : start + length]
        for length in range(2, _LONGEST_NAME + 1)
        for start in range(len(words) - length + 1)
    ]
    return sorted({" ".join(order) for run in runs for order in (run, [run[-1], *run[:-1]])})


def _institutions_named(db: Db, said: str) -> list[int]:
    """The institutions whose name stands in the message; a name that is part of a longer one found does not count."""
    rows = db.execute(select(Institution.id, Institution.name)).all()
    named = [(identity, folded(name.replace(".", " "))) for identity, name in rows]
    found = [(identity, name) for identity, name in named if len(name) >= _SHORTEST_SCHOOL and _stands_in(name, said)]
    return [
        identity
        for identity, name in found
        if not any(name != longer and _stands_in(name, longer) for _other, longer in found)
    ]


def _stands_in(name: str, said: str) -> bool:
    return bool(name) and f" {name} " in f" {said} "
