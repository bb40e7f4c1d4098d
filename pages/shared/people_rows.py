"""How a person and an institution look in the coordinators' lists."""

import streamlit as st

from core.i18n import _, ngettext
from core.queries.people import InstitutionRow, PersonRow
from pages.shared import cards


def person(row: PersonRow) -> None:
    """Somebody found: the name opens the file."""
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.page_link(
                "coordinator/person.py",
                label=f"**{cards.plain(row.name)}**",
                icon=":material/person:",
                query_params={"id": str(row.person_id)},
            )
            facts = (row.email, row.phone, row.city, str(row.birth_year or ""), ", ".join(row.schools))
            st.caption(" · ".join(cards.plain(fact) for fact in facts if fact))
        with st.container(horizontal=True, width="content", gap="xsmall"):
            account_badges(
                has_account=row.email is not None,
                is_active=row.is_active,
                is_confirmed=row.is_confirmed,
                is_refused=row.undeliverable_since is not None,
            )


def account_badges(*, has_account: bool, is_active: bool, is_confirmed: bool, is_refused: bool) -> None:
    """What is not as it should be with an account; nothing when all is well."""
    if not has_account:
        st.badge(_("No account"), icon=":material/no_accounts:", color="gray")
        return
    if not is_active:
        st.badge(_("Account closed"), icon=":material/block:", color="red")
    if not is_confirmed:
        st.badge(_("Address not confirmed"), icon=":material/mark_email_unread:", color="orange")
    if is_refused:
        st.badge(_("Address refuses mail"), icon=":material/unsubscribe:", color="red")


def institution(row: InstitutionRow) -> None:
    """An institution found: the name opens the file."""
    with st.container(border=True, gap="xxsmall"):
        st.page_link(
            "coordinator/institution.py",
            label=f"**{cards.plain(row.name)}**",
            icon=":material/apartment:",
            query_params={"id": str(row.institution_id)},
        )
        facts = (
            f"{row.postcode} {row.city}".strip(),
            row.email,
            _("number {number}").format(number=row.number) if row.number else "",
            _("KBO {kbo}").format(kbo=row.kbo) if row.kbo else "",
            ngettext("{count} linked person", "{count} linked persons", row.persons),
        )
        st.caption(" · ".join(cards.plain(fact) for fact in facts if fact))
