"""What an institution sees of itself and of the coming courses it pays for."""

import streamlit as st

from core.db import read
from core.i18n import _, day, ngettext
from core.labels import label
from core.queries import enrolments, institutions
from core.vocabulary import Role
from pages.shared import cards, own_account
from pages.shared.access import require

signed_in = require(Role.INSTITUTION)
with read() as db:
    own = institutions.own(db, signed_in.actor)
    rows = enrolments.own_enrolments(db, signed_in.actor)
coming = sorted((row for row in rows if row.is_coming), key=lambda row: (row.first_day is None, row.first_day))

st.title(cards.plain(own.name), anchor=False)
with st.container(border=True, gap="xsmall"):
    st.markdown(f":material/location_on: {cards.plain(cards.address(own.street, own.postcode, own.city))}")
    if own.number:
        st.markdown(f":material/tag: {_('Institution number {number}').format(number=own.number)}")
    st.markdown(f":material/group: {ngettext('{count} linked colleague', '{count} linked colleagues', own.persons)}")
    st.markdown(f":material/account_balance_wallet: {label(own.payer_policy)}")
    if own.billing_email:
        notes_go_to = _("Debit and credit notes go to {address}").format(address=cards.mail_link(own.billing_email))
        st.markdown(f":material/receipt_long: {notes_go_to}")
st.subheader(_("Coming courses that you pay for"), anchor=False)
if not coming:
    st.info(_("No coming courses. Colleagues who name you as payer appear here."), icon=":material/event_available:")
for row in coming:
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown(f"**{cards.plain(row.person_name)}** · {cards.plain(row.course_title)}")
            cards.status_badge(row.status)
        st.caption(
            f"{cards.dates(row.first_day, row.last_day, row.days)} · {cards.price(row.price_cents)}"
            + (
                f" · {_('the debit note leaves on {date}').format(date=day(row.debit_note_on))}"
                if row.debit_note_on and not row.is_billed
                else ""
            )
        )
st.subheader(_("Your account"), anchor=False)
own_account.section(signed_in)
