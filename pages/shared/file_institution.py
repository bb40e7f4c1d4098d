"""The data of an institution in a coordinator's file: edit, payer policy, billing, contact persons, staff."""

from collections.abc import Sequence

import streamlit as st

from core.db import Db
from core.i18n import _
from core.labels import label
from core.queries.dossiers import LinkRow
from core.queries.institutions import OwnInstitution
from core.services import institutions
from core.services.institutions import MOST_BILLING_ADDRESSES, Data
from core.vocabulary import Actor, Network, NoteGrouping, PayerPolicy
from pages.shared import cards, file_person, forms, school_details
from pages.shared.feedback import attempt, open_dialog, refusal


def data(identity: int, shown: OwnInstitution) -> None:
    """Name, network, address and numbers, in one form."""
    key = f"school_{identity}"

    def save(db: Db, actor: Actor) -> None:
        state = st.session_state
        texts = {name: state[f"{key}_{name}"] for name in ("name", "street", "postcode", "city")}
        institutions.change_data(db, actor, identity, Data(**texts, network=state[f"{key}_network"]))
        institutions.change_numbers(
            db,
            actor,
            phone=state[f"{key}_phone"],
            number=state[f"{key}_number"],
            kbo=state[f"{key}_kbo"],
            institution_id=identity,
        )

    networks = list(Network)
    with st.container(border=True):
        st.subheader(_("Data"), anchor=False)
        forms.text(_("Name"), shown.name, key=f"{key}_name", longest=200)
        refusal("school", "name")
        st.selectbox(
            _("Network"),
            networks,
            index=networks.index(shown.network),
            format_func=label,
            key=f"{key}_network",
        )
        st.text_area(_("Street and number"), shown.street, key=f"{key}_street", height=80, max_chars=200)
        forms.text(_("Postcode"), shown.postcode, key=f"{key}_postcode", longest=12)
        forms.text(_("Town"), shown.city, key=f"{key}_city", longest=100)
        forms.phone(_("Telephone"), shown.phone, key=f"{key}_phone")
        forms.text(_("Institution number"), shown.number or "", key=f"{key}_number", longest=10)
        refusal("school", "number")
        forms.text(_("KBO number"), shown.kbo or "", key=f"{key}_kbo", longest=20)
        refusal("school", "kbo")
        refusal("school")
        st.button(
            _("Save the data"),
            key=f"save_{key}",
            type="primary",
            icon=":material/save:",
            on_click=attempt,
            args=("school", save),
            kwargs={"done": _("The data have been saved.")},
        )


def billing(identity: int, shown: OwnInstitution) -> None:
    """Who may name it as payer (R34), and where its notes go (R35); its account is told of every change."""
    key = f"pays_{identity}"

    def save(db: Db, actor: Actor) -> None:
        state = st.session_state
        institutions.change_policy(db, actor, state[f"{key}_policy"], institution_id=identity)
        institutions.change_grouping(db, actor, state[f"{key}_grouping"], institution_id=identity)
        institutions.change_billing(
            db,
            actor,
            name=state[f"{key}_name"],
            addresses=state[f"{key}_addresses"].splitlines(),
            reference=state[f"{key}_reference"],
            institution_id=identity,
        )

    policies, choices = list(PayerPolicy), list(NoteGrouping)
    with st.container(border=True):
        st.subheader(_("Paying"), anchor=False)
        st.selectbox(
            _("May staff name the institution as payer?"),
            policies,
            index=policies.index(shown.payer_policy),
            format_func=label,
            key=f"{key}_policy",
        )
        st.text_area(
            _("Billing addresses, one a line"),
            "\n".join(shown.billing_addresses),
            key=f"{key}_addresses",
            height=90,
            help=_("Debit and credit notes go to these addresses; without one to the account's own."),
        )
        if shown.refusing_addresses:
            refused = ", ".join(cards.plain(address) for address in shown.refusing_addresses)
            st.caption(f":material/unsubscribe: {_('Refuses our mail: {addresses}').format(addresses=refused)}")
            st.button(
                _("The address works again"),
                key=f"{key}_works",
                icon=":material/check:",
                on_click=attempt,
                args=(
                    "pays",
                    lambda db, actor: institutions.trust_billing_again(db, actor, institution_id=identity),
                ),
                kwargs={"done": _("Saved. Notes go to this address again.")},
            )
        for row in range(MOST_BILLING_ADDRESSES + 1):
            refusal("pays", f"billing_{row}")
        forms.text(_("Name on the note (if another)"), shown.billing_name, key=f"{key}_name", longest=200)
        st.selectbox(
            _("How many debit notes?"),
            choices,
            index=choices.index(shown.note_grouping),
            format_func=label,
            key=f"{key}_grouping",
            help=" ".join(school_details.groupings()),
        )
        forms.text(_("Usual reference"), shown.billing_reference, key=f"{key}_reference", longest=100)
        refusal("pays")
        st.button(
            _("Save how it pays"),
            key=f"save_{key}",
            icon=":material/save:",
            on_click=attempt,
            args=("pays", save),
            kwargs={"done": _("Saved. A mail to the account's address tells it.")},
        )


def staff(rows: Sequence[LinkRow]) -> None:
    """One page of those linked now and earlier."""
    if not rows:
        st.info(_("Nobody is linked yet."), icon=":material/group:")
    for row in rows:
        with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(width="stretch", gap="xxsmall"):
                st.page_link(
                    "coordinator/person.py",
                    label=cards.plain(row.name),
                    icon=":material/person:",
                    query_params={"id": str(row.other_id)},
                )
                st.caption(file_person.period(row))
            if row.ended_on is None:
                st.button(
                    _("End this link"),
                    key=f"end_{row.affiliation_id}",
                    icon=":material/link_off:",
                    on_click=open_dialog,
                    args=("end", row.affiliation_id),
                )
