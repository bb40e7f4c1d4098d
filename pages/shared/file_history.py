"""Everything that ever was between somebody and CNO: seats, papers, mails, what happened."""

from enum import StrEnum

import streamlit as st

from core.db import read
from core.i18n import _, day, moment, short_day
from core.labels import colour, label
from core.money import euro
from core.queries import dossier_lists, questions
from core.queries.dossier_lists import EventRow, MailRow, PaperRow
from core.queries.enrolments import EnrolmentRow
from core.vocabulary import Actor, Party
from pages.shared import cards, paging
from pages.shared import questions as question_forms

PAGE_SIZE = 15


class Part(StrEnum):
    """The lists of a file."""

    SEATS = "seats"
    PAPERS = "papers"
    MAILS = "mails"
    EVENTS = "events"


def section(reader: Actor, party: Party, identity: int) -> None:
    """One list at a time."""
    names = {
        Part.SEATS: _("Enrolments"),
        Part.PAPERS: _("Notes and certificates"),
        Part.MAILS: _("Mails"),
        Part.EVENTS: _("What happened"),
    }
    key = f"part_page_{party}"
    part = st.segmented_control(
        _("List"),
        list(Part),
        default=Part.SEATS,
        required=True,
        format_func=names.get,
        key=f"part_{party}",
        label_visibility="collapsed",
        on_change=paging.first,
        args=(key,),
    )
    page = paging.current(key)
    query = {
        Part.SEATS: dossier_lists.enrolments,
        Part.PAPERS: dossier_lists.papers,
        Part.MAILS: dossier_lists.mails,
        Part.EVENTS: dossier_lists.events,
    }[part]
    with read() as db:
        rows = query(db, reader, party, identity, page=page, size=PAGE_SIZE)
        more = len(rows) == PAGE_SIZE
        answers = (
            questions.answers(db, reader, [row.enrolment_id for row in rows if isinstance(row, EnrolmentRow)])
            if part is Part.SEATS and party is Party.PERSON
            else {}
        )
        total = dossier_lists.count_enrolments(db, reader, party, identity) if part is Part.SEATS else 0
    if not rows:
        st.info(_("Nothing here."), icon=":material/inbox:")
    for row in rows:
        with st.container(border=True, gap="xxsmall"):
            _draw(row)
            if isinstance(row, EnrolmentRow) and row.enrolment_id in answers:
                st.caption(f":material/contact_support: {question_forms.lines(answers[row.enrolment_id])}")
    paging.pages(total or (page - 1) * PAGE_SIZE + len(rows) + more, PAGE_SIZE, key)


def _draw(row: object) -> None:
    match row:
        case EnrolmentRow():
            _seat(row)
        case PaperRow():
            _paper(row)
        case MailRow():
            _mail(row)
        case EventRow():
            st.markdown(f"**{label(row.tag)}**")
            st.caption(f"{moment(row.at)} · {label(row.actor_kind)} {cards.plain(row.actor_name)}".strip())


def _seat(row: EnrolmentRow) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.page_link(
            "coordinator/course.py",
            label=cards.plain(row.course_title),
            icon=":material/menu_book:",
            query_params={"id": str(row.course_id)},
        )
        st.badge(label(row.status), color=colour(row.status))
    facts = (
        day(row.first_day) if row.first_day else "",
        row.person_name,
        _("payer: {payer}").format(payer=row.payer_name),
        cards.price(row.price_cents),
    )
    st.caption(" · ".join(cards.plain(fact) for fact in facts if fact))


def _paper(row: PaperRow) -> None:
    name = label(row.kind) if row.kind else _("Certificate")
    amount = f" · {euro(row.cents)}" if row.kind else ""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"{name} **{cards.plain(row.number)}**{amount}")
            facts = (short_day(row.issued_on), row.person_name, row.course_title)
            st.caption(" · ".join(cards.plain(fact) for fact in facts if fact))
        if row.has_file:
            where = f"certificate/{row.certificate_of}" if row.certificate_of else f"note/{row.identity}"
            kind = "certificate" if row.certificate_of else "note"
            st.link_button(
                _("Open"), f"/download/{where}", key=f"{kind}_{row.identity}_{row.line}", icon=":material/download:"
            )


def _mail(row: MailRow) -> None:
    icon = ":material/call_received:" if row.is_incoming else ":material/call_made:"
    st.markdown(f"{icon} {cards.plain(row.subject or _('(no subject)'))}")
    st.caption(f"{moment(row.at)} · {cards.plain(row.address)}")
