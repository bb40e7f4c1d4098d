"""Who gets what (D3): the one routing table. When two addressees are the same address, one mail leaves.

A coordinator may switch copies on or off (:func:`is_on`); what the requirements promise cannot be switched.
"""

from dataclasses import dataclass

from sqlalchemy import select

from core.db import Db
from core.i18n import N_
from core.models import MailSwitch
from core.vocabulary import Addressee, MailKind

__all__ = ["REASONS", "ROUTES", "Addressee", "Route", "forget", "is_on", "reason", "switches"]


@dataclass(frozen=True, slots=True)
class Route:
    """How a mail travels. A sensitive one holds a secret link: it is blanked once sent and never shown.

    `to` get it; those of them that are `optional` are copies that a coordinator may switch off. `also` get it only once
    a coordinator switched that copy on.
    """

    kind: MailKind
    to: tuple[Addressee, ...]
    is_sensitive: bool = False
    optional: tuple[Addressee, ...] = ()
    also: tuple[Addressee, ...] = ()


_NOTICE, _NOTE, _ANSWER, _PERSONAL = MailKind.NOTICE, MailKind.NOTE, MailKind.ANSWER, MailKind.PERSONAL
_PERSON, _INSTITUTION, _PAYER = Addressee.PERSON, Addressee.INSTITUTION, Addressee.PAYER
_COPY, _ACCOUNT, _ADDRESS = Addressee.PERSON_COPY, Addressee.ACCOUNT, Addressee.ADDRESS

ROUTES: dict[str, Route] = {
    # accounts
    "confirm-account": Route(_NOTICE, (_ACCOUNT,), is_sensitive=True),
    "account-exists": Route(_NOTICE, (_ACCOUNT,)),
    "new-password": Route(_NOTICE, (_ACCOUNT,), is_sensitive=True),
    "password-changed": Route(_NOTICE, (_ACCOUNT,)),
    "team-invited": Route(_NOTICE, (_ACCOUNT,), is_sensitive=True),
    "account-given": Route(_NOTICE, (_ACCOUNT,), is_sensitive=True),
    "confirm-address": Route(_NOTICE, (_ADDRESS,), is_sensitive=True),
    "address-taken": Route(_NOTICE, (_ACCOUNT,)),
    "address-changed": Route(_NOTICE, (_ADDRESS,)),
    "accounts-merged": Route(_NOTICE, (_ACCOUNT, _ADDRESS)),
    "affiliation-made": Route(_NOTICE, (_INSTITUTION,), is_sensitive=True),
    "affiliation-made-for-you": Route(_NOTICE, (_PERSON,)),
    "affiliation-ended": Route(_NOTICE, (_PERSON,)),
    "still-linked": Route(_NOTICE, (_INSTITUTION,), optional=(_INSTITUTION,)),
    "billing-details-changed": Route(_NOTICE, (_INSTITUTION,)),
    # enrolments
    "enrolment-confirmed": Route(_NOTICE, (_PERSON, _INSTITUTION)),
    "enrolment-waitlisted": Route(_NOTICE, (_PERSON, _INSTITUTION), optional=(_INSTITUTION,)),
    "seat-offered": Route(_NOTICE, (_PERSON, _INSTITUTION), optional=(_INSTITUTION,)),
    "offer-lapsed": Route(_NOTICE, (_PERSON, _INSTITUTION), optional=(_INSTITUTION,)),
    "enrolment-cancelled": Route(_NOTICE, (_PERSON, _INSTITUTION), optional=(_INSTITUTION,)),
    "certificate-ready": Route(_NOTICE, (_PERSON,), optional=(_PERSON,)),
    "course-message": Route(_PERSONAL, (_PERSON,)),
    # a school and its staff: one mail a click to the institution, one to each colleague (R30, R32, D4)
    "colleague-enrolled": Route(_NOTICE, (_PERSON,)),
    "colleagues-enrolled": Route(_NOTICE, (_INSTITUTION,)),
    "seat-passed-on": Route(_NOTICE, (_PERSON,)),
    "participant-replaced": Route(_NOTICE, (_INSTITUTION,)),
    "name-seats": Route(_NOTICE, (_INSTITUTION,), optional=(_INSTITUTION,)),
    "payer-request": Route(_NOTICE, (_INSTITUTION,), is_sensitive=True),
    "payer-request-reminder": Route(_NOTICE, (_PERSON, _INSTITUTION), optional=(_PERSON,)),
    "payer-request-closed": Route(_NOTICE, (_PERSON, _INSTITUTION), optional=(_INSTITUTION,)),
    "payer-changed": Route(_NOTICE, (_PERSON, _INSTITUTION)),
    # a course as a whole: each who holds a seat or waits for one, and once each institution that pays
    "days-changed": Route(_NOTICE, (_PERSON,)),
    "days-changed-school": Route(_NOTICE, (_INSTITUTION,)),
    "course-cancelled": Route(_NOTICE, (_PERSON,)),
    "course-cancelled-school": Route(_NOTICE, (_INSTITUTION,)),
    # the day itself: who teaches, who comes
    "teacher-course": Route(_NOTICE, (_ADDRESS,), is_sensitive=True),
    "course-reminder": Route(_NOTICE, (_PERSON,), optional=(_PERSON,)),
    "evaluation": Route(_NOTICE, (_PERSON,), is_sensitive=True, optional=(_PERSON,)),
    # money: to the payer, its billing address first; the participant gets a copy (R32, R35)
    "debit-note": Route(_NOTE, (_PAYER, _COPY), also=(_INSTITUTION,)),
    "debit-note-group": Route(_NOTE, (_PAYER,), also=(_INSTITUTION,)),
    "credit-note": Route(_NOTE, (_PAYER, _COPY), also=(_INSTITUTION,)),
    # a reminder goes to who pays alone: no copy (billing.md §10)
    "note-reminder": Route(_NOTE, (_PAYER,)),
    "note-reminder-firm": Route(_NOTE, (_PAYER,)),
    "account-statement": Route(_NOTE, (_PAYER,)),
    # the mailbox
    "answer-new-password": Route(_ANSWER, (_ADDRESS,)),
    "answer-registered-address": Route(_ANSWER, (_ADDRESS,)),
    "answer-institution-address": Route(_ANSWER, (_ADDRESS,)),
    "answer-certificate": Route(_ANSWER, (_ADDRESS,)),
    "answer-note-copy": Route(_ANSWER, (_ADDRESS,)),
    "answer-payer-policy": Route(_ANSWER, (_ADDRESS,), is_sensitive=True),
    "answer-billing-address": Route(_ANSWER, (_ADDRESS,), is_sensitive=True),
    "answer-cancel": Route(_ANSWER, (_ADDRESS,), is_sensitive=True),
    "answer-replace": Route(_ANSWER, (_ADDRESS,)),
    "answer-enrol": Route(_ANSWER, (_ADDRESS,)),
    "answer-course-info": Route(_ANSWER, (_ADDRESS,)),
    "answer-material": Route(_ANSWER, (_ADDRESS,)),
    "answer-change-details": Route(_ANSWER, (_ADDRESS,)),
    "answer-link-institution": Route(_ANSWER, (_ADDRESS,)),
    "answer-create-account": Route(_ANSWER, (_ADDRESS,)),
    "answer-personal-data": Route(_ANSWER, (_ADDRESS,)),
    "answer-payment": Route(_ANSWER, (_ADDRESS,)),
    "address-known": Route(_NOTICE, (_ACCOUNT,)),
    "note-again": Route(_NOTICE, (_PAYER,)),
    "reply": Route(_PERSONAL, (_ADDRESS,)),
}

_R30 = N_("The institution gets a confirmation at once after an enrolment that it pays (R30).")
_R32 = N_("The staff member gets a copy of what the institution gets (R32).")
_D4 = N_("Both persons and the institution are told of a replacement (D4).")
_SAFETY = N_("It warns the owner of the account or the address: without it, abuse would pass unseen.")
_QUESTION = N_("It answers a question, or asks one: without it nothing would happen.")
_OWNER = N_("It is the mail this person or institution waits for.")
#: Why an addressee cannot be switched off (msgids); for all others :data:`_OWNER`.
REASONS: dict[tuple[str, Addressee], str] = {
    ("enrolment-confirmed", _INSTITUTION): _R30,
    ("colleagues-enrolled", _INSTITUTION): _R30,
    ("colleague-enrolled", _PERSON): _R32,
    ("debit-note", _PAYER): N_("The debit note goes to who pays, 7 days after the enrolment (R31, R33)."),
    ("debit-note", _COPY): _R32,
    ("debit-note-group", _PAYER): N_("The debit note goes to who pays, 7 days after the enrolment (R31, R33)."),
    ("credit-note", _PAYER): N_("A credit note goes straight to who pays (R35)."),
    ("credit-note", _COPY): _R32,
    ("seat-passed-on", _PERSON): _D4,
    ("participant-replaced", _INSTITUTION): _D4,
    ("affiliation-made", _INSTITUTION): N_("The institution is told of every new link, with a link to undo it (D8)."),
    ("affiliation-made-for-you", _PERSON): N_("The person is told of a link that a coordinator made (D8)."),
    ("affiliation-ended", _PERSON): N_("The person is told that the link was ended (D7)."),
    ("address-changed", _ADDRESS): N_("The old address is told of the new one (D10)."),
    **{(name, _ACCOUNT): _SAFETY for name in ("account-exists", "password-changed", "address-taken")},
    ("billing-details-changed", _INSTITUTION): _SAFETY,
    ("payer-request", _INSTITUTION): _QUESTION,
    ("payer-request-reminder", _INSTITUTION): _QUESTION,
    **{(name, _ADDRESS): _QUESTION for name in ROUTES if name.startswith("answer-")},
    ("address-known", _ACCOUNT): _QUESTION,
    ("note-again", _PAYER): _QUESTION,
}
_CACHE = "mail_switches"


def reason(name: str, addressee: Addressee) -> str | None:
    """Why a mail cannot be switched off for an addressee (a msgid); None when it can be switched."""
    route = ROUTES[name]
    if addressee in route.optional or addressee in route.also:
        return None
    return REASONS.get((name, addressee), _OWNER)


def switches(db: Db) -> dict[tuple[str, str], bool]:
    """The copies that a coordinator switched, read once a transaction."""
    found: dict[tuple[str, str], bool] | None = db.info.get(_CACHE)
    if found is None:
        rows = db.execute(select(MailSwitch.name, MailSwitch.addressee, MailSwitch.is_on)).all()
        found = db.info[_CACHE] = {(name, addressee): is_on for name, addressee, is_on in rows}
    return found


def forget(db: Db) -> None:
    """Read the switches anew, after one has changed in this transaction."""
    db.info.pop(_CACHE, None)


def is_on(db: Db, name: str, addressee: Addressee) -> bool:
    """Whether an addressee gets a mail now."""
    default = addressee in ROUTES[name].to
    return default if reason(name, addressee) else switches(db).get((name, addressee.value), default)
