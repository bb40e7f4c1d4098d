"""Every page of the site in one table: its file, its address, its name and who finds it in the navigation."""

from dataclasses import dataclass

from core.i18n import N_
from core.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Door:
    """One page. `audience` is who has it in the menu; None: nobody, it is reached by a link.

    One that is not listed is about one thing of a list, and stays out of the menu too.
    """

    file: str
    url_path: str
    title: str
    icon: str
    audience: Role | None = None
    is_default: bool = False
    is_listed: bool = True


CATALOGUE = Door("public/catalogue.py", "", N_("Courses"), ":material/school:", is_default=True)
COURSE = Door("public/course.py", "nascholing", N_("Course"), ":material/menu_book:")
ENROL = Door("public/enrol.py", "inschrijven", N_("Enrol"), ":material/how_to_reg:")
SIGN_IN = Door("public/sign_in.py", "aanmelden", N_("Sign in"), ":material/login:")
TEAM = Door("public/team.py", "team", N_("Sign in for the CNO team"), ":material/badge:")
CREATE_ACCOUNT = Door("public/create_account.py", "account-aanmaken", N_("Create account"), ":material/person_add:")
NEW_PASSWORD = Door("public/new_password.py", "nieuw-wachtwoord", N_("New password"), ":material/key:")
CONFIRM = Door("public/confirm.py", "bevestigen", N_("Confirm"), ":material/verified:")
CHANGE = Door("public/change.py", "wijzigen", N_("Change by link"), ":material/published_with_changes:")
ASK = Door("public/ask.py", "vraag-het-cno", N_("Ask CNO"), ":material/forum:")
HELP = Door("public/help.py", "hoe-werkt-de-website", N_("How does the website work?"), ":material/help:")
NOT_FOUND = Door("public/not_found.py", "niet-gevonden", N_("Page not found"), ":material/explore_off:")
VERIFY = Door("public/verify.py", "attest-controleren", N_("Check a certificate"), ":material/qr_code_scanner:")

MY_ENROLMENTS = Door(
    "person/enrolments.py", "mijn-nascholingen", N_("My courses"), ":material/event_available:", Role.PERSON
)
MY_DOCUMENTS = Door("person/documents.py", "mijn-documenten", N_("My documents"), ":material/description:", Role.PERSON)
MY_MATERIAL = Door(
    "person/material.py", "cursusmateriaal", N_("Course material"), ":material/folder_open:", Role.PERSON
)
MY_DETAILS = Door("person/details.py", "mijn-gegevens", N_("My details"), ":material/person:", Role.PERSON)

OUR_ENROLMENTS = Door(
    "institution/enrolments.py", "onze-nascholingen", N_("Our courses"), ":material/event_available:", Role.INSTITUTION
)
OUR_PEOPLE = Door(
    "institution/people.py", "onze-cursisten", N_("Our participants"), ":material/group:", Role.INSTITUTION
)
OUR_DOCUMENTS = Door(
    "institution/documents.py", "onze-documenten", N_("Our documents"), ":material/description:", Role.INSTITUTION
)
OUR_MATERIAL = Door(
    "institution/material.py", "ons-cursusmateriaal", N_("Course material"), ":material/folder_open:", Role.INSTITUTION
)
OUR_DETAILS = Door(
    "institution/details.py", "onze-gegevens", N_("Our details"), ":material/apartment:", Role.INSTITUTION
)
ENROL_COLLEAGUES = Door("institution/enrol.py", "collegas-inschrijven", N_("Enrol colleagues"), ":material/group_add:")

TODAY = Door("coordinator/today.py", "vandaag", N_("Today"), ":material/today:", Role.COORDINATOR)
ONE_COURSE = Door("coordinator/course.py", "nascholing-beheren", N_("Participants of a course"), ":material/groups:")
INBOX = Door("coordinator/inbox.py", "postvak", N_("Inbox"), ":material/inbox:", Role.COORDINATOR)
OUTBOX = Door("coordinator/outbox.py", "uitgaande-mail", N_("Outgoing mail"), ":material/outbox:", Role.COORDINATOR)
ASSISTANT = Door("coordinator/assistant.py", "mailbot", N_("Mail bot"), ":material/smart_toy:", Role.COORDINATOR)
AUDIT = Door("coordinator/audit.py", "logboek", N_("Audit trail"), ":material/history:", Role.COORDINATOR)
SETTINGS = Door("coordinator/settings.py", "instellingen-cno", N_("Settings"), ":material/settings:", Role.COORDINATOR)
COURSES = Door("coordinator/courses.py", "nascholingen", N_("Courses"), ":material/school:", Role.COORDINATOR)
COURSE_EDIT = Door(
    "coordinator/course_edit.py",
    "nascholing-bewerken",
    N_("Edit a course"),
    ":material/edit:",
    Role.COORDINATOR,
    is_listed=False,
)
TEACHERS = Door(
    "coordinator/teachers.py", "docenten", N_("Teachers"), ":material/co_present:", Role.COORDINATOR, is_listed=False
)
ATTENDANCE = Door(
    "coordinator/attendance.py", "aanwezigheden", N_("Attendance"), ":material/checklist:", Role.COORDINATOR
)
TEACHING = Door("teacher/courses.py", "mijn-cursussen", N_("My lessons"), ":material/co_present:")
EVALUATE = Door("public/evaluate.py", "evaluatie", N_("Evaluation"), ":material/reviews:")
EVALUATIONS = Door(
    "coordinator/evaluations.py", "evaluaties", N_("Evaluations"), ":material/reviews:", Role.COORDINATOR
)
PRESENT = Door("public/present.py", "aanwezig", N_("Present"), ":material/how_to_reg:")
IMPORTS = Door("coordinator/imports.py", "invoeren", N_("Import"), ":material/upload_file:", Role.COORDINATOR)
PEOPLE = Door(
    "coordinator/people.py",
    "personen-en-instellingen",
    N_("People and institutions"),
    ":material/group:",
    Role.COORDINATOR,
)
ONE_PERSON = Door(
    "coordinator/person.py", "persoon", N_("A person"), ":material/person:", Role.COORDINATOR, is_listed=False
)
ONE_INSTITUTION = Door(
    "coordinator/institution.py",
    "instelling",
    N_("An institution"),
    ":material/apartment:",
    Role.COORDINATOR,
    is_listed=False,
)
DOUBLES = Door(
    "coordinator/doubles.py",
    "dubbels",
    N_("Likely doubles"),
    ":material/people_alt:",
    Role.COORDINATOR,
    is_listed=False,
)
NOTES = Door("coordinator/notes.py", "debetnotas", N_("Debit notes"), ":material/receipt_long:", Role.COORDINATOR)
ONE_NOTE = Door(
    "coordinator/note.py", "debetnota", N_("A note"), ":material/receipt_long:", Role.COORDINATOR, is_listed=False
)
OPEN_AMOUNTS = Door(
    "coordinator/open_amounts.py", "openstaand", N_("Open amounts"), ":material/hourglass_bottom:", Role.COORDINATOR
)
DUE_NOTES = Door(
    "coordinator/due_notes.py",
    "debetnotas-die-vertrekken",
    N_("Debit notes that leave"),
    ":material/event_upcoming:",
    Role.COORDINATOR,
)
LEDGER = Door("coordinator/ledger.py", "boekhouding", N_("Bookkeeping"), ":material/menu_book:", Role.COORDINATOR)
CONTROL = Door("coordinator/control.py", "controle", N_("Control"), ":material/fact_check:", Role.COORDINATOR)
PAYMENTS = Door("coordinator/payments.py", "betalingen", N_("Payments"), ":material/account_balance:", Role.COORDINATOR)
REMINDERS = Door(
    "coordinator/reminders.py", "herinneringen", N_("Reminders"), ":material/notifications:", Role.COORDINATOR
)
REPORTS = Door("coordinator/reports.py", "rapporten", N_("Reports"), ":material/monitoring:", Role.COORDINATOR)

DOORS = (
    CATALOGUE,
    COURSE,
    ENROL,
    SIGN_IN,
    TEAM,
    CREATE_ACCOUNT,
    NEW_PASSWORD,
    CONFIRM,
    CHANGE,
    ASK,
    HELP,
    VERIFY,
    NOT_FOUND,
    MY_ENROLMENTS,
    MY_DOCUMENTS,
    MY_MATERIAL,
    MY_DETAILS,
    OUR_ENROLMENTS,
    OUR_PEOPLE,
    OUR_DOCUMENTS,
    OUR_MATERIAL,
    OUR_DETAILS,
    ENROL_COLLEAGUES,
    TODAY,
    ONE_COURSE,
    COURSES,
    COURSE_EDIT,
    TEACHERS,
    ATTENDANCE,
    TEACHING,
    PRESENT,
    EVALUATE,
    EVALUATIONS,
    PEOPLE,
    ONE_PERSON,
    ONE_INSTITUTION,
    DOUBLES,
    INBOX,
    OUTBOX,
    ASSISTANT,
    AUDIT,
    SETTINGS,
    NOTES,
    ONE_NOTE,
    OPEN_AMOUNTS,
    DUE_NOTES,
    PAYMENTS,
    REMINDERS,
    LEDGER,
    CONTROL,
    IMPORTS,
    REPORTS,
)
#: The page at an address, as answers and mails name it.
AT = {door.url_path: door for door in DOORS}
#: Where a sign-in leads when nothing else was asked for.
DETAILS = {Role.PERSON: MY_DETAILS, Role.INSTITUTION: OUR_DETAILS}
HOME = {Role.PERSON: MY_ENROLMENTS, Role.INSTITUTION: OUR_ENROLMENTS, Role.COORDINATOR: TODAY}
