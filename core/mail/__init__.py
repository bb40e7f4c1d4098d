"""Mail that leaves: a row first, in the transaction of its cause; `mailbot/delivery.py` sends it."""

from core.mail.message import Answered, Attachment, Invitation, edited
from core.mail.outbox import queue
from core.mail.rendering import as_html
from core.mail.routing import Addressee

__all__ = ["Addressee", "Answered", "Attachment", "Invitation", "as_html", "edited", "queue"]
