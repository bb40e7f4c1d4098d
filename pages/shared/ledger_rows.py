"""The journal on the screen: a period's days and totals, the exports, and withdrawing the last one."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

import streamlit as st

from core.db import Db
from core.documents.ledger import told
from core.i18n import _, moment, ngettext, number, short_day
from core.money import euro
from core.queries.ledger import ExportRow, Preview
from core.services import ledger
from core.vocabulary import Actor
from pages.shared import cards
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

PLACE = "ledger"


def days(first: date, yesterday: date, *, is_fixed: bool) -> tuple[date, date]:
    """The first and last day of the next period; the first is that after the last export."""
    month_end = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.date_input(
            _("From"), first, max_value=yesterday, format="DD/MM/YYYY", key="ledger_first", disabled=is_fixed, width=170
        )
        first = first if is_fixed or not isinstance(chosen, date) else chosen
        last = st.date_input(
            _("Up to and including"),
            min(month_end, yesterday),
            min_value=first,
            max_value=yesterday,
            format="DD/MM/YYYY",
            key=f"ledger_last_{first}",
            width=170,
        )
    refusal(PLACE, "last")
    return first, last if isinstance(last, date) else yesterday


def totals(shown: Preview) -> None:
    """What the books hold in this period."""
    lines = [f"| {_('In this period')} | {_('How many')} | {_('Amount')} |", "| --- | --: | --: |"]
    for name, count, cents in told(shown.controls):
        counted = "" if count is None else number(count)
        lines.append(f"| {name} | {counted} | {'' if cents is None else euro(cents)} |")
    st.markdown("\n".join(lines))
    if shown.controls.late:
        st.info(
            ngettext(
                "{count} entry lies before this period and came in after its export; it goes along as a correction.",
                "{count} entries lie before this period and came in after its export; they go along as corrections.",
                shown.controls.late,
            ),
            icon=":material/update:",
        )


def export_button(first: date, last: date, *, is_off: bool) -> None:
    """Export the period; the lines are checked against these totals first."""
    refusal(PLACE)
    st.button(
        _("Export this period"),
        key="export_ledger",
        type="primary",
        icon=":material/output:",
        disabled=is_off,
        on_click=attempt,
        args=(PLACE, partial(_make, first, last)),
        kwargs={
            "done": _("The period has been exported: its file is below. The lines agree with the totals to the cent.")
        },
    )


def _make(first: date, last: date, db: Db, actor: Actor) -> int:
    return ledger.make(db, actor, first, last)


def export(row: ExportRow, *, is_finance: bool) -> None:
    """An export: its days, who made it, its total, its files, and what came in too late for it."""
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{short_day(row.first_day)} – {short_day(row.last_day)}**", width="content")
            st.markdown(f"**{euro(row.debit_cents)}**", width="content")
        count = ngettext("{count} ledger line", "{count} ledger lines", row.lines)
        st.caption(f"{count} · {moment(row.made_at)} · {cards.plain(row.made_by)}")
        if row.withdrawn_at is not None:
            st.badge(_("Withdrawn"), color="gray")
            st.caption(f"{moment(row.withdrawn_at)} · {cards.plain(row.withdrawn_by)}")
            return
        if row.late:
            st.warning(
                ngettext(
                    "{count} entry of these days came in later; it goes along with the next period.",
                    "{count} entries of these days came in later; they go along with the next period.",
                    row.late,
                ),
                icon=":material/update:",
            )
        with st.container(horizontal=True, gap="small"):
            for kind, icon in (("csv", ":material/csv:"), ("xlsx", ":material/table:")):
                address = f"/download/ledger/{row.export_id}.{kind}"
                st.link_button(kind.upper(), address, key=f"ledger_{kind}_{row.export_id}", icon=icon)
            if row.is_last and is_finance:
                st.button(
                    _("Withdraw"),
                    key=f"withdraw_{row.export_id}",
                    type="tertiary",
                    icon=":material/undo:",
                    on_click=open_dialog,
                    args=("withdraw_ledger", row.export_id),
                )


def dialog(rows: Sequence[ExportRow]) -> None:
    """The question before an export is withdrawn."""
    row = next((each for each in rows if each.export_id == dialog_subject("withdraw_ledger")), None)
    if row is None:
        return

    @st.dialog(_("Withdraw this export?"), icon=":material/undo:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(_("Only when bookkeeping has not taken it in: its entries then go into the next export."))
        refusal("withdraw")
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Cancel"), key="keep_export", on_click=close_dialog)
            st.button(
                _("Withdraw"),
                key="do_withdraw",
                type="primary",
                on_click=attempt,
                args=("withdraw", lambda db, actor: ledger.recall(db, actor, row.export_id)),
                kwargs={"done": _("The export has been withdrawn.")},
            )

    ask()
