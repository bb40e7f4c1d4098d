"""Views that a coordinator keeps of a list: open one, keep the present choice, remove one."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from core.db import Db
from core.i18n import _
from core.queries.saved_views import View
from core.services import saved_views as services
from core.vocabulary import Actor
from pages.shared import cards, forms
from pages.shared.address import Choices
from pages.shared.feedback import attempt, refusal


def draw(
    place: str,
    choices: Choices,
    ready_made: Mapping[str, Mapping[str, Sequence[str]]],
    kept: Sequence[View],
    first_page: Callable[[], None],
) -> None:
    """The menu of views: those that come with the list, the own ones, and a box to keep what is chosen now."""

    def show(codes: Mapping[str, Sequence[str]]) -> None:
        for name, choice in choices.items():
            st.session_state[name] = choice.read(list(codes.get(name, [])))
        first_page()

    def keep(db: Db, actor: Actor) -> int:
        now = {name: choice.write(st.session_state.get(name)) for name, choice in choices.items()}
        chosen = {name: codes for name, codes in now.items() if codes}
        return services.save(db, actor, place, str(st.session_state.get("view_name") or ""), chosen)

    with st.popover(_("Views"), icon=":material/bookmark:"):
        for number, (name, codes) in enumerate(ready_made.items()):
            st.button(name, key=f"view_{number}", type="tertiary", on_click=show, args=(codes,))
        if kept:
            st.markdown(f"**{_('My own views')}**")
        for view in kept:
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.button(
                    cards.plain(view.name),
                    key=f"own_view_{view.view_id}",
                    type="tertiary",
                    icon=":material/bookmark:",
                    on_click=show,
                    args=(view.choices,),
                )
                st.button(
                    _("Remove"),
                    key=f"remove_view_{view.view_id}",
                    type="tertiary",
                    icon=":material/delete:",
                    on_click=attempt,
                    args=("view", _removal(view.view_id)),
                )
        st.divider()
        forms.text(_("Keep what is chosen now as"), key="view_name", longest=60, placeholder=_("Name of the view"))
        refusal("view", "view_name")
        refusal("view")
        st.button(
            _("Keep this view"),
            key="keep_view",
            icon=":material/bookmark_add:",
            on_click=attempt,
            args=("view", keep),
            kwargs={"done": _("The view is kept under «Views»."), "then": forms.emptied("view_name")},
        )


def _removal(view_id: int) -> Callable[[Db, Actor], None]:
    return lambda db, actor: services.remove(db, actor, view_id)
