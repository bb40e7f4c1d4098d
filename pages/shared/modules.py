"""The text modules of the inbox: see, change, add, remove."""

import streamlit as st

from core.db import Db, read
from core.i18n import _, moment
from core.labels import label
from core.queries import text_modules as queries
from core.queries.accounts import SignedIn
from core.queries.text_modules import ModuleRow
from core.rules.text_modules import PLACEHOLDERS
from core.services import text_modules as services
from core.vocabulary import Actor, Language
from pages.shared import cards, forms
from pages.shared.feedback import attempt, refusal


def draw(signed_in: SignedIn) -> None:
    """All text modules, and a new one."""
    words = ", ".join(f"`{{{name}}}`" for name in PLACEHOLDERS)
    st.caption(_("Filled in when you insert it: {words}. What is not known becomes «…».").format(words=words))
    with read() as db:
        rows = queries.modules(db, signed_in.actor)
    for row in rows:
        with st.expander(f"{cards.plain(row.title)} · {label(row.language)}", key=f"module_{row.module_id}"):
            _form(row)
    with st.expander(_("New text module"), icon=":material/add:", expanded=not rows, key="module_new"):
        _form(None)


def _form(row: ModuleRow | None) -> None:
    key = f"module_{row.module_id if row else 0}"
    title, text, language = f"{key}_title", f"{key}_text", f"{key}_language"

    def save(db: Db, actor: Actor) -> int:
        return services.save(
            db,
            actor,
            row.module_id if row else None,
            title=forms.kept(title),
            text=forms.kept(text),
            language=st.session_state[language],
        )

    forms.text(_("Name"), row.title if row else "", key=title, longest=80)
    refusal(key, "title")
    st.segmented_control(
        _("Language"),
        list(Language),
        default=row.language if row else Language.DUTCH,
        required=True,
        format_func=label,
        key=language,
    )
    st.text_area(_("Text"), row.text if row else "", key=text, height=160, max_chars=4000)
    refusal(key, "text")
    refusal(key)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Save"),
            key=f"save_{key}",
            type="primary",
            on_click=attempt,
            args=(key, save),
            kwargs={"done": _("The text module has been saved."), "then": None if row else forms.emptied(title, text)},
        )
        if row is None:
            return
        st.button(
            _("Remove"),
            key=f"remove_{key}",
            icon=":material/delete:",
            on_click=attempt,
            args=(key, lambda db, actor: services.remove(db, actor, row.module_id)),
            kwargs={"done": _("The text module has been removed.")},
        )
        st.caption(f"{cards.plain(row.author)} · {moment(row.changed_at)}")
