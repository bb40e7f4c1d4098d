"""All that can be said of a mail without a database: read, screened, understood."""

from dataclasses import dataclass

from core.assistant import Understanding, understand
from core.vocabulary import Screening, Verdict
from mailbot.reading import MAX_BYTES, TOO_LARGE, IncomingMessage, ReadingRefused
from mailbot.reading import read as read_mail
from mailbot.screening import Screened, screen, verdict_of


@dataclass(frozen=True, slots=True)
class Seen:
    """All that can be said of a mail without the database."""

    message: IncomingMessage | None
    screened: Screened
    verdict: Verdict
    understood: Understanding | None = None


def look_at(raw: bytes, size: int) -> Seen:
    """Read, screen and understand a mail; a refused one keeps what its headers say, so that it can be answered."""
    if size > MAX_BYTES:
        return _unread(raw, TOO_LARGE)
    try:
        message = read_mail(raw)
    except ReadingRefused as refused:
        return _unread(raw, str(refused))
    screened, verdict = screen(message), verdict_of(message)
    if screened.outcome not in (Screening.ANSWER, Screening.HOLD):
        return Seen(message, screened, verdict)
    return Seen(message, screened, verdict, understand(message.subject, message.text))


def _unread(raw: bytes, reason: str) -> Seen:
    return Seen(_headers_alone(raw), Screened(Screening.HOLD, reason), Verdict.NONE)


def _headers_alone(raw: bytes) -> IncomingMessage | None:
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    kept = b"\n".join(line for line in head.split(b"\n") if not line.lower().startswith((b"content-", b"mime-version")))
    try:
        return read_mail(kept + b"\n\n")
    except ReadingRefused:
        return None
