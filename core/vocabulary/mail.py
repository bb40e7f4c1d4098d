"""Mail in and out, and what leaves by itself."""

from enum import StrEnum


class IncomingState(StrEnum):
    """Where a received mail stands."""

    RECEIVED = "received"
    HANDLED = "handled"
    IGNORED = "ignored"
    HELD = "held"
    QUARANTINED = "quarantined"


class Screening(StrEnum):
    """What the screening table says of a mail, before anybody tries to understand it."""

    ANSWER = "answer"
    IGNORE_AUTOMATIC = "ignore_automatic"
    BOUNCE = "bounce"
    OWN_MAIL = "own_mail"
    HOLD = "hold"


class Verdict(StrEnum):
    """How far the sender's address can be believed."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    ALIGNED = "aligned"
    NONE = "none"
    FAIL = "fail"
    BAD = "bad"


class OutgoingState(StrEnum):
    """Where an outgoing mail stands; `committing` is the moment before the final dot."""

    PENDING = "pending"
    CLAIMED = "claimed"
    COMMITTING = "committing"
    CHECKING = "checking"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    HELD = "held"


class MailKind(StrEnum):
    """What sort of outgoing mail it is: headers, envelope and retries follow from it."""

    ANSWER = "answer"
    NOTICE = "notice"
    NOTE = "note"
    PERSONAL = "personal"


class Addressee(StrEnum):
    """Whom a mail goes to, seen from its cause."""

    PERSON = "person"
    INSTITUTION = "institution"
    PAYER = "payer"
    PERSON_COPY = "person_copy"
    ACCOUNT = "account"
    ADDRESS = "address"


class MailTopic(StrEnum):
    """What a mail of ours is about, as the settings page groups them."""

    ACCOUNTS = "accounts"
    ENROLMENTS = "enrolments"
    SCHOOLS = "schools"
    MONEY = "money"
    MAILBOX = "mailbox"


class ComingKind(StrEnum):
    """What leaves by itself, and a coordinator may look at, hold, add to or send before its day."""

    DEBIT_NOTE = "debit_note"
    PAYER_REMINDER = "payer_reminder"
    NAME_REMINDER = "name_reminder"
    OFFER_END = "offer_end"
    LINK_QUESTION = "link_question"


class ThreadState(StrEnum):
    """Whether a conversation in the inbox still needs a coordinator."""

    OPEN = "open"
    CLOSED = "closed"


class Shelf(StrEnum):
    """Which conversations the inbox shows; the value stands in the page's address."""

    WAITING = "wacht"
    SNOOZED = "uitgesteld"
    CLOSED = "afgesloten"


class Whose(StrEnum):
    """Whose conversations the inbox shows; the value stands in the page's address."""

    ALL = "alle"
    MINE = "mijn"
    NOBODYS = "niemand"


class ExampleState(StrEnum):
    """What became of a correction of the bot: only an accepted one is learnt."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class IntentMode(StrEnum):
    """Whether the bot answers an intent by itself."""

    OFF = "off"
    SHADOW = "shadow"
    ON = "on"


class Intent(StrEnum):
    """What a mail or a chat message asks for («vraag»)."""

    NEW_PASSWORD = "new_password"  # noqa: S105 - the name of an intent, not a password
    REGISTERED_ADDRESS = "registered_address"
    INSTITUTION_ADDRESS = "institution_address"
    CERTIFICATE = "certificate"
    NOTE_COPY = "note_copy"
    PAYER_POLICY = "payer_policy"
    BILLING_ADDRESS = "billing_address"
    CANCEL = "cancel"
    REPLACE = "replace"
    ENROL = "enrol"
    COURSE_INFO = "course_info"
    MATERIAL = "material"
    CHANGE_DETAILS = "change_details"
    LINK_INSTITUTION = "link_institution"
    CREATE_ACCOUNT = "create_account"
    PERSONAL_DATA = "personal_data"
    PAYMENT = "payment"
    OTHER = "other"
