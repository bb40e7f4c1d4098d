"""Every setting of the platform, with its unit and meaning. The only place that reads the environment.

Each is overridden by an environment variable of the same name in capitals (`DATABASE_URL`, `DEBIT_NOTE_AFTER_DAYS`).
`Settings` is of the installation and needs a restart; of `Decisions` the environment is only the default.
"""

from collections.abc import Callable
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

import stdnum.bic
import stdnum.iban
from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict
from stdnum.be import iban as be_iban
from stdnum.be import vat
from stdnum.exceptions import ValidationError

DEFAULT_SECRET = "change-me-this-secret-is-only-for-trying-out"  # noqa: S105 - refused in production
DEFAULT_MAIL_PASSWORD = "demo"  # noqa: S105 - refused in production
DATA_FOLDER = Path("data")


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


class _FromEnvironment(Decisions, BaseSettings):
    """The decisions as the environment gives them."""


class Settings(BaseSettings):
    """All settings; production refuses to start on a default secret."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    # The installation
    environment: Literal["demo", "test", "production"] = Field(
        "demo", description="demo fills itself and starts an embedded mail server; production refuses default secrets"
    )
    database_url: str = Field(f"sqlite:///{DATA_FOLDER}/cno.sqlite3", description="SQLAlchemy address of the database")
    secret_key: str = Field(DEFAULT_SECRET, min_length=32, description="signs Message-IDs, bounce addresses and hashes")
    public_url: str = Field("http://127.0.0.1:8501", description="address of the website, without a slash at the end")
    material_url: str = Field(
        f"file://{DATA_FOLDER}/material", description="fsspec address of the folder or bucket with course material"
    )
    material_largest_mb: int = Field(200, ge=1, le=5000, description="largest file of course material, MB")
    material_s3_endpoint: str = Field("", description="address of the S3 server; empty = Amazon's own")
    material_s3_key: str = Field("", description="access key of the bucket; empty = what the machine itself is allowed")
    material_s3_secret: str = Field("", description="secret of that access key")
    clamd_address: str = Field(
        "", description="virus scanner for uploads: host:port or unix:/path of clamd; empty = none"
    )
    history_since: date = Field(
        date(2017, 3, 1), description="first day of the training history: earlier courses are not imported (R19)"
    )
    clock_offset_days: int = Field(0, description="days by which the clock runs ahead; refused in production")
    web_port: int = Field(8501, description="TCP port of the web server on loopback")

    render_processes: int = Field(
        2, ge=1, le=32, description="processes that render many debit notes at once, one a core"
    )

    # Signing in
    sign_in_days: int = Field(30, ge=1, description="days that a sign-in stays alive without use")
    ticket_seconds: int = Field(60, ge=5, description="seconds that a sign-in ticket is valid")
    free_password_attempts: int = Field(
        4, ge=1, description="wrong passwords for an account from one place before it must wait"
    )
    free_network_attempts: int = Field(
        30, ge=1, description="wrong passwords from one place in all, or for an account in all"
    )
    longest_password_wait_seconds: int = Field(300, ge=1, description="longest wait after wrong passwords, seconds")
    password_min_length: int = Field(10, ge=8, description="shortest password, characters")

    # The mailbox
    mail_domain: str = Field("cno.example", description="domain of Message-IDs and bounce addresses")
    mail_address: str = Field("cno@cno.example", description="the CNO mailbox: From and Reply-To of every mail")
    archive_address: str = Field(
        "archief@cno.example", description="mailbox of the bot alone, second recipient as proof; empty = none"
    )
    metrics_token: str = Field(
        "", description="token that /metrics asks for (Authorization: Bearer …); empty = only from this machine"
    )
    log_format: Literal["text", "json"] = Field("text", description="how a line of the log is written")
    imap_host: str = Field("127.0.0.1", description="IMAP server")
    imap_port: int = Field(8143, description="port of the IMAP server")
    imap_tls: Literal["implicit", "none"] = Field("none", description="none only on loopback")
    mail_auth: Literal["password", "xoauth2"] = Field(
        "password", description="how the bot signs in on both servers: a password, or XOAUTH2 with a token"
    )
    mail_token_file: str = Field("", description="file with the access token for XOAUTH2, read at each sign-in")
    mail_token_command: str = Field(
        "", description="command that prints the access token for XOAUTH2, instead of a file"
    )
    imap_user: str = Field("cno@cno.example", description="user name on the IMAP server")
    imap_password: str = Field(DEFAULT_MAIL_PASSWORD, description="password on the IMAP server")
    archive_imap_user: str = Field("archief@cno.example", description="user name of the archive mailbox")
    archive_imap_password: str = Field(DEFAULT_MAIL_PASSWORD, description="password of the archive mailbox")
    smtp_host: str = Field("127.0.0.1", description="SMTP relay")
    smtp_port: int = Field(8125, description="port of the SMTP relay")
    smtp_tls: Literal["starttls", "implicit", "none"] = Field("none", description="none only on loopback")
    smtp_user: str = Field("", description="user name on the relay; empty = no sign-in")
    smtp_password: str = Field("", description="password on the relay")
    folder_handled: str = Field("Verwerkt", description="IMAP folder for mails that are stored")
    folder_too_large: str = Field("Te groot", description="IMAP folder for mails over the size limit")
    trust_authres: bool = Field(False, description="believe Authentication-Results of our own servers")
    our_mail_hosts: str = Field("", description="names of our mail servers in Received, comma-separated")
    our_authserv_ids: str = Field("", description="our ids in Authentication-Results, comma-separated")
    answer_envelope_null: bool = Field(True, description="answers leave with MAIL FROM:<> (RFC 3834)")
    verp: bool = Field(True, description="other mails leave with a bounce address of their own")
    lease_mailbox_seconds: int = Field(20, ge=1, description="lease of the one collector that reads the mailbox")
    lease_claimed_seconds: int = Field(300, ge=1, description="lease of a claimed outgoing mail")
    lease_committing_seconds: int = Field(900, ge=1, description="lease from just before the final dot")
    lease_checking_seconds: int = Field(300, ge=1, description="lease of a check in the archive")
    archive_settles_seconds: int = Field(
        600, ge=0, description="after this absence from the archive means: not accepted"
    )
    outbox_poll_seconds: float = Field(0.5, gt=0, description="seconds between two looks into the outbox")

    @cached_property
    def decisions(self) -> Decisions:
        """The defaults of what CNO decides; what holds is asked of :func:`core.decisions.decisions`."""
        return _FromEnvironment()

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Self:
        if self.environment != "production":
            return self
        has_password = self.mail_auth == "password"
        faults = [
            name
            for name, unsafe in {
                "SECRET_KEY": self.secret_key == DEFAULT_SECRET,
                "IMAP_PASSWORD": has_password and self.imap_password == DEFAULT_MAIL_PASSWORD,
                "ARCHIVE_IMAP_PASSWORD": has_password
                and bool(self.archive_address)
                and self.archive_imap_password == DEFAULT_MAIL_PASSWORD,
                "MAIL_TOKEN_FILE": not has_password and not self.mail_token_file and not self.mail_token_command,
                "CLOCK_OFFSET_DAYS": self.clock_offset_days != 0,
                "PUBLIC_URL": not self.public_url.startswith("https://"),
                "IMAP_TLS": self.imap_tls == "none" and not _is_loopback(self.imap_host),
                "SMTP_TLS": self.smtp_tls == "none" and not _is_loopback(self.smtp_host),
            }.items()
            if unsafe
        ]
        if faults:
            raise ValueError(f"not safe for production, set: {', '.join(faults)}")
        return self


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once from the environment."""
    return Settings()
