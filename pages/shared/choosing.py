"""Choosing colleagues from the list of linked staff; who cannot be chosen stands there greyed, with the reason."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from core.db import read
from core.i18n import _, ngettext, short_day
from core.queries import institutions
from core.queries.colleagues import Candidate
from core.text import folded
from core.vocabulary import EnrolmentStatus
from pages.shared import cards
from pages.shared.decided import decided

_SHOWN = 40
_SCROLLS_FROM = 8
_SCROLL_HEIGHT = 380  # pixels


def reason(candidate: Candidate) -> str:
    """Why somebody cannot be chosen; nothing when nothing stands in the way."""
    if candidate.status is not None:
        return standing(candidate.status)
    if candidate.overlap:
        return _("has «{title}» at the same hours").format(title=candidate.overlap)
    if candidate.overlap is not None:
        return _("has another course at the same hours")
    return ""


def standing(status: EnrolmentStatus) -> str:
    """What place somebody has already."""
    return _("already on the waiting list") if status is EnrolmentStatus.WAITLISTED else _("already enrolled")


def _names(found: Sequence[Candidate]) -> dict[int, str]:
    """A name for each person; namesakes are told apart by the day they were linked."""
    times = Counter(each.name for each in found)
    since = _("{name} (linked since {date})")
    return {
        each.person_id: since.format(name=each.name, date=short_day(each.started_on))
        if times[each.name] > 1
        else each.name
        for each in found
    }


def colleagues(found: Sequence[Candidate], name: str) -> tuple[int, ...]:
    """A searchable list with a box a colleague; returns the persons chosen, those out of sight included."""
    key = f"chosen_{name}"
    chosen: set[int] = st.session_state.setdefault(key, set())
    chosen &= {each.person_id for each in found if each.can_be_chosen}
    text = ""
    if len(found) > _SCROLLS_FROM:
        text = (
            st.text_input(
                _("Search by name"), key=f"search_{name}", type="search", live=True, placeholder=_("Part of a name")
            )
            or ""
        )
    names = _names(found)
    matching = [each for each in found if all(word in folded(each.name) for word in folded(text).split())]
    with st.container(
        border=True, height=_SCROLL_HEIGHT if len(matching) > _SCROLLS_FROM else "content", gap="xxsmall"
    ):
        for each in matching[:_SHOWN]:
            why_not = reason(each)
            st.checkbox(
                cards.plain(names[each.person_id]) + (f"  :gray[– {cards.plain(why_not)}]" if why_not else ""),
                value=each.person_id in chosen,
                key=f"choose_{name}_{each.person_id}",
                disabled=not each.can_be_chosen,
                on_change=_keep,
                args=(key, each.person_id, f"choose_{name}_{each.person_id}"),
            )
        if len(matching) > _SHOWN:
            more = len(matching) - _SHOWN
            st.caption(ngettext("{count} more: search by name.", "{count} more: search by name.", more))
        if not matching:
            st.caption(_("Nobody with this name in the list."))
    return tuple(sorted(chosen))


def _keep(key: str, person_id: int, box: str) -> None:
    """Callback: what a box says now is kept, also while a search hides the box."""
    if st.session_state[box]:
        st.session_state[key] |= {person_id}
    else:
        st.session_state[key] -= {person_id}


def one(found: Sequence[Candidate], key: str) -> int | None:
    """A box to choose one colleague who can take the seat; below it who cannot, and why."""
    every = _names(found)
    names = {each.person_id: every[each.person_id] for each in found if each.can_be_chosen}
    chosen: int | None = st.selectbox(
        _("Colleague"),
        list(names),
        index=None,
        format_func=lambda identity: names.get(identity, ""),
        key=key,
        placeholder=_("Type a name") if names else _("Nobody can be chosen"),
        disabled=not names,
    )
    others = [each for each in found if not each.can_be_chosen]
    if others:
        with st.expander(_("Who cannot be chosen, and why")):
            for each in others:
                st.markdown(f":gray[{cards.plain(every[each.person_id])} – {cards.plain(reason(each))}]")
    return chosen


def nobody_linked() -> None:
    """What to do when the list is empty: only colleagues themselves can get into it (R29, R44)."""
    st.info(
        _(
            "Nobody is linked to your institution yet. A colleague creates an account and links it to your "
            "institution; then he or she is in this list. Under «Our participants» an invitation mail stands ready "
            "to forward."
        ),
        icon=":material/group:",
    )
    st.page_link("institution/people.py", label=_("Our participants"), icon=":material/group:")


def most_unnamed(places_left: int) -> int:
    """How many places one click can reserve without a name."""
    return min(places_left, decided().unnamed_seats_at_once)


def institution(name: str, key: str) -> int | None:
    """A search for an institution, and the choice among those found."""
    text = st.text_input(name, key=f"{key}_text", type="search", live=True, placeholder=_("Name, town or number"))
    with read() as db:
        found = institutions.search(db, text or "", limit=8)
    if not found:
        return None
    names = {each.institution_id: f"{each.name}, {each.city}" for each in found}
    chosen: int | None = st.radio(
        _("Which one?"), list(names), format_func=lambda identity: cards.plain(names[identity]), key=f"{key}_who"
    )
    return chosen
