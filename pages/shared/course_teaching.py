"""The days of a course with their presence, and the links of its teachers, on the page of the course."""

from functools import partial

import streamlit as st

from core.db import Db, read
from core.i18n import _, moment
from core.queries import attendance, teacher_links
from core.queries.teacher_links import LinkState
from core.services import teacher_links as services
from core.vocabulary import Actor
from pages.shared import cards, presence_days
from pages.shared.decided import decided
from pages.shared.feedback import attempt, refusal

_DAYS_PAGE = "coordinator/attendance.py"


def draw(actor: Actor, course_id: int) -> None:
    """The days with the way to their lists, then the teachers with their links."""
    with read() as db:
        days = attendance.days_of_course(db, actor, course_id)
        teachers = teacher_links.of_course(db, actor, course_id)
    for day in days:
        presence_days.row(day, _DAYS_PAGE, names_course=False)
    st.page_link(
        "coordinator/evaluations.py",
        label=_("Evaluations of this course"),
        icon=":material/reviews:",
        query_params={"cursus": str(course_id)},
    )
    st.subheader(_("Teachers and their link"), anchor=False)
    st.caption(
        _(
            "By the link a teacher sees the own courses only, without addresses or payers. It leaves by itself {days} "
            "days before the first day."
        ).format(days=decided().teacher_mail_days)
    )
    if not teachers:
        st.info(_("No teacher stands at this course yet."), icon=":material/co_present:")
    for teacher in teachers:
        _teacher(course_id, teacher)


def _teacher(course_id: int, teacher: LinkState) -> None:
    key = f"link_{teacher.teacher_id}"
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(width="stretch", gap="xxsmall"):
                st.markdown(f"**{cards.plain(teacher.name)}**")
                st.caption(_state(teacher))
            with st.container(horizontal=True, width="content", gap="small"):
                st.button(
                    _("Mail the link again") if teacher.works else _("Mail the link"),
                    key=f"send_{key}",
                    icon=":material/send:",
                    disabled=not teacher.email,
                    on_click=attempt,
                    args=(key, partial(_send, course_id=course_id, teacher_id=teacher.teacher_id)),
                    kwargs={"done": _("The link is on its way to the teacher.")},
                )
                if teacher.works:
                    revoke_button(key, teacher.teacher_id)
        refusal(key)


def revoke_button(place: str, teacher_id: int) -> None:
    """The button that makes all links of a teacher void."""
    st.button(
        _("Revoke the links"),
        key=f"revoke_{teacher_id}",
        icon=":material/link_off:",
        on_click=attempt,
        args=(place, partial(_revoke, teacher_id=teacher_id)),
        kwargs={"done": _("The links of this teacher work no more.")},
    )


def _state(teacher: LinkState) -> str:
    if not teacher.email:
        return _("no e-mail address yet")
    facts = [cards.plain(teacher.email)]
    if teacher.mailed_at is not None:
        facts.append(_("mailed on {moment}").format(moment=moment(teacher.mailed_at)))
    if teacher.used_at is not None:
        facts.append(_("last used on {moment}").format(moment=moment(teacher.used_at)))
    if teacher.mailed_at is not None and not teacher.works:
        facts.append(_("works no more"))
    return " · ".join(facts)


def _send(db: Db, actor: Actor, *, course_id: int, teacher_id: int) -> None:
    services.send(db, actor, course_id, teacher_id)


def _revoke(db: Db, actor: Actor, *, teacher_id: int) -> None:
    services.revoke(db, actor, teacher_id)
