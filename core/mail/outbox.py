"""Queueing: decide the addressees, render, freeze, store. The row leaves when the transaction of its cause commits."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import clock
from core.db import Db
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_, speaking
from core.mail import facts as facts_of
from core.mail import refusing
from core.mail.addresses import bounce_address, message_id
from core.mail.message import Answered, Attachment, Entries, Invitation, frozen
from core.mail.rendering import Rendered, render
from core.mail.routing import ROUTES, Addressee, Route, is_on
from core.models import Account, Enrolment, Institution, MailThread, Note, OutgoingMail, Person
from core.settings import settings
from core.text import address_key
from core.vocabulary import Language, MailKind, OutgoingState, PayerKind


class AddressRefused(DomainError):
    """A recipient that cannot be written to: its address is not plain ASCII."""

    message = N_("The address {address} cannot receive mail from us.")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address that a mail goes to, and as what."""

    role: Addressee
    address: str
    name: str
    language: Language
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Cause:
    account: Account | None
    person: Person | None
    institution: Institution | None
    address: str | None
    language: Language | None
    payer: PayerKind | None


def queue(
    db: Db,
    name: str,
    *,
    dedupe: str,
    account: Account | None = None,
    person: Person | None = None,
    institution: Institution | None = None,
    enrolment: Enrolment | None = None,
    note: Note | None = None,
    address: str | None = None,
    language: Language | None = None,
    facts: Mapping[str, object] | None = None,
    secret: str | None = None,
    attachments: Sequence[Attachment] = (),
    invitation: Invitation | None = None,
    thread: MailThread | None = None,
    answers: Answered | None = None,
    not_before: datetime | None = None,
    only: Addressee | None = None,
    not_to: Collection[str] = (),
) -> list[int]:
    """Store a mail for each addressee that the routing table names; returns the ids of the new rows.

    `dedupe` is the business fact («enrolment:12:confirmed»): the same fact gives one mail an address, for ever.
    An `institution` given beside an enrolment is told whoever pays. A function among the `facts` makes its text in the
    language of each addressee. `only` leaves one addressee of the route; `not_to` are addresses that know already.
    An `invitation` goes to the participant only.
    `secret` is what a sensitive mail's link carries; it stays out of the readable copy. Raises AddressRefused.
    """
    route = ROUTES[name]
    cause = _Cause(
        account=account,
        person=person or (enrolment.person if enrolment else None),
        institution=institution or (enrolment.payer_institution if enrolment else None),
        address=address,
        language=language,
        payer=None if institution else enrolment.payer_kind if enrolment else (note.payer_kind if note else None),
    )
    recipients = [each for each in _recipients(db, name, cause, only) if each.address not in not_to]
    keys = {recipient.address: f"{name}:{dedupe}:{recipient.address}"[:200] for recipient in recipients}
    known = set(db.scalars(select(OutgoingMail.dedupe_key).where(OutgoingMail.dedupe_key.in_(keys.values()))))
    rows = []
    for recipient in recipients:
        if keys[recipient.address] in known:
            continue
        with speaking(recipient.language):
            found = facts_of.merged(decisions(db), enrolment, note, facts)
            context = found | {
                "to": recipient.role.value,
                "to_name": recipient.name or found.get("to_name", ""),
                "secret": secret or "",
            }
            texts = render(db, name, recipient.language, context)
        row = _row(
            route,
            recipient,
            texts,
            decisions(db).mail_sender_name,
            answers=answers,
            attachments=attachments,
            entries=_entries(invitation, recipient),
        )
        row.name, row.dedupe_key, row.thread_id = name, keys[recipient.address], thread.id if thread else None
        row.not_before = not_before or row.created_at
        row.body = texts.text.replace(secret, "…") if secret else texts.text
        subject = note or enrolment or person or institution or account
        if subject is not None:
            row.subject_type, row.subject_id = subject.__tablename__, subject.id
        rows.append(row)
    refused = refusing.among(db, [row.recipient for row in rows])
    for row in rows:
        if refusing.waits(row, refused):
            row.state, row.error = OutgoingState.HELD, refusing.REASON
    db.add_all(rows)
    db.flush()
    return [row.id for row in rows]


def _row(
    route: Route,
    recipient: Recipient,
    texts: Rendered,
    sender_name: str,
    *,
    answers: Answered | None,
    attachments: Sequence[Attachment],
    entries: Entries | None,
) -> OutgoingMail:
    ref = secrets.token_hex(8)
    mid = message_id(ref)
    raw = frozen(
        recipient=recipient.address,
        subject=texts.subject,
        text=texts.text,
        html=texts.html,
        mid=mid,
        kind=route.kind,
        sender_name=sender_name,
        answers=answers,
        attachments=[file for file in attachments if file.only_for in (None, recipient.role)],
        entries=entries,
    )
    return OutgoingMail(
        kind=route.kind,
        language=recipient.language,
        recipient=recipient.address,
        subject=texts.subject[:300],
        ref=ref,
        mid=mid,
        envelope_from=_envelope_from(route.kind, ref),
        raw=raw,
        is_sensitive=route.is_sensitive,
        created_at=clock.now(),
        account_id=recipient.account_id,
    )


def _entries(invitation: Invitation | None, recipient: Recipient) -> Entries | None:
    if invitation is None or recipient.role is not Addressee.PERSON:
        return None
    return Entries(invitation.method, invitation.made(recipient.name or recipient.address, recipient.address))


def _envelope_from(kind: MailKind, ref: str) -> str:
    if kind is MailKind.ANSWER and settings().answer_envelope_null:
        return ""
    return bounce_address(ref) if settings().verp else settings().mail_address


def addressees(db: Db, name: str, enrolment: Enrolment) -> tuple[tuple[Addressee, str], ...]:
    """To which addresses a mail about an enrolment would go now, and as what; none for mails of another cause."""
    cause = _Cause(
        account=None,
        person=enrolment.person,
        institution=enrolment.payer_institution,
        address=None,
        language=None,
        payer=enrolment.payer_kind,
    )
    if Addressee.ADDRESS in ROUTES[name].to:
        return ()
    return tuple((recipient.role, recipient.address) for recipient in _recipients(db, name, cause))


def _recipients(db: Db, name: str, cause: _Cause, only: Addressee | None = None) -> list[Recipient]:
    """Each address once; a copy that is switched off leaves all the same when nobody else would be told."""
    route, found = ROUTES[name], dict[str, Recipient]()
    if only is not None:
        return list(_in_roles(db, [only] if is_on(db, name, only) else [], cause).values())
    is_told = [role for role in (*route.to, *route.also) if is_on(db, name, role)]
    for roles in (is_told, route.to if len(route.to) > 1 else ()):
        if not found:
            found = _in_roles(db, roles, cause)
    return list(found.values())


def _in_roles(db: Db, roles: Sequence[Addressee], cause: _Cause) -> dict[str, Recipient]:
    found: dict[str, Recipient] = {}
    for role in roles:
        for recipient in _in_role(db, role, cause):
            if not recipient.address.isascii():
                raise AddressRefused(address=recipient.address)
            found.setdefault(recipient.address, recipient)
    return found


def _in_role(db: Db, role: Addressee, cause: _Cause) -> list[Recipient]:
    """The addressees of a role: none when the cause has none, several when an institution has several for its notes."""
    if role is Addressee.PAYER and (to_billing := _billing_addresses(db, cause)):
        return to_billing
    one = _recipient(db, role, cause)
    return [one] if one is not None else []


def _recipient(db: Db, role: Addressee, cause: _Cause) -> Recipient | None:
    """The addressee of a role, or None when the cause has none (the person pays: no institution, no copy)."""
    by_institution = cause.payer is not PayerKind.PERSON and cause.institution is not None
    match role:
        case Addressee.ADDRESS:
            if not cause.address:
                raise ValueError("a mail to an address needs one")
            name = cause.account.name if cause.account else ""
            language = cause.language or (cause.account.language if cause.account else Language.DUTCH)
            return Recipient(role, address_key(cause.address), name, language)
        case Addressee.ACCOUNT:
            return _of_account(role, cause.account, cause.language)
        case Addressee.PERSON:
            return _of_account(role, _account_of(db, cause.person), cause.language)
        case Addressee.PERSON_COPY:
            return _of_account(role, _account_of(db, cause.person), cause.language) if by_institution else None
        case Addressee.INSTITUTION:
            return _of_account(role, _account_of(db, cause.institution), cause.language) if by_institution else None
        case Addressee.PAYER:
            owner = cause.institution if by_institution else cause.person
            return _of_account(role, _account_of(db, owner), cause.language)


def _billing_addresses(db: Db, cause: _Cause) -> list[Recipient]:
    """Where the notes of an institution that pays go instead of to its account's address (R35).

    An address that refuses our mail is passed over, as long as there is another one, be it the account's.
    """
    institution = cause.institution
    if institution is None or cause.payer is PayerKind.PERSON:
        return []
    account = _account_of(db, institution)
    known = institution.billing_addresses
    working = [billing for billing in known if not refusing.is_refused(billing)]
    return [
        Recipient(
            Addressee.PAYER,
            address_key(billing.email),
            institution.billing_name or institution.name,
            cause.language or (account.language if account else Language.DUTCH),
            account.id if account else None,
        )
        for billing in (working if account else working or known)
    ]


def _account_of(db: Db, owner: Person | Institution | None) -> Account | None:
    if owner is None:
        return None
    column = Account.person_id if isinstance(owner, Person) else Account.institution_id
    return db.scalar(select(Account).where(column == owner.id))


def _of_account(role: Addressee, account: Account | None, language: Language | None) -> Recipient | None:
    if account is None:
        return None
    return Recipient(role, account.email, account.name, language or account.language, account.id)
