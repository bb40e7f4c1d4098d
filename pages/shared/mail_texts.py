"""Editing the texts of mails: the boxes, what they may fill in, a preview on a real example, the history."""

from difflib import unified_diff

import streamlit as st

from core.db import Db, read
from core.errors import DomainError
from core.i18n import _, moment, say
from core.labels import label
from core.mail.catalogue import ENTRIES, MEANINGS, NOT_EDITABLE, placeholders
from core.mail.routing import ROUTES
from core.mail.versions import Draft
from core.queries import mail_texts as queries
from core.queries.accounts import SignedIn
from core.queries.mail_texts import MailTexts, TextRow
from core.services import mail_texts as services
from core.vocabulary import Actor, CoordinatorRole, Language
from pages.shared import cards, routing
from pages.shared.feedback import attempt, refusal


def draw(signed_in: SignedIn) -> None:
    """One mail in one language: its boxes at the left, what it looks like at the right."""
    with read() as db:
        edited = set(queries.edited_names(db, signed_in.actor))
        found = queries.examples(db, signed_in.actor)
    names = [name for name in ENTRIES if name not in NOT_EDITABLE]
    choice, tongue = st.columns([3, 1], vertical_alignment="bottom")
    language = tongue.segmented_control(
        _("Language"), list(Language), default=Language.DUTCH, required=True, format_func=label, key="text_language"
    )
    name = choice.selectbox(
        _("Mail"),
        names,
        format_func=lambda each: (
            f"{label(ENTRIES[each].topic)} · {_(ENTRIES[each].title)}"
            + (f" ({_('edited')})" if (each, language) in edited else "")
        ),
        key="text_name",
    )
    with read() as db:
        texts = queries.texts(db, signed_in.actor, name, language)
    st.caption(_(ENTRIES[name].moment))
    if texts.failed:
        st.error(_("This text could not be filled in lately: the standard text left instead."), icon=":material/error:")
    boxes, shown = st.columns(2, gap="medium")
    key = f"{name}_{language}_{texts.version}"
    with boxes:
        draft = _boxes(key, name, language, texts, disabled=signed_in.coordinator_role is CoordinatorRole.READER)
    with shown:
        _preview(name, language, draft, signed_in, chosen=routing.example(found, key="text_example"))
    _history(name, language, texts, disabled=signed_in.coordinator_role is CoordinatorRole.READER)


def _boxes(key: str, name: str, language: Language, texts: MailTexts, *, disabled: bool) -> Draft:
    own, place = texts.draft, f"text_{name}"
    subject = st.text_input(_("Subject of the mail"), own.subject, key=f"subject_{key}", disabled=disabled)
    refusal(place, "subject")
    text = st.text_area(_("Text"), own.text, key=f"body_{key}", height=420, disabled=disabled)
    refusal(place, "text")
    is_own = st.toggle(
        _("Edit the HTML too"),
        value=own.html is not None and texts.is_edited,
        key=f"own_html_{key}",
        disabled=disabled,
    )
    html = None
    if is_own:
        html = st.text_area(
            _("HTML"), own.html or texts.code.html or "", key=f"html_{key}", height=300, disabled=disabled
        )
        refusal(place, "html")
    st.caption(_("Greeting and «Kind regards, The CNO team» are added by themselves."))
    draft = Draft(subject or "", text or "", html)
    refusal(place)
    st.button(
        _("Save"),
        key=f"save_{key}",
        type="primary",
        icon=":material/save:",
        disabled=disabled,
        on_click=attempt,
        args=(place, lambda db, actor: _save(db, actor, key, name, language, texts.version)),
        kwargs={"done": _("Saved. The text holds from the next mail on.")},
    )
    with st.expander(_("What you can fill in")):
        for each in sorted(placeholders(name) & MEANINGS.keys()):
            st.markdown(f"`{{{{ {each} }}}}` – {_(MEANINGS[each])}")
    return draft


def _save(db: Db, actor: Actor, key: str, name: str, language: Language, seen: int) -> int:  # noqa: PLR0917 - a form
    """Save what stands in the boxes now."""
    kept = st.session_state
    html = kept.get(f"html_{key}") if kept.get(f"own_html_{key}") else None
    draft = Draft(kept[f"subject_{key}"] or "", kept[f"body_{key}"] or "", html)
    return services.save(db, actor, name, language, draft, seen=seen)


def _preview(name: str, language: Language, draft: Draft, signed_in: SignedIn, *, chosen: int | None) -> None:
    """What an addressee would get; what is wrong with the draft, while it is being written."""
    route = ROUTES[name]
    addressee = st.segmented_control(
        _("Goes to"),
        [*route.to, *route.also],
        default=route.to[0],
        required=True,
        format_func=label,
        key=f"text_to_{name}",
    )
    try:
        with read() as db:
            filled = queries.facts(db, signed_in.actor, chosen, language) | {"to": addressee.value}
            shown = queries.preview(db, signed_in.actor, name, language, draft, filled=filled)
    except DomainError as refused:
        st.error(cards.plain(say(refused)), icon=":material/error:")
        return
    with st.container(border=True):
        st.markdown(f"**{cards.plain(shown.subject)}**")
        look, plain = st.tabs([_("As HTML"), _("As text")])
        look.html(shown.html)
        plain.code(shown.text, language=None, wrap_lines=True)


def _history(name: str, language: Language, texts: MailTexts, *, disabled: bool) -> None:
    """Every version with who and when, its difference with what holds now, and the ways back."""
    st.subheader(_("History"), anchor=False)
    if not texts.versions:
        st.caption(_("This mail has its standard text; nobody changed it."))
        return
    place = f"history_{name}"
    refusal(place)
    if texts.is_edited:
        st.button(
            _("Back to the standard text"),
            key=f"reset_{name}_{language}",
            icon=":material/restart_alt:",
            disabled=disabled,
            on_click=attempt,
            args=(place, lambda db, actor: services.reset(db, actor, name, language, seen=texts.version)),
            kwargs={"done": _("The standard text holds again.")},
        )
    for row in texts.versions:
        with st.expander(_heading(row, texts.version)):
            draft = row.draft or texts.code
            st.code(_difference(draft, texts.draft) or _("The same as what holds now."), language="diff")
            if row.draft is not None and row.version != texts.version:
                st.button(
                    _("Back to this version"),
                    key=f"restore_{name}_{language}_{row.version}",
                    icon=":material/history:",
                    disabled=disabled,
                    on_click=attempt,
                    args=(
                        place,
                        lambda db, actor, row=row: services.restore(
                            db, actor, name, language, row.version, seen=texts.version
                        ),
                    ),
                    kwargs={"done": _("The older text holds again.")},
                )


def _heading(row: TextRow, present: int) -> str:
    text = _("Version {version} · {name} · {moment}").format(
        version=row.version, name=cards.plain(row.author), moment=moment(row.created_at)
    )
    if row.draft is None:
        text += f" · {_('back to the standard text')}"
    elif row.restored_from is not None:
        text += f" · {_('back to version {version}').format(version=row.restored_from)}"
    return f"{text} · {_('holds now')}" if row.version == present else text


def _difference(old: Draft, new: Draft) -> str:
    """Line by line what the present text has otherwise."""
    lines = [f"{draft.subject}\n\n{draft.text}\n\n{draft.html or ''}".rstrip().splitlines() for draft in (old, new)]
    return "\n".join(list(unified_diff(*lines, lineterm="", n=1))[2:])
