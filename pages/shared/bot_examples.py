"""Corrections by the team: looked over, then learnt by the bot when it becomes no worse by them."""

import streamlit as st

from core.assistant import learning
from core.db import Db, read
from core.i18n import _, moment
from core.labels import label
from core.queries import measuring
from core.queries.accounts import SignedIn
from core.queries.measuring import ExampleRow
from core.services import examples as services
from core.vocabulary import Actor, ExampleState, Intent
from pages.shared import cards, forms, paging
from pages.shared.feedback import attempt, refusal

_SIZE, _PAGE = 10, "examples_page"


def draw(signed_in: SignedIn) -> None:
    """What waits to be reviewed, then what was decided."""
    st.caption(
        _(
            "Nothing is learnt by itself. Accepting trains a new model and runs all checks, which takes some seconds; "
            "if one fails, the present model stays."
        )
    )
    with read() as db:
        rows, total = measuring.examples(db, signed_in.actor, page=paging.current(_PAGE), size=_SIZE)
    if not rows:
        st.info(_("No corrections yet. «This was wrong» in the inbox makes one."), icon=":material/school:")
    for row in rows:
        with st.container(border=True, gap="xsmall"):
            _example(row)
    paging.pages(total, _SIZE, _PAGE)


def _example(row: ExampleRow) -> None:
    was = label(row.was_intent) if row.was_intent else _("nothing")
    st.caption(
        _("{author}, {moment}: the bot saw «{was}»").format(
            author=cards.plain(row.proposed_by), moment=moment(row.proposed_at), was=was
        )
    )
    if row.state is not ExampleState.PROPOSED:
        st.text(row.text)
        st.badge(f"{label(row.state)} · {label(row.intent)}", color="gray")
        st.caption(cards.plain(row.decided_by))
        return
    intent, text, place = f"intent_of_{row.example_id}", f"text_of_{row.example_id}", f"example_{row.example_id}"
    st.selectbox(_("It asked"), list(Intent), index=list(Intent).index(row.intent), format_func=label, key=intent)
    st.text_area(_("What was said, without names"), row.text, key=text, max_chars=services.LONGEST)
    if row.refused_because:
        st.warning(
            _("Tried, but the bot would become worse: {gates}").format(gates=cards.plain(row.refused_because)),
            icon=":material/warning:",
        )
    refusal(place, "text")
    refusal(place)
    with st.container(horizontal=True):
        st.button(
            _("Accept and train"),
            key=f"accept_{row.example_id}",
            type="primary",
            icon=":material/model_training:",
            on_click=_accept,
            args=(row.example_id, intent, text, place),
        )
        st.button(
            _("Reject"),
            key=f"reject_{row.example_id}",
            on_click=attempt,
            args=(place, lambda db, actor: services.reject(db, actor, row.example_id)),
            kwargs={"done": _("The example has been rejected.")},
        )


def _accept(example_id: int, intent: str, text: str, place: str) -> None:
    """Callback: train and check outside any transaction, then decide."""
    with read() as db:
        learnt = learning.accepted(db)
    trial = learning.tried(learnt, st.session_state[intent], forms.kept(text).strip())

    def accept(db: Db, actor: Actor) -> tuple[str, ...]:
        return services.accept(db, actor, example_id, trial)

    attempt(place, accept, done=_told)


def _told(failures: tuple[str, ...]) -> str:
    if failures:
        return _("Not learnt: the bot would become worse. The present model stays.")
    with read() as db:
        learning.refresh(db)
    return _("Learnt. The bot uses it from the next mail on.")
