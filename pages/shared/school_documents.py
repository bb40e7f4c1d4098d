"""The parts of «Onze documenten»: notes and certificates."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from core.db import read
from core.i18n import _, ngettext, number, short_day
from core.labels import colour, label
from core.money import euro
from core.queries import billing, paid_enrolments, reminders_sent
from core.queries.billing import NoteRow, WantedNotes
from core.queries.paid_enrolments import Period, Wanted
from core.queries.reminders_sent import Reminded
from core.vocabulary import Actor, FileKind, NoteKind
from pages.shared import cards, paging, paying

PAGE_SIZE = 20
MOST_IN_ZIP = 200


def _zip_button(path: str, total: int, query: Mapping[str, object]) -> None:
    """All that is found in one file; with more than fits, the way to fewer."""
    if not total:
        return
    chosen = {key: value for key, value in query.items() if value}
    st.link_button(
        _("Download these {count} as ZIP").format(count=number(total)),
        f"/download/{path}?{urlencode(chosen)}",
        key=f"zip_{path}",
        icon=":material/folder_zip:",
        disabled=total > MOST_IN_ZIP,
        help=_("At most {most} at once: choose a school year, a person or a course.").format(most=MOST_IN_ZIP)
        if total > MOST_IN_ZIP
        else None,
    )


def notes(actor: Actor, wanted: Wanted) -> None:
    """Debit and credit notes, the latest first."""
    asked = WantedNotes(wanted.person, wanted.course, wanted.school_year)
    with read() as db:
        total = billing.count_notes(db, actor, asked)
        offset = (paging.current("note_page") - 1) * PAGE_SIZE
        rows = billing.notes_of(db, actor, asked, limit=PAGE_SIZE, offset=offset)
        reminded = reminders_sent.reminded(db, actor, [row.note_id for row in rows])
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(ngettext("{count} note", "{count} notes", total), width="content")
        _zip_button("notes.zip", total, _query(wanted))
    if not total:
        st.info(
            _nothing_fits(wanted) or _("No notes here. A debit note leaves a week after an enrolment."),
            icon=":material/receipt_long:",
        )
    for row in rows:
        _note(row, reminded.get(row.note_id, ()))
    paging.pages(total, PAGE_SIZE, "note_page")
    paying.dialog(actor)


def _nothing_fits(wanted: Wanted) -> str:
    """What to try when the filters leave nothing; empty when none is set."""
    is_filtered = wanted.person or wanted.course or wanted.school_year
    return _("Nothing fits. Try fewer words, or another school year.") if is_filtered else ""


def _query(wanted: Wanted) -> dict[str, object]:
    return {"person": wanted.person, "course": wanted.course, "year": wanted.school_year}


def _note(row: NoteRow, reminded: Reminded) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{label(row.kind)} {cards.plain(row.number)}** · {euro(row.total_cents)}", width="content")
            if row.state is not None:
                st.badge(label(row.state), color=colour(row.state))
        st.markdown(f"{cards.plain(row.person_name)} · {cards.plain(row.course_title)}")
        if row.lines:
            with st.expander(_("The enrolments on this note"), icon=":material/list:"):
                for line in row.lines:
                    about = f"{line.person_name} · {line.course_title}"
                    st.markdown(f"{line.position}. {cards.plain(about)} · {euro(line.cents)}")
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            facts = [short_day(row.issued_on)]
            if row.due_on is not None:
                facts.append(_("to be paid by {date}").format(date=short_day(row.due_on)))
            if row.kind is NoteKind.CREDIT and row.corrects_number:
                facts.append(_("corrects {number}").format(number=cards.plain(row.corrects_number)))
            st.caption(" · ".join(facts), width="content")
            _downloads(row)
        paying.reminded(reminded)


def _downloads(row: NoteRow) -> None:
    address = f"/download/note/{row.note_id}"
    with st.container(horizontal=True, width="content"):
        paying.button(row)
        if not row.has_file:
            st.caption(_("On request") if row.is_imported else _("Being prepared"), width="content")
            return
        st.link_button(_("Download"), address, key=f"note_{row.note_id}", icon=":material/download:")
        if row.has_e_invoice:
            st.link_button(
                _("E-invoice"),
                f"{address}?soort={FileKind.UBL}",
                key=f"ubl_{row.note_id}",
                icon=":material/data_object:",
                help=_("The same note for your accounting software: UBL, as used on Peppol."),
            )


def certificates(actor: Actor, wanted: Wanted) -> None:
    """Certificates of the courses that the institution paid for (R24)."""
    asked = Wanted(Period.CERTIFIED, wanted.person, wanted.course, wanted.school_year)
    with read() as db:
        found = paid_enrolments.paid(db, actor, asked, page=paging.current("certificate_page"), size=PAGE_SIZE)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(ngettext("{count} certificate", "{count} certificates", found.total), width="content")
        _zip_button("certificates.zip", found.total, _query(wanted))
    if not found.total:
        st.info(
            _nothing_fits(wanted) or _("No certificates here. They appear a week after the last day of a course."),
            icon=":material/workspace_premium:",
        )
    for row in found.rows:
        with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(width="stretch", gap="xxsmall"):
                st.markdown(f"**{cards.plain(row.person_name)}**")
                st.markdown(cards.plain(row.course_title))
                st.caption(cards.dates(row.first_day, row.last_day, row.days))
            st.link_button(
                _("Certificate"),
                f"/download/certificate/{row.enrolment_id}",
                key=f"certificate_{row.enrolment_id}",
                icon=":material/workspace_premium:",
            )
    paging.pages(found.total, PAGE_SIZE, "certificate_page")
