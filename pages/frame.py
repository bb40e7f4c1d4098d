"""What surrounds every page: configuration, who is signed in, navigation, the flash message, then the page itself."""

import streamlit as st

from core.i18n import _
from core.vocabulary import Role
from pages.shared import access, feedback, header, mishaps, signing, site

st.set_page_config(page_title="CNO", page_icon="pages/static/icon.png", layout="wide")

with mishaps.shown("frame"):
    signed_in = access.refresh()
    signing.speak(signed_in.language if signed_in else None)
    role = signed_in.role if signed_in else None

    pages = {
        door: st.Page(
            door.file,
            title=_(door.title),
            icon=door.icon,
            url_path=door.url_path or None,
            default=door.is_default,
            visibility="visible"
            if door.is_listed and door.audience is not None and door.audience is role
            else "hidden",
        )
        for door in site.DOORS
    }
    page = st.navigation(list(pages.values()), position="sidebar" if role is Role.COORDINATOR else "hidden")
    signing.hand_over_ticket()

    with st.container(horizontal_alignment="center"), st.container(width=1140):
        header.draw(signed_in, pages)
        feedback.show_flash()
        untold, content = st.container(), st.container()
        header.footer(signed_in, pages)  # before the page, which may end early
        with content, mishaps.shown(page.url_path):
            page.run()
        with untold:
            feedback.show_untold()
