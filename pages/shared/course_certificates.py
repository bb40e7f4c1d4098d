"""The certificates of one course: all in one file, each with its versions; a new version, a withdrawal."""

import streamlit as st

from core.db import Db, read
from core.i18n import _, day, ngettext, short_day
from core.labels import colour, icon, label
from core.queries import course_certificates
from core.queries.course_certificates import HolderPage, HolderRow, Version
from core.services import certificates
from core.vocabulary import Actor, Language
from pages.shared import cards, paging
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

PAGE_SIZE = 25
PLACE, WITHDRAWING, RENEWING = "certificates", "certificate_withdraw", "certificate_renew"


def draw(actor: Actor, course_id: int, *, may_change: bool = True) -> None:
    """Who followed the course, a page at a time."""
    with read() as db:
        found = course_certificates.of_course(
            db, actor, course_id, page=paging.current("certificate_page"), size=PAGE_SIZE
        )
    _head(found, course_id)
    refusal(PLACE)
    for row in found.rows:
        _row(row, found, may_change=may_change)
    paging.pages(found.total, PAGE_SIZE, "certificate_page")
    chosen = next((row for row in found.rows if row.enrolment_id == dialog_subject(WITHDRAWING)), None)
    if chosen is not None:
        _withdraw_dialog(chosen)
    chosen = next((row for row in found.rows if row.enrolment_id == dialog_subject(RENEWING)), None)
    if chosen is not None:
        _renew_dialog(chosen)


def _head(found: HolderPage, course_id: int) -> None:
    if not found.total or found.visible_from is None:
        st.info(_("Nobody followed this course yet."), icon=":material/workspace_premium:")
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        count = ngettext("{count} participant", "{count} participants", found.total)
        when = _("certificates from {date} on").format(date=day(found.visible_from))
        st.caption(f"{count} · {when}", width="content")
        if found.is_there:
            st.link_button(
                _("All certificates in one ZIP"),
                f"/download/course/{course_id}/certificates.zip",
                key="certificates_zip",
                icon=":material/folder_zip:",
                help=_("What does not exist yet is made while you download: some a second; a large course takes long."),
            )


def _row(row: HolderRow, found: HolderPage, *, may_change: bool) -> None:
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{cards.plain(row.person_name)}**")
            if not row.versions:
                st.caption(_("not fetched yet") if found.is_there else _("not there yet"))
            for version in row.versions:
                _version(version)
        if not found.is_there:
            return
        with st.container(horizontal=True, width="content"):
            if row.is_valid or not row.versions:  # a withdrawn one is not made again by itself
                st.link_button(
                    _("Open"),
                    f"/download/certificate/{row.enrolment_id}",
                    key=f"certificate_{row.enrolment_id}",
                    icon=":material/download:",
                )
            if may_change and row.versions:
                st.button(
                    _("New version"),
                    key=f"renew_{row.enrolment_id}",
                    icon=":material/update:",
                    on_click=open_dialog,
                    args=(RENEWING, row.enrolment_id),
                )
            if may_change and row.is_valid:
                st.button(
                    _("Withdraw"),
                    key=f"withdraw_{row.enrolment_id}",
                    icon=":material/block:",
                    on_click=open_dialog,
                    args=(WITHDRAWING, row.enrolment_id),
                )


def _version(version: Version) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(label(version.status), icon=icon(version.status), color=colour(version.status))
        facts = [cards.plain(version.number), short_day(version.issued_on), label(version.language)]
        if version.withdrawn_because:
            facts.append(cards.plain(version.withdrawn_because))
        st.caption(" · ".join(facts), width="content")
        if version.differs:
            st.badge(_("another name by now"), icon=":material/warning:", color="orange")


def _withdraw_dialog(row: HolderRow) -> None:
    def revoke(db: Db, actor: Actor) -> int:
        return certificates.revoke(db, actor, row.enrolment_id, reason=st.session_state["withdraw_reason"] or "")

    @st.dialog(_("Withdraw this certificate?"), icon=":material/block:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(f"**{cards.plain(row.person_name)}**")
        st.markdown(
            _("Whoever checks its code reads «withdrawn» from now on, and the participant can no longer fetch it.")
        )
        st.text_input(_("Why is it withdrawn?"), key="withdraw_reason", max_chars=500)
        st.caption(_("Only your colleagues read the reason."))
        refusal(WITHDRAWING, "reason")
        refusal(WITHDRAWING)
        st.button(
            _("Withdraw the certificate"),
            key="confirm_withdraw",
            type="primary",
            on_click=attempt,
            args=(WITHDRAWING, revoke),
            kwargs={"done": _("The certificate has been withdrawn.")},
        )

    ask()


def _renew_dialog(row: HolderRow) -> None:
    languages = list(dict.fromkeys(version.language for version in row.versions))

    def renew(db: Db, actor: Actor) -> int:
        language: Language = st.session_state["renew_language"]
        return certificates.reissue(db, actor, row.enrolment_id, language)

    @st.dialog(_("Make a new version?"), icon=":material/update:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(f"**{cards.plain(row.person_name)}**")
        st.markdown(
            _(
                "The new certificate takes the name, the hours and the course data as they are now. It gets a number"
                " and a code of its own; whoever checks the old code reads «replaced»."
            )
        )
        st.selectbox(_("Language"), languages, format_func=label, key="renew_language")
        refusal(RENEWING)
        st.button(
            _("Make the new version"),
            key="confirm_renew",
            type="primary",
            on_click=attempt,
            args=(RENEWING, renew),
            kwargs={"done": _("The new version is there.")},
        )

    ask()
