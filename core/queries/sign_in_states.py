"""How it stands with the right to sign in of persons and institutions: the filter of the coordinators' list."""

from sqlalchemy import ColumnElement, Select, and_, exists, select, true

from core.db import Db
from core.models import Account, Institution, Person
from core.queries.people_search import MOST, Ranked
from core.vocabulary import Party, SignInState


def _is(state: SignInState) -> ColumnElement[bool]:
    """The condition for an account of a state; those without an account have none."""
    return {
        SignInState.UNCONFIRMED: and_(Account.confirmed_at.is_(None), Account.is_active),
        SignInState.CLOSED: ~Account.is_active,
        SignInState.REFUSING: Account.undeliverable_since.is_not(None),
        SignInState.NEVER: and_(Account.last_sign_in_at.is_(None), Account.is_active),
    }.get(state, true())


def persons(state: SignInState) -> Select[int]:
    """The ids of the persons whose signing in stands so."""
    own = Account.person_id == Person.id
    standing = ~exists().where(own) if state is SignInState.NONE else exists().where(own, _is(state))
    return select(Person.id).where(Person.merged_into_id.is_(None), standing)


def institutions(state: SignInState) -> Select[int]:
    """The ids of the institutions whose signing in stands so."""
    own = Account.institution_id == Institution.id
    standing = ~exists().where(own) if state is SignInState.NONE else exists().where(own, _is(state))
    return select(Institution.id).where(Institution.merged_into_id.is_(None), standing)


def newest(db: Db, party: Party, state: SignInState) -> Ranked:
    """The newest whose signing in stands so, as many as are ranked; found from the accounts, of which few stand so."""
    is_person = party is Party.PERSON
    owner = Person if is_person else Institution
    if state is SignInState.NONE:
        query = (persons(state) if is_person else institutions(state)).order_by(owner.id.desc())
    else:
        own = Account.person_id if is_person else Account.institution_id
        query = (
            select(owner.id)
            .select_from(Account)
            .join(owner, owner.id == own)
            .where(owner.merged_into_id.is_(None), _is(state))
            .order_by(Account.id.desc())
        )
    found = tuple(db.scalars(query.limit(MOST + 1)))
    return Ranked(found[:MOST], len(found) > MOST)
