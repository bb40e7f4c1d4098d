"""«Agenda-abonnement»: the own courses in one's calendar program, kept up to date by itself."""

from datetime import datetime

import streamlit as st

from core.db import Db, read
from core.i18n import _, day
from core.queries import calendar_feeds
from core.services import calendar_feeds as services
from core.vocabulary import Actor
from pages.shared.feedback import attempt, refusal

_ADDRESS = "_calendar_address"
_PLACE = "calendar"


def section(actor: Actor, explained: str) -> None:
    """Start, renew or stop the subscription; `explained` says what the calendar will show."""
    with read() as db:
        since = calendar_feeds.since(db, actor)
    with st.expander(_("Calendar subscription"), icon=":material/calendar_month:"):
        st.markdown(explained)
        _state(since)
        refusal(_PLACE)
        with st.container(horizontal=True):
            st.button(
                _("Make a new address") if since else _("Make my address"),
                key="calendar_start",
                icon=":material/refresh:" if since else ":material/add_link:",
                help=_("The earlier address stops working.") if since else None,
                on_click=attempt,
                args=(_PLACE, services.start),
                kwargs={"then": _keep},
            )
            if since:
                st.button(
                    _("Stop the subscription"),
                    key="calendar_stop",
                    icon=":material/link_off:",
                    on_click=attempt,
                    args=(_PLACE, _stop),
                    kwargs={"done": _("The subscription has ended. Your calendar gets nothing more from us.")},
                )


def _state(since: datetime | None) -> None:
    address = st.session_state.get(_ADDRESS)
    if since and address:
        st.success(
            _(
                "Copy this address now: we show it only once. In Outlook choose «Add calendar» and then"
                " «Subscribe from web», in Google Calendar «Other calendars» and then «From URL»."
            ),
            icon=":material/content_copy:",
        )
        st.code(address, language=None, wrap_lines=True)
        st.caption(_("Whoever has this address sees these courses. Do not pass it on."))
    elif since:
        st.caption(
            _("Subscribed since {date}. Address lost? Make a new one.").format(date=day(since.date())),
        )


def _keep(address: str) -> None:
    st.session_state[_ADDRESS] = address


def _stop(db: Db, actor: Actor) -> None:
    services.stop(db, actor)
    st.session_state.pop(_ADDRESS, None)
