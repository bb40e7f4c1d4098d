"""«Schooljaar» of an institution: who followed what, for how many hours, with which certificate, at which cost."""

import streamlit as st

from core.db import read
from core.documents.pdf import hours
from core.i18n import _, number
from core.labels import label
from core.money import euro
from core.queries import overviews, paid_enrolments
from core.queries.overviews import Overview, OverviewLine
from core.rules import school_year as years
from core.vocabulary import Actor, EnrolmentStatus
from pages.shared import charts, school_filters


def of_school(actor: Actor, institution_id: int) -> None:
    """The school years of any institution, for coordinators."""
    with read() as db:
        all_years = paid_enrolments.school_years(db, actor, institution_id)
    if all_years:
        school_filters.only_school_year("school_record_year", all_years)
    year = st.session_state["school_record_year"] if all_years else None
    draw(actor, year, institution_id)


def draw(actor: Actor, year: int | None, institution_id: int | None = None) -> None:
    """A school year at a glance: persons, courses, hours, certificates, cost; the whole as XLSX and PDF."""
    if year is None:
        st.info(
            _("No courses yet. Once the institution pays for one, the school year is here."),
            icon=":material/calendar_month:",
        )
        return
    with read() as db:
        found = overviews.overview(db, actor, year, institution_id=institution_id)
        before = overviews.overview(db, actor, year - 1, institution_id=institution_id)
    _sums(found, before)
    if not found.lines:
        st.info(_("No courses in this school year."), icon=":material/event_available:")
        return
    folder = "/download" if institution_id is None else f"/download/institution/{institution_id}"
    with st.container(horizontal=True):
        for kind, icon in (("xlsx", ":material/table:"), ("pdf", ":material/picture_as_pdf:")):
            st.link_button(
                _("Overview as {kind}").format(kind=kind.upper()),
                f"{folder}/overview.{kind}?year={year}",
                key=f"overview_{kind}",
                icon=icon,
            )
    st.markdown(f"**{_('Hours of training by theme')}**")
    charts.bars(
        {label(theme) if theme else _("No theme"): minutes / 60 for theme, minutes in found.minutes_by_theme().items()},
        unit=_("Hours of training"),
    )
    _table(found)


def _sums(found: Overview, before: Overview) -> None:
    facts = (
        (_("Participants"), number(found.persons), number(before.persons)),
        (_("Courses"), number(found.courses), number(before.courses)),
        (_("Hours of training"), hours(found.minutes), hours(before.minutes)),
        (_("Hours followed"), hours(found.followed_minutes), hours(before.followed_minutes)),
        (_("Certificates"), number(found.certificates), number(before.certificates)),
        (_("Cost"), euro(found.cents), euro(before.cents)),
    )
    with st.grid(3, min_column_width=150):
        for name, value, earlier in facts:
            with st.container(border=True, gap="xxsmall"):
                st.metric(name, value)
                st.caption(f"{years.text(before.school_year)}: {earlier}")


def _table(found: Overview) -> None:
    st.dataframe(
        {
            _("Participant"): [line.person_name for line in found.lines],
            _("Course"): [line.course_title for line in found.lines],
            _("First day"): [line.first_day for line in found.lines],
            _("Hours"): [line.minutes / 60 for line in found.lines],
            _("Hours followed"): [
                None if line.followed_minutes is None else line.followed_minutes / 60 for line in found.lines
            ],
            _("Certificate"): [_certificate(line) for line in found.lines],
            _("Cost"): [line.cents / 100 for line in found.lines],
        },
        placeholder="–",
        hide_index=True,
        column_config={
            _("First day"): st.column_config.DateColumn(format="DD/MM/YYYY"),
            _("Hours"): st.column_config.NumberColumn(format="localized"),
            _("Hours followed"): st.column_config.NumberColumn(format="localized"),
            _("Cost"): st.column_config.NumberColumn(format="euro"),
        },
    )


def _certificate(line: OverviewLine) -> str:
    """The number of a certificate, or in a word why there is none."""
    if line.status is EnrolmentStatus.CANCELLED:
        return label(line.status)
    if line.is_withdrawn:
        return _("certificate withdrawn")
    if line.certificate_number:
        return line.certificate_number
    if line.has_certificate:
        return _("ready to fetch")
    return _("still to come") if line.followed_minutes is None or line.followed_minutes else _("was not there")
