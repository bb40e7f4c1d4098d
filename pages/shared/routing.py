"""Who gets which mail: the routing table, with copies to switch on and off."""

from collections.abc import Sequence

import streamlit as st

from core.db import read
from core.i18n import _
from core.labels import label
from core.mail.catalogue import ENTRIES
from core.queries import mail_texts as queries
from core.queries.accounts import SignedIn
from core.queries.mail_texts import ExampleRow, RouteRow
from core.services import mail_switches as services
from core.vocabulary import CoordinatorRole, MailTopic
from pages.shared.feedback import attempt, refusal


def draw(signed_in: SignedIn) -> None:
    """The table by topic, and who would get the mails about a real enrolment."""
    with read() as db:
        rows = queries.routes(db, signed_in.actor)
        found = queries.examples(db, signed_in.actor)
    st.markdown(_("Copies can be switched on and off. What the requirements promise is locked, with the reason."))
    chosen = example(found, key="route_example")
    addresses: dict[str, list[str]] = {}
    if chosen is not None:
        with read() as db:
            for name, entry in ENTRIES.items():
                if entry.has_enrolment:
                    gets = queries.would_get(db, signed_in.actor, name, chosen)
                    addresses[name] = [address for _role, address in gets]
    for topic in MailTopic:
        with st.expander(label(topic), expanded=topic is MailTopic.ENROLMENTS, key=f"routes_{topic}"):
            for name in (name for name, entry in ENTRIES.items() if entry.topic is topic):
                _mail(name, [row for row in rows if row.name == name], addresses.get(name), signed_in)


def example(found: Sequence[ExampleRow], *, key: str) -> int | None:
    """A real enrolment to look at mails with; None: made-up facts."""
    names = {
        row.enrolment_id: f"{row.person_name} · {row.course_title} · {_('payer: {payer}').format(payer=row.payer_name)}"
        for row in found
    }
    chosen: int | None = st.selectbox(
        _("Example"), [*names, None], format_func=lambda each: names.get(each, _("Made-up example")), key=key
    )
    return chosen


def _mail(name: str, rows: Sequence[RouteRow], addresses: Sequence[str] | None, signed_in: SignedIn) -> None:
    entry = ENTRIES[name]
    st.markdown(f"**{_(entry.title)}** – {_(entry.moment)}")
    for row in rows:
        key = f"route_{name}_{row.addressee}"
        st.toggle(
            _("to {addressee}").format(addressee=label(row.addressee)),
            value=row.is_on,
            key=key,
            disabled=row.reason is not None or signed_in.coordinator_role is CoordinatorRole.READER,
            on_change=attempt,
            args=(
                key,
                lambda db, actor, row=row, key=key: services.switch(
                    db, actor, row.name, row.addressee, is_on=bool(st.session_state[key])
                ),
            ),
        )
        if row.reason is not None:
            st.caption(f":material/lock: {_(row.reason)}")
        refusal(key)
    if addresses:
        st.caption(f":material/mail: {_('In this example: {addresses}').format(addresses=', '.join(addresses))}")
