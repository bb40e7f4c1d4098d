"""Every setting of the platform, with its unit and meaning. The only place that reads the environment.

Each is overridden by an environment variable of the same name in capitals (`DATABASE_URL`, `DEBIT_NOTE_AFTER_DAYS`).
`Settings` is of the installation and needs a restart; of the decisions of CNO the environment is only the default.
"""

from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.decided import Decisions

DEFAULT_SECRET = "change-me-this-secret-is-only-for-trying-out"  # noqa: S105 - refused in production
DEFAULT_MAIL_PASSWORD = "demo"  # noqa: S105 - refused in production
DATA_FOLDER = Path("data")


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
    certificate_seal: str = Field(
        "", description="PKCS#12 file (.p12) with the key that seals certificates (PAdES); empty = none"
    )
    certificate_seal_password: str = Field("", description="password of that file")
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
