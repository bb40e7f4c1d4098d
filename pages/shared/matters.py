"""The cards of «Vandaag»: what needs a person lights up, the rest stands together as in order; the lists behind."""

from collections.abc import Mapping

import streamlit as st

from core.i18n import _, number, short_day
from core.labels import label
from core.queries.attention import LOOK_BACK_DAYS, SOON_DAYS, Matter, MatterRow
from core.vocabulary import ComingKind
from pages.shared import cards
from pages.shared.outgoing import View

ICONS = {
    Matter.BELOW_MINIMUM: ":material/trending_down:",
    Matter.WAITING_LISTS: ":material/hourglass_top:",
    Matter.ATTENDANCE: ":material/checklist:",
    Matter.NOTES: ":material/receipt_long:",
    Matter.ADDRESSES: ":material/unsubscribe:",
}
LEAVES = {
    ComingKind.DEBIT_NOTE: ":material/receipt_long:",
    ComingKind.PAYER_REMINDER: ":material/contact_support:",
    ComingKind.NAME_REMINDER: ":material/badge:",
    ComingKind.OFFER_END: ":material/hourglass_bottom:",
    ComingKind.LINK_QUESTION: ":material/how_to_reg:",
}


def name_of(matter: Matter) -> str:
    """What a matter is called on its card."""
    return {
        Matter.BELOW_MINIMUM: _("Courses below their minimum"),
        Matter.WAITING_LISTS: _("Waiting lists that can move"),
        Matter.ATTENDANCE: _("Attendance not yet taken"),
        Matter.NOTES: _("Notes that did not leave"),
        Matter.ADDRESSES: _("Addresses that refuse our mail"),
    }[matter]


def meaning(matter: Matter) -> str:
    """What is in the list of a matter, and what to do with it."""
    return {
        Matter.BELOW_MINIMUM: _(
            "Courses that must be decided on within {days} days and have fewer enrolments than their minimum."
        ).format(days=number(SOON_DAYS)),
        Matter.WAITING_LISTS: _("A seat is free and somebody waits: offer it on the course's page."),
        Matter.ATTENDANCE: _("Course days of the last {days} days without any presence written down.").format(
            days=number(LOOK_BACK_DAYS)
        ),
        Matter.NOTES: _("Notes whose mail failed, or that were not made within the hour."),
        Matter.ADDRESSES: _(
            "Automatic mail to these addresses has stopped, and notes go to another address of the institution where "
            "there is one; ask for a new address."
        ),
    }[matter]


def card(name: str, value: int, icon: str, way: str, page: str, **query: str) -> None:
    """A count, and the way to the list behind it."""
    with st.container(border=True, gap="xsmall", height="stretch"):
        st.metric(name, number(value), icon=icon)
        st.space("stretch")
        st.page_link(page, label=way, icon=":material/arrow_forward:", query_params=query or None)


def in_order(names: list[str]) -> None:
    """What needs nobody now, in one quiet line."""
    if names:
        st.caption(f":material/check_circle: {_('In order:')} {' · '.join(names)}")


def lit(numbers: Mapping[Matter, int]) -> None:
    """A card for each matter that needs somebody."""
    for matter, count in numbers.items():
        if count:
            card(name_of(matter), count, ICONS[matter], _("Open the list"), "coordinator/today.py", lijst=matter)


def leaves_card(kind: ComingKind, count: int) -> None:
    """How many of a kind leave by themselves; nothing when there are none."""
    if count:
        way = _("View, hold or send")
        card(label(kind), count, LEAVES[kind], way, "coordinator/outbox.py", lijst=View.COMING, soort=kind)


def row(each: MatterRow) -> None:
    """One thing to look at."""
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{cards.plain(each.title)}**")
            facts = [short_day(each.on)] if each.on else []
            st.caption(" · ".join([*facts, cards.plain(each.facts)] if each.facts else facts))
        for page, name, identity in (
            ("coordinator/course.py", _("Open the course"), each.course_id),
            ("coordinator/person.py", _("Open the file"), each.person_id),
            ("coordinator/institution.py", _("Open the file"), each.institution_id),
        ):
            if identity is not None:
                st.page_link(page, label=name, icon=":material/arrow_forward:", query_params={"id": str(identity)})
