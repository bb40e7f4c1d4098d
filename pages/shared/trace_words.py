"""The details of an event of the audit trail in words: names instead of keys, amounts, dates, «before → now»."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from core.decisions import SPECS
from core.i18n import _, moment, number, short_day
from core.labels import label
from core.mail.catalogue import ENTRIES
from core.money import euro
from core.queries.audit_trail import TraceRow
from core.vocabulary import (
    AuditTag,
    ImportKind,
    ReminderText,
)
from pages.shared.trace_names import (
    FIXED,
    HIDDEN,
    HIDDEN_HERE,
    LONGEST,
    MONEY,
    NAMES,
    OF_MAILS,
    OF_ROWS,
    PAIR_OF,
    PAIRS,
    PARTS,
    WORDS,
)


def told(found: TraceRow) -> tuple[str, ...]:
    """The details one by one, without what the heading of the event says already."""
    details = dict(found.details)
    hidden = HIDDEN | HIDDEN_HERE.get(found.tag, set())
    facts: list[str] = []
    if found.tag is AuditTag.DECISION_CHANGED and details.get("key") in SPECS:
        facts.append(_(SPECS[details["key"]].name))
    if found.tag in OF_MAILS and details.get("name") in ENTRIES:
        facts.append(_(ENTRIES[details.pop("name")].title))
    for old, new, name in PAIRS:
        if old in details and new in details:
            pair = _pair(found.tag, name, details.pop(old), details.pop(new))
            facts += [_named(name, pair) if name else pair] if pair else []
    details |= details.pop("changes", {})
    for name, value in details.items():
        if name not in hidden and value not in ("", None, []) and str(value) != found.subject:
            facts.append(_fact(found.tag, name, value))
    return tuple(fact for fact in facts if fact)


def _named(name: str, words: str) -> str:
    heading = _(NAMES[name]) if name in NAMES else name.replace("_", " ")
    return f"{heading[:1].lower()}{heading[1:]}: {words}" if words else ""


def _fact(tag: AuditTag, name: str, value: Any) -> str:
    if name == "counts":
        return ", ".join(f"{label(ImportKind(kind))}: {number(_rows(each))}" for kind, each in value.items())
    if name in _LISTS:
        return _named(name, "; ".join(_LISTS[name](each) for each in value))
    if isinstance(value, Mapping) and {"old", "new"} <= value.keys():
        return _named(name, _change(name, value["old"], value["new"]))
    if name in OF_ROWS:
        return _named(name, _("changed"))
    if isinstance(value, list) and len(value) == 2:
        return _named(name, _change(name, *value))
    return _named(name, _(str(value)) if tag.startswith("mail:") and name == "reason" else _value(name, value))


def _rows(counted: Any) -> int:
    return int(counted["rows"]) if isinstance(counted, Mapping) else int(counted)


def _step(step: Sequence[int]) -> str:
    days, cents, percentage = step
    amounts = [euro(cents)] if cents else []
    amounts += [f"{percentage} %"] if percentage or not cents else []
    return _("up to {days} days before: {cost}").format(days=number(days), cost=" + ".join(amounts))


def _rung(rung: Sequence[Any]) -> str:
    days, what, cents = rung
    words = _("{days} days after the due date: {what}").format(days=number(days), what=label(ReminderText(what)))
    return f"{words} ({euro(cents)})" if cents else words


def _part(part: Sequence[Any]) -> str:
    note, cents, is_kept = part
    return f"{note} {euro(cents)}" + (f" ({_('kept as credit')})" if is_kept else "")


_LISTS: dict[str, Callable[[Any], str]] = {
    "ladder": _rung,
    "files": lambda each: str(each.get("name", "")),
    "parts": _part,
    "steps": _step,
}


def _change(name: str, old: Any, new: Any) -> str:
    return f"{_value(name, old)} → {_value(name, new)}"


def _pair(tag: AuditTag, name: str, old: Any, new: Any) -> str:
    if tag is AuditTag.ENROLMENT_PAYER_CHANGED:
        return " → ".join(str(each) if each else _("the participant") for each in (old, new))
    if tag in PARTS and not name and isinstance(old, list) and isinstance(new, list):
        parts = zip(PARTS[tag], old, new, strict=False)
        return ", ".join(_change(part, was, now) for part, was, now in parts if was != now)
    if tag in PAIR_OF:
        return " → ".join(label(PAIR_OF[tag](each)) for each in (old, new))
    return _change(name, old, new) if old != new else ""


def _value(name: str, value: Any) -> str:
    """One value as a reader writes it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_value(name, each) for each in value) or "–"
    if value in ("", None):
        return "–"
    if name in MONEY and isinstance(value, int):
        return euro(value)
    if isinstance(value, str):
        return _word(name, value)
    return number(value) if isinstance(value, int) and name in ("size", "persons", "recipients") else str(value)


def _word(name: str, text: str) -> str:
    kind = WORDS.get(name)
    if kind is not None and text in {member.value for member in kind}:
        return label(kind(text))
    if text in FIXED:
        return _(FIXED[text])
    try:
        if len(text) == len("2026-11-25"):
            return short_day(date.fromisoformat(text))
        if text[4:5] == "-" and text[13:14] == ":":
            return moment(datetime.fromisoformat(text))
    except ValueError:  # a text that only looks like a day
        pass
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
