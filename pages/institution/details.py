"""«Onze gegevens»: numbers, where notes go, contact persons, who may name us as payer, the account (R34–R36)."""

import streamlit as st

from core.db import read
from core.i18n import _
from core.queries import institutions
from core.vocabulary import Role
from pages.shared import cards, own_account, school_details
from pages.shared.access import require

signed_in = require(Role.INSTITUTION)
with read() as db:
    own = institutions.own(db, signed_in.actor)

st.title(_("Our details"), anchor=False)
with st.container(border=True, gap="xsmall"):
    st.markdown(f"**{cards.plain(own.name)}**")
    st.markdown(f":material/location_on: {cards.plain(cards.address(own.street, own.postcode, own.city))}")
    st.caption(_("Is the name or the address not right? Answer any of our mails, and we mend it."))
first, second = st.columns(2)
with first:
    school_details.numbers(own)
    school_details.policy(own)
with second:
    school_details.billing(own, signed_in.email)
    school_details.grouping(own)
school_details.contacts(own)
own_account.section(signed_in)
