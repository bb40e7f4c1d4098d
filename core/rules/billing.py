"""Which note an enrolment gives, its numbers and dates; what a certificate may say (`billing.md` §2, §3, §5, §11)."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum import luhn
from stdnum.be import ogm_vcs

from core.errors import DomainError
from core.i18n import N_
from core.vocabulary import EnrolmentStatus, NoteGrouping, NoteKind, NoteState

#: Crockford's alphabet without I, L, O and U: nothing that is misread.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PREFIX = {NoteKind.DEBIT: "DN", NoteKind.CREDIT: "CN"}


def series(kind: NoteKind, issued_on: date) -> str:
    """The series a note is numbered in: one a kind and Brussels year."""
    return f"{_PREFIX[kind]}-{issued_on.year}"


def number_text(series_name: str, nr: int) -> str:
    """The printed number: `DN-2026-000123`."""
    return f"{series_name}-{nr:06}"


def ogm(issued_on: date, nr: int) -> str:
    """The structured reference, twelve digits: year, six digits of the number, two check digits."""
    base = f"{issued_on.year:04}{nr:06}"
    return base + str(ogm_vcs.calc_check_digits(base))


def printed_ogm(digits: str) -> str:
    """A structured reference as a bank prints it: `+++202/6000/12320+++`."""
    return f"+++{ogm_vcs.format(digits)}+++"


def note_state(total_cents: int, credited_cents: int, paid_cents: int = 0) -> NoteState:
    """How a debit note stands: what was credited and what was paid, in cents, against its total."""
    if credited_cents >= total_cents:
        return NoteState.CREDITED
    if paid_cents >= total_cents - credited_cents:
        return NoteState.PAID
    if paid_cents > 0:
        return NoteState.PARTLY_PAID
    return NoteState.PARTLY_CREDITED if credited_cents else NoteState.OPEN


def amount_to_bill(status: EnrolmentStatus, price_cents: int, cancellation_cents: int | None) -> int:
    """What a debit note for this enrolment asks, in cents: the price, or what cancelling cost; 0 means no note."""
    if status is EnrolmentStatus.CONFIRMED:
        return price_cents
    if status is EnrolmentStatus.CANCELLED:
        return cancellation_cents or 0
    return 0


def leaves_on(confirmed_on: date, after_days: int, grouping: NoteGrouping = NoteGrouping.ENROLMENT) -> date:
    """The day on which the debit note of a seat leaves: so many calendar days after it was confirmed (R31).

    One note a month leaves on the last day of the month in which it would.
    """
    matures_on = confirmed_on + timedelta(days=after_days)
    return month_end(matures_on) if grouping is NoteGrouping.MONTH else matures_on


def month_end(day: date) -> date:
    """The last day of the month of a day."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def closed_month(day: date) -> date:
    """The last day of the latest month that is over on a day; a month is over on its last day."""
    return day if day == month_end(day) else day.replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayAttended:
    """One course day of a participant; `is_present` is None as long as no presence was taken.

    `followed` are the minutes that were followed, when not the whole day.
    """

    held_on: date
    minutes: int
    is_present: bool | None
    followed: int | None = None


@dataclass(frozen=True, slots=True)
class Participation:
    """What a certificate says: minutes followed of minutes given, and the days missed."""

    followed_minutes: int
    given_minutes: int
    missed: tuple[date, ...]


class NoCertificateYet(DomainError):
    """The certificate appears a week after the last day (R22)."""

    message = N_("The certificate is available from {day}.")


class NotPresent(DomainError):
    """The participant was present on no course day (D5)."""

    message = N_("There is no certificate: no presence was recorded for this course.")


class NoSeat(DomainError):
    """The person did not keep a confirmed seat."""

    message = N_("There is no certificate for a cancelled or replaced enrolment.")


class CertificateWithdrawn(DomainError):
    """CNO withdrew the certificate, and made no new version."""

    message = N_("This certificate was withdrawn on {day}. Ask us why, if you do not know.")


class ReasonMissing(DomainError):
    """A withdrawal without a reason."""

    message = N_("Fill in a reason.")


class NothingToWithdraw(DomainError):
    """There is no valid certificate."""

    message = N_("There is no valid certificate to withdraw.")


def certificate_from(last_day: date, after_days: int) -> date:
    """The first day on which the certificate can be fetched."""
    return last_day + timedelta(days=after_days)


def check_certificate(status: EnrolmentStatus, last_day: date | None, after_days: int, today: date) -> None:
    """Refuse a certificate that does not exist (yet). Raises NoSeat or NoCertificateYet."""
    if status is not EnrolmentStatus.CONFIRMED or last_day is None:
        raise NoSeat
    visible_from = certificate_from(last_day, after_days)
    if today < visible_from:
        raise NoCertificateYet(day=visible_from)


def participation(days: Sequence[DayAttended], *, presence_was_taken: bool) -> Participation:
    """Hours followed of hours given, and days missed (D5): everyone counts as present as long as nobody was noted.

    Raises NotPresent for whoever was there on no day.
    """
    given = sum(day.minutes for day in days)
    if not presence_was_taken:
        return Participation(given, given, ())
    followed = [day for day in days if day.is_present]
    if not followed:
        raise NotPresent
    missed = tuple(day.held_on for day in days if not day.is_present)
    minutes = sum(day.minutes if day.followed is None else day.followed for day in followed)
    return Participation(minutes, given, missed)


def check_character(body: str) -> str:
    """The check character of a certificate code of eleven characters (Luhn modulo 32)."""
    return str(luhn.calc_check_digit(body, CODE_ALPHABET))


def read_code(text: str) -> str | None:
    """A certificate code as somebody typed it: hyphens and spaces dropped, O → 0, I and L → 1; None when it is none."""
    code = "".join(text.upper().split()).replace("-", "")
    code = code.replace("O", "0").replace("I", "1").replace("L", "1")
    if len(code) != 12 or any(sign not in CODE_ALPHABET for sign in code):
        return None
    return code if luhn.is_valid(code, CODE_ALPHABET) else None


def printed_code(code: str) -> str:
    """A code as it is printed: `XXXX-XXXX-XXXX`."""
    return "-".join(code[index : index + 4] for index in range(0, 12, 4))
