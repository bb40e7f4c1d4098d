"""The statement of account on a page: a period, what moved, what is open by age; as PDF, and mailed with a click."""

from datetime import date

import streamlit as st

from core.db import read
from core.documents import statements as documents
from core.errors import DomainError
from core.i18n import _, day, say, short_day
from core.labels import label
from core.money import euro
from core.queries import statements
from core.queries.statements import AGES, Statement
from core.rules.billing import printed_ogm
from core.rules.proposals import Payer
from core.services import statements as services
from core.vocabulary import Actor, EntryKind
from pages.shared import cards
from pages.shared.feedback import attempt, refusal

_PLACE = "account_statement"


def draw(actor: Actor, payer: Payer | None, path: str = "/download/statement.pdf", *, may_mail: bool = True) -> None:
    """The account of a payer, the actor's own when none is given; `path` is where its PDF is fetched."""
    usual = statements.usual_period()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = st.date_input(_("From (day)"), usual[0], format="DD/MM/YYYY", key="statement_first", width=170)
        last = st.date_input(_("Until (day)"), usual[1], format="DD/MM/YYYY", key="statement_last", width=170)
    if not isinstance(first, date) or not isinstance(last, date):
        return
    try:
        with read() as db:
            found = statements.of(db, actor, payer, first, last)
    except DomainError as refused:
        st.error(cards.plain(say(refused)), icon=":material/error:")
        return
    _sums(found)
    with st.container(horizontal=True):
        st.link_button(
            _("Statement as PDF"),
            f"{path}?van={first}&tot={last}",
            key="statement_pdf",
            icon=":material/picture_as_pdf:",
        )
        if may_mail:
            st.button(
                _("Mail it to us") if payer is None else _("Mail it to the payer"),
                key="statement_mail",
                icon=":material/forward_to_inbox:",
                on_click=_mail,
                args=(actor, payer, (first, last)),
            )
    refusal(_PLACE)
    _moves(found)
    _open(found)


def _sums(found: Statement) -> None:
    facts = (
        (_("Balance on {day}").format(day=short_day(found.first)), found.opening_cents),
        (_("To pay in this period"), sum(entry.cents for entry in found.entries if entry.cents > 0)),
        (_("Paid or credited"), -sum(entry.cents for entry in found.entries if entry.cents < 0)),
        (_("Balance on {day}").format(day=short_day(found.last)), found.closing_cents),
    )
    with st.grid(4, min_column_width=150):
        for name, cents in facts:
            with st.container(border=True, gap="xxsmall"):
                st.metric(name, euro(cents))


def _moves(found: Statement) -> None:
    if not found.entries:
        st.info(_("Nothing moved in this period."), icon=":material/event_available:")
        return
    balance, rows = found.opening_cents, []
    for entry in found.entries:
        balance += entry.cents
        is_money = entry.kind in (EntryKind.PAYMENT, EntryKind.REFUND)
        about = _("for {numbers}").format(numbers=entry.about) if is_money else f"{entry.number} {entry.about}".strip()
        more = f" (+{entry.more})" if entry.more else ""
        rows.append((entry.on, f"{label(entry.kind)} {about}{more}", entry.cents, balance))
    money = st.column_config.NumberColumn(format="euro")
    st.dataframe(
        {
            _("Day"): [row[0] for row in rows],
            _("Description"): [row[1] for row in rows],
            _("To pay"): [row[2] / 100 if row[2] > 0 else None for row in rows],
            _("Paid or credited"): [-row[2] / 100 if row[2] < 0 else None for row in rows],
            _("Balance"): [row[3] / 100 for row in rows],
        },
        hide_index=True,
        placeholder="",
        column_config={
            _("Day"): st.column_config.DateColumn(format="DD/MM/YYYY"),
            _("Description"): st.column_config.TextColumn(width="large"),
            _("To pay"): money,
            _("Paid or credited"): money,
            _("Balance"): money,
        },
    )


def _open(found: Statement) -> None:
    asked = [item for item in found.items if item.left_cents > 0]
    credit = found.kept_cents - sum(item.left_cents for item in found.items if item.left_cents < 0)
    if credit:
        st.success(_("Credit with CNO: {amount}").format(amount=euro(credit)), icon=":material/savings:")
    if not asked:
        st.success(_("Nothing is open on {day}.").format(day=day(found.last)), icon=":material/check_circle:")
        return
    st.markdown(f"**{_('Open on {day}').format(day=day(found.last))}**")
    ages = found.by_age
    names = (_("not due"), _("1–30 days late"), _("31–60 days late"), _("61–90 days late"), _("over 90 days late"))
    told = [f"{name}: {euro(ages[each])}" for name, each in zip(names, AGES, strict=True) if ages[each]]
    st.caption(" · ".join(told))
    for item in asked:
        due = _("to be paid by {date}").format(date=short_day(item.due_on)) if item.due_on else ""
        ogm = printed_ogm(item.ogm) if item.ogm else ""
        facts = " · ".join(cards.plain(fact) for fact in (due, ogm) if fact)
        st.markdown(f"**{cards.plain(item.number)}** · {euro(item.left_cents)}  \n{facts}")


def _mail(actor: Actor, payer: Payer | None, period: tuple[date, date]) -> None:
    """Callback: make the PDF, outside the transaction that queues its mail."""
    with read() as db:
        found = statements.of(db, actor, payer, *period)
        content = documents.to_pdf(services.facts(db, found), found.language)
    attempt(
        _PLACE,
        lambda db, who: services.send(db, who, payer, period, content),
        done=lambda name: _("The statement leaves within a minute, to the billing address of {name}.").format(
            name=name
        ),
    )
