"""The events of the audit trail: who did what to what, with what changed, and the way to it."""

import streamlit as st

from core.decisions import SPECS
from core.i18n import N_, _, moment
from core.labels import label
from core.queries.audit_trail import TraceRow
from core.vocabulary import ActorKind
from pages.shared import cards, deciding, trace_words
from pages.shared.deciding import Part

#: Kinds of rows that events are about, as the filter names them (msgids).
SUBJECTS = {
    "account": N_("account"),
    "person": N_("participant"),
    "institution": N_("institution"),
    "affiliation": N_("link with an institution"),
    "remark": N_("remark"),
    "course": N_("course"),
    "teacher": N_("teacher"),
    "enrolment": N_("enrolment"),
    "payer_request": N_("question to the payer"),
    "note": N_("note"),
    "bank_file": N_("bank file"),
    "bank_transaction": N_("line of the bank"),
    "ledger_export": N_("export to bookkeeping"),
    "control_run": N_("control of the books"),
    "certificate": N_("certificate"),
    "incoming_mail": N_("received mail"),
    "outgoing_mail": N_("outgoing mail"),
    "mail_thread": N_("conversation"),
    "coming_change": N_("what leaves by itself"),
    "import_run": N_("import"),
    "decision": N_("setting"),
    "cancellation_terms": N_("cancellation terms"),
    "mail_template_version": N_("text of a mail"),
    "mail_switch": N_("copy of a mail"),
    "saved_view": N_("saved view"),
}
#: Who acts without an account of their own: named by what they are.
_NAMELESS = (ActorKind.CLOCK, ActorKind.MAILBOT, ActorKind.VISITOR)
#: The parts of the settings, and the pages as they open, by what an event is about.
_PARTS = {
    "cancellation_terms": Part.TERMS,
    "mail_template_version": Part.TEXTS,
    "mail_switch": Part.ROUTING,
    "account": Part.TEAM,
}
_PAGES = {
    "incoming_mail": ("coordinator/inbox.py", N_("Open the mailbox")),
    "mail_thread": ("coordinator/inbox.py", N_("Open the mailbox")),
    "outgoing_mail": ("coordinator/outbox.py", N_("Open the outgoing mail")),
    "import_run": ("coordinator/imports.py", N_("Open the imports")),
    "ledger_export": ("coordinator/ledger.py", N_("Open the bookkeeping")),
    "control_run": ("coordinator/control.py", N_("Look at the control")),
    "teacher": ("coordinator/teachers.py", N_("Open the teachers")),
    "saved_view": ("coordinator/courses.py", N_("Open the courses")),
}


def row(found: TraceRow) -> None:
    """One event: when, who did what, to what, with what changed, and the way to it."""
    with st.container(border=True, gap="xxsmall"):
        kind = label(found.kind)
        who = kind if found.kind in _NAMELESS or not found.who else cards.plain(found.who)
        st.markdown(f"**{who}** {label(found.tag)}")
        facts = [moment(found.at), "" if who == kind else kind, _about(found)]
        st.caption(" · ".join(fact for fact in facts if fact))
        if words := trace_words.told(found):
            st.caption(cards.plain(" · ".join(words)))
        with st.container(horizontal=True, gap="xsmall"):
            for page, name, query in ways(found):
                st.page_link(page, label=name, icon=":material/arrow_forward:", query_params=query or None)


def _about(found: TraceRow) -> str:
    about = _(SUBJECTS[found.subject_type]) if found.subject_type in SUBJECTS else ""
    return f"{about}: {cards.plain(found.subject)}" if about and found.subject else about


def ways(found: TraceRow) -> list[tuple[str, str, dict[str, str]]]:
    """The pages that tell more of what an event is about: page, name and what stands in its address."""
    ways = [
        (page, _(name), {"id": str(identity)})
        for page, name, identity in (
            ("coordinator/course.py", N_("Open the course"), found.course_id),
            ("coordinator/person.py", N_("File of the participant"), found.person_id),
            ("coordinator/institution.py", N_("File of the institution"), found.institution_id),
        )
        if identity is not None
    ]
    if found.subject_type == "note" and found.subject_id is not None:
        return [("coordinator/note.py", _("Open this note"), {"id": str(found.subject_id)}), *ways]
    if ways:
        return ways
    if found.subject_type in _PAGES:
        page, name = _PAGES[found.subject_type]
        query = {"zoek_docent": found.subject} if found.subject_type == "teacher" and found.subject else {}
        return [(page, _(name), query)]
    part = _PARTS.get(found.subject_type)
    if found.subject_type == "decision" and found.details.get("key") in SPECS:
        part = deciding.part_of(SPECS[found.details["key"]].section)
    return [("coordinator/settings.py", _("Open the settings"), {"deel": part.value})] if part else []
