"""What is said by mail of a seat that is definite, and of one that was given up (R30, D1, D3)."""

from core import mail
from core.db import Db
from core.i18n import _
from core.mail import Invitation
from core.models import Enrolment
from core.money import euro
from core.queries import questions
from core.services import invitations, payer_requests, terms


def confirmed(db: Db, enrolment: Enrolment) -> None:
    """Tell whoever the routing table names that a seat is definite (R30, D3); the days go into the calendar."""
    terms_sentence, asked = terms.free_until_sentence(db, enrolment), payer_requests.asked_name(db, enrolment.id)
    still_open, until = questions.open_count(db, enrolment.id), terms.replace_until(db, enrolment)
    facts = {"cancel_terms": terms_sentence, "asked_name": asked, "open_questions": still_open, "replace_until": until}
    mail.queue(
        db,
        "enrolment-confirmed",
        dedupe=f"enrolment:{enrolment.id}",
        enrolment=enrolment,
        facts=facts,
        invitation=invitations.request(db, enrolment),
    )


def cancelled(
    db: Db,
    enrolment: Enrolment,
    *,
    cost_cents: int,
    credit_cents: int,
    has_debit_note: bool,
    invitation: Invitation | None,
) -> None:
    """Tell that a seat was given up, what it costs in cents and which note follows."""

    def money() -> str:
        if credit_cents:
            return _("A credit note for {amount} follows by mail.").format(amount=euro(credit_cents))
        if has_debit_note:
            return _("The debit note that was sent stays due.")
        if cost_cents:
            return _("A debit note for this cost follows by mail.")
        return _("There is nothing to pay.")

    mail.queue(
        db,
        "enrolment-cancelled",
        dedupe=f"enrolment:{enrolment.id}",
        enrolment=enrolment,
        facts={"cancellation_cost": lambda: euro(cost_cents), "money_sentence": money},
        invitation=invitation,
    )
