"""The details of an event of the audit trail in words: names instead of keys, amounts, dates, «before → now»."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from core.decisions import SPECS
from core.i18n import N_, _, moment, number, short_day
from core.labels import label
from core.mail.catalogue import ENTRIES
from core.money import euro
from core.queries.audit_trail import TraceRow
from core.rules.courses import FIELDS
from core.vocabulary import (
    Addressee,
    AuditTag,
    ComingKind,
    CoordinatorRole,
    CourseStatus,
    CourseType,
    DayCount,
    Excuse,
    HoldReason,
    ImportKind,
    Intent,
    JobFunction,
    Language,
    Level,
    Network,
    NoteGrouping,
    PayerKind,
    PayerPolicy,
    ReminderText,
    Subject,
    Theme,
    TokenPurpose,
)

#: What a detail is called (msgids); the fields of a course have their names in the rules.
NAMES = FIELDS | {
    "gates": N_("checks that fail"),
    "mode": N_("what the bot does"),
    "threshold": N_("Threshold"),
    "hold": N_("why it is held"),
    "ladder": N_("the steps"),
    "step": N_("which step"),
    "first": N_("first day"),
    "last": N_("last day"),
    "absorbed": N_("merged into this one"),
    "accepted": N_("accepted as they are"),
    "added": N_("new lines"),
    "addressee": N_("to"),
    "asked_links": N_("asked who is still linked on"),
    "beyond_capacity": N_("beyond the capacity"),
    "billing": N_("billing addresses"),
    "birth_year": N_("Year of birth"),
    "by_hand": N_("by hand"),
    "by_link_of_account": N_("by the link in the mail of"),
    "cents": N_("amount"),
    "contacts": N_("contact persons"),
    "works_again": N_("billing addresses that work again"),
    "corrects": N_("corrects"),
    "cost": N_("cost"),
    "count": N_("how many"),
    "counting": N_("counted in"),
    "course": N_("course"),
    "error": N_("what went wrong"),
    "excuse": N_("excuse"),
    "files": N_("files"),
    "final": N_("for good"),
    "first_name": N_("First name"),
    "function": N_("Function"),
    "held_on": N_("course day"),
    "institution_id": N_("institution"),
    "intent": N_("question"),
    "is_on": N_("switched on"),
    "kbo": N_("KBO number"),
    "kind": N_("kind"),
    "last_name": N_("Last name"),
    "left": N_("left to place"),
    "lines": N_("lines"),
    "name": N_("name"),
    "number": N_("number"),
    "of": N_("back to version"),
    "other": N_("compared with"),
    "parts": N_("placed on"),
    "payer": N_("payer"),
    "person_id": N_("who takes the place"),
    "persons": N_("participants"),
    "phone": N_("Telephone"),
    "placed": N_("placed by themselves"),
    "places": N_("places"),
    "grouping": N_("how many debit notes"),
    "policy": N_("naming as payer"),
    "position": N_("now at place"),
    "presence": N_("presence"),
    "price": N_("price"),
    "purpose": N_("for what"),
    "questions": N_("answers"),
    "reason": N_("reason"),
    "recipients": N_("recipients"),
    "remark": N_("remark"),
    "reminded": N_("as a reminder"),
    "repeats": N_("repeats"),
    "role": N_("role"),
    "sign_ins": N_("sign-ins that ended"),
    "size": N_("size in bytes"),
    "status": N_("status"),
    "steps": N_("steps"),
    "subject": N_("subject"),
    "subject_line": N_("subject"),
    "text": N_("text"),
    "to": N_("now with"),
    "told": N_("everybody told"),
    "until": N_("until"),
    "version": N_("version"),
    "why": N_("why"),
    "withdrawn": N_("withdrawn"),
}
#: Details that only the computer needs.
HIDDEN = frozenset({"question", "merge", "merged", "mail", "incoming_mail", "by", "seed", "enrolment_id", "key"})
_HIDDEN_HERE = {
    AuditTag.COURSE_CHANGED: {"version"},
    AuditTag.COURSE_DAYS_CHANGED: {"version"},
    AuditTag.ENROLMENT_REPLACEMENT_UNDONE: {"of"},
    AuditTag.COMING_HELD: {"of"},
    AuditTag.COMING_RELEASED: {"of"},
    AuditTag.COMING_ADDED_TO: {"of"},
    AuditTag.COMING_SENT: {"of"},
}
#: Fields that hold numbers of rows: only that they changed is told.
_OF_ROWS = frozenset({"teacher_ids", "terms_id"})
_MONEY = frozenset({"left", "cost", "cents", "price", "price_cents"})
#: Two details that belong together: before and now, and what they are about ("": what happened says it).
PAIRS = (
    ("old", "new", ""),
    ("before", "after", ""),
    ("was", "now", ""),
    ("was", "text", ""),
    ("billing_before", "billing_after", "billing"),
    ("grouping_before", "grouping_after", "grouping"),
    ("policy_before", "policy_after", "policy"),
    ("subject_before", "subject_after", "subject"),
)
_WORDS: dict[str, type[StrEnum]] = {
    "addressee": Addressee,
    "counting": DayCount,
    "course_type": CourseType,
    "excuse": Excuse,
    "function": JobFunction,
    "hold": HoldReason,
    "intent": Intent,
    "kind": ComingKind,
    "language": Language,
    "levels": Level,
    "network": Network,
    "payer": PayerKind,
    "grouping": NoteGrouping,
    "policy": PayerPolicy,
    "purpose": TokenPurpose,
    "role": CoordinatorRole,
    "subjects": Subject,
    "themes": Theme,
}
#: What a nameless pair holds, and the parts of one that is a list.
_PAIR_OF = {AuditTag.COURSE_MOVED: CourseStatus}
_PARTS = {
    AuditTag.INSTITUTION_CHANGED: ("name", "street", "postcode", "city", "network"),
    AuditTag.COURSE_COSTS_CHANGED: ("cents", "cents"),
    AuditTag.TEACHER_CHANGED: ("name", "email"),
}
_MAILS = (AuditTag.MAIL_TEMPLATE_SAVED, AuditTag.MAIL_TEMPLATE_RESTORED, AuditTag.MAIL_TEMPLATE_RESET)
_OF_MAILS = (*_MAILS, AuditTag.MAIL_TEMPLATE_FAILED, AuditTag.ROUTE_SWITCHED)
#: What was noted of the presence of somebody.
_PRESENCES = {
    "absent": N_("absent"),
    "whole": N_("present"),
    "morning": N_("present in the morning"),
    "afternoon": N_("present in the afternoon"),
}
_FIXED = {
    "next in line": N_("next in line"),
    "structured": N_("structured"),
    **_PRESENCES,
}
_LONGEST = 200


def told(found: TraceRow) -> tuple[str, ...]:
    """The details one by one, without what the heading of the event says already."""
    details = dict(found.details)
    hidden = HIDDEN | _HIDDEN_HERE.get(found.tag, set())
    facts: list[str] = []
    if found.tag is AuditTag.DECISION_CHANGED and details.get("key") in SPECS:
        facts.append(_(SPECS[details["key"]].name))
    if found.tag in _OF_MAILS and details.get("name") in ENTRIES:
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
    if name in _OF_ROWS:
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
    if tag in _PARTS and not name and isinstance(old, list) and isinstance(new, list):
        parts = zip(_PARTS[tag], old, new, strict=False)
        return ", ".join(_change(part, was, now) for part, was, now in parts if was != now)
    if tag in _PAIR_OF:
        return " → ".join(label(_PAIR_OF[tag](each)) for each in (old, new))
    return _change(name, old, new) if old != new else ""


def _value(name: str, value: Any) -> str:
    """One value as a reader writes it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_value(name, each) for each in value) or "–"
    if value in ("", None):
        return "–"
    if name in _MONEY and isinstance(value, int):
        return euro(value)
    if isinstance(value, str):
        return _word(name, value)
    return number(value) if isinstance(value, int) and name in ("size", "persons", "recipients") else str(value)


def _word(name: str, text: str) -> str:
    kind = _WORDS.get(name)
    if kind is not None and text in {member.value for member in kind}:
        return label(kind(text))
    if text in _FIXED:
        return _(_FIXED[text])
    try:
        if len(text) == len("2026-11-25"):
            return short_day(date.fromisoformat(text))
        if text[4:5] == "-" and text[13:14] == ":":
            return moment(datetime.fromisoformat(text))
    except ValueError:  # a text that only looks like a day
        pass
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
