"""What a note says, copied once at issue and never read again from person, institution or course (`billing.md` §2)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.decisions import Decisions
from core.i18n import _, short_day, speaking
from core.labels import holder
from core.models import Account, Enrolment, NoteLine
from core.settings import settings
from core.vocabulary import EnrolmentStatus, Language, NoteKind

VAT_CATEGORY = "E"


def frozen(
    own: Decisions,
    *,
    kind: NoteKind,
    number: str,
    issued_on: date,
    due_on: date | None,
    ogm: str | None,
    seats: Sequence[tuple[Enrolment, int]],
    account: Account | None,
    corrects: NoteLine | None,
) -> dict[str, Any]:
    """The payload of a note as plain JSON values; amounts are integer cents, dates ISO 8601.

    `seats` are what it bills or credits, a line each, with the cents of it; all have one payer and one reference.
    `corrects` is the line of the debit note that a credit note corrects.
    """
    language = account.language if account else Language.DUTCH
    first, _cents = seats[0]
    with speaking(language):
        lines = [_line(kind, position, enrolment, cents) for position, (enrolment, cents) in enumerate(seats, start=1)]
    return {
        "kind": kind.value,
        "number": number,
        "language": language.value,
        "issued_on": issued_on.isoformat(),
        "due_on": due_on.isoformat() if due_on else None,
        "ogm": ogm,
        "epc_slot": own.epc_slot,
        "organiser": organiser(own),
        "payee": {"name": own.payee_name, "iban": own.payee_iban, "bic": own.payee_bic},
        "payer": _payer(first, account),
        "participant": lines[0]["person"] if len(lines) == 1 else "",
        "reference": first.billing_reference,
        "lines": lines,
        "total_cents": sum(cents for _seat, cents in seats),
        "vat_text": own.vat_exemption,
        "corrects": _corrects(corrects) if corrects else None,
    }


def _line(kind: NoteKind, position: int, enrolment: Enrolment, cents: int) -> dict[str, Any]:
    return {
        "position": position,
        "enrolment_id": enrolment.id,
        "person_id": enrolment.person_id,
        "person": holder(enrolment.person.name if enrolment.person else None),
        "course_code": enrolment.course.code,
        "course_title": enrolment.course.title,
        "days": [short_day(meeting.held_on) for meeting in enrolment.course.days],
        "description": _description(kind, enrolment),
        "amount_cents": cents,
        "vat_category": VAT_CATEGORY,
    }


def _corrects(line: NoteLine) -> dict[str, Any]:
    """The debit note that is corrected; and which of its lines, when it has several."""
    debit = line.note
    which = {"position": line.position} if len(debit.lines) > 1 else {}
    return {"number": debit.number, "issued_on": debit.issued_on.isoformat()} | which


def organiser(own: Decisions) -> dict[str, str]:
    """Who issues a document, as it is printed."""
    return {
        "name": own.organiser_name,
        "parent": own.organiser_parent,
        "street": own.organiser_street,
        "postcode": own.organiser_postcode,
        "city": own.organiser_city,
        "kbo": own.organiser_kbo,
        "email": settings().mail_address,
    }


def _description(kind: NoteKind, enrolment: Enrolment) -> str:
    course = f"{enrolment.course.code} {enrolment.course.title}"
    if kind is NoteKind.CREDIT:
        return _("Cancelled: {course}").format(course=course)
    if enrolment.status is EnrolmentStatus.CANCELLED:
        return _("Cost of cancelling: {course}").format(course=course)
    return course


def _payer(enrolment: Enrolment, account: Account | None) -> dict[str, Any]:
    institution, person = enrolment.payer_institution, enrolment.person
    if institution is None:
        if person is None:
            raise ValueError("a seat without a name is paid by an institution")
        return {
            "kind": "person",
            "name": person.name,
            "address": _lines(person.street, person.postcode, person.city),
            "email": account.email if account else "",
            "kbo": None,
            "number": None,
            "postal": None,
        }
    name = institution.billing_name or institution.name
    return {
        "kind": "institution",
        "name": name,
        "address": ([institution.name] if name != institution.name else [])
        + _lines(institution.street, institution.postcode, institution.city),
        "email": ", ".join(address.email for address in institution.billing_addresses)
        or (account.email if account else ""),
        "kbo": institution.kbo,
        "number": institution.number,
        "postal": {"street": institution.street, "postcode": institution.postcode, "city": institution.city},
    }


def _lines(street: str, postcode: str, city: str) -> list[str]:
    return [line for line in (*street.splitlines(), f"{postcode} {city}".strip()) if line]
