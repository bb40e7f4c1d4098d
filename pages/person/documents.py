"""«Mijn documenten»: debit notes, credit notes and certificates, those of the school marked as such (R19, D6)."""

import streamlit as st

from core.db import read
from core.i18n import _, day, short_day
from core.labels import label
from core.money import euro
from core.queries import billing, enrolments, reminders_sent
from core.vocabulary import Role
from pages.shared import account_statement, cards, own_record, paying
from pages.shared.access import require

signed_in = require(Role.PERSON)
with read() as db:
    notes = billing.notes_of(db, signed_in.actor)
    reminded = reminders_sent.reminded(db, signed_in.actor, [note.note_id for note in notes])
    rows = enrolments.own_enrolments(db, signed_in.actor)
certificates = [row for row in rows if row.certificate_from is not None and not row.is_coming]

st.title(_("My documents"), anchor=False)
st.subheader(_("Certificates"), anchor=False)
if not certificates:
    st.info(_("A certificate appears here a week after the last day of a course."), icon=":material/workspace_premium:")
for row in certificates:
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{cards.plain(row.course_title)}**")
            st.caption(cards.dates(row.first_day, row.last_day, row.days))
        if row.has_certificate:
            st.link_button(
                _("Download"),
                f"/download/certificate/{row.enrolment_id}",
                key=f"certificate_{row.enrolment_id}",
                icon=":material/download:",
            )
        elif row.certificate_from is not None:
            st.caption(_("Available from {date}").format(date=day(row.certificate_from)), width="content")
st.subheader(_("Debit notes and credit notes"), anchor=False)
if not notes:
    st.info(_("No notes yet. A debit note leaves a week after you enrol."), icon=":material/receipt_long:")
for note in notes:
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{label(note.kind)} {cards.plain(note.number)}** · {euro(note.total_cents)}")
            due = (
                f" · {_('to be paid by {date}').format(date=short_day(note.due_on))}"
                if note.due_on and not note.is_copy
                else ""
            )
            st.caption(f"{cards.plain(note.course_title)} · {short_day(note.issued_on)}{due}")
            if note.is_copy:
                paid_by = _("Copy – paid by {name}").format(name=cards.plain(note.payer_name))
                st.caption(f":material/apartment: {paid_by}")
            paying.reminded(reminded.get(note.note_id, ()))
        with st.container(horizontal=True, width="content"):
            paying.button(note)
            if note.has_file:
                st.link_button(
                    _("Download"),
                    f"/download/note/{note.note_id}" + (f"?lijn={note.line}" if note.line else ""),
                    key=f"note_{note.note_id}_{note.line or 0}",
                    icon=":material/download:",
                )
            else:
                st.caption(_("On request") if note.is_imported else _("Being prepared"), width="content")
own_record.section(signed_in.actor)
paying.dialog(signed_in.actor)
if any(not note.is_copy for note in notes):
    with st.expander(_("Statement of account"), icon=":material/account_balance_wallet:", on_change="rerun") as account:
        if account.open:
            account_statement.draw(signed_in.actor, None)
