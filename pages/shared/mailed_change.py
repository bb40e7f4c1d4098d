"""The forms behind the links of answers: choose the payer policy, say where notes go, cancel an enrolment."""

from collections.abc import Callable

import streamlit as st

from core.db import Db
from core.i18n import _, day, weekday
from core.labels import label
from core.money import euro
from core.services import mailed_choices
from core.services.institutions import MOST_BILLING_ADDRESSES
from core.vocabulary import Actor, PayerPolicy
from pages.shared import cards, forms
from pages.shared.feedback import attempt, refusal

#: Draws a form; what it gets keeps the sentence that says what was done.
Draw = Callable[[Callable[[str], None]], None]
PLACE = "change_by_link"


def policy(db: Db, secret: str) -> Draw:
    """Whether staff may name the institution as payer (R34); nothing is chosen beforehand. Raises LinkNotValid."""
    choice = mailed_choices.look_at_policy(db, secret)

    def choose(db: Db, actor: Actor) -> str:
        chosen: PayerPolicy = st.session_state["link_policy"]
        mailed_choices.choose_policy(db, actor, secret, chosen)
        return _("Saved. From now on this holds: «{choice}».").format(choice=label(chosen))

    def draw(done: Callable[[str], None]) -> None:
        st.subheader(cards.plain(choice.institution_name), anchor=False)
        st.markdown(_("Now this holds: **{choice}**.").format(choice=label(choice.present)))
        chosen = st.radio(_("From now on"), list(PayerPolicy), index=None, format_func=label, key="link_policy")
        st.caption(_("Standing enrolments stay as they are. You get a message about the change."))
        _button(_("Save"), ":material/save:", choose, done, is_ready=chosen is not None)

    return draw


def billing(db: Db, secret: str) -> Draw:
    """Where debit and credit notes go (R35). Raises LinkNotValid."""
    choice = mailed_choices.look_at_billing(db, secret)

    def choose(db: Db, actor: Actor) -> str:
        lines = tuple(line.strip() for line in forms.kept("link_addresses").splitlines() if line.strip())
        mailed_choices.choose_billing(db, actor, secret, lines[: MOST_BILLING_ADDRESSES + 1])
        return _("Saved. Debit and credit notes go to {addresses} from now on.").format(
            addresses=", ".join(cards.plain(line) for line in lines) or cards.plain(choice.account_address)
        )

    def draw(done: Callable[[str], None]) -> None:
        st.subheader(cards.plain(choice.institution_name), anchor=False)
        present = ", ".join(choice.addresses) or choice.account_address
        st.markdown(_("Debit and credit notes go to **{addresses}** now.").format(addresses=cards.plain(present)))
        st.text_area(
            _("Addresses for debit and credit notes, one on each line"),
            "\n".join(choice.addresses),
            key="link_addresses",
            height=110,
            placeholder=choice.account_address,
            help=_("At most {most}. Leave it empty to have them sent to the address you sign in with.").format(
                most=MOST_BILLING_ADDRESSES
            ),
        )
        for row in range(MOST_BILLING_ADDRESSES + 1):
            refusal(PLACE, f"billing_{row}")
        st.caption(_("Notes that have left already stay as they are. You get a message about the change."))
        _button(_("Save"), ":material/save:", choose, done)

    return draw


def cancelling(db: Db, secret: str) -> Draw:
    """What cancelling costs now, and the click that does it (D1). Raises LinkNotValid or CourseHasStarted."""
    choice = mailed_choices.look_at_cancelling(db, secret)
    cost = choice.effect.cost_cents

    def cancel(db: Db, actor: Actor) -> str:
        mailed_choices.cancel(db, actor, secret, cost)
        return _("The enrolment has been cancelled. You get a confirmation by mail.")

    def draw(done: Callable[[str], None]) -> None:
        st.subheader(cards.plain(choice.course_title), anchor=False)
        first = weekday(choice.first_day) if choice.first_day else _("Date to be set")
        st.caption(f"{first} · {cards.plain(choice.person_name)}")
        if cost:
            over = choice.effect.free_until
            until = " " + _("It was free of charge until {date}.").format(date=day(over)) if over else ""
            st.warning(
                _("Cancelling now costs **{amount}**.").format(amount=euro(cost)) + until, icon=":material/euro:"
            )
        else:
            st.success(_("Cancelling is free of charge now."), icon=":material/check:")
        st.markdown(_("A colleague may take the place free of charge; then nobody needs to cancel."))
        _button(_("Cancel the enrolment"), ":material/cancel:", cancel, done)

    return draw


def _button(
    text: str, icon: str, action: Callable[[Db, Actor], str], done: Callable[[str], None], *, is_ready: bool = True
) -> None:
    refusal(PLACE)
    st.button(
        text,
        key="change_by_link",
        type="primary",
        icon=icon,
        disabled=not is_ready,
        on_click=attempt,
        args=(PLACE, action),
        kwargs={"then": done},
    )
