"""The statement of account on paper, and mailed to who pays when somebody asks for it with a click."""

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from core import access, audit, clock, mail
from core.db import Db
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_, _, day
from core.labels import label
from core.mail import Attachment
from core.models import Institution, OutgoingMail, Person
from core.money import euro
from core.queries import payments, statements
from core.queries.statements import AGES, Statement
from core.rules.proposals import Payer
from core.services.billing_payload import organiser
from core.vocabulary import Actor, ActorKind, AuditTag, EntryKind, PayerKind

MAIL = "account-statement"


class MailedToday(DomainError):
    """The same statement left today already."""

    message = N_("This statement was mailed today already.")


class NobodyToMail(DomainError):
    """The payer has neither an account nor a billing address."""

    message = N_("No e-mail address of this payer is known.")


def facts(db: Db, found: Statement) -> dict[str, Any]:
    """A statement as plain values for its PDF, in the language of the moment."""
    own, until = decisions(db), payments.newest_booked(db)
    balance, entries = found.opening_cents, []
    for entry in found.entries:
        balance += entry.cents
        entries.append(
            {
                "on": entry.on.isoformat(),
                "what": label(entry.kind),
                "number": entry.number,
                "about": _about(entry),
                "more": entry.more,
                "cents": entry.cents,
                "balance_cents": balance,
            }
        )
    ages = found.by_age
    return {
        "payer": {
            "name": found.payer_name,
            "address": list(found.address),
            "number": f"{found.payer[0]}-{found.payer[1]}",
        },
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "made_on": clock.today().isoformat(),
        "bank_until": until.isoformat() if until else None,
        "opening_cents": found.opening_cents,
        "closing_cents": found.closing_cents,
        "debit_cents": sum(entry.cents for entry in found.entries if entry.cents > 0),
        "credit_cents": -sum(entry.cents for entry in found.entries if entry.cents < 0),
        "entries": entries,
        "open": [
            {
                "number": item.number,
                "ogm": item.ogm,
                "due_on": item.due_on.isoformat() if item.due_on else None,
                "late": (found.last - item.due_on).days if item.due_on else 0,
                "left_cents": item.left_cents,
            }
            for item in found.items
            if item.left_cents > 0
        ],
        "ages": [ages[each] for each in AGES],
        "open_cents": sum(ages.values()),
        "credits": _credits(found),
        "organiser": organiser(own),
        "payee": {"name": own.payee_name, "iban": own.payee_iban, "bic": own.payee_bic},
    }


def _about(entry: statements.Entry) -> str:
    if entry.kind in (EntryKind.PAYMENT, EntryKind.REFUND):
        return _("for {numbers}").format(numbers=entry.about)
    return entry.about


def _credits(found: Statement) -> list[dict[str, Any]]:
    """What CNO owes: notes that were paid too much, and credit that is kept."""
    rows = [
        {"what": _("Paid too much of {number}").format(number=item.number), "cents": -item.left_cents}
        for item in found.items
        if item.left_cents < 0
    ]
    if found.kept_cents:
        rows.append({"what": _("Kept for a next note"), "cents": found.kept_cents})
    return rows


def send(db: Db, actor: Actor, payer: Payer | None, period: tuple[date, date], content: bytes) -> str:
    """Mail a rendered statement to the billing addresses of who pays, once a day; returns whom it goes to.

    Raises NotFound, NotAllowed, MailedToday or NobodyToMail.
    """
    if actor.kind is ActorKind.COORDINATOR:
        access.require_coordinator(actor)
    found = statements.of(db, actor, payer, *period)
    kind, identity = found.payer
    school = db.get(Institution, identity) if kind is PayerKind.INSTITUTION else None
    person = db.get(Person, identity) if kind is PayerKind.PERSON else None
    closing, (first, last) = found.closing_cents, period
    print_of = hashlib.sha256(f"{first}{last}{closing}{len(found.entries)}".encode()).hexdigest()[:12]
    told = {
        "first_on": lambda: day(first),
        "last_on": lambda: day(last),
        "balance": lambda: euro(abs(closing)),
        "is_credit": closing < 0,
    }
    dedupe = f"{kind}:{identity}:{clock.today()}:{print_of}"
    if db.scalar(select(exists().where(OutgoingMail.dedupe_key.startswith(f"{MAIL}:{dedupe}:", autoescape=True)))):
        raise MailedToday
    files = [Attachment(f"rekeningoverzicht-{first}-{last}.pdf", content)]
    queued = mail.queue(db, MAIL, dedupe=dedupe, institution=school, person=person, attachments=files, facts=told)
    if not queued:
        raise NobodyToMail
    subject = school or person
    if subject is not None:
        audit.record(db, actor, AuditTag.STATEMENT_MAILED, subject, first=first, last=last, cents=closing)
    return found.payer_name
