"""A mail as frozen bytes: headers of RFC 5322 and RFC 3834, text and HTML, attachments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from core import clock
from core.mail.routing import Addressee
from core.settings import settings
from core.vocabulary import MailKind

_POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels along; `only_for` keeps it to one kind of addressee."""

    filename: str
    content: bytes
    media_type: str = "application/pdf"
    only_for: Addressee | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """Calendar entries that travel along to the participant: a METHOD of RFC 5546, and one file an entry.

    `made` writes them for a name and an address; RFC 5546 allows one UID a message, so each is a part of its own.
    """

    method: str
    made: Callable[[str, str], tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of an invitation as one addressee gets them."""

    method: str
    files: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """The mail that is answered: its Message-ID and its References, oldest first."""

    message_id: str
    references: tuple[str, ...] = ()

    def chain(self) -> str:
        """The References header of the answer: the last ten, at most 900 characters."""
        chain = [*self.references, self.message_id][-10:]
        while len(" ".join(chain)) > 900 and len(chain) > 1:
            chain.pop(0)
        return " ".join(chain)


def frozen(
    *,
    recipient: str,
    subject: str,
    text: str,
    html: str | None,
    mid: str,
    kind: MailKind,
    sender_name: str,
    answers: Answered | None = None,
    attachments: Sequence[Attachment] = (),
    entries: Entries | None = None,
) -> bytes:
    """The bytes of a mail, the same on every try. Raises ValueError on a line break in a header (an attack)."""
    own = settings()
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Address(sender_name, addr_spec=own.mail_address)
    mail["To"] = Address(addr_spec=recipient)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(clock.now().astimezone(clock.BRUSSELS))
    mail["Message-ID"] = mid
    mail["Reply-To"] = own.mail_address
    if kind is not MailKind.PERSONAL:
        mail["Auto-Submitted"] = "auto-replied" if kind is MailKind.ANSWER else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail["X-CNO-Bot"] = own.mail_domain
    if answers is not None and answers.message_id:
        mail["In-Reply-To"] = answers.message_id
        mail["References"] = answers.chain()
    mail.set_content(text, cte="quoted-printable")
    if html is not None:
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
    if entries is not None:
        _invite(mail, entries)
    for file in attachments:
        maintype, _, subtype = file.media_type.partition("/")
        mail.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.filename)
    return mail.as_bytes()


def _invite(mail: EmailMessage, entries: Entries) -> None:
    """The first entry as another form of the text, as calendars expect it (RFC 6047); the others as files."""
    first, *others = (file.decode() for file in entries.files)
    parameters = {"method": entries.method}
    mail.add_alternative(first, subtype="calendar", cte="base64", params=parameters)
    for number, other in enumerate(others, start=2):
        named = f"cursusdag-{number}.ics"
        mail.add_attachment(other, subtype="calendar", cte="base64", params=parameters, filename=named)


def edited(raw: bytes, *, subject: str, text: str, html: str) -> bytes:
    """The same mail with another subject and text; addressee, Message-ID and attachments stay.

    Raises ValueError on a line break in the subject.
    """
    mail = message_from_bytes(raw, policy=_POLICY)
    del mail["Subject"]
    mail["Subject"] = subject
    for kind, content in (("plain", text), ("html", html)):
        part = mail.get_body((kind,))
        if part is not None:
            part.set_content(content, subtype=kind, cte="quoted-printable")
    return mail.as_bytes()
