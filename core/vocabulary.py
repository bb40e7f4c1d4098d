"""The words of the domain: every state, kind and small value type, under one name each.

Members are stored by value and shown through :mod:`core.labels`; the Dutch words beside them are those of the screen.
"""

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


class PayerPolicy(StrEnum):
    """Whether staff may name the institution as payer (R34)."""

    ALLOWED = "allowed"
    APPROVAL = "approval"
    FORBIDDEN = "forbidden"


class Party(StrEnum):
    """Whom CNO knows: what coordinators search, edit and merge."""

    PERSON = "person"
    INSTITUTION = "institution"


class PayerKind(StrEnum):
    """To whom an enrolment is billed (R15)."""

    PERSON = "person"
    INSTITUTION = "institution"


class PayerRequestState(StrEnum):
    """Where the question to an institution stands whether it pays for an enrolment."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    LAPSED = "lapsed"


class Level(StrEnum):
    """The level of education somebody teaches in or a course is meant for."""

    KO = "KO"
    LO = "LO"
    SO = "SO"
    BUKO = "BuKO"
    BULO = "BuLO"
    BUSO = "BuSO"
    DBSO = "DBSO"
    SVWO = "SVWO"
    HBO5 = "HBO5"
    HO = "HO"
    DKO = "DKO"
    CLB = "CLB"


class JobFunction(StrEnum):
    """A person's main function in education («ambt»)."""

    NURSERY_TEACHER = "nursery_teacher"
    PRIMARY_TEACHER = "primary_teacher"
    TEACHER = "teacher"
    PE_TEACHER = "pe_teacher"
    RELIGION_TEACHER = "religion_teacher"
    CARE_COORDINATOR = "care_coordinator"
    ICT_COORDINATOR = "ict_coordinator"
    EDUCATOR = "educator"
    BOARDING_EDUCATOR = "boarding_educator"
    CHILD_CARER = "child_carer"
    SPEECH_THERAPIST = "speech_therapist"
    ADMINISTRATOR = "administrator"
    DEPUTY_HEAD = "deputy_head"
    HEAD = "head"
    PUPIL_COUNSELLOR = "pupil_counsellor"
    GRADE_COORDINATOR = "grade_coordinator"
    CLB_COUNSELLOR = "clb_counsellor"
    STUDENT = "student"
    OTHER = "other"


class Subject(StrEnum):
    """A subject taught («vak»)."""

    DUTCH = "dutch"
    FRENCH = "french"
    ENGLISH = "english"
    GERMAN = "german"
    SPANISH = "spanish"
    LATIN = "latin"
    GREEK = "greek"
    NT2 = "nt2"
    MATHEMATICS = "mathematics"
    PHYSICS = "physics"
    CHEMISTRY = "chemistry"
    BIOLOGY = "biology"
    SCIENCE = "science"
    GEOGRAPHY = "geography"
    HISTORY = "history"
    ECONOMICS = "economics"
    ICT = "ict"
    TECHNOLOGY = "technology"
    PAV = "pav"
    ARTS = "arts"
    PE = "pe"
    RELIGION = "religion"
    CITIZENSHIP = "citizenship"
    CARE = "care"
    SCHOOL_POLICY = "school_policy"
    NURSERY = "nursery"


class Theme(StrEnum):
    """What a course is about, across subjects («thema»)."""

    GENERAL_DIDACTICS = "general_didactics"
    AI = "ai"
    DIGITAL = "digital"
    LANGUAGE = "language"
    STEM = "stem"
    ARTS = "arts"
    CARE = "care"
    DIVERSITY = "diversity"
    CLASSROOM = "classroom"
    ASSESSMENT = "assessment"
    LEADERSHIP = "leadership"
    SELF_CARE = "self_care"


class CourseType(StrEnum):
    """The kind of course; cancellation terms hang on it by default (D1)."""

    ONE_DAY = "one_day"
    MULTI_DAY = "multi_day"
    POSTGRADUATE = "postgraduate"
    TEAM = "team"


class DayCount(StrEnum):
    """Which days cancellation terms count."""

    CALENDAR = "calendar"
    WORKING = "working"


class Excuse(StrEnum):
    """Why cancelling costs nothing though it is late, as far as the terms foresee it."""

    ILLNESS = "illness"


class CourseStatus(StrEnum):
    """Where a course stands in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


COURSE_TRANSITIONS: dict[CourseStatus, frozenset[CourseStatus]] = {
    CourseStatus.DRAFT: frozenset({CourseStatus.PUBLISHED}),
    CourseStatus.PUBLISHED: frozenset({CourseStatus.DRAFT, CourseStatus.CLOSED, CourseStatus.CANCELLING}),
    CourseStatus.CLOSED: frozenset({CourseStatus.PUBLISHED, CourseStatus.CANCELLING}),
    CourseStatus.CANCELLING: frozenset({CourseStatus.CANCELLED}),
    CourseStatus.CANCELLED: frozenset(),
}
#: The states of a course that does not take place: its seats are being taken back, or were.
CALLED_OFF = (CourseStatus.CANCELLING, CourseStatus.CANCELLED)


class QuestionKind(StrEnum):
    """How a question at enrolment is answered."""

    TEXT = "text"
    YES_NO = "yes_no"
    CHOICE = "choice"


class Occupancy(StrEnum):
    """How full a course is, as a coordinator looks at it."""

    BELOW_MINIMUM = "below_minimum"
    GOING = "going"
    NEARLY_FULL = "nearly_full"
    FULL = "full"
    WAITING = "waiting"


class EnrolmentStatus(StrEnum):
    """Where a seat stands («inschrijving»)."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


ENROLMENT_TRANSITIONS: dict[EnrolmentStatus, frozenset[EnrolmentStatus]] = {
    EnrolmentStatus.CONFIRMED: frozenset({EnrolmentStatus.CANCELLED, EnrolmentStatus.REPLACED}),
    EnrolmentStatus.WAITLISTED: frozenset(
        {EnrolmentStatus.OFFERED, EnrolmentStatus.CONFIRMED, EnrolmentStatus.CANCELLED}
    ),
    EnrolmentStatus.OFFERED: frozenset({EnrolmentStatus.CONFIRMED, EnrolmentStatus.CANCELLED}),
    EnrolmentStatus.CANCELLED: frozenset(),
    EnrolmentStatus.REPLACED: frozenset({EnrolmentStatus.CONFIRMED}),
}
#: The states that hold a seat of the course.
SEATED = (EnrolmentStatus.CONFIRMED, EnrolmentStatus.OFFERED)
#: The states in which a person counts as enrolled, so that a second enrolment is refused.
ACTIVE = (EnrolmentStatus.CONFIRMED, EnrolmentStatus.OFFERED, EnrolmentStatus.WAITLISTED)


class NoteKind(StrEnum):
    """Debit note or credit note."""

    DEBIT = "debit"
    CREDIT = "credit"


class ComingKind(StrEnum):
    """What leaves by itself, and a coordinator may look at, hold, add to or send before its day."""

    DEBIT_NOTE = "debit_note"
    PAYER_REMINDER = "payer_reminder"
    NAME_REMINDER = "name_reminder"
    OFFER_END = "offer_end"
    LINK_QUESTION = "link_question"


class NoteState(StrEnum):
    """How a debit note stands («open», «betaald», «gecrediteerd»)."""

    OPEN = "open"
    PAID = "paid"
    PARTLY_CREDITED = "partly_credited"
    CREDITED = "credited"


class FileKind(StrEnum):
    """The stored file of a note: the original, or a copy marked for the participant (D6)."""

    ORIGINAL = "original"
    COPY = "copy"


class CertificateStatus(StrEnum):
    """What the check page says of a code («geldig», «vervangen», «ingetrokken»)."""

    VALID = "valid"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


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


class ThreadState(StrEnum):
    """Whether a conversation in the inbox still needs a coordinator."""

    OPEN = "open"
    CLOSED = "closed"


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


class DecisionSection(StrEnum):
    """What a decision of CNO is about, as the settings page groups them."""

    DELAYS = "delays"
    LINKS = "links"
    LIMITS = "limits"
    ORGANISER = "organiser"
    SIGNATURES = "signatures"
    MONEY = "money"


class Unit(StrEnum):
    """What the number of a decision counts, or that it is words."""

    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    TIMES = "times"
    HOUR_OF_DAY = "hour_of_day"
    TEXT = "text"
    CHOICE = "choice"


class ImportKind(StrEnum):
    """What a table of the history import holds (D15), in the order in which it is taken in."""

    INSTITUTIONS = "institutions"
    PERSONS = "persons"
    COURSES = "courses"
    COURSE_DAYS = "course_days"
    ENROLMENTS = "enrolments"
    NOTES = "notes"
    CERTIFICATES = "certificates"


class ImportState(StrEnum):
    """Where an import stands; `undoing` only exists within the transaction that undoes it."""

    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Mending(StrEnum):
    """What the platform proposes for faulty rows, and does when a coordinator accepts it."""

    ATTACH_KNOWN = "attach_known"
    PAD_NUMBERS = "pad_numbers"
    FIX_CHARACTERS = "fix_characters"


class AuditTag(StrEnum):
    """What happened, as «noun:verb»."""

    ACCOUNT_CREATED = "account:created"
    ACCOUNT_CONFIRMATION_ASKED = "account:confirmation-asked"
    ACCOUNT_CONFIRMED = "account:confirmed"
    ACCOUNT_DOUBLE_PREVENTED = "account:double-prevented"
    ACCOUNT_SIGNED_IN = "account:signed-in"
    ACCOUNT_SIGNED_OUT = "account:signed-out"
    ACCOUNT_SIGNED_OUT_EVERYWHERE = "account:signed-out-everywhere"
    ACCOUNT_PASSWORD_REQUESTED = "account:password-requested"  # noqa: S105 - a tag
    ACCOUNT_PASSWORD_SET = "account:password-set"  # noqa: S105 - a tag
    ACCOUNT_ADDRESS_REQUESTED = "account:address-requested"
    ACCOUNT_ADDRESS_CHANGED = "account:address-changed"
    ACCOUNT_ADDRESS_ASKED = "account:address-asked"
    ACCOUNT_LANGUAGE_SET = "account:language-set"
    ACCOUNT_INVITED = "account:invited"
    ACCOUNT_CHANGED = "account:changed"
    ACCOUNT_CLOSED = "account:closed"
    ACCOUNT_REOPENED = "account:reopened"
    ACCOUNT_ADDRESS_RETRIED = "account:address-retried"
    PERSON_CHANGED = "person:changed"
    REMARK_WRITTEN = "remark:written"
    REMARK_CHANGED = "remark:changed"
    MERGE_MADE = "merge:made"
    MERGE_UNDONE = "merge:undone"
    AFFILIATION_MADE = "affiliation:made"
    AFFILIATION_ENDED = "affiliation:ended"
    AFFILIATION_KEPT = "affiliation:kept"
    INSTITUTION_CHANGED = "institution:changed"
    ENROLMENT_MADE = "enrolment:made"
    ENROLMENT_WAITLISTED = "enrolment:waitlisted"
    ENROLMENT_OFFERED = "enrolment:offered"
    ENROLMENT_ACCEPTED = "enrolment:accepted"
    ENROLMENT_OFFER_LAPSED = "enrolment:offer-lapsed"
    ENROLMENT_CANCELLED = "enrolment:cancelled"
    ENROLMENT_REPLACED = "enrolment:replaced"
    ENROLMENT_REPLACEMENT_UNDONE = "enrolment:replacement-undone"
    ENROLMENT_NAMED = "enrolment:named"
    ENROLMENT_PAYER_CHANGED = "enrolment:payer-changed"
    ENROLMENT_REFERENCE_CHANGED = "enrolment:reference-changed"
    ENROLMENT_NAME_REMINDED = "enrolment:name-reminded"
    COURSE_MAILED = "course:mailed"
    COURSE_COSTS_CHANGED = "course:costs-changed"
    PAYER_REQUEST_MADE = "payer-request:made"
    PAYER_REQUEST_APPROVED = "payer-request:approved"
    PAYER_REQUEST_DECLINED = "payer-request:declined"
    PAYER_REQUEST_LAPSED = "payer-request:lapsed"
    NOTE_ISSUED = "note:issued"
    NOTE_RENDERED = "note:rendered"
    CERTIFICATE_ISSUED = "certificate:issued"
    MAIL_RECEIVED = "mail:received"
    MAIL_ANSWERED = "mail:answered"
    MAIL_HANDED_OVER = "mail:handed-over"
    MAIL_IGNORED = "mail:ignored"
    MAIL_BOUNCED = "mail:bounced"
    MAIL_QUARANTINED = "mail:quarantined"
    MAIL_REPLIED = "mail:replied"
    MAIL_CLOSED = "mail:closed"
    MAIL_REOPENED = "mail:reopened"
    MAIL_HELD = "mail:held"
    MAIL_RELEASED = "mail:released"
    MAIL_EDITED = "mail:edited"
    COMING_HELD = "coming:held"
    COMING_RELEASED = "coming:released"
    COMING_ADDED_TO = "coming:added-to"
    COMING_SENT = "coming:sent"
    MAIL_TEMPLATE_SAVED = "mail-template:saved"
    MAIL_TEMPLATE_RESTORED = "mail-template:restored"
    MAIL_TEMPLATE_RESET = "mail-template:reset"
    MAIL_TEMPLATE_FAILED = "mail-template:failed"
    ROUTE_SWITCHED = "route:switched"
    TERMS_SAVED = "terms:saved"
    TERMS_REMOVED = "terms:removed"
    DECISION_CHANGED = "decision:changed"
    INTENT_SWITCHED = "intent:switched"
    COURSE_CREATED = "course:created"
    COURSE_CHANGED = "course:changed"
    COURSE_MOVED = "course:moved"
    COURSE_DAYS_CHANGED = "course:days-changed"
    COURSE_CANCELLING = "course:cancelling"
    COURSE_CANCELLED = "course:cancelled"
    COURSE_DELETED = "course:deleted"
    VIEW_SAVED = "view:saved"
    VIEW_REMOVED = "view:removed"
    TEACHER_ADDED = "teacher:added"
    IMPORT_DONE = "import:done"
    IMPORT_UNDONE = "import:undone"
    DEMO_FILLED = "demo:filled"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, as the audit trail remembers it.

    `person_id` and `institution_id` are set when the actor acts as that person or institution.
    """

    kind: ActorKind
    account_id: int | None = None
    person_id: int | None = None
    institution_id: int | None = None
    coordinator_role: CoordinatorRole | None = None
    name: str = ""


#: The clock, for what falls due by itself.
CLOCK = Actor(ActorKind.CLOCK, name="klok")
#: The mail bot.
MAILBOT = Actor(ActorKind.MAILBOT, name="mailbot")
#: Somebody who has not signed in.
VISITOR = Actor(ActorKind.VISITOR)
