"""What is done with a conversation besides answering: give it to somebody, put it off, merge, close, open again."""

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from core import clock
from core.db import Db, read
from core.i18n import _, day
from core.queries import inbox_choices
from core.queries.accounts import SignedIn
from core.queries.inbox import Conversation
from core.services import inbox as services
from core.services import inbox_care
from core.vocabulary import Actor, ThreadState
from pages.shared import cards
from pages.shared.feedback import attempt, refusal

_DAYS = (1, 3, 7)


def bar(shown: Conversation, signed_in: SignedIn) -> None:
    """The row of actions above a conversation."""
    own = signed_in.actor.account_id
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if shown.state is ThreadState.OPEN:
            if shown.holder_id == own:
                _button("give_back", _("Give back"), ":material/person_remove:", _assigning(shown, None), "A")
            else:
                _button("take", _("I take this"), ":material/person_add:", _assigning(shown, own), "A")
            _rest(shown)
            _more(shown, signed_in)
            _button(
                "close",
                _("Close without answer"),
                ":material/done:",
                lambda db, actor: services.close(db, actor, shown.thread_id),
                "E",
                done=_("The conversation is closed."),
            )
        else:
            _button(
                "reopen",
                _("Open again"),
                ":material/undo:",
                lambda db, actor: services.reopen(db, actor, shown.thread_id),
                done=_("The conversation is open again."),
            )
    for place in ("care", "rest", "give", "merge"):
        refusal(place)
        refusal(place, "until")
    told = [_("Has it: {name}").format(name=cards.plain(shown.holder))] if shown.holder else []
    if shown.snoozed_until and shown.snoozed_until > clock.today():
        told.append(_("Put off until {day}").format(day=day(shown.snoozed_until)))
    if told:
        st.caption(" · ".join(told))


def _button(
    key: str,
    text: str,
    icon: str,
    action: Callable[[Db, Actor], object],
    shortcut: str | None = None,
    *,
    done: str | None = None,
) -> None:
    st.button(
        text,
        key=f"{key}_thread",
        icon=icon,
        shortcut=shortcut,
        on_click=attempt,
        args=("care", action),
        kwargs={"done": done},
    )


def _assigning(shown: Conversation, account_id: int | None) -> Callable[[Db, Actor], object]:
    def assign(db: Db, actor: Actor) -> None:
        inbox_care.assign(db, actor, shown.thread_id, account_id)

    return assign


def _rest(shown: Conversation) -> None:
    """Until which day it rests."""
    with st.popover(_("Put off"), icon=":material/snooze:"):
        for days in _DAYS:
            until = clock.today() + timedelta(days=days)
            st.button(
                _("Until {day}").format(day=day(until)),
                key=f"rest_{days}_{shown.thread_id}",
                width="stretch",
                on_click=attempt,
                args=("rest", lambda db, actor, until=until: inbox_care.snooze(db, actor, shown.thread_id, until)),
                kwargs={"done": _("Put off until {day}.").format(day=day(until)), "then": _away},
            )
        chosen = st.date_input(
            _("Another day"),
            value=None,
            min_value=clock.today() + timedelta(days=1),
            format="DD/MM/YYYY",
            key=f"rest_day_{shown.thread_id}",
        )
        if chosen is not None:
            st.button(
                _("Put off"),
                key=f"rest_chosen_{shown.thread_id}",
                type="primary",
                on_click=attempt,
                args=("rest", lambda db, actor: inbox_care.snooze(db, actor, shown.thread_id, chosen)),
                kwargs={"done": _("Put off until {day}.").format(day=day(chosen)), "then": _away},
            )
        if shown.snoozed_until is not None:
            st.button(
                _("Let it wait again now"),
                key=f"rest_none_{shown.thread_id}",
                on_click=attempt,
                args=("rest", lambda db, actor: inbox_care.snooze(db, actor, shown.thread_id, None)),
            )


def _away(_result: object) -> None:
    st.session_state["gesprek"] = None


def _more(shown: Conversation, signed_in: SignedIn) -> None:
    """Give it to a colleague; merge it with another conversation."""
    with st.popover(_("More"), icon=":material/more_horiz:"):
        with read() as db:
            names = dict(inbox_choices.holders(db, signed_in.actor))
            others = inbox_choices.alike(db, signed_in.actor, shown.thread_id)
        holder = st.selectbox(
            _("Give it to"),
            list(names),
            index=None,
            format_func=names.get,
            key=f"holder_{shown.thread_id}",
            placeholder=_("Choose a colleague"),
        )
        st.button(
            _("Give"),
            key=f"give_{shown.thread_id}",
            disabled=holder is None,
            on_click=attempt,
            args=("give", _assigning(shown, holder)),
        )
        titles = {row.thread_id: f"{row.subject or _('(no subject)')} · {row.address}" for row in others}
        other = st.selectbox(
            _("Merge into"),
            list(titles),
            index=None,
            format_func=titles.get,
            key=f"merge_into_{shown.thread_id}",
            placeholder=_("Choose a conversation"),
            help=_("Of the same sender, or about the same subject."),
        )

        def merge(db: Db, actor: Actor) -> int:
            inbox_care.merge(db, actor, shown.thread_id, int(other or 0))
            return int(other or 0)

        st.button(
            _("Merge"),
            key=f"merge_{shown.thread_id}",
            disabled=other is None,
            on_click=attempt,
            args=("merge", merge),
            kwargs={
                "done": _("The conversations are one now."),
                "then": lambda into: st.session_state.__setitem__("gesprek", into),
            },
        )
