"""What may be answered at all: an ordered table of checks on a mail's own headers; the first hit decides (RFC 3834).

`python -m mailbot.screening` reads JSON lines {"id", "raw"} and writes {"id", "outcome"} in the same order, without
database or network.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.message import Message
from typing import TextIO

from core.assistant.newtext import new_text
from core.i18n import N_
from core.json_lines import read_line
from core.mail.addresses import ref_of_bounce_address, ref_of_message_id
from core.mail.parts import own_parts
from core.settings import settings
from core.vocabulary import Screening, Verdict
from mailbot.reading import IncomingMessage, ReadingRefused, addresses, read, values
from mailbot.verdict import verdict

_BOUNCE_SUBJECT = re.compile(
    r"\s*(undeliver|delivery status|delivery failure|delivery has failed|mail delivery|returned mail|failure notice|"
    r"onbestelbaar|niet bezorgd|non remis|[ée]chec de la remise)",
    re.IGNORECASE,
)
_AUTOMATIC_SUBJECT = re.compile(
    r"\s*(automatisch antwoord|automatic reply|auto:|out of office|afwezig:|r[ée]ponse automatique|abwesend:|gelezen:|"
    r"read:|lu ?:)",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"bevestig(?:en)? (?:\w+ ){0,4}(?:dat u|dat je|u) (?:\w+ ){0,3}(?:een )?mens(?: bent)?"
    r"|(?:confirm|verify|prove) (?:\w+ ){0,3}(?:you are|you're) (?:a )?human"
    r"|confirme[rz]? (?:\w+ ){0,3}(?:vous [êe]tes|[êe]tre) (?:un )?humain",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"(mailer-daemon|postmaster|bounces?)([+=-].*)?|(no-?reply|do-?not-?reply)([.+=_-].*)?", re.IGNORECASE
)
_ROBOT_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Loop", "Feedback-ID", "X-MS-Exchange-Inbox-Rules-Loop")
_DELIVERED = {"delivered", "relayed", "expanded"}
_ENCRYPTED = re.compile(r"\s*-----BEGIN PGP MESSAGE-----")
_MOST_RECEIVED = 30


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail under screening, with what several checks ask of it."""

    message: IncomingMessage
    ours: frozenset[str]
    verdict: Verdict
    kinds: tuple[tuple[str, str], ...] = field(default=())

    @property
    def parsed(self) -> Message:
        """The mail's own headers."""
        return self.message.parsed

    def has(self, name: str) -> bool:
        """Whether a header stands there."""
        return bool(values(self.parsed, name))

    def words(self, name: str) -> set[str]:
        """The values of a header, lower case, without parameters."""
        return {value.partition(";")[0].strip().lower() for value in values(self.parsed, name)}

    def is_from(self, *locals_: str) -> bool:
        """Whether From is one of these mailboxes, of any domain."""
        return self.message.sender.rpartition("@")[0] in locals_

    @property
    def has_null_return_path(self) -> bool:
        """Whether the envelope sender was empty, as for bounces and automatic answers."""
        return "<>" in self.words("Return-Path")


@dataclass(frozen=True, slots=True)
class Screened:
    """What the table says, and why, as an English msgid."""

    outcome: Screening
    reason: str = ""


def screen(message: IncomingMessage) -> Screened:
    """The first row of the table that fits; `answer` when none does. Limits (row 6) are counted elsewhere."""
    mail = Mail(
        message=message,
        ours=our_addresses(),
        verdict=verdict_of(message),
        kinds=tuple((part.get_content_type(), _parameter(part)) for part in own_parts(message.parsed)),
    )
    for fits, outcome, reason in TABLE:
        if fits(mail):
            return Screened(outcome, reason)
    return Screened(Screening.ANSWER)


def verdict_of(message: IncomingMessage) -> Verdict:
    """How far the sender can be believed, by what the settings say of our servers."""
    own = settings()
    hosts = _names(own.our_mail_hosts) if own.trust_authres else frozenset()
    return verdict(message.parsed, hosts, _names(own.our_authserv_ids))


def our_addresses() -> frozenset[str]:
    """The addresses that are ours; none while no address is set."""
    own = settings()
    return frozenset(address.lower() for address in (own.mail_address, own.archive_address) if address)


def without_tag(address: str) -> str:
    """An address without its «+…»."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in text.split(",") if name.strip())


def _parameter(part: Message) -> str:
    """What a part says of itself beside its type: the report's or the calendar's method."""
    for name in ("report-type", "method"):
        found = part.get_param(name)
        if isinstance(found, str):
            return found.strip().lower()
    return ""


# Row 2: our own mails


def _is_ours(mail: Mail) -> bool:
    from_us = without_tag(mail.message.sender) in mail.ours if mail.message.sender else False
    delivered = [without_tag(value.strip().strip("<>")) for value in values(mail.parsed, "Delivered-To")]
    return (
        mail.has("X-CNO-Bot")
        or ref_of_message_id(mail.message.message_id) is not None
        or from_us
        or sum(value in mail.ours for value in delivered) > 1
        or len(values(mail.parsed, "Received")) > _MOST_RECEIVED
    )


# Row 3: bounces


def _only_delivered(mail: Mail) -> bool:
    """A delivery report whose only actions are good news."""
    actions = {block["action"] for block in delivery_blocks(mail.parsed) if "action" in block}
    return _is_report(mail) and bool(actions) and actions <= _DELIVERED


def _is_report(mail: Mail) -> bool:
    return any(
        kind == "message/delivery-status" or (kind == "multipart/report" and parameter == "delivery-status")
        for kind, parameter in mail.kinds
    )


def _is_bounce(mail: Mail) -> bool:
    has_subject = bool(_BOUNCE_SUBJECT.match(mail.message.subject))
    from_daemon = mail.is_from("mailer-daemon", "postmaster")
    null = mail.has_null_return_path
    to_bounce_address = any(
        ref_of_bounce_address(address) is not None
        for name in ("To", "Delivered-To", "X-Original-To", "Envelope-To")
        for address in values(mail.parsed, name)
    )
    is_auto_reply = "auto-replied" in mail.words("Auto-Submitted")
    return (
        _is_report(mail)
        or mail.has("X-Failed-Recipients")
        or (from_daemon and has_subject)
        or (null and (from_daemon or has_subject))
        or (null and to_bounce_address and not is_auto_reply)
        or any(kind == "multipart/report" and parameter == "feedback-report" for kind, parameter in mail.kinds)
    )


def delivery_blocks(parsed: Message) -> list[dict[str, str]]:
    """The blocks of the mail's own delivery report: field names and values in lower case."""
    return [
        {key.lower(): str(value).strip().lower() for key, value in block.raw_items()}
        for part in own_parts(parsed)
        if part.get_content_type() == "message/delivery-status" and part.is_multipart()
        for block in part.get_payload()
        if isinstance(block, Message)
    ]


# Row 4: automatic mails


def _is_automatic(mail: Mail) -> bool:
    suppressed = {
        word.strip().lower() for value in values(mail.parsed, "X-Auto-Response-Suppress") for word in value.split(",")
    }
    senders = [mail.message.sender, *(value.strip().strip("<>") for value in values(mail.parsed, "Return-Path"))]
    return (
        any(kind == "multipart/report" and text == "disposition-notification" for kind, text in mail.kinds)
        or bool(mail.words("Auto-Submitted") - {"no", ""})
        or bool(mail.words("Precedence") & {"bulk", "junk", "list", "auto_reply"})
        or any(name.lower().startswith("list-") for name, _value in mail.parsed.raw_items())
        or bool(suppressed & {"all", "autoreply", "oof"})
        or any(mail.has(name) for name in _ROBOT_HEADERS)
        or mail.has_null_return_path
        or any(_ROBOT.fullmatch(address.rpartition("@")[0]) for address in senders if address)
        or bool(_AUTOMATIC_SUBJECT.match(mail.message.subject))
        or ("text/calendar", "reply") in mail.kinds
    )


def _is_challenge(mail: Mail) -> bool:
    return bool(_CHALLENGE.search(f"{mail.message.subject}\n{mail.message.text[:5_000]}"))


# Row 5: what a coordinator should see


def _cannot_be_believed(mail: Mail) -> bool:
    return mail.verdict in (Verdict.BAD, Verdict.FAIL)


def _is_not_to_us(mail: Mail) -> bool:
    named = addresses(mail.parsed, "To") + addresses(mail.parsed, "Cc")
    return bool(mail.ours) and not any(without_tag(address) in mail.ours for address in named)


def _answers_go_to_us(mail: Mail) -> bool:
    return any(without_tag(address) in mail.ours for address in addresses(mail.parsed, "Reply-To"))


def _is_invitation(mail: Mail) -> bool:
    return ("text/calendar", "request") in mail.kinds


def _says_nothing(mail: Mail) -> bool:
    """No readable text of its own: garbage, only an attachment, encrypted, a bare scan or forward."""
    text = mail.message.text
    if _ENCRYPTED.match(text):
        return True
    own = new_text(mail.message.subject, text).text
    signs = [sign for sign in own if not sign.isspace()]
    letters = sum(sign.isalpha() for sign in signs)
    broken = sum(sign == "\ufffd" or not sign.isprintable() for sign in signs)
    return letters < 2 or letters * 3 < len(signs) or broken * 10 > len(signs)


TABLE: tuple[tuple[Callable[[Mail], bool], Screening, str], ...] = (
    (_is_ours, Screening.OWN_MAIL, N_("This is a mail of our own.")),
    (_only_delivered, Screening.IGNORE_AUTOMATIC, N_("This is a confirmation of delivery.")),
    (_is_bounce, Screening.BOUNCE, N_("A mail of ours came back.")),
    (_is_automatic, Screening.IGNORE_AUTOMATIC, N_("This is an automatic mail.")),
    (_is_challenge, Screening.IGNORE_AUTOMATIC, N_("The sender's server asks to prove that we are human.")),
    (_cannot_be_believed, Screening.HOLD, N_("The sender's address cannot be believed.")),
    (_is_not_to_us, Screening.HOLD, N_("Our address stands in neither To nor Cc.")),
    (_answers_go_to_us, Screening.HOLD, N_("Answers to this mail would come back to us.")),
    (_is_invitation, Screening.HOLD, N_("This is an invitation to a meeting.")),
    (_says_nothing, Screening.HOLD, N_("There is no readable text in it.")),
)


def screened(line: str) -> dict[str, object]:
    """The answer to one line of the interface."""
    row = read_line(line)
    if not isinstance(row, dict) or not isinstance(row.get("raw"), str):
        return {"id": row.get("id") if isinstance(row, dict) else None, "outcome": Screening.HOLD.value}
    raw: str = row["raw"]
    is_latin = all(ord(sign) <= 0xFF for sign in raw)
    content = raw.encode("latin-1") if is_latin else raw.encode("utf-8", "replace")
    try:
        outcome = screen(read(content)).outcome
    except ReadingRefused:
        outcome = Screening.HOLD
    return {"id": row.get("id"), "outcome": outcome.value}


def main(lines: Iterable[str], out: TextIO) -> None:
    """Screen line by line, each at once."""
    for line in lines:
        if line.strip():
            out.write(json.dumps(screened(line)) + "\n")
            out.flush()


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    main(sys.stdin, sys.stdout)
