"""The log: one line an event, as text or JSON, without personal data. Addresses are taken out of all."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

from core.settings import settings

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)*")
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
#: Their details name addresses or say nothing.
_CHATTY = ("alembic", "fontTools", "mail.log", "weasyprint", "httpx", "imap_tools", "aiosmtpd")


def without_addresses(text: str) -> str:
    """A text in which every mail address has become «<address>»."""
    return _ADDRESS.sub("<address>", text)


def cause(trouble: BaseException) -> str:
    """What went wrong, in a word: an error's own text may quote a mail or name somebody."""
    number = getattr(trouble, "smtp_code", None) or getattr(trouble, "errno", None)
    return f"{type(trouble).__name__} {number}" if number else type(trouble).__name__


class Line(logging.Formatter):
    """An event: when, how bad, where, what, its numbers, and how an exception came about, on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, as the setting LOG_FORMAT says."""
        event = self._event(record)
        if settings().log_format == "json":
            return without_addresses(json.dumps(event, ensure_ascii=False, default=str))
        facts = "".join(f" {name}={value}" for name, value in event.items() if name not in _HEAD)
        return without_addresses(f"{event['at']} {event['level']} {event['logger']} {event['event']}{facts}")

    def _event(self, record: logging.LogRecord) -> dict[str, object]:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event: dict[str, object] = {
            "at": at,
            "level": record.levelname,
            "logger": record.name,
            "event": " ".join(record.getMessage().split()),
        }
        event |= {name: value for name, value in vars(record).items() if name not in _USUAL}
        if record.exc_info and record.exc_info[0] is not None:
            event["exception"] = record.exc_info[0].__name__
            event["where"] = _where(self.formatException(record.exc_info))
        return event


_HEAD = ("at", "level", "logger", "event")


def _where(trace: str) -> str:
    """The files and lines of a trace, the innermost last: its messages may quote what somebody wrote."""
    places = re.findall(r'File "([^"]+)", line (\d+), in (\S+)', trace)
    return " > ".join(f"{'/'.join(file.split('/')[-2:])}:{line} {name}" for file, line, name in places[-12:])


def begin() -> None:
    """Write the log of this process to its standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
