"""Where the QR code of the sign-in list leads: for who teaches the course, or the team, it notes somebody at once."""

import streamlit as st

from core.access import NotAllowed, NotFound
from core.clock import BRUSSELS
from core.db import write
from core.errors import DomainError
from core.i18n import _, day, hour, say, weekday
from core.services import attendance
from core.tokens import LinkNotValid
from core.vocabulary import Role
from pages.shared import access, cards, teaching
from pages.shared.access import public

signed_in = public()
TICK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><circle cx="50" cy="50" r="48" fill="{colour}"/>'
    '<path d="M26 52 L43 69 L75 34" fill="none" stroke="#ffffff" stroke-width="10" stroke-linecap="round" '
    'stroke-linejoin="round"/></svg>'
)
code = str(st.query_params.get("code") or "")[:100]
teacher = teaching.visitor() if signed_in is None or signed_in.role is not Role.COORDINATOR else None


def nothing_here() -> None:
    """What everybody else sees: no name, no course."""
    st.title(_("Present"), anchor=False)
    st.info(
        _("With this code the teacher or the CNO team notes who is present. There is nothing to do here for others."),
        icon=":material/qr_code_scanner:",
    )
    with st.container(horizontal=True):
        st.page_link("public/team.py", label=_("Sign in for the CNO team"), icon=":material/badge:")
        st.page_link("teacher/courses.py", label=_("My lessons"), icon=":material/co_present:")
    st.stop()


if not code or (teacher is None and (signed_in is None or signed_in.role is not Role.COORDINATOR)):
    nothing_here()
try:
    with write() as db:
        scanned = attendance.scan(db, teacher.actor if teacher else access.actor(), code)
except (NotFound, NotAllowed, LinkNotValid):
    nothing_here()
except DomainError as refused:
    st.title(_("Not noted"), anchor=False)
    st.error(cards.plain(say(refused)), icon=":material/error:")
    st.stop()
noted = scanned.noted
at = noted.at.astimezone(BRUSSELS)
with st.container(border=True, horizontal_alignment="center", gap="small"):
    st.image(TICK.format(colour="#1a7f37" if noted.is_news else "#1d4f91"), width=160)
    st.title(cards.plain(noted.name), anchor=False, text_alignment="center")
    if noted.is_news:
        st.success(_("Noted as present at {time}.").format(time=hour(at.time())), icon=":material/check_circle:")
    else:
        when = hour(at.time()) if at.date() == scanned.held_on else f"{day(at.date())} {hour(at.time())}"
        st.info(_("Was noted already at {time}.").format(time=when), icon=":material/check_circle:")
    st.caption(cards.plain(f"{scanned.course_title} · {weekday(scanned.held_on)}"), text_alignment="center")
page, name = (
    ("teacher/courses.py", _("The list of this day"))
    if teacher
    else ("coordinator/attendance.py", _("The list of this day"))
)
st.page_link(page, label=name, icon=":material/checklist:", query_params={"dag": str(scanned.day_id)})
