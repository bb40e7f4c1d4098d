"""«Mailbot»: what it answers by itself and how sure it must be, how well it does, what it may learn, text modules."""

from collections.abc import Callable
from enum import StrEnum

import streamlit as st

from core.i18n import _
from core.queries.accounts import SignedIn
from core.vocabulary import CoordinatorRole, Role
from pages.shared import address, bot_examples, bot_settings, modules
from pages.shared.access import require
from pages.shared.address import Choice

signed_in = require(Role.COORDINATOR)


class Part(StrEnum):
    """The parts of this page, as they stand in its address."""

    SETTINGS = "instellen"
    EXAMPLES = "voorbeelden"
    MODULES = "tekstblokken"


DRAW: dict[Part, Callable[[SignedIn], None]] = {
    Part.SETTINGS: bot_settings.draw,
    Part.EXAMPLES: bot_examples.draw,
    Part.MODULES: modules.draw,
}
NAMES = {
    Part.SETTINGS: _("What it answers"),
    Part.EXAMPLES: _("Corrections"),
    Part.MODULES: _("Text modules"),
}
CHOICES = {"deel": Choice(Part, Part.SETTINGS)}

address.adopt(CHOICES)
st.title(_("Mail bot"), anchor=False)
if signed_in.coordinator_role is CoordinatorRole.READER:
    st.info(_("Your account only reads: a coordinator can change this."), icon=":material/visibility:")
part = st.segmented_control(
    _("Part"), list(Part), required=True, format_func=NAMES.get, key="deel", label_visibility="collapsed"
)
address.tell(CHOICES)
DRAW[part](signed_in)
