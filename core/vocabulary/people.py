"""Who uses the platform, who acts, and whom CNO knows."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """The languages that screens, mails and documents exist in."""

    DUTCH = "nl"
    ENGLISH = "en"


class Role(StrEnum):
    """Whose account it is: what a sign-in may do follows from it."""

    PERSON = "person"
    INSTITUTION = "institution"
    COORDINATOR = "coordinator"


class ActorKind(StrEnum):
    """Who did something («uitvoerder»)."""

    PERSON = "person"
    INSTITUTION = "institution"
    COORDINATOR = "coordinator"
    VISITOR = "visitor"
    MAILBOT = "mailbot"
    CLOCK = "clock"
    TEACHER = "teacher"


class CoordinatorRole(StrEnum):
    """What a coordinator may change."""

    COORDINATOR = "coordinator"
    FINANCE = "finance"
    READER = "reader"


class TokenPurpose(StrEnum):
    """What a mailed link or a sign-in ticket is good for."""

    CONFIRM_ACCOUNT = "confirm_account"
    NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a purpose, not a password
    CHANGE_ADDRESS = "change_address"
    UNDO_AFFILIATION = "undo_affiliation"
    DECIDE_PAYER_REQUEST = "decide_payer_request"
    PAYER_POLICY = "payer_policy"
    BILLING_ADDRESS = "billing_address"
    CANCEL = "cancel"
    SIGN_IN_TICKET = "sign_in_ticket"


class Network(StrEnum):
    """The educational network («net») an institution belongs to."""

    GO = "go"
    PUBLIC = "public"
    PRIVATE = "private"
    OTHER = "other"


class Province(StrEnum):
    """Where in Belgium something lies, by its postcode («provincie»)."""

    ANTWERP = "antwerp"
    EAST_FLANDERS = "east_flanders"
    WEST_FLANDERS = "west_flanders"
    FLEMISH_BRABANT = "flemish_brabant"
    LIMBURG = "limburg"
    BRUSSELS = "brussels"
    WALLOON_BRABANT = "walloon_brabant"
    HAINAUT = "hainaut"
    LIEGE = "liege"
    NAMUR = "namur"
    LUXEMBOURG = "luxembourg"
    UNKNOWN = "unknown"


class Party(StrEnum):
    """Whom CNO knows: what coordinators search, edit and merge."""

    PERSON = "person"
    INSTITUTION = "institution"


class PayerPolicy(StrEnum):
    """Whether staff may name the institution as payer (R34)."""

    ALLOWED = "allowed"
    APPROVAL = "approval"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, as the audit trail remembers it.

    `person_id` and `institution_id` are set when the actor acts as that person or institution, `teacher_id` when a
    teacher came by the mailed link to the own courses.
    """

    kind: ActorKind
    account_id: int | None = None
    person_id: int | None = None
    institution_id: int | None = None
    coordinator_role: CoordinatorRole | None = None
    name: str = ""
    teacher_id: int | None = None


#: The clock, for what falls due by itself.
CLOCK = Actor(ActorKind.CLOCK, name="klok")
#: The mail bot.
MAILBOT = Actor(ActorKind.MAILBOT, name="mailbot")
#: Somebody who has not signed in.
VISITOR = Actor(ActorKind.VISITOR)


class Alike(StrEnum):
    """Why two persons or institutions are likely one and the same (D12)."""

    YEAR = "year"
    PHONE = "phone"
    SCHOOL = "school"
    ADDRESS = "address"
    NAME = "name"
    KBO = "kbo"


class SignInState(StrEnum):
    """How it stands with somebody's right to sign in, for the filter of the list."""

    NONE = "none"
    UNCONFIRMED = "unconfirmed"
    CLOSED = "closed"
    REFUSING = "refusing"
    NEVER = "never"
