"""What hangs on a received mail, listed once while it is handled."""

from core.db import Db
from core.mail import parts
from core.models import IncomingMail, MailAttachment
from mailbot.reading import IncomingMessage, clean


def listed(db: Db, mail: IncomingMail, message: IncomingMessage) -> None:
    """Write down what hangs on a mail, so that a page need not read it again to list it."""
    for position, part in enumerate(parts.attached(message.parsed)):
        name = " ".join(clean(part.get_filename() or "").replace("/", "_").replace("\\", "_").split())
        db.add(
            MailAttachment(
                mail_id=mail.id,
                position=position,
                filename=name[-200:] or f"bijlage-{position + 1}",
                media_type=part.get_content_type()[:100],
                size=len(parts.bytes_of(part)),
            )
        )
