"""The control on the screen: running it with a progress bar, each check, and what does not add up in words."""

from datetime import date

import streamlit as st

from core.db import read, write
from core.i18n import _, moment, number, short_day
from core.labels import label
from core.money import euro
from core.queries import control
from core.queries.control import FindingRow
from core.services import control as services
from core.vocabulary import Actor, ControlKind, FileKind
from pages.shared import cards, note_list, paging

_WANTED = "_control_wanted"


def run(actor: Actor) -> None:
    """The two buttons; a run that is left goes on from where it was."""
    with st.container(horizontal=True, gap="small"):
        st.button(_("Look at what is new"), key="control_new", icon=":material/update:", on_click=_want, args=(False,))
        st.button(
            _("Look at everything"), key="control_all", icon=":material/fact_check:", on_click=_want, args=(True,)
        )
    is_full = st.session_state.pop(_WANTED, None)
    if is_full is None:
        return
    with write() as db:
        run_id = services.begin(db, actor, is_full=is_full)
    text = _("The books are looked at … You may leave this page: it goes on from here another time.")
    bar = st.progress(0.0, text)
    is_finished = False
    while not is_finished:
        with read() as db:
            batch = control.look(db, run_id)
        with write() as db:
            is_finished = services.keep(db, actor, run_id, batch)
        bar.progress(min(batch.share, 1.0), f"{text} {number(round(batch.share * 100))} %")
    bar.empty()


def _want(is_full: bool) -> None:
    """Callback: the script runs it, so that it can show how far it is."""
    st.session_state[_WANTED] = is_full


def check(kind: ControlKind, count: int, *, is_open: bool, was_looked: bool) -> None:
    """One check: green, or how many do not add up and the way to them."""
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{label(kind)}**")
            st.caption(_meaning(kind))
        if count:
            st.button(
                f"{number(count)} · {_('Hide') if is_open else _('View')}",
                key=f"control_{kind}",
                icon=":material/error:",
                type="primary",
                on_click=_open,
                args=(None if is_open else kind,),
            )
        elif was_looked:
            st.badge(_("in order"), icon=":material/check_circle:", color="green")


def _open(kind: ControlKind | None) -> None:
    st.session_state["wat"] = kind
    paging.first("control_page")


def _meaning(kind: ControlKind) -> str:
    return {
        ControlKind.GAP: _("Every number of every series belongs to a note."),
        ControlKind.CHAIN: _("Nothing of a note was changed, and no note was put between two others."),
        ControlKind.LINES: _("The lines and amounts that lists use are those of the frozen note."),
        ControlKind.NO_FILE: _("Every note has its PDF within the hour."),
        ControlKind.FILE_HASH: _("Every stored file is byte for byte what it was."),
        ControlKind.NO_MAIL: _("Every note was mailed to somebody."),
        ControlKind.OVER_PAID: _("Nobody's payments exceed the note: what is more is kept as credit."),
        ControlKind.OVER_CREDITED: _("The credit notes of a note do not exceed it."),
        ControlKind.BANK_LINE: _("Of a bank line not more is placed than it holds, and the rest waits."),
        ControlKind.BALANCE: _("What is open by the lists is what the notes and payments say."),
        ControlKind.GUARD: _("The database refuses every change of what was issued."),
    }[kind]


def finding(row: FindingRow) -> None:
    """Something that does not add up, in words, and the way to its note."""
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(cards.plain(words(row)))
            st.caption(_("found on {moment}").format(moment=moment(row.found_at)))
        if row.note_id is not None:
            note_list.link(row.note_id, _("Open this note"))


def words(row: FindingRow) -> str:
    """What does not add up, as one sentence."""
    facts = dict(row.facts)
    if "cents" in facts:
        facts["cents"] = euro(facts["cents"])
    if "placed" in facts:
        facts["placed"] = euro(facts["placed"])
    if "on" in facts:
        facts["on"] = short_day(date.fromisoformat(facts["on"]))
    if "file" in facts:
        facts["file"] = label(FileKind(facts["file"]))
    sentences = {
        ControlKind.GAP: _("Series {series}: no note has the numbers {first} to {last}."),
        ControlKind.CHAIN: _("{number}: its contents were changed, or a note before it was."),
        ControlKind.LINES: _("{number}: its lines or amounts differ from the frozen note."),
        ControlKind.NO_FILE: _("{number} has no PDF."),
        ControlKind.FILE_HASH: _("{number}: the stored file «{file}» was changed."),
        ControlKind.NO_MAIL: _("{number} was mailed to nobody. Has its payer an address?"),
        ControlKind.OVER_PAID: _("{number}: the payments exceed it by {cents}."),
        ControlKind.OVER_CREDITED: _("{number}: the credit notes exceed it by {cents}."),
        ControlKind.BANK_LINE: _("The bank line of {name} of {on} holds {cents}, and {placed} is placed."),
        ControlKind.BALANCE: _("{number}: what is open by the lists differs from the notes and payments."),
        ControlKind.GUARD: _("The guard «{name}» is missing in the database. Warn whoever looks after it."),
    }
    return sentences[row.kind].format(**facts)
