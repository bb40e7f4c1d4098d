"""Who asks: the accounts whose own address a mail came from, or who is signed in while chatting.

«Own» is the sign-in address of an account; an earlier address finds an account but is nobody's own any more (D10).
"""

from dataclasses import dataclass

from sqlalchemy import select

from core.assistant.answers.common import Question
from core.assistant.answers.matching import says_institution
from core.db import Db
from core.models import Account
from core.vocabulary import Role, Verdict


@dataclass(frozen=True, slots=True)
class Asker:
    """The accounts of who asks; one address may have both (D9). `side` is the one the question is about."""

    person: Account | None = None
    institution: Account | None = None
    side: Account | None = None

    @property
    def is_institution(self) -> bool:
        """Whether the institution's account is asked about."""
        return self.side is not None and self.side is self.institution

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The accounts, the one asked about first."""
        both = (self.person, self.institution)
        return tuple(sorted((each for each in both if each is not None), key=lambda each: each is not self.side))


def asker(db: Db, question: Question) -> Asker:
    """Who asks a question; nobody when the sender fails the checks."""
    if question.verdict in (Verdict.FAIL, Verdict.BAD):
        return Asker()
    if question.actor is not None:
        wanted = Account.id == (question.actor.account_id or 0)
    else:
        wanted = Account.email == question.address
    found = {
        account.role: account
        for account in db.scalars(
            select(Account).where(wanted, Account.is_active, Account.role.in_((Role.PERSON, Role.INSTITUTION)))
        )
    }
    person, institution = found.get(Role.PERSON), found.get(Role.INSTITUTION)
    order = (institution, person) if says_institution(question.text) else (person, institution)
    return Asker(person, institution, next((each for each in order if each is not None), None))
