"""«Vandaag»: what needs a person now, each a count that opens the list; what leaves by itself; what is wrong."""

import streamlit as st

from core import clock
from core.db import read
from core.i18n import _, moment, ngettext, weekday
from core.queries import attention, coming, control, doubles, inbox, operations, outbox, payments, reminders
from core.queries.attention import Matter
from core.queries.reminders import Shelf
from core.vocabulary import Role
from pages.shared import address, leaving, mail_health, matters, paging
from pages.shared.access import require
from pages.shared.address import Choice
from pages.shared.outgoing import View

signed_in = require(Role.COORDINATOR)
PAGE_SIZE = 20
CHOICES = {"lijst": Choice(Matter)}

address.adopt(CHOICES)
chosen: Matter | None = st.session_state.get("lijst")
if chosen is not None:
    with read() as db:
        found = attention.matters(db, signed_in.actor, chosen, page=paging.current("matter_page"), size=PAGE_SIZE)
    st.page_link("coordinator/today.py", label=_("Back to today"), icon=":material/arrow_back:")
    st.title(matters.name_of(chosen), anchor=False)
    st.caption(matters.meaning(chosen))
    if not found.total:
        st.success(_("Nothing to do here any more."), icon=":material/done_all:")
    for row in found.rows:
        matters.row(row)
    paging.pages(found.total, PAGE_SIZE, "matter_page")
    st.stop()

with read() as db:
    waiting, since = inbox.waiting(db, signed_in.actor)
    health = outbox.health(db, signed_in.actor)
    mailbox = operations.of_today(db, signed_in.actor)
    numbers = attention.counts(db, signed_in.actor)
    alike = sum(doubles.count(db, signed_in.actor).values())
    to_place = payments.count_waiting(db, signed_in.actor)
    unpaid = reminders.count_to_follow_up(db, signed_in.actor)
    do_not_add_up = control.count(db, signed_in.actor)
    leaves = coming.counts(db, signed_in.actor, leaving.DAYS)

st.title(_("Today"), anchor=False)
st.caption(weekday(clock.today()))
mail_health.troubles(mailbox)
if health.quarantined:
    st.warning(
        ngettext(
            "{count} mail could not be read and is in quarantine.",
            "{count} mails could not be read and are in quarantine.",
            health.quarantined,
        ),
        icon=":material/report:",
    )
mails = {
    _("Mails that wait for you"): (waiting, ":material/inbox:", _("Open the inbox"), "coordinator/inbox.py", None),
    _("Mails that failed or are uncertain"): (
        health.troubled,
        ":material/warning:",
        _("Look at these mails"),
        "coordinator/outbox.py",
        View.TROUBLED,
    ),
    _("Bank lines to place"): (
        to_place,
        ":material/account_balance:",
        _("Place them"),
        "coordinator/payments.py",
        None,
    ),
    _("Unpaid notes to follow up"): (
        unpaid,
        ":material/notifications:",
        _("Open the list"),
        "coordinator/reminders.py",
        Shelf.TO_FOLLOW_UP,
    ),
    _("Control of the books"): (
        do_not_add_up,
        ":material/fact_check:",
        _("Look at the control"),
        "coordinator/control.py",
        None,
    ),
    _("Likely doubles"): (alike, ":material/people_alt:", _("Compare them"), "coordinator/doubles.py", None),
}
with st.grid(3, min_column_width=240):
    for name, (count, icon, way, page, view) in mails.items():
        if count:
            matters.card(name, count, icon, way, page, **({"lijst": view} if view else {}))
    matters.lit(numbers)
if not any(numbers.values()) and not any(count for count, *_rest in mails.values()):
    st.success(_("Nothing needs you now."), icon=":material/done_all:")
if since is not None:
    st.markdown(f":material/schedule: {_('The oldest mail has waited since {moment}.').format(moment=moment(since))}")
mail_health.day(mailbox.figures)
matters.in_order(
    [name for name, (count, *_rest) in mails.items() if not count]
    + [matters.name_of(matter) for matter, count in numbers.items() if not count]
)
st.subheader(_("Leaves by itself in the coming 14 days"), anchor=False)
with st.grid(3, min_column_width=240):
    for kind, count in leaves.items():
        matters.leaves_card(kind, count)
    if health.waiting:
        way = _("Look at these mails")
        matters.card(
            _("Mails to be sent"), health.waiting, ":material/outbox:", way, "coordinator/outbox.py", lijst=View.WAITING
        )
