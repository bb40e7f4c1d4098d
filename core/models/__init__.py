"""The tables, one file a noun."""

from core.models.accounts import Account, FormerAddress, PasswordBrake, SignIn, Token
from core.models.audit import AuditEvent
from core.models.balances import IS_CREDITED, IS_OPEN, IS_TOO_MUCH, NoteBalance
from core.models.base import Base
from core.models.billing import Counter, Note, NoteFile, NoteLine, NoteToRender, is_imported
from core.models.calendar_feeds import CalendarFeed
from core.models.certificates import Certificate, CertificateFile
from core.models.coming import ComingChange, is_held
from core.models.control import ControlFinding, ControlRun
from core.models.course_costs import CourseCosts
from core.models.courses import (
    CancellationStep,
    CancellationTerms,
    Course,
    CourseDay,
    CourseLevel,
    CourseSubject,
    CourseTeacher,
    CourseTheme,
    Teacher,
)
from core.models.decisions import Decision
from core.models.enrolments import Attendance, Enrolment, PayerRequest
from core.models.evaluation import EvaluationAnswer, EvaluationForm, EvaluationInvitation, EvaluationQuestion
from core.models.imports import ImportedRow, ImportRun, PaidBefore
from core.models.institutions import Affiliation, BillingAddress, ContactPerson, Institution
from core.models.ledger import LedgerExport, LedgerPosting
from core.models.mail_templates import MailSwitch, MailTemplateVersion
from core.models.mailbox import (
    BotHealth,
    IncomingMail,
    IntentSetting,
    LocalMail,
    MailAttachment,
    MailboxLease,
    MailThread,
    OutgoingMail,
)
from core.models.mailroom import ProposedExample, Replay, ShadowAnswer, TextModule
from core.models.material import Material, MaterialUpload
from core.models.merges import LikelyDouble, Merge, Remark
from core.models.payments import (
    Allocation,
    BankFile,
    BankStatement,
    BankTransaction,
    WaitingTransaction,
    received_for,
)
from core.models.persons import Person, PersonLevel, PersonSubject
from core.models.questions import CourseQuestion, EnrolmentAnswer
from core.models.reminders import Reminder, ReminderHold, ReminderRun, ReminderStep
from core.models.saved_views import SavedView
from core.models.search import FoundBy, InstitutionWord, PersonWord, SearchPart, SearchPlace, SearchWord
from core.models.teaching import TeacherLink

__all__ = [
    "IS_CREDITED",
    "IS_OPEN",
    "IS_TOO_MUCH",
    "Account",
    "Affiliation",
    "Allocation",
    "Attendance",
    "AuditEvent",
    "BankFile",
    "BankStatement",
    "BankTransaction",
    "Base",
    "BillingAddress",
    "BotHealth",
    "CalendarFeed",
    "CancellationStep",
    "CancellationTerms",
    "Certificate",
    "CertificateFile",
    "ComingChange",
    "ContactPerson",
    "ControlFinding",
    "ControlRun",
    "Counter",
    "Course",
    "CourseCosts",
    "CourseDay",
    "CourseLevel",
    "CourseQuestion",
    "CourseSubject",
    "CourseTeacher",
    "CourseTheme",
    "Decision",
    "Enrolment",
    "EnrolmentAnswer",
    "EvaluationAnswer",
    "EvaluationForm",
    "EvaluationInvitation",
    "EvaluationQuestion",
    "FormerAddress",
    "FoundBy",
    "ImportRun",
    "ImportedRow",
    "IncomingMail",
    "Institution",
    "InstitutionWord",
    "IntentSetting",
    "LedgerExport",
    "LedgerPosting",
    "LikelyDouble",
    "LocalMail",
    "MailAttachment",
    "MailSwitch",
    "MailTemplateVersion",
    "MailThread",
    "MailboxLease",
    "Material",
    "MaterialUpload",
    "Merge",
    "Note",
    "NoteBalance",
    "NoteFile",
    "NoteLine",
    "NoteToRender",
    "OutgoingMail",
    "PaidBefore",
    "PasswordBrake",
    "PayerRequest",
    "Person",
    "PersonLevel",
    "PersonSubject",
    "PersonWord",
    "ProposedExample",
    "Remark",
    "Reminder",
    "ReminderHold",
    "ReminderRun",
    "ReminderStep",
    "Replay",
    "SavedView",
    "SearchPart",
    "SearchPlace",
    "SearchWord",
    "ShadowAnswer",
    "SignIn",
    "Teacher",
    "TeacherLink",
    "TextModule",
    "Token",
    "WaitingTransaction",
    "is_held",
    "is_imported",
    "received_for",
]
