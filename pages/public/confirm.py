"""Links from mails: the page says what will happen; only the click does it (mail scanners open links)."""

from functools import partial

import streamlit as st

from core import tokens
from core.db import Db, read
from core.errors import DomainError
from core.i18n import _, say
from core.money import euro
from core.queries.accounts import address_of_link
from core.services import accounts, addresses, affiliations, payer_requests
from core.vocabulary import Actor, PayerRequestState, TokenPurpose
from pages.shared import cards
from pages.shared.access import public
from pages.shared.feedback import attempt, refusal

signed_in = public()
purpose, secret = str(st.query_params.get("doel") or ""), str(st.query_params.get("code") or "")


def act(db: Db, actor: Actor, answer: PayerRequestState = PayerRequestState.APPROVED) -> str:
    """Do what the link is for; returns the sentence that says so."""
    match purpose:
        case TokenPurpose.CONFIRM_ACCOUNT:
            accounts.confirm_account(db, actor, secret)
            return _("Your address is confirmed. You can enrol now.")
        case TokenPurpose.CHANGE_ADDRESS:
            address = addresses.confirm_change(db, actor, secret)
            return _("From now on you sign in with {address}.").format(address=cards.plain(address))
        case TokenPurpose.UNDO_AFFILIATION:
            affiliations.undo_by_link(db, actor, secret)
            return _("The link has been undone. The person is told by mail.")
        case TokenPurpose.DECIDE_PAYER_REQUEST:
            payer_requests.decide_by_link(db, actor, secret, answer)
            return _("Thank you. The person is told by mail.")
        case _other:
            raise tokens.LinkNotValid


def question(db: Db) -> tuple[str, str]:
    """What the link would do, and the word on its button. Raises LinkNotValid."""
    match purpose:
        case TokenPurpose.CONFIRM_ACCOUNT:
            address = address_of_link(db, TokenPurpose.CONFIRM_ACCOUNT, secret)
            text = _("Confirm that **{address}** is your address.").format(address=cards.plain(address))
            return text, _("Confirm my address")
        case TokenPurpose.CHANGE_ADDRESS:
            change = addresses.look_at_change(db, secret)
            text = _("Use **{new}** instead of {old} from now on.")
            return text.format(new=cards.plain(change.new), old=cards.plain(change.old)), _("Change my address")
        case TokenPurpose.UNDO_AFFILIATION:
            link = affiliations.look_at_undo(db, secret)
            text = _("**{name}** will no longer be linked to {institution}. Standing enrolments stay.").format(
                name=cards.plain(link.person_name), institution=cards.plain(link.institution_name)
            )
            return text, _("Undo the link")
        case TokenPurpose.DECIDE_PAYER_REQUEST:
            request = payer_requests.look_at_request(db, secret)
            text = _("**{name}** asks whether {institution} pays **{price}** for «{course}».").format(
                name=cards.plain(request.person_name),
                institution=cards.plain(request.institution_name),
                price=euro(request.price_cents),
                course=cards.plain(request.course_title),
            )
            return text, _("We pay")
        case _other:
            raise tokens.LinkNotValid


st.title(_("Confirm"), anchor=False)
if finished := st.session_state.get(f"confirmed_{secret}"):
    st.success(finished, icon=":material/check_circle:")
    if signed_in is None:
        st.page_link("public/sign_in.py", label=_("Sign in"), icon=":material/login:")
    st.page_link("public/catalogue.py", label=_("Find a course"), icon=":material/school:")
    st.stop()
try:
    with read() as db:
        text, button = question(db)
except DomainError as refused:
    st.error(say(refused), icon=":material/link_off:")
    st.page_link("public/sign_in.py", label=_("Sign in"), icon=":material/login:")
    st.stop()
done = partial(st.session_state.__setitem__, f"confirmed_{secret}")
with st.container(border=True, width=560):
    st.markdown(text)
    refusal("confirm")
    st.button(
        button,
        key="confirm_link",
        type="primary",
        icon=":material/check:",
        on_click=attempt,
        args=("confirm", act),
        kwargs={"then": done},
    )
    if purpose == TokenPurpose.DECIDE_PAYER_REQUEST:
        st.button(
            _("We do not pay"),
            key="decline_link",
            icon=":material/close:",
            on_click=attempt,
            args=("confirm", partial(act, answer=PayerRequestState.DECLINED)),
            kwargs={"then": done},
        )
