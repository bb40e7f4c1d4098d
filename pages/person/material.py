"""«Cursusmateriaal» of the courses followed (R18)."""

import streamlit as st

from core.db import read
from core.i18n import _
from core.queries import material
from core.vocabulary import Role
from pages.shared import materials
from pages.shared.access import require

signed_in = require(Role.PERSON)
with read() as db:
    rows = material.material_of(db, signed_in.actor)
st.title(_("Course material"), anchor=False)
materials.draw(rows)
