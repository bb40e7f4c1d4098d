"""Who gets what (D3): the one routing table. When two addressees are the same address, one mail leaves."""

from dataclasses import dataclass
from enum import StrEnum

from core.vocabulary import MailKind


class Addressee(StrEnum):
    """Whom a mail goes to, seen from its cause."""

    PERSON = "person"
    INSTITUTION = "institution"
    PAYER = "payer"
    PERSON_COPY = "person_copy"
    ACCOUNT = "account"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Route:
    """How a mail travels. A sensitive one holds a secret link: it is blanked once sent and never shown."""

    kind: MailKind
    to: tuple[Addressee, ...]
    is_sensitive: bool = False


_NOTICE, _NOTE, _ANSWER, _PERSONAL = MailKind.NOTICE, MailKind.NOTE, MailKind.ANSWER, MailKind.PERSONAL
_PERSON, _INSTITUTION, _PAYER = Addressee.PERSON, Addressee.INSTITUTION, Addressee.PAYER
_COPY, _ACCOUNT, _ADDRESS = Addressee.PERSON_COPY, Addressee.ACCOUNT, Addressee.ADDRESS

ROUTES: dict[str, Route] = {
    # accounts
    "confirm-account": Route(_NOTICE, (_ACCOUNT,), is_sensitive=True),
    "account-exists": Route(_NOTICE, (_ACCOUNT,)),
    "new-password": Route(_NOTICE, (_ACCOUNT,), is_sensitive=True),
    "password-changed": Route(_NOTICE, (_ACCOUNT,)),
    "confirm-address": Route(_NOTICE, (_ADDRESS,), is_sensitive=True),
    "address-taken": Route(_NOTICE, (_ACCOUNT,)),
    "address-changed": Route(_NOTICE, (_ADDRESS,)),
    "affiliation-made": Route(_NOTICE, (_INSTITUTION,), is_sensitive=True),
    "affiliation-ended": Route(_NOTICE, (_PERSON,)),
    "still-linked": Route(_NOTICE, (_INSTITUTION,)),
    "billing-details-changed": Route(_NOTICE, (_INSTITUTION,)),
    # enrolments
    "enrolment-confirmed": Route(_NOTICE, (_PERSON, _INSTITUTION)),
    "enrolment-waitlisted": Route(_NOTICE, (_PERSON, _INSTITUTION)),
    "seat-offered": Route(_NOTICE, (_PERSON, _INSTITUTION)),
    "offer-lapsed": Route(_NOTICE, (_PERSON, _INSTITUTION)),
    "enrolment-cancelled": Route(_NOTICE, (_PERSON, _INSTITUTION)),
    "course-message": Route(_PERSONAL, (_PERSON,)),
    # a school and its staff: one mail a click to the institution, one to each colleague (R30, R32, D4)
    "colleague-enrolled": Route(_NOTICE, (_PERSON,)),
    "colleagues-enrolled": Route(_NOTICE, (_INSTITUTION,)),
    "seat-passed-on": Route(_NOTICE, (_PERSON,)),
    "participant-replaced": Route(_NOTICE, (_INSTITUTION,)),
    "name-seats": Route(_NOTICE, (_INSTITUTION,)),
    "payer-request": Route(_NOTICE, (_INSTITUTION,), is_sensitive=True),
    "payer-request-reminder": Route(_NOTICE, (_PERSON, _INSTITUTION)),
    "payer-request-closed": Route(_NOTICE, (_PERSON, _INSTITUTION)),
    "payer-changed": Route(_NOTICE, (_PERSON, _INSTITUTION)),
    # money: to the payer, its billing address first; the participant gets a copy (R32, R35)
    "debit-note": Route(_NOTE, (_PAYER, _COPY)),
    "credit-note": Route(_NOTE, (_PAYER, _COPY)),
    # the mailbox
    "answer-new-password": Route(_ANSWER, (_ADDRESS,)),
    "answer-registered-address": Route(_ANSWER, (_ADDRESS,)),
    "answer-institution-address": Route(_ANSWER, (_ADDRESS,)),
    "address-known": Route(_NOTICE, (_ACCOUNT,)),
    "reply": Route(_PERSONAL, (_ADDRESS,)),
}
