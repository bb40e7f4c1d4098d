"""Questions of staff whether the institution pays: a task each, to answer before the debit note leaves (R34)."""

from collections.abc import Sequence

import streamlit as st

from core.i18n import _, day
from core.queries.paid_enrolments import RequestRow
from core.services import payer_requests
from core.vocabulary import PayerRequestState
from pages.shared import cards
from pages.shared.feedback import attempt, refusal


def draw(requests: Sequence[RequestRow]) -> None:
    """The questions that wait, the most urgent first; nothing when there are none."""
    if not requests:
        return
    st.subheader(f":material/contact_support: {_('Do you pay for them?')}", anchor=False)
    for row in requests:
        with st.container(
            border=True,
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
            key=f"asked_{row.request_id}",
        ):
            with st.container(width="stretch", gap="xxsmall"):
                st.markdown(f"**{cards.plain(row.person_name)}** · {cards.plain(row.course_title)}")
                facts = [cards.dates(row.first_day, row.first_day, 1), cards.price(row.price_cents)]
                if row.until is not None:
                    facts.append(_("answer until {date}, or the person pays").format(date=day(row.until)))
                st.caption(" · ".join(facts))
                refusal(f"request_{row.request_id}")
            with st.container(horizontal=True, width="content"):
                _button(row, PayerRequestState.APPROVED)
                _button(row, PayerRequestState.DECLINED)


def _button(row: RequestRow, answer: PayerRequestState) -> None:
    approves = answer is PayerRequestState.APPROVED
    st.button(
        _("We pay") if approves else _("We do not pay"),
        key=f"{answer}_{row.request_id}",
        type="primary" if approves else "secondary",
        icon=":material/check:" if approves else ":material/close:",
        on_click=attempt,
        args=(f"request_{row.request_id}", lambda db, actor: payer_requests.decide(db, actor, row.request_id, answer)),
        kwargs={"done": _("{name} was told by mail.").format(name=cards.plain(row.person_name))},
    )
