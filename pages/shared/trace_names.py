"""What the details of an event of the audit trail are called, which of them stay hidden, and what each holds."""

from enum import StrEnum

from core.i18n import N_
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
    Intent,
    JobFunction,
    Language,
    Level,
    Network,
    NoteGrouping,
    PayerKind,
    PayerPolicy,
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
HIDDEN_HERE = {
    AuditTag.COURSE_CHANGED: {"version"},
    AuditTag.COURSE_DAYS_CHANGED: {"version"},
    AuditTag.ENROLMENT_REPLACEMENT_UNDONE: {"of"},
    AuditTag.COMING_HELD: {"of"},
    AuditTag.COMING_RELEASED: {"of"},
    AuditTag.COMING_ADDED_TO: {"of"},
    AuditTag.COMING_SENT: {"of"},
}
#: Fields that hold numbers of rows: only that they changed is told.
OF_ROWS = frozenset({"teacher_ids", "terms_id"})
MONEY = frozenset({"left", "cost", "cents", "price", "price_cents"})
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
WORDS: dict[str, type[StrEnum]] = {
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
PAIR_OF = {AuditTag.COURSE_MOVED: CourseStatus}
PARTS = {
    AuditTag.INSTITUTION_CHANGED: ("name", "street", "postcode", "city", "network"),
    AuditTag.COURSE_COSTS_CHANGED: ("cents", "cents"),
    AuditTag.TEACHER_CHANGED: ("name", "email"),
}
MAILS = (AuditTag.MAIL_TEMPLATE_SAVED, AuditTag.MAIL_TEMPLATE_RESTORED, AuditTag.MAIL_TEMPLATE_RESET)
OF_MAILS = (*MAILS, AuditTag.MAIL_TEMPLATE_FAILED, AuditTag.ROUTE_SWITCHED)
#: What was noted of the presence of somebody.
PRESENCES = {
    "absent": N_("absent"),
    "whole": N_("present"),
    "morning": N_("present in the morning"),
    "afternoon": N_("present in the afternoon"),
}
FIXED = {
    "next in line": N_("next in line"),
    "structured": N_("structured"),
    **PRESENCES,
}
LONGEST = 200
