"""«Instellingen»: what CNO decides, cancellation terms, who gets which mail, the texts of mails, the team."""

from collections.abc import Callable

import streamlit as st

from core.db import read
from core.i18n import _
from core.queries import decisions as queries
from core.queries.accounts import SignedIn
from core.vocabulary import CoordinatorRole, Role
from pages.shared import address, deciding, mail_texts, routing, teammates, terms
from pages.shared.access import require
from pages.shared.address import Choice
from pages.shared.deciding import SECTIONS, Part

signed_in = require(Role.COORDINATOR)
DRAW: dict[Part, Callable[[SignedIn], None]] = {
    Part.TERMS: terms.draw,
    Part.ROUTING: routing.draw,
    Part.TEXTS: mail_texts.draw,
    Part.TEAM: teammates.draw,
}
CHOICES = {"deel": Choice(Part, Part.DELAYS)}
NAMES = {
    Part.DELAYS: _("Delays"),
    Part.MONEY: _("Money"),
    Part.ORGANISER: _("Organiser"),
    Part.TERMS: _("Cancelling"),
    Part.ROUTING: _("Who gets what"),
    Part.TEXTS: _("Mail texts"),
    Part.TEAM: _("Team"),
}

address.adopt(CHOICES)
st.title(_("Settings"), anchor=False)
if signed_in.coordinator_role is CoordinatorRole.READER:
    st.info(_("Your account only reads: a coordinator can change this."), icon=":material/visibility:")
part = st.segmented_control(
    _("Part"), list(Part), required=True, format_func=NAMES.get, key="deel", label_visibility="collapsed"
)
address.tell(CHOICES)
if part in SECTIONS:
    with read() as db:
        rows = queries.all_decisions(db, signed_in.actor)
    deciding.sections(rows, SECTIONS[part], signed_in)
else:
    DRAW[part](signed_in)
