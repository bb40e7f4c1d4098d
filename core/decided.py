"""What CNO decides (D1–D15): each decision with its unit, meaning, default and limits.

The environment gives another default (`DEBIT_NOTE_AFTER_DAYS`); what holds is asked of :mod:`core.decisions`.
"""

from collections.abc import Callable
from typing import Annotated, Literal, Self

import stdnum.bic
import stdnum.iban
from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import SettingsConfigDict
from stdnum.be import iban as be_iban
from stdnum.be import vat
from stdnum.exceptions import ValidationError


def _checked(code: str, validate: Callable[[str], str]) -> AfterValidator:
    """A number that python-stdnum accepts, kept in its compact form."""

    def check(text: str) -> str:
        try:
            return validate(text)
        except ValidationError as wrong:
            raise PydanticCustomError(code, "not a valid {code}", {"code": code}) from wrong

    return AfterValidator(check)


def _iban(text: str) -> str:
    compact = stdnum.iban.compact(text)
    return be_iban.validate(compact) if compact.startswith("BE") else stdnum.iban.validate(compact)


#: One line of text, as it may stand in a header.
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\r\n]*$")]
#: A name that fits in a payment (EPC069-12).
PaidTo = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=70, pattern=r"^[^\r\n]*$")]
#: An account or code of the ledger.
LedgerCode = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20, pattern=r"^[^\r\n;]*$")
]
Iban = Annotated[str, _checked("iban", _iban)]
Bic = Annotated[str, _checked("bic", stdnum.bic.validate)]
Kbo = Annotated[str, _checked("kbo", vat.validate)]


class Decisions(BaseModel):
    """What CNO decides (D1–D15): the environment gives the default, a coordinator decides (:mod:`core.decisions`)."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    # Who we are, as mails and documents print it
    organiser_name: Line = Field("Centrum Nascholing Onderwijs", description="name of the organiser")
    organiser_parent: Line = Field("Universiteit Antwerpen", description="the organisation it belongs to")
    organiser_street: Line = Field("Venusstraat 35", description="street and number of the organiser")
    organiser_postcode: Line = Field("2000", description="postcode of the organiser")
    organiser_city: Line = Field("Antwerpen", description="city of the organiser")
    organiser_kbo: Kbo = Field("0257216482", description="KBO number of the organiser, ten digits")
    mail_sender_name: Line = Field("Centrum Nascholing Onderwijs", description="name beside the CNO mailbox's address")
    signatory_name: Line = Field("De voorzitter van het CNO", description="who signs certificates")
    signatory_function: Line = Field("voorzitter", description="that person's function, printed below the name")

    # Money
    payee_name: PaidTo = Field(
        "Universiteit Antwerpen - CNO", description="exact name of the account holder, 70 at most"
    )
    payee_iban: Iban = Field("BE71096123456769", description="IBAN that debit notes are paid to")
    payee_bic: Bic = Field("GKCCBEBB", description="BIC of that account")
    vat_exemption: Line = Field(
        "Vrijgesteld van btw - art. 44, §2, 4° WBTW", description="text on every note for VAT category E"
    )
    payment_term_days: int = Field(30, ge=0, le=365, description="calendar days from issue to due date of a debit note")
    epc_slot: Literal["structured", "text"] = Field(
        "structured", description="where the payment QR carries the reference"
    )

    reminders_leave: Literal["yes", "no"] = Field(
        "yes", description="whether reminders of unpaid debit notes leave by themselves"
    )
    reminder_gap_days: int = Field(14, ge=14, le=120, description="days that lie at least between two reminders")
    reminder_bank_days: int = Field(
        3, ge=0, le=30, description="working days that the newest bank statement may be old, else no reminder leaves"
    )
    remind_imported_notes: Literal["yes", "no"] = Field(
        "no", description="whether imported debit notes are reminded of as well (D15)"
    )
    # The journal for bookkeeping
    ledger_customers: LedgerCode = Field("400000", description="ledger account of customers: what notes ask")
    ledger_revenue: LedgerCode = Field("700000", description="ledger account of turnover")
    ledger_bank: LedgerCode = Field("550000", description="ledger account of the bank")
    ledger_suspense: LedgerCode = Field("499000", description="ledger account of bank lines that are not placed yet")
    ledger_kept: LedgerCode = Field("460000", description="ledger account of credit that is kept for payers")
    ledger_aside: LedgerCode = Field("499900", description="ledger account of bank lines that are not ours")
    ledger_cost_centre: LedgerCode = Field("CNO", description="cost centre on every line of turnover")
    ledger_vat_code: LedgerCode = Field("E", description="code of the ledger for VAT category E")
    ledger_sales_journal: LedgerCode = Field("VK", description="journal of debit notes")
    ledger_credit_journal: LedgerCode = Field("VC", description="journal of credit notes")
    ledger_bank_journal: LedgerCode = Field("FIN", description="journal of bank lines")
    ledger_other_journal: LedgerCode = Field("DIV", description="journal of placed payments")

    # Cancelling a course without terms of its own (D1)
    cancel_free_until_days: int = Field(
        7, ge=0, le=365, description="days before the first day until which cancelling is free (D1), 0 = always free"
    )
    cancel_late_percentage: int = Field(
        100, ge=0, le=100, description="part of the price that cancelling later costs, per cent (D1)"
    )

    # What leaves when (D11)
    debit_note_after_days: int = Field(
        7, ge=0, le=365, description="calendar days from confirmed seat to debit note (R31)"
    )
    certificate_after_days: int = Field(
        7, ge=0, le=365, description="calendar days from last course day to attest (R22)"
    )
    payer_request_remind_days: int = Field(
        2, ge=0, le=60, description="days before a question to the payer lapses that both sides are reminded"
    )
    name_seats_until_days: int = Field(
        1, ge=0, le=60, description="days before the first course day until which a reserved place can be named"
    )
    name_seats_first_reminder_days: int = Field(
        14, ge=1, le=365, description="days before the first course day of the first reminder to name reserved places"
    )
    name_seats_last_reminder_days: int = Field(
        5, ge=1, le=365, description="days before the first course day of the last reminder to name reserved places"
    )
    teacher_mail_days: int = Field(
        7, ge=0, le=90, description="days before the first course day that the teachers get their link"
    )
    teacher_link_days: int = Field(
        30, ge=0, le=365, description="days after the last course day that the link of a teacher works"
    )
    course_reminder_days: int = Field(
        3, ge=1, le=60, description="days before the first course day that participants are reminded of it"
    )
    evaluation_after_days: int = Field(
        1, ge=0, le=60, description="days after the last course day that participants are asked for an evaluation"
    )
    evaluation_link_days: int = Field(30, ge=1, le=365, description="days that an evaluation can be filled in")
    answers_kept_days: int = Field(
        30, ge=0, le=365, description="days after the last course day that answers on food and needs are kept"
    )
    evaluation_from_answers: int = Field(
        3, ge=1, le=50, description="evaluations of a course from which on its teachers see the results"
    )
    affiliation_check_days: int = Field(
        365, ge=30, le=3650, description="days after which an institution is asked whether somebody is still linked"
    )
    waiting_list_offer_hours: int = Field(48, ge=1, le=720, description="hours that an offered seat stays open (D14)")
    day_starts_at_hour: int = Field(
        7, ge=0, le=23, description="hour of the day, Brussels, at which the day's work starts"
    )

    # Links and limits
    password_link_minutes: int = Field(
        60, ge=5, le=1440, description="minutes that a link for a new password is valid (R11)"
    )
    confirm_link_days: int = Field(7, ge=1, le=60, description="days that a link to confirm an address is valid")
    undo_link_days: int = Field(30, ge=1, le=365, description="days that a link to undo an affiliation is valid (D8)")
    affiliations_a_day: int = Field(
        10, ge=1, le=100, description="links to institutions a day that one person can make"
    )
    unnamed_seats_at_once: int = Field(30, ge=1, le=200, description="places without a name that one click can reserve")
    password_links_a_day: int = Field(
        3, ge=1, le=50, description="links of each kind (password, confirming) a day to one account"
    )
    answers_an_hour_to_sender: int = Field(3, ge=0, le=100, description="automatic answers an hour to one sender")
    answers_a_day_to_sender: int = Field(6, ge=0, le=500, description="automatic answers a day to one sender")
    mails_a_day_by_others: int = Field(
        2, ge=0, le=50, description="mails a day to one account that others cause by asking about it"
    )
    mails_an_hour_to_recipient: int = Field(
        60, ge=1, le=1000, description="mails an hour to one address; what is above it waits, links excepted"
    )
    answers_an_hour_in_all: int = Field(200, ge=0, le=10_000, description="automatic answers an hour in all")

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.payee_iban.startswith("BE") and be_iban.to_bic(self.payee_iban) not in {"", None, self.payee_bic[:8]}:
            raise PydanticCustomError("bic_of_another_bank", "the BIC is another bank's than the IBAN's")
        if not (self.name_seats_first_reminder_days > self.name_seats_last_reminder_days >= self.name_seats_until_days):
            raise PydanticCustomError("reminders_in_order", "the reminders do not follow each other")
        return self
