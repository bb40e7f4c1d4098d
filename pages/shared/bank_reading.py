"""Reading bank files: choose several, how far it is, and what each gave."""

import streamlit as st

from core.db import write
from core.errors import DomainError
from core.i18n import _, ngettext, say
from core.queries.payments import sentence
from core.rules.proposals import Reason
from core.services import bank_files
from core.services.bank_files import Taken
from pages.shared import access, cards, mishaps

MOST_MEGABYTES = 20
_WANTED, _SERIAL, _TAKEN = "_bank_wanted", "_bank_serial", "_bank_taken"


def draw() -> None:
    """The box to upload in, and what the files of just now gave."""
    with st.container(border=True):
        files = st.file_uploader(
            _("Bank files: CODA, or camt.052, 053 or 054"),
            accept_multiple_files=True,
            max_upload_size=MOST_MEGABYTES,
            key=f"bank_files_{st.session_state.get(_SERIAL, 0)}",
        )
        st.button(
            _("Read in"),
            key="read_bank_files",
            type="primary",
            icon=":material/account_balance:",
            disabled=not files,
            on_click=_want,
        )
        if files and st.session_state.pop(_WANTED, False):
            _read_all([(file.name, file.getvalue()) for file in files])
        for taken in st.session_state.get(_TAKEN, ()):
            _tell(taken)


def _want() -> None:
    """Callback: the script reads the files, so that it can show how far it is."""
    st.session_state[_WANTED] = True


def _read_all(files: list[tuple[str, bytes]]) -> None:
    """Each file in a transaction of its own: one that is refused does not stop the others."""
    found: list[Taken | tuple[str, str]] = []
    text = _("The files are read …")
    bar = st.progress(0.0, text)
    for position, (name, content) in enumerate(files):
        found.append(_read(name, content, lambda share, at=position: bar.progress((at + share) / len(files), text)))
    st.session_state[_TAKEN] = found
    st.session_state[_SERIAL] = st.session_state.get(_SERIAL, 0) + 1
    st.rerun()


def _read(name: str, content: bytes, tell: bank_files.Tell) -> Taken | tuple[str, str]:
    """What a file gave; its name and a sentence when it was refused or broke."""
    try:
        actor = access.actor()
        with write() as db:
            return bank_files.take_in(db, actor, name, content, tell)
    except DomainError as refused:
        return name, say(refused)
    except Exception:  # one broken file must not hide what the others gave
        return name, mishaps.report("payments")


def _tell(taken: Taken | tuple[str, str]) -> None:
    if isinstance(taken, tuple):
        name, refused = taken
        st.error(f"**{cards.plain(name)}** {cards.plain(refused)}", icon=":material/error:")
        return
    name = f"**{cards.plain(taken.name)}**"
    if taken.is_known:
        st.info(f"{name} {_('This file was read before: nothing was added.')}", icon=":material/info:")
        return
    parts = [
        ngettext("{count} new line", "{count} new lines", taken.added),
        ngettext("{count} placed by itself", "{count} placed by themselves", taken.placed),
        ngettext("{count} waits for you", "{count} wait for you", taken.waiting),
    ]
    if taken.lines > taken.added:
        parts.append(ngettext("{count} known already", "{count} known already", taken.lines - taken.added))
    st.success(f"{name} {' · '.join(parts)}", icon=":material/check_circle:")
    for doubt in taken.doubts:
        said = sentence(Reason(doubt.message, doubt.fields))
        st.warning(f"{name} {cards.plain(said)}", icon=":material/warning:")
