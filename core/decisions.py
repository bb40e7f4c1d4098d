"""The decisions that hold (D1–D15): the environment's default, overridden by what a coordinator decided.

`decisions(db)` is the way for whoever has a transaction: one query, the first time in it. Rules get the values they
need passed in; a page that only shows a number asks `pages.shared.decided.decided()`, read once a run.
A changed decision holds from the next action on, and never changes what was issued.
"""

import json
from dataclasses import dataclass

from sqlalchemy import select

from core.db import Db
from core.decided import Decisions
from core.i18n import N_
from core.models import Decision
from core.rules.cancellation import Terms, default_terms
from core.settings import settings
from core.vocabulary import DecisionSection, Unit

__all__ = ["SPECS", "Decisions", "Spec", "decisions", "forget", "usual_terms"]
_CACHE = "decisions"


@dataclass(frozen=True, slots=True)
class Spec:
    """How a decision is shown: its section, what it counts, its name and meaning (msgids), and who may change it."""

    section: DecisionSection
    unit: Unit
    name: str
    meaning: str
    is_financial: bool = False


def decisions(db: Db) -> Decisions:
    """The decisions that hold in this transaction."""
    found: Decisions | None = db.info.get(_CACHE)
    if found is None:
        found = settings().decisions
        rows = db.execute(select(Decision.key, Decision.value).where(Decision.value.is_not(None))).all()
        if rows:
            decided = {key: json.loads(value) for key, value in rows if value is not None}
            found = Decisions.model_validate(found.model_dump() | decided)
        db.info[_CACHE] = found
    return found


def forget(db: Db) -> None:
    """Read the decisions anew, after one has changed in this transaction."""
    db.info.pop(_CACHE, None)


def usual_terms(db: Db) -> Terms:
    """The cancellation terms of a course that has none, nor its kind (D1)."""
    own = decisions(db)
    return default_terms(own.cancel_free_until_days, own.cancel_late_percentage)


_DELAYS, _LINKS, _LIMITS = DecisionSection.DELAYS, DecisionSection.LINKS, DecisionSection.LIMITS
_ORGANISER, _SIGNATURES, _MONEY = DecisionSection.ORGANISER, DecisionSection.SIGNATURES, DecisionSection.MONEY
_CANCELLING, _LEDGER = DecisionSection.CANCELLING, DecisionSection.LEDGER

SPECS: dict[str, Spec] = {
    "debit_note_after_days": Spec(
        _DELAYS, Unit.DAYS, N_("Debit note"), N_("Calendar days from the confirmed seat to the debit note.")
    ),
    "certificate_after_days": Spec(
        _DELAYS, Unit.DAYS, N_("Certificate"), N_("Calendar days from the last course day to the certificate.")
    ),
    "waiting_list_offer_hours": Spec(
        _DELAYS, Unit.HOURS, N_("Offer from the waiting list"), N_("Hours that an offered seat stays open.")
    ),
    "payer_request_remind_days": Spec(
        _DELAYS,
        Unit.DAYS,
        N_("Reminder to the payer"),
        N_("Days before a question to the payer lapses that both sides are reminded."),
    ),
    "name_seats_first_reminder_days": Spec(
        _DELAYS,
        Unit.DAYS,
        N_("First reminder to name reserved places"),
        N_("Days before the first course day."),
    ),
    "name_seats_last_reminder_days": Spec(
        _DELAYS,
        Unit.DAYS,
        N_("Last reminder to name reserved places"),
        N_("Days before the first course day."),
    ),
    "name_seats_until_days": Spec(
        _DELAYS,
        Unit.DAYS,
        N_("Last day to name reserved places"),
        N_("Days before the first course day."),
    ),
    "teacher_mail_days": Spec(_DELAYS, Unit.DAYS, N_("Mail to the teachers"), N_("Days before the first course day.")),
    "course_reminder_days": Spec(
        _DELAYS, Unit.DAYS, N_("Reminder of a course"), N_("Days before the first course day.")
    ),
    "evaluation_after_days": Spec(
        _DELAYS, Unit.DAYS, N_("Asking for an evaluation"), N_("Days after the last course day.")
    ),
    "answers_kept_days": Spec(_DELAYS, Unit.DAYS, N_("Clearing of answers"), N_("Days after the last course day.")),
    "evaluation_link_days": Spec(
        _LINKS, Unit.DAYS, N_("Link to an evaluation"), N_("Days that an evaluation can be filled in.")
    ),
    "teacher_link_days": Spec(
        _LINKS, Unit.DAYS, N_("Link of a teacher"), N_("Days after the last course day that the link works.")
    ),
    "evaluation_from_answers": Spec(
        _LIMITS,
        Unit.TIMES,
        N_("Evaluations before teachers see them"),
        N_("Fewer answers would tell who gave them."),
    ),
    "affiliation_check_days": Spec(
        _DELAYS,
        Unit.DAYS,
        N_("Check of linked persons"),
        N_("Days after which an institution is asked whether somebody is still linked."),
    ),
    "day_starts_at_hour": Spec(
        _DELAYS, Unit.HOUR_OF_DAY, N_("Start of the day's work"), N_("Notes and reminders leave from this hour on.")
    ),
    "password_link_minutes": Spec(
        _LINKS, Unit.MINUTES, N_("Link for a new password"), N_("Minutes that the link is valid.")
    ),
    "confirm_link_days": Spec(_LINKS, Unit.DAYS, N_("Link to confirm an address"), N_("Days that the link is valid.")),
    "undo_link_days": Spec(_LINKS, Unit.DAYS, N_("Link to undo an affiliation"), N_("Days that the link is valid.")),
    "password_links_a_day": Spec(
        _LIMITS, Unit.TIMES, N_("Password links"), N_("Links of each kind a day to one account.")
    ),
    "affiliations_a_day": Spec(
        _LIMITS, Unit.TIMES, N_("Links to institutions"), N_("How many one person can make a day.")
    ),
    "unnamed_seats_at_once": Spec(
        _LIMITS, Unit.TIMES, N_("Reserved places"), N_("Places without a name that one click can reserve.")
    ),
    "answers_an_hour_to_sender": Spec(
        _LIMITS, Unit.TIMES, N_("Automatic answers to one sender"), N_("How many leave in an hour.")
    ),
    "answers_a_day_to_sender": Spec(
        _LIMITS, Unit.TIMES, N_("Automatic answers to one sender, a day"), N_("How many leave in a day.")
    ),
    "mails_a_day_by_others": Spec(
        _LIMITS,
        Unit.TIMES,
        N_("Mails to an account that others cause"),
        N_("How many leave in a day because somebody else asks about it; beyond that a colleague answers."),
    ),
    "mails_an_hour_to_recipient": Spec(
        _LIMITS,
        Unit.TIMES,
        N_("Mails to one address"),
        N_("How many leave in an hour; the others wait, links excepted."),
    ),
    "answers_an_hour_in_all": Spec(
        _LIMITS, Unit.TIMES, N_("Automatic answers in all"), N_("How many leave in an hour, whoever wrote.")
    ),
    "organiser_name": Spec(_ORGANISER, Unit.TEXT, N_("Name"), N_("Name of the organiser, in mails and documents.")),
    "organiser_parent": Spec(_ORGANISER, Unit.TEXT, N_("Part of"), N_("The organisation the organiser belongs to.")),
    "organiser_street": Spec(_ORGANISER, Unit.TEXT, N_("Street and number"), N_("Address of the organiser.")),
    "organiser_postcode": Spec(_ORGANISER, Unit.TEXT, N_("Postcode"), N_("Address of the organiser.")),
    "organiser_city": Spec(_ORGANISER, Unit.TEXT, N_("City"), N_("Address of the organiser.")),
    "organiser_kbo": Spec(
        _ORGANISER, Unit.TEXT, N_("KBO number"), N_("Ten digits, printed on every note."), is_financial=True
    ),
    "mail_sender_name": Spec(
        _ORGANISER, Unit.TEXT, N_("Sender's name"), N_("The name that mail programs show beside our address.")
    ),
    "signatory_name": Spec(_SIGNATURES, Unit.TEXT, N_("Who signs certificates"), N_("Name below the certificate.")),
    "signatory_function": Spec(
        _SIGNATURES, Unit.TEXT, N_("Function of who signs"), N_("Printed below the name on the certificate.")
    ),
    "payee_name": Spec(
        _MONEY,
        Unit.TEXT,
        N_("Account holder"),
        N_("The exact name of the account holder: banks compare it with the IBAN."),
        is_financial=True,
    ),
    "payee_iban": Spec(_MONEY, Unit.TEXT, N_("IBAN"), N_("Account that debit notes are paid to."), is_financial=True),
    "payee_bic": Spec(_MONEY, Unit.TEXT, N_("BIC"), N_("Of the bank of that account."), is_financial=True),
    "payment_term_days": Spec(
        _MONEY,
        Unit.DAYS,
        N_("Payment term"),
        N_("Calendar days from the issue of a debit note to its due date."),
        is_financial=True,
    ),
    "vat_exemption": Spec(_MONEY, Unit.TEXT, N_("VAT text"), N_("Printed on every note."), is_financial=True),
    "reminders_leave": Spec(
        _MONEY,
        Unit.CHOICE,
        N_("Reminders leave by themselves"),
        N_("On working days, of debit notes that stay unpaid; the steps stand on the page «Reminders»."),
        is_financial=True,
    ),
    "reminder_gap_days": Spec(
        _MONEY,
        Unit.DAYS,
        N_("Between two reminders"),
        N_("Days that lie at least between two reminders of a note."),
        is_financial=True,
    ),
    "reminder_bank_days": Spec(
        _MONEY,
        Unit.DAYS,
        N_("Bank data for reminders"),
        N_("Working days that the newest bank statement may be old; else no reminder leaves."),
        is_financial=True,
    ),
    "remind_imported_notes": Spec(
        _MONEY,
        Unit.CHOICE,
        N_("Remind of imported notes"),
        N_("Whether debit notes of the time before this platform are reminded of as well."),
        is_financial=True,
    ),
    "ledger_customers": Spec(
        _LEDGER,
        Unit.TEXT,
        N_("Customers"),
        N_("What debit notes ask, less what was credited and paid."),
        is_financial=True,
    ),
    "ledger_revenue": Spec(
        _LEDGER,
        Unit.TEXT,
        N_("Turnover of courses"),
        N_("What debit notes bill, less what credit notes take back."),
        is_financial=True,
    ),
    "ledger_bank": Spec(
        _LEDGER, Unit.TEXT, N_("Bank account in the ledger"), N_("Every line of the bank files."), is_financial=True
    ),
    "ledger_suspense": Spec(
        _LEDGER,
        Unit.TEXT,
        N_("Bank lines to place"),
        N_("What the bank booked and is not placed yet."),
        is_financial=True,
    ),
    "ledger_kept": Spec(
        _LEDGER,
        Unit.TEXT,
        N_("Credit kept for payers"),
        N_("What somebody paid too much and keeps to good."),
        is_financial=True,
    ),
    "ledger_aside": Spec(
        _LEDGER,
        Unit.TEXT,
        N_("Bank lines set aside"),
        N_("What is not ours: costs of the bank, transfers."),
        is_financial=True,
    ),
    "ledger_cost_centre": Spec(
        _LEDGER, Unit.TEXT, N_("Cost centre"), N_("Stands with every line of turnover."), is_financial=True
    ),
    "ledger_vat_code": Spec(
        _LEDGER, Unit.TEXT, N_("VAT code"), N_("What bookkeeping calls VAT category E."), is_financial=True
    ),
    "ledger_sales_journal": Spec(
        _LEDGER, Unit.TEXT, N_("Journal of debit notes"), N_("Code of the journal."), is_financial=True
    ),
    "ledger_credit_journal": Spec(
        _LEDGER, Unit.TEXT, N_("Journal of credit notes"), N_("Code of the journal."), is_financial=True
    ),
    "ledger_bank_journal": Spec(
        _LEDGER, Unit.TEXT, N_("Journal of the bank"), N_("Code of the journal."), is_financial=True
    ),
    "ledger_other_journal": Spec(
        _LEDGER, Unit.TEXT, N_("Journal of placed payments"), N_("Code of the journal."), is_financial=True
    ),
    "cancel_free_until_days": Spec(
        _CANCELLING,
        Unit.DAYS,
        N_("Cancelling is free until"),
        N_("Days before the first course day; 0: always free."),
        is_financial=True,
    ),
    "cancel_late_percentage": Spec(
        _CANCELLING,
        Unit.PERCENT,
        N_("Cancelling later costs"),
        N_("Part of the price of the course."),
        is_financial=True,
    ),
    "epc_slot": Spec(
        _MONEY,
        Unit.CHOICE,
        N_("Reference in the QR code"),
        N_("Where banking apps find the payment reference."),
        is_financial=True,
    ),
}
