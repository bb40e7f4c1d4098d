"""The public check of a certificate's code: valid, replaced or withdrawn (`billing.md` §11)."""

import streamlit as st

from core.db import read
from core.documents.pdf import hours
from core.i18n import _, day, number, short_day
from core.labels import colour, icon, label
from core.queries import certificates
from core.rules.billing import printed_code
from core.vocabulary import CertificateStatus
from pages.shared import cards, pacing
from pages.shared.access import public

public()
CODE_SIGNS = 12
MOST_A_MINUTE = 30  # from one address: a school that checks a pile of certificates
st.title(_("Check a certificate"), anchor=False)
st.markdown(_("Type the code that is printed on the certificate, or scan its QR code."))
st.session_state.setdefault("code", str(st.query_params.get("code") or ""))
with st.container(horizontal=True, vertical_alignment="bottom"):
    code = st.text_input(
        _("Code"),
        key="code",
        placeholder="XXXX-XXXX-XXXX",
        max_chars=20,
        width=320,
        live=True,
        autocomplete="off",
    )
    st.button(_("Check"), key="check_code", type="primary", icon=":material/verified:")
typed = sum(sign.isalnum() for sign in code or "")
if typed < CODE_SIGNS:
    if typed:
        st.caption(_("A code has {count} letters and digits.").format(count=number(CODE_SIGNS)))
    st.stop()
if pacing.is_too_often(MOST_A_MINUTE):
    st.warning(_("Too many codes in a short time. Try again in a minute."), icon=":material/timer:")
    st.stop()
with read() as db:
    found = certificates.checked(db, code)
if found is None:
    st.error(
        _("No certificate with this code is known. Check the code for typing errors."), icon=":material/search_off:"
    )
    st.stop()
with st.container(border=True, width=640):
    st.badge(label(found.status), icon=icon(found.status), color=colour(found.status))
    if found.status is CertificateStatus.REPLACED:
        st.warning(_("A newer version of this certificate has been issued."), icon=":material/update:")
    if found.status is CertificateStatus.WITHDRAWN:
        st.error(_("This certificate was withdrawn: it no longer holds."), icon=":material/block:")
    st.subheader(cards.plain(found.person), anchor=False)
    st.markdown(f"**{cards.plain(found.course_title)}** ({cards.plain(found.course_code)})")
    st.markdown(f":material/calendar_month: {', '.join(short_day(held) for held in found.days)}")
    st.markdown(
        ":material/schedule: "
        + _("{followed} of {given} hours followed").format(
            followed=hours(found.followed_minutes), given=hours(found.given_minutes)
        )
    )
    st.caption(_("Code {code} · issued on {date}").format(code=printed_code(found.code), date=day(found.issued_on)))
