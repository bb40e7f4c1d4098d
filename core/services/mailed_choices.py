"""Changes asked for by mail: a single-use link to the account's own address, a page that shows the effect, one click.

A mail alone changes nothing. The link is bound to the state of what it changes: once that is another, it is void.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from core import access, audit, tokens
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.labels import holder
from core.models import Account, Enrolment, Institution
from core.services import enrolments, institutions
from core.vocabulary import Actor, AuditTag, PayerPolicy, TokenPurpose

#: How long such a link is valid.
VALID = timedelta(days=7)


class CostHasChanged(DomainError):
    """Cancelling costs another amount than the page showed, for a day has passed."""

    message = N_("What cancelling costs has changed meanwhile. Look at the amount again.")


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """What an institution chooses: whether staff may name it as payer (R34)."""

    institution_name: str
    present: PayerPolicy


@dataclass(frozen=True, slots=True)
class BillingChoice:
    """What an institution fills in: where its notes go (R35); no address: to the account's own."""

    institution_name: str
    addresses: tuple[str, ...]
    account_address: str


@dataclass(frozen=True, slots=True)
class CancelChoice:
    """What cancelling would do now."""

    course_title: str
    first_day: date | None
    person_name: str
    effect: enrolments.CancellationEffect


def policy_link(db: Db, actor: Actor, account_id: int) -> str:
    """The secret of a link to choose the payer policy of an institution. Raises NotAllowed or NotFound."""
    account, institution = _institution(db, actor, account_id)
    return _made(db, actor, TokenPurpose.PAYER_POLICY, account, state=_policy_state(institution))


def billing_link(db: Db, actor: Actor, account_id: int) -> str:
    """The secret of a link to fill in other billing addresses. Raises NotAllowed or NotFound."""
    account, institution = _institution(db, actor, account_id)
    return _made(db, actor, TokenPurpose.BILLING_ADDRESS, account, state=_billing_state(institution))


def cancel_link(db: Db, actor: Actor, account_id: int, enrolment_id: int) -> str:
    """The secret of a link to cancel an enrolment of the account's own. Raises NotAllowed or NotFound."""
    access.require_staff(actor)
    account = _active(db, account_id)
    enrolment = access.enrolment(db, access.acting(account), enrolment_id)
    state = _seat_state(enrolment)
    return _made(db, actor, TokenPurpose.CANCEL, account, state=state, enrolment_id=enrolment.id)


def look_at_policy(db: Db, secret: str) -> PolicyChoice:
    """The present choice, without using the link up. Raises LinkNotValid."""
    account, payload = tokens.look(db, TokenPurpose.PAYER_POLICY, secret)
    institution = _of(db, account)
    _check(payload, _policy_state(institution))
    return PolicyChoice(institution.name, institution.payer_policy)


def choose_policy(db: Db, actor: Actor, secret: str, policy: PayerPolicy) -> None:  # noqa: ARG001 - the link is the proof
    """The institution chooses by the mailed link; its account is told. Raises LinkNotValid."""
    account, payload = tokens.use(db, TokenPurpose.PAYER_POLICY, secret)
    _check(payload, _policy_state(_of(db, account)))
    institutions.change_policy(db, access.acting(account), policy)


def look_at_billing(db: Db, secret: str) -> BillingChoice:
    """The present billing addresses, without using the link up. Raises LinkNotValid."""
    account, payload = tokens.look(db, TokenPurpose.BILLING_ADDRESS, secret)
    institution = _of(db, account)
    _check(payload, _billing_state(institution))
    return BillingChoice(institution.name, tuple(each.email for each in institution.billing_addresses), account.email)


def choose_billing(db: Db, actor: Actor, secret: str, addresses: tuple[str, ...]) -> None:  # noqa: ARG001 - the link is the proof
    """The institution says where its notes go; its account is told. Raises LinkNotValid, AddressNotValid, TooMany."""
    account, payload = tokens.use(db, TokenPurpose.BILLING_ADDRESS, secret)
    institution = _of(db, account)
    _check(payload, _billing_state(institution))
    institutions.change_billing(
        db,
        access.acting(account),
        name=institution.billing_name,
        addresses=addresses,
        reference=institution.billing_reference,
    )


def look_at_cancelling(db: Db, secret: str) -> CancelChoice:
    """What cancelling would do and cost now, without using the link up. Raises LinkNotValid or CourseHasStarted."""
    account, payload = tokens.look(db, TokenPurpose.CANCEL, secret)
    enrolment = _seat(db, account, payload)
    effect = enrolments.cancellation_preview(db, access.acting(account), enrolment.id)
    name = holder(enrolment.person.name if enrolment.person else None)
    return CancelChoice(enrolment.course.title, enrolment.course.first_day, name, effect)


def cancel(db: Db, actor: Actor, secret: str, shown_cents: int) -> enrolments.CancellationEffect:  # noqa: ARG001 - the link is the proof
    """Cancel by the mailed link, at the cost that was shown, in cents.

    Raises LinkNotValid, CostHasChanged, or as `enrolments.cancel`.
    """
    account, payload = tokens.use(db, TokenPurpose.CANCEL, secret)
    enrolment = _seat(db, account, payload)
    effect = enrolments.cancel(db, access.acting(account), enrolment.id)
    if effect.cost_cents != shown_cents:
        raise CostHasChanged
    return effect


def _made(db: Db, actor: Actor, purpose: TokenPurpose, account: Account, **payload: Any) -> str:
    secret = tokens.make(db, purpose, account, VALID, **payload)
    audit.record(db, actor, AuditTag.LINK_MAILED, account, purpose=purpose.value)
    return secret


def _active(db: Db, account_id: int) -> Account:
    account = db.scalar(select(Account).where(Account.id == account_id, Account.is_active))
    if account is None:
        raise access.NotFound
    return account


def _institution(db: Db, actor: Actor, account_id: int) -> tuple[Account, Institution]:
    access.require_staff(actor)
    account = _active(db, account_id)
    if account.institution is None:
        raise access.NotFound
    return account, account.institution


def _of(db: Db, account: Account) -> Institution:
    return access.own_institution(db, access.acting(account))


def _seat(db: Db, account: Account, payload: dict[str, Any]) -> Enrolment:
    try:
        enrolment = access.enrolment(db, access.acting(account), payload["enrolment_id"])
    except access.NotFound as gone:
        raise tokens.LinkNotValid from gone
    _check(payload, _seat_state(enrolment))
    return enrolment


def _check(payload: dict[str, Any], state: str) -> None:
    if payload["state"] != state:
        raise tokens.LinkNotValid


def _policy_state(institution: Institution) -> str:
    return tokens.keyed(f"policy|{institution.id}|{institution.payer_policy}")


def _billing_state(institution: Institution) -> str:
    addresses = "|".join(each.email for each in institution.billing_addresses)
    return tokens.keyed(f"billing|{institution.id}|{addresses}")


def _seat_state(enrolment: Enrolment) -> str:
    seat = (enrolment.id, enrolment.status, enrolment.person_id, enrolment.payer_kind, enrolment.payer_institution_id)
    return tokens.keyed(f"seat|{'|'.join(map(str, seat))}|{enrolment.course.first_day}")
