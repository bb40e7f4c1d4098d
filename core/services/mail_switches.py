"""Switching copies of mails on and off (D3); what the requirements promise cannot be switched."""

from sqlalchemy import select, text

from core import access, audit, clock
from core.db import Db, is_sqlite
from core.errors import DomainError
from core.i18n import N_
from core.mail import routing
from core.mail.routing import ROUTES
from core.models import MailSwitch
from core.vocabulary import Actor, Addressee, AuditTag


class CannotSwitch(DomainError):
    """The requirements, or common sense, promise this mail to this addressee."""

    message = N_("This cannot be switched off.")


def switch(db: Db, actor: Actor, name: str, addressee: Addressee, *, is_on: bool) -> None:
    """Give an addressee a copy of a mail from now on, or no longer. Raises NotAllowed, NotFound or CannotSwitch."""
    access.require_coordinator(actor)
    route = ROUTES.get(name)
    if route is None or addressee not in {*route.to, *route.also}:
        raise access.NotFound
    if routing.reason(name, addressee) is not None:
        raise CannotSwitch
    if not is_sqlite(db):
        db.execute(text("LOCK TABLE mail_switch IN SHARE ROW EXCLUSIVE MODE"))
    row = db.scalar(select(MailSwitch).where(MailSwitch.name == name, MailSwitch.addressee == addressee.value))
    row = row or MailSwitch(name=name, addressee=addressee.value, is_on=addressee in route.to)
    if row.is_on is is_on:
        return
    row.is_on, row.changed_at = is_on, clock.now()
    db.add(row)
    db.flush()
    routing.forget(db)
    audit.record(db, actor, AuditTag.ROUTE_SWITCHED, row, name=name, addressee=addressee.value, is_on=is_on)
