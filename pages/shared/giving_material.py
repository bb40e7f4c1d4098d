"""The files of one course, for who gives them: add, name, date, order, replace, remove, put back."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.db import Db, read
from core.i18n import _, day, moment, short_day
from core.queries import material
from core.queries.material import Managed
from core.services import material as services
from core.services.material import Values
from core.vocabulary import Actor
from pages.shared import access, cards, materials, uploading
from pages.shared.feedback import attempt, close_dialog, dialog_subject, flash, open_dialog, refusal

PLACE, CHANGING, REPLACING = "material", "material_change", "material_replace"
_REFUSED = "_material_refused"
Days = Sequence[tuple[int, str]]
Acting = Callable[[], Actor]


def draw(actor: Actor, course_id: int, *, may_change: bool = True, acting: Acting = access.actor) -> None:
    """All files of a course, and what can be done with them; `acting` says for whom, afresh at each click."""
    with read() as db:
        found = material.of_course(db, actor, course_id)
        days = [(day_id, day(held_on)) for day_id, held_on in material.days_of(db, actor, course_id)]
    standing = [row for row in found if row.removed_at is None]
    if may_change:
        uploading.box(f"upload_{course_id}", course_id, _came)
    st.caption(
        _("Participants, and the institution that pays for them, find these files in their portal, until a file ends.")
    )
    refusal(PLACE)
    for sentence in st.session_state.pop(_REFUSED, ()):
        st.error(cards.plain(sentence), icon=":material/error:")
    if not standing:
        st.info(_("This course has no material yet."), icon=":material/folder_open:")
    for row in standing:
        _line(row, is_first=row is standing[0], is_last=row is standing[-1], acting=acting if may_change else None)
    gone = [row for row in found if row.removed_at is not None]
    if gone and may_change:
        with st.expander(_("Removed"), icon=":material/delete:"):
            st.caption(
                _("What was removed or replaced can be put back for {days} days.").format(days=material.PUT_BACK_DAYS)
            )
            for row in gone:
                _removed(row, acting)
    _change_dialog(standing, days, acting)
    _replace_dialog(standing, course_id)


def _came(refused: tuple[str, ...]) -> None:
    flash(_("The course has new material."))
    st.session_state[_REFUSED] = refused
    close_dialog()


def _facts(row: Managed) -> str:
    dates = ""
    if row.visible_from and row.visible_until:
        dates = _("visible from {first} until {last}").format(
            first=short_day(row.visible_from), last=short_day(row.visible_until)
        )
    elif row.visible_from:
        dates = _("visible from {first}").format(first=short_day(row.visible_from))
    elif row.visible_until:
        dates = _("visible until {last}").format(last=short_day(row.visible_until))
    facts = (cards.plain(row.filename), materials.size(row.size), day(row.held_on) if row.held_on else "", dates)
    return " · ".join(filter(None, facts))


def _line(row: Managed, *, is_first: bool, is_last: bool, acting: Acting | None) -> None:
    identity = row.material_id
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(gap="xxsmall", width="stretch"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f":material/draft: **{cards.plain(row.title)}**", width="content")
                if not row.is_visible:
                    st.badge(_("not visible now"), icon=":material/visibility_off:", color="gray")
            st.caption(_facts(row))
        with st.container(horizontal=True, width="content"):
            st.link_button(
                _("Open"), f"/download/material/{identity}", key=f"material_{identity}", icon=":material/download:"
            )
            if acting is None:
                return
            _move(identity, acting, earlier=True, is_off=is_first)
            _move(identity, acting, earlier=False, is_off=is_last)
            st.button(
                _("Change"),
                key=f"change_{identity}",
                icon=":material/edit:",
                on_click=open_dialog,
                args=(CHANGING, identity),
            )
            st.button(
                _("Replace the file"),
                key=f"replace_{identity}",
                icon=":material/swap_horiz:",
                on_click=open_dialog,
                args=(REPLACING, identity),
            )
            st.button(
                "",
                key=f"remove_{identity}",
                icon=":material/delete:",
                help=_("Remove; it can be put back"),
                on_click=attempt,
                args=(PLACE, lambda db, _actor: services.remove(db, acting(), identity)),
                kwargs={"done": lambda title: _("«{title}» was removed.").format(title=title)},
            )


def _move(identity: int, acting: Acting, *, earlier: bool, is_off: bool) -> None:
    st.button(
        "",
        key=f"{'up' if earlier else 'down'}_{identity}",
        icon=":material/arrow_upward:" if earlier else ":material/arrow_downward:",
        help=_("Show it earlier") if earlier else _("Show it later"),
        disabled=is_off,
        on_click=attempt,
        args=(PLACE, lambda db, _actor: services.move(db, acting(), identity, earlier=earlier)),
    )


def _removed(row: Managed, acting: Acting) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        when = moment(row.removed_at) if row.removed_at else ""
        st.markdown(f":gray[{cards.plain(row.title)} · {cards.plain(row.filename)} · {when}]", width="content")
        st.button(
            _("Put back"),
            key=f"back_{row.material_id}",
            icon=":material/undo:",
            on_click=attempt,
            args=(PLACE, lambda db, _actor: services.put_back(db, acting(), row.material_id)),
            kwargs={"done": lambda title: _("«{title}» is there again.").format(title=title)},
        )


def _change_dialog(rows: Sequence[Managed], days: Days, acting: Acting) -> None:
    subject = dialog_subject(CHANGING)
    row = next((row for row in rows if row.material_id == subject), None)
    if row is None:
        return
    names: dict[int | None, str] = {None: _("The whole course")} | dict(days)

    def save(db: Db, _actor: Actor) -> None:
        state = st.session_state
        values = Values(state["material_title"], state["material_day"], state["material_from"], state["material_until"])
        services.change(db, acting(), row.material_id, values)

    @st.dialog(_("Change this file"), icon=":material/edit:", on_dismiss=close_dialog)
    def ask() -> None:
        st.text_input(_("Title"), row.title, key="material_title", max_chars=200)
        refusal(CHANGING, "title")
        options = list(names)
        st.selectbox(
            _("Belongs to"),
            options,
            index=options.index(row.day_id) if row.day_id in names else 0,
            format_func=names.get,
            key="material_day",
        )
        first, last = st.columns(2)
        first.date_input(_("Visible from"), row.visible_from, key="material_from", format="DD/MM/YYYY")
        last.date_input(_("Visible until"), row.visible_until, key="material_until", format="DD/MM/YYYY")
        refusal(CHANGING, "visible_until")
        st.caption(_("Leave a date empty when there is no limit."))
        refusal(CHANGING)
        st.button(
            _("Save"),
            key="save_material",
            type="primary",
            icon=":material/save:",
            on_click=attempt,
            args=(CHANGING, save),
            kwargs={"done": _("The file has been changed.")},
        )

    ask()


def _replace_dialog(rows: Sequence[Managed], course_id: int) -> None:
    subject = dialog_subject(REPLACING)
    row = next((row for row in rows if row.material_id == subject), None)
    if row is None:
        return

    @st.dialog(_("Replace this file"), icon=":material/swap_horiz:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(f"**{cards.plain(row.title)}** ({cards.plain(row.filename)})")
        st.caption(_("The new file keeps the title, the day and the dates. The old one can be put back."))
        uploading.box(f"replace_box_{row.material_id}", course_id, _came, replaces_id=row.material_id)

    ask()
