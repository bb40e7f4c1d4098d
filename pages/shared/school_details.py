"""The forms of «Onze gegevens»."""

import streamlit as st

from core.db import Db
from core.i18n import _
from core.labels import label
from core.queries.institutions import OwnInstitution
from core.services import institutions
from core.services.institutions import MOST_BILLING_ADDRESSES, Contact
from core.vocabulary import Actor, NoteGrouping, PayerPolicy
from pages.shared import cards, forms
from pages.shared.decided import decided
from pages.shared.feedback import attempt, refusal

_FREE_ROWS = 1


def _start(key: str, value: str) -> None:
    st.session_state.setdefault(key, value)


def numbers(own: OwnInstitution) -> None:
    """Telephone, institution number and KBO number, checked."""

    def save(db: Db, actor: Actor) -> None:
        state = st.session_state
        institutions.change_numbers(
            db, actor, phone=state["own_phone"], number=state["own_number"], kbo=state["own_kbo"]
        )

    with st.container(border=True):
        st.subheader(_("Numbers"), anchor=False)
        forms.phone(_("Telephone"), own.phone, key="own_phone")
        forms.text(_("Institution number"), own.number or "", key="own_number", longest=10, placeholder="123456")
        refusal("numbers", "number")
        forms.text(_("KBO number"), own.kbo or "", key="own_kbo", longest=20, placeholder="0123.456.789")
        refusal("numbers", "kbo")
        refusal("numbers")
        st.button(
            _("Save the numbers"),
            key="save_numbers",
            icon=":material/save:",
            on_click=attempt,
            args=("numbers", save),
            kwargs={"done": _("The numbers have been saved.")},
        )


def policy(own: OwnInstitution) -> None:
    """«Personeel mag ons als betaler kiezen»: yes, after approval, no."""

    def save(db: Db, actor: Actor) -> None:
        institutions.change_policy(db, actor, PayerPolicy(st.session_state["own_policy"]))

    meanings = {
        PayerPolicy.ALLOWED: _("At once: you get the confirmation and have a week to react."),
        PayerPolicy.APPROVAL: _("You approve each question within the week; without an answer the person pays."),
        PayerPolicy.FORBIDDEN: _("Colleagues cannot choose you; you still enrol them yourself."),
    }
    policies = list(PayerPolicy)
    with st.container(border=True):
        st.subheader(_("May staff choose us as payer?"), anchor=False)
        st.radio(
            _("May staff choose us as payer?"),
            policies,
            index=policies.index(own.payer_policy),
            format_func=label,
            captions=[meanings[each] for each in policies],
            key="own_policy",
            label_visibility="collapsed",
        )
        refusal("policy")
        st.button(
            _("Save the choice"),
            key="save_policy",
            icon=":material/save:",
            on_click=attempt,
            args=("policy", save),
            kwargs={"done": _("Your choice has been saved. It holds for new enrolments.")},
        )


def grouping(own: OwnInstitution) -> None:
    """What stands on one debit note: an enrolment, or all that fall due on a day or in a month."""

    def save(db: Db, actor: Actor) -> None:
        institutions.change_grouping(db, actor, NoteGrouping(st.session_state["own_grouping"]))

    choices = list(NoteGrouping)
    with st.container(border=True):
        st.subheader(_("How many debit notes?"), anchor=False)
        st.radio(
            _("How many debit notes?"),
            choices,
            index=choices.index(own.note_grouping),
            format_func=label,
            captions=groupings(),
            key="own_grouping",
            label_visibility="collapsed",
        )
        st.caption(
            _(
                "On a note for several enrolments each has a line of its own, with one payment reference. Enrolments "
                "with another reference of yours stand on a note apart. A participant only sees the own line."
            )
        )
        refusal("grouping")
        st.button(
            _("Save the grouping"),
            key="save_grouping",
            icon=":material/save:",
            on_click=attempt,
            args=("grouping", save),
            kwargs={"done": _("Your choice has been saved. It holds for all that has no debit note yet.")},
        )


def groupings() -> list[str]:
    """What each way of grouping means, in the order of its members."""
    days = decided().debit_note_after_days
    meanings = {
        NoteGrouping.ENROLMENT: _("Each leaves {days} days after the enrolment, with its own payment reference."),
        NoteGrouping.DAY: _("What was enrolled {days} days ago leaves together, on one note."),
        NoteGrouping.MONTH: _("It leaves on the last day of the month, for all enrolled {days} days ago or longer."),
    }
    return [meanings[each].format(days=days) for each in NoteGrouping]


def billing(own: OwnInstitution, account_email: str) -> None:
    """Where debit and credit notes go, and what stands on them (R35)."""
    rows = min(MOST_BILLING_ADDRESSES, len(own.billing_addresses) + _FREE_ROWS)

    def save(db: Db, actor: Actor) -> None:
        state = st.session_state
        institutions.change_billing(
            db,
            actor,
            name=state["own_billing_name"],
            addresses=[state[f"own_billing_{row}"] for row in range(rows)],
            reference=state["own_billing_reference"],
        )

    def forget(_result: object) -> None:
        for row in range(MOST_BILLING_ADDRESSES):
            st.session_state.pop(f"own_billing_{row}", None)

    with st.container(border=True, height="stretch"):
        st.subheader(_("Debit and credit notes"), anchor=False)
        st.caption(
            _("Debit and credit notes go to these addresses; without one to {address}.").format(
                address=cards.plain(account_email)
            )
        )
        for row in range(rows):
            known = own.billing_addresses[row] if row < len(own.billing_addresses) else ""
            _start(f"own_billing_{row}", known)
            forms.email(
                _("Billing address {number}").format(number=row + 1), key=f"own_billing_{row}", autocomplete="off"
            )
            refusal("billing", f"billing_{row}")
            if known in own.refusing_addresses:
                st.caption(f":material/unsubscribe: {_('This address refuses our mail.')}")
        forms.text(_("Name on the note (if another than yours)"), own.billing_name, key="own_billing_name", longest=200)
        forms.text(
            _("Your usual reference (order number, cost centre)"),
            own.billing_reference,
            key="own_billing_reference",
            longest=100,
        )
        refusal("billing")
        st.button(
            _("Save where notes go"),
            key="save_billing",
            icon=":material/save:",
            on_click=attempt,
            args=("billing", save),
            kwargs={"done": _("Saved. A mail to your account's address confirms it."), "then": forget},
        )


def contacts(own: OwnInstitution, institution_id: int | None = None) -> None:
    """Whom CNO can call or write to; `institution_id` for a coordinator, who changes those of any institution."""
    prefix = "contact" if institution_id is None else f"contact_{institution_id}"
    rows = len(own.contacts) + _FREE_ROWS

    def save(db: Db, actor: Actor) -> None:
        state = st.session_state
        institutions.change_contacts(
            db,
            actor,
            [
                Contact(
                    state[f"{prefix}_name_{row}"],
                    state[f"{prefix}_function_{row}"],
                    state[f"{prefix}_email_{row}"],
                    state[f"{prefix}_phone_{row}"],
                )
                for row in range(rows)
            ],
            institution_id=institution_id,
        )

    def forget(_result: object) -> None:
        for key in [key for key in st.session_state if str(key).startswith(f"{prefix}_")]:
            st.session_state.pop(key)

    with st.container(border=True):
        st.subheader(_("Contact persons"), anchor=False)
        st.caption(_("Whom may we call or write to? Empty a row to remove it."))
        for row in range(rows):
            if row:
                st.space("small")
            known = own.contacts[row] if row < len(own.contacts) else None
            name, function, email, phone = st.columns(4)
            for key, value in (
                ("name", known.name if known else ""),
                ("function", known.function if known else ""),
                ("email", known.email if known else ""),
                ("phone", known.phone if known else ""),
            ):
                _start(f"{prefix}_{key}_{row}", value)
            with name:
                forms.text(_("Name"), key=f"{prefix}_name_{row}", longest=200)
            with function:
                forms.text(_("Function"), key=f"{prefix}_function_{row}", longest=100)
            with email:
                forms.email(_("E-mail address"), key=f"{prefix}_email_{row}", autocomplete="off")
            with phone:
                forms.phone(_("Telephone"), key=f"{prefix}_phone_{row}")
            refusal("contacts", f"contact_{row}")
        refusal("contacts")
        st.button(
            _("Save the contact persons"),
            key="save_contacts",
            icon=":material/save:",
            on_click=attempt,
            args=("contacts", save),
            kwargs={"done": _("The contact persons have been saved."), "then": forget},
        )
