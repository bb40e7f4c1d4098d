"""The events of the audit trail in words."""

from typing import Any

import streamlit as st

from core.decisions import SPECS
from core.i18n import N_, _, moment
from core.labels import label
from core.money import euro
from core.queries.audit_trail import TraceRow
from pages.shared import cards, deciding

#: Kinds of rows that events are about, as the filter names them (msgids).
SUBJECTS = {
    "account": N_("account"),
    "person": N_("participant"),
    "institution": N_("institution"),
    "course": N_("course"),
    "enrolment": N_("enrolment"),
    "note": N_("note"),
    "certificate": N_("certificate"),
    "incoming_mail": N_("received mail"),
    "outgoing_mail": N_("outgoing mail"),
    "mail_thread": N_("conversation"),
    "decision": N_("setting"),
    "cancellation_terms": N_("cancellation terms"),
    "mail_template_version": N_("text of a mail"),
}
#: What changed, by the name of the detail (msgids); others are shown by their own name.
DETAILS = {
    "old": N_("before"),
    "new": N_("now"),
    "name": N_("name"),
    "key": N_("which"),
    "reason": N_("reason"),
    "cost": N_("cost"),
    "cents": N_("amount"),
    "price": N_("price"),
    "before": N_("before"),
    "after": N_("now"),
    "by_hand": N_("by hand"),
    "beyond_capacity": N_("beyond the capacity"),
    "title": N_("title"),
    "code": N_("code"),
    "payer": N_("payer"),
    "number": N_("number"),
    "role": N_("role"),
    "language": N_("language"),
    "version": N_("version"),
    "places": N_("places"),
    "subject": N_("subject"),
    "count": N_("how many"),
}
#: Details that are cents.
MONEY = frozenset({"cost", "cents", "price"})
#: The page of what an event is about: with its id, or as it opens.
_PERSON, _INSTITUTION, _SETTINGS = "coordinator/person.py", "coordinator/institution.py", "coordinator/settings.py"
PAGES = {"person": _PERSON, "institution": _INSTITUTION}
PARTS = {"decision": deciding.Part.DELAYS, "cancellation_terms": deciding.Part.TERMS}
PARTS |= {"mail_template_version": deciding.Part.TEXTS}
_INBOX, _OUTBOX = "coordinator/inbox.py", "coordinator/outbox.py"
BOXES = {"incoming_mail": _INBOX, "mail_thread": _INBOX, "outgoing_mail": _OUTBOX}


def row(found: TraceRow) -> None:
    """One event: when, who did what, to what, with what changed, and the way to it."""
    with st.container(border=True, gap="xxsmall"):
        who = cards.plain(found.who) or label(found.kind)
        st.markdown(f"**{who}** {label(found.tag)}")
        about = _(SUBJECTS[found.subject_type]) if found.subject_type in SUBJECTS else found.subject_type
        name = cards.plain(found.subject) if found.subject else f"{found.subject_id or ''}"
        st.caption(f"{moment(found.at)} · {label(found.kind)} · {about}: {name}")
        if found.details:
            st.caption(cards.plain(" · ".join(_detail(key, value) for key, value in found.details.items())))
        if found.subject_type in PAGES and found.subject_id is not None:
            st.page_link(
                PAGES[found.subject_type],
                label=_("Open the file"),
                icon=":material/arrow_forward:",
                query_params={"id": str(found.subject_id)},
            )
        elif found.subject_type in PARTS:
            st.page_link(
                _SETTINGS,
                label=_("Open the settings"),
                icon=":material/arrow_forward:",
                query_params={"deel": PARTS[found.subject_type].value},
            )
        elif found.subject_type in BOXES:
            st.page_link(BOXES[found.subject_type], label=_("Open the mailbox"), icon=":material/arrow_forward:")
        if found.course_id is not None:
            st.page_link(
                "coordinator/course.py",
                label=_("Open the course"),
                icon=":material/arrow_forward:",
                query_params={"id": str(found.course_id)},
            )


def _detail(key: str, value: Any) -> str:
    name = _(DETAILS[key]) if key in DETAILS else key.replace("_", " ")
    if isinstance(value, dict):
        return f"{name}: " + ", ".join(_detail(each, inner) for each, inner in value.items())
    if isinstance(value, list):
        return f"{name}: " + ", ".join(str(each) for each in value)
    if key == "key" and value in SPECS:
        return f"{name}: {_(SPECS[value].name)}"
    if key in MONEY and isinstance(value, int) and not isinstance(value, bool):
        return f"{name}: {euro(value)}"
    if isinstance(value, bool):
        return f"{name}: {_('yes') if value else _('no')}"
    return f"{name}: {'–' if value is None else value}"
