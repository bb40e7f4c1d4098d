"""Bytes into an :class:`IncomingMessage`: bytes are counted first, split with the old parser, few headers read anew.

A hostile mail costs the standard parser minutes or a crash; what is refused here is held, never lost.
"""

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.headerregistry import Address, BaseHeader
from email.message import Message
from types import FrameType
from typing import Any

from lxml import html

from core.i18n import N_
from core.mail.parts import attached, is_adornment, is_attached, own_parts

MAX_BYTES = 25 << 20
TOO_LARGE = N_("The mail is over 25 MB.")
LONGEST_TEXT = 100_000
LONGEST_HEADER = 16 << 10
LONGEST_HEADERS = 256 << 10
READING_SECONDS = 5
_CONTENT_TYPE = re.compile(rb"(?im)^content-type[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)")
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,500}>")


class ReadingRefused(Exception):
    """A mail that is not read: too large, too deep or broken. The text is an English msgid."""


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """What was written, by whom; `parsed` holds the headers for screening.

    `sender` is From's one address in lower case, empty when From is no single clean address. `text` is the first own
    text, without attachments and forwarded mails; `attachments` counts what was enclosed, logos and seals left out.
    """

    parsed: Message
    sender: str
    sender_name: str
    subject: str
    message_id: str
    references: tuple[str, ...]
    text: str
    attachments: int


def refusal(raw: bytes) -> str | None:
    """Why a mail is not given to any parser, or None; linear, about a second for 25 MB."""
    text = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    kinds = [found[1].strip().lower() for found in _CONTENT_TYPE.finditer(text)]
    nested = sum(kind.startswith((b"multipart/", b"message/")) for kind in kinds)
    checks = {
        TOO_LARGE: len(raw) > MAX_BYTES,
        N_("The headers are too long."): len(text.partition(b"\n\n")[0]) > LONGEST_HEADERS,
        N_("The mail has too many lines."): text.count(b"\n") > 400_000,
        N_("The mail has too many boundary lines."): text.count(b"\n--") > 1_000,
        N_("The mail has too many parts."): len(kinds) > 200,
        N_("A Content-Type is too long."): any(len(kind) > 4 << 10 for kind in kinds),
        N_("The parts are nested too deep."): nested > 50,
    }
    return next((why for why, is_bad in checks.items() if is_bad), None)


def read(raw: bytes) -> IncomingMessage:
    """A mail as it was written. Raises ReadingRefused for anything the parsers cannot be trusted with."""
    if why := refusal(raw):
        raise ReadingRefused(why)
    try:
        with _alarm(READING_SECONDS):
            return _read(raw)
    except ReadingRefused:
        raise
    except Exception as broken:  # the standard library raises of many kinds on odd mail
        raise ReadingRefused(N_("The mail cannot be read.")) from broken


def _read(raw: bytes) -> IncomingMessage:
    parsed: Message = message_from_bytes(raw, policy=policy.compat32)
    _check_headers(parsed)
    sender = sender_of(parsed)
    found = list(texts(parsed))
    return IncomingMessage(
        parsed=parsed,
        sender=sender.addr_spec.lower() if sender else "",
        sender_name=clean(sender.display_name)[:320] if sender else "",
        subject=_subject(parsed),
        message_id=next(iter(_ids(parsed, "Message-ID")), ""),
        references=_ids(parsed, "References")[-50:] or _ids(parsed, "In-Reply-To"),
        text=_readable(found),
        attachments=sum(1 for part in attached(parsed) if not is_adornment(part)),
    )


def _check_headers(parsed: Message) -> None:
    in_all = 0
    for part in own_parts(parsed):
        sizes = [len(str(value)) for _name, value in part.raw_items()]
        in_all += sum(sizes)
        if max(sizes, default=0) > LONGEST_HEADER or in_all > LONGEST_HEADERS:
            raise ReadingRefused(N_("The headers are too long."))


def header(parsed: Message, name: str) -> Any:
    """A header read by the modern parser (`.addresses`, `.defects`); None when it is absent or stands there twice."""
    found = values(parsed, name)
    return policy.default.header_fetch_parse(name, found[0]) if len(found) == 1 else None


def values(parsed: Message, name: str) -> list[str]:
    """Every value of a header, as text."""
    return [
        str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        for key, value in parsed.raw_items()
        if key.lower() == name.lower()
    ]


def addresses(parsed: Message, name: str) -> list[str]:
    """The addresses in a header, in lower case; none when it cannot be read."""
    try:
        found: BaseHeader | None = header(parsed, name)
        return [address.addr_spec.lower() for address in getattr(found, "addresses", ())]
    except Exception:  # the standard library raises of many kinds; outside From that means «absent»
        return []


def sender_of(parsed: Message) -> Address | None:
    """The one clean address in From; None when there is none, several, or anything odd about it."""
    found = header(parsed, "From")
    if found is None or found.defects or len(found.addresses) != 1 or found.groups[0].display_name is not None:
        return None
    address: Address = found.addresses[0]
    plain = re.fullmatch(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+", address.addr_spec, re.ASCII)
    return address if plain else None


def texts(part: Message) -> Iterator[tuple[str, str]]:
    """Type and text of what was written: no attachment, no forwarded mail."""
    if is_attached(part):
        return
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for inner in part.get_payload():
            if isinstance(inner, Message):
                yield from texts(inner)
    elif part.get_content_type() in ("text/plain", "text/html") and not part.is_multipart():
        data = part.get_payload(decode=True)
        content = data[: 1 << 20] if isinstance(data, bytes) else b""
        try:
            text = content.decode(part.get_content_charset() or "utf-8")
        except (LookupError, ValueError):
            text = content.decode("cp1252", "replace")
        yield part.get_content_type(), text


def _readable(found: list[tuple[str, str]]) -> str:
    """The first plain text that says something, else the first HTML without its scripts and styles."""
    plain = next((text for kind, text in found if kind == "text/plain" and text.strip()), None)
    if plain is not None:
        return clean(plain)[:LONGEST_TEXT]
    return next((clean(_of_html(text))[:LONGEST_TEXT] for kind, text in found if kind == "text/html"), "")


def _of_html(text: str) -> str:
    if not text.strip():
        return ""
    tree = html.fromstring(text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
    for gone in tree.xpath("//script|//style|//head|//comment()"):
        gone.drop_tree()
    for block in tree.xpath("//br|//p|//div|//tr|//li|//blockquote|//h1|//h2|//h3"):
        block.tail = "\n" + (block.tail or "")
    return re.sub(r"\n\s*\n\s*\n+", "\n\n", str(tree.text_content())).strip()


def clean(text: str) -> str:
    """A text that every database and screen can hold: no NUL, no halves of surrogate pairs, plain line ends."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _subject(parsed: Message) -> str:
    try:
        return " ".join(clean(str(header(parsed, "Subject") or "")).split())[:1000]
    except Exception:  # the standard library raises of many kinds; a subject may be absent
        return ""


def _ids(parsed: Message, name: str) -> tuple[str, ...]:
    return tuple(found for value in values(parsed, name) for found in _MESSAGE_ID.findall(value))


@contextmanager
def _alarm(seconds: int) -> Iterator[None]:
    """End a parser that takes too long; only a process's main thread can be woken so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def too_long(_number: int, _frame: FrameType | None) -> None:
        raise ReadingRefused(N_("Reading the mail takes too long."))

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
