"""«Schooljaar»: what somebody followed in a school year, at a glance, on paper and as a table."""

import streamlit as st

from core.db import read
from core.documents.pdf import hours
from core.i18n import _, day, number
from core.labels import label
from core.queries import own_year
from core.queries.own_year import OwnYear, YearLine
from core.rules import school_year as years
from core.vocabulary import Actor
from pages.shared import cards


def section(actor: Actor, person_id: int | None = None) -> None:
    """The latest school year, and a choice of the others; of `person_id` for coordinators."""
    with read() as db:
        all_years = own_year.school_years(db, actor, person_id)
    if not all_years:
        if person_id is not None:
            st.info(_("No courses in any school year yet."), icon=":material/calendar_month:")
        return
    st.subheader(_("A school year at a glance"), anchor=False)
    year = st.selectbox(_("School year"), all_years, format_func=years.text, key="own_year", width=240)
    with read() as db:
        found = own_year.of_year(db, actor, year, person_id)
    with st.grid(3, min_column_width=150):
        for name, value in (
            (_("Courses"), number(len(found.lines))),
            (_("Hours followed"), hours(found.followed_minutes)),
            (_("Certificates"), number(found.certificates)),
        ):
            with st.container(border=True):
                st.metric(name, value)
    _files(found, person_id)
    themes = [
        f"{label(theme)} {hours(minutes)}" for theme, minutes in found.minutes_by_theme().items() if theme and minutes
    ]
    if themes:
        st.caption(_("Hours by theme: {themes}").format(themes=" · ".join(themes)))
    for line in found.lines:
        _line(line)


def _files(found: OwnYear, person_id: int | None) -> None:
    folder = "/download" if person_id is None else f"/download/person/{person_id}"
    with st.container(horizontal=True):
        for kind, icon in (("pdf", ":material/picture_as_pdf:"), ("xlsx", ":material/table:")):
            st.link_button(
                _("Overview as {kind}").format(kind=kind.upper()),
                f"{folder}/dossier.{kind}?year={found.school_year}",
                key=f"dossier_{kind}",
                icon=icon,
            )
        if found.certificates and person_id is None:
            st.link_button(
                _("All certificates in one ZIP"),
                f"/download/certificates.zip?year={found.school_year}",
                key="own_certificates",
                icon=":material/folder_zip:",
            )


def _line(line: YearLine) -> None:
    with st.container(border=True, gap="xxsmall"):
        st.markdown(f"**{cards.plain(line.course_title)}**")
        facts = [day(line.first_day) if line.first_day else ""]
        if line.followed_minutes is None:
            facts.append(_("still to come"))
        else:
            followed, given = hours(line.followed_minutes), hours(line.given_minutes)
            facts.append(_("{followed} of {given} hours followed").format(followed=followed, given=given))
        facts += [label(theme) for theme in line.themes]
        if line.is_withdrawn:
            facts.append(_("certificate withdrawn"))
        elif line.certificate_number:
            facts.append(_("certificate {number}").format(number=cards.plain(line.certificate_number)))
        st.caption(" · ".join(filter(None, facts)))
