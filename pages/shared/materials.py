"""The files of courses, one box a course."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from core.i18n import _, day, number
from core.queries.material import MaterialRow
from pages.shared import cards


def size(count: int) -> str:
    """A number of bytes as people say it."""
    if count < 1_000_000:
        return _("{size} kB").format(size=number(max(1, round(count / 1e3))))
    return _("{size} MB").format(size=number(round(count / 1e6, 1)))


def draw(rows: Sequence[MaterialRow]) -> None:
    """All files, the newest course first, or what to expect while there are none."""
    if not rows:
        st.info(
            _("There is no material for your courses yet. Teachers often add it shortly before or after the course."),
            icon=":material/folder_open:",
        )
    for _course, files in groupby(rows, key=lambda row: row.course_id):
        listed = list(files)
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{cards.plain(listed[0].course_title)}**")
            if listed[0].first_day:
                st.caption(day(listed[0].first_day))
            for row in listed:
                with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                    st.markdown(f":material/draft: {cards.plain(row.title)} · {size(row.size)}", width="content")
                    st.link_button(
                        _("Download"),
                        f"/download/material/{row.material_id}",
                        key=f"material_{row.material_id}",
                        icon=":material/download:",
                    )
