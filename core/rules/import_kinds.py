"""The kinds of tables that an import takes in, and their columns (D15)."""

from dataclasses import replace

from core.i18n import N_
from core.rules.import_columns import Column, Shape
from core.vocabulary import (
    CourseType,
    EnrolmentStatus,
    ImportKind,
    ImportPurpose,
    JobFunction,
    Language,
    Level,
    Network,
    NoteKind,
    PayerPolicy,
    Subject,
    Theme,
)


def _named(columns: tuple[Column, ...], *names: str) -> tuple[Column, ...]:
    """Some of these columns."""
    return tuple(next(column for column in columns if column.name == name) for name in names)


_MAIL = ("e-mail", "email", "mail", "mailadres", "emailadres")
_COURSE = Column(
    "code", "Code nascholing", Shape.TEXT, "18/TAA/101A", is_required=True, longest=30, aliases=("code", "cursuscode")
)
_PARTICIPANT = Column(
    "email",
    "E-mailadres cursist",
    Shape.EMAIL,
    "an.peeters@example.org",
    is_required=True,
    longest=254,
    aliases=("e-mailadres", *_MAIL),
)
_PDF = Column(
    "file",
    "PDF",
    Shape.TEXT,
    longest=200,
    remark=N_("Name of the file in the ZIP that you upload along."),
    aliases=("bestand",),
)
_STREET = Column("street", "Straat en nummer", Shape.TEXT, "Schoolstraat 1", longest=200, aliases=("straat", "adres"))
_POSTCODE = Column("postcode", "Postcode", Shape.TEXT, "2018", longest=12)
_CITY = Column("city", "Gemeente", Shape.TEXT, "Antwerpen", longest=100, aliases=("plaatsnaam", "woonplaats", "stad"))
_PHONE = Column("phone", "Telefoon", Shape.PHONE, "0470 00 00 00", longest=40, aliases=("telefoonnummer", "gsm", "tel"))

_INSTITUTIONS = (
    Column("number", "Instellingsnummer", Shape.NUMBER, "012345", aliases=("nummer",)),
    Column(
        "name", "Naam", Shape.TEXT, "Basisschool De Zonnewimpel", is_required=True, longest=200, aliases=("instelling",)
    ),
    Column("kbo", "KBO-nummer", Shape.KBO, "0257.216.482", aliases=("kbo", "ondernemingsnummer")),
    Column("network", "Net", Shape.WORD, "", words=Network),
    _STREET,
    _POSTCODE,
    _CITY,
    _PHONE,
    Column(
        "email",
        "E-mailadres",
        Shape.EMAIL,
        "secretariaat@zonnewimpel.example",
        longest=254,
        remark=N_("Address of the institution's account; without it there is no account yet."),
        aliases=_MAIL,
    ),
    Column("billing_emails", "Facturatieadressen", Shape.EMAILS, aliases=("facturatieadres", "facturatie e-mail")),
    Column("billing_name", "Facturatienaam", Shape.TEXT, longest=200),
    Column("policy", "Instelling als betaler", Shape.WORD, "toegelaten", words=PayerPolicy),
)
_PERSONS = (
    Column("email", "E-mailadres", Shape.EMAIL, "an.peeters@example.org", is_required=True, longest=254, aliases=_MAIL),
    Column("first_name", "Voornaam", Shape.TEXT, "An", is_required=True, longest=100),
    Column(
        "last_name", "Achternaam", Shape.TEXT, "Peeters", is_required=True, longest=100, aliases=("naam", "familienaam")
    ),
    Column("birth_year", "Geboortejaar", Shape.YEAR, "1985"),
    _PHONE,
    _STREET,
    _POSTCODE,
    _CITY,
    Column("function", "Functie", Shape.WORD, words=JobFunction, aliases=("ambt",)),
    Column("levels", "Niveaus", Shape.WORDS, "LO", words=Level, aliases=("niveau",)),
    Column("subjects", "Vakken", Shape.WORDS, words=Subject, aliases=("vak",)),
    Column("schools", "Instellingen", Shape.SCHOOLS, "012345", aliases=("instelling", "instellingsnummer", "school")),
    Column("linked_on", "Verbonden sinds", Shape.DATE, "01/09/2018", remark=N_("Empty: the day of the import.")),
    Column("former_emails", "Vroegere e-mailadressen", Shape.EMAILS, aliases=("vroegere adressen", "oude adressen")),
)
_COURSES = (
    _COURSE,
    Column("title", "Titel", Shape.TEXT, "Taal in elke les", is_required=True, longest=200),
    Column("subtitle", "Ondertitel", Shape.TEXT, longest=200),
    Column("price", "Prijs", Shape.MONEY, "190,00", is_required=True),
    Column(
        "held_on", "Datum", Shape.DATE, "14/11/2018", remark=N_("For a course of one day; several days have a table.")
    ),
    Column("starts_at", "Van", Shape.TIME, "09:30"),
    Column("ends_at", "Tot", Shape.TIME, "16:00"),
    Column("hours", "Lesuren", Shape.HOURS, "5,5", remark=N_("Empty: from the first to the last minute.")),
    Column("room", "Lokaal", Shape.TEXT, longest=200),
    Column("place", "Plaats", Shape.TEXT, "Campus Boogkeers", longest=200, aliases=("locatie",)),
    _STREET,
    _POSTCODE,
    _CITY,
    Column("is_online", "Online", Shape.YES_NO, "nee"),
    Column("course_type", "Soort", Shape.WORD, words=CourseType),
    Column("capacity", "Capaciteit", Shape.COUNT, "20"),
    Column("levels", "Niveaus", Shape.WORDS, "LO", words=Level, aliases=("niveau",)),
    Column("subjects", "Vakken", Shape.WORDS, words=Subject, aliases=("vak",)),
    Column("themes", "Thema's", Shape.WORDS, words=Theme, aliases=("thema", "themas")),
    Column("teachers", "Docenten", Shape.TEXT, "Els Maes; Jan Wouters", longest=1000, aliases=("docent", "lesgevers")),
    Column("intro", "Omschrijving", Shape.LONG, longest=5000),
    Column("is_cancelled", "Afgelast", Shape.YES_NO, "nee"),
)
_COURSE_DAYS = (
    _COURSE,
    Column("held_on", "Datum", Shape.DATE, "14/11/2018", is_required=True),
    Column("starts_at", "Van", Shape.TIME, "09:30", is_required=True),
    Column("ends_at", "Tot", Shape.TIME, "16:00", is_required=True),
    Column("hours", "Lesuren", Shape.HOURS, "5,5", remark=N_("Empty: from the first to the last minute.")),
    Column("room", "Lokaal", Shape.TEXT, longest=200),
)
_ENROLMENTS = (
    _COURSE,
    _PARTICIPANT,
    Column(
        "payer",
        "Betalende instelling",
        Shape.SCHOOL,
        "012345",
        remark=N_("Empty: the participant pays."),
        aliases=("betaler",),
    ),
    Column("price", "Prijs", Shape.MONEY, remark=N_("Empty: the price of the course.")),
    Column(
        "enrolled_on",
        "Ingeschreven op",
        Shape.DATE,
        "01/10/2018",
        remark=N_("Empty: the first day of the course."),
        aliases=("datum",),
    ),
    Column(
        "status",
        "Status",
        Shape.WORD,
        "bevestigd",
        words=EnrolmentStatus,
        only=(EnrolmentStatus.CONFIRMED, EnrolmentStatus.CANCELLED),
    ),
    Column("cancelled_on", "Geannuleerd op", Shape.DATE),
    Column("cancellation", "Annuleringskost", Shape.MONEY),
    Column("is_present", "Aanwezig", Shape.YES_NO, "ja", remark=N_("Empty: present.")),
    Column("reference", "Referentie betaler", Shape.TEXT, longest=100, aliases=("referentie",)),
)
_NOTES = (
    Column("number", "Notanummer", Shape.TEXT, "2018-00123", is_required=True, longest=30, aliases=("nummer",)),
    Column("note_kind", "Soort", Shape.WORD, "debetnota", is_required=True, words=NoteKind),
    Column("issued_on", "Datum", Shape.DATE, "08/10/2018", is_required=True),
    Column("due_on", "Vervaldatum", Shape.DATE, "07/11/2018"),
    Column(
        "code",
        "Code nascholing",
        Shape.TEXT,
        "18/TAA/101A",
        longest=30,
        remark=N_("Not needed on a credit note."),
        aliases=("code", "cursuscode"),
    ),
    Column(
        "email",
        "E-mailadres cursist",
        Shape.EMAIL,
        "an.peeters@example.org",
        longest=254,
        remark=N_("Not needed on a credit note."),
        aliases=("e-mailadres", *_MAIL),
    ),
    Column("amount", "Bedrag", Shape.MONEY, "190,00", is_required=True),
    Column("ogm", "Gestructureerde mededeling", Shape.OGM, "+++123/4567/89002+++", aliases=("ogm", "mededeling")),
    Column(
        "corrects",
        "Corrigeert nota",
        Shape.TEXT,
        longest=30,
        remark=N_("On a credit note: the number of its debit note."),
    ),
    Column(
        "paid",
        "Betaald",
        Shape.MONEY,
        "190,00",
        remark=N_("What was paid of a debit note before the import; empty: nothing."),
    ),
    _PDF,
)
_CERTIFICATES = (
    Column("number", "Attestnummer", Shape.TEXT, "A-2018-0456", is_required=True, longest=30, aliases=("nummer",)),
    Column("certificate_code", "Controlecode", Shape.TEXT, longest=14, remark=N_("Empty: a new code is made.")),
    Column("issued_on", "Datum", Shape.DATE, "21/11/2018", is_required=True),
    _COURSE,
    _PARTICIPANT,
    Column("hours", "Gevolgde uren", Shape.HOURS, remark=N_("Empty: all hours of the course.")),
    _PDF,
)
_PLANNED_CODE = replace(_COURSE, example="27/TAA/101A")
_PLANNED_DAY = Column("held_on", "Datum", Shape.DATE, example_in_days=90)
_LINK = Column("online_url", "Online link", Shape.TEXT, longest=500, remark=N_("Only participants get to see it."))
_PLANNED_COURSES = (
    _PLANNED_CODE,
    *_named(_COURSES, "title", "subtitle", "price"),
    Column("capacity", "Capaciteit", Shape.COUNT, "20", is_required=True, aliases=("plaatsen",)),
    Column("minimum", "Minimum", Shape.COUNT, "8", remark=N_("Empty: it always goes ahead.")),
    Column(
        "enrolment_deadline",
        "Inschrijven tot",
        Shape.DATE,
        remark=N_("Empty: one can enrol until the course begins."),
        aliases=("uiterste inschrijvingsdatum", "deadline"),
        example_in_days=83,
    ),
    replace(_PLANNED_DAY, remark=N_("For a course of one day; several days have a table. Empty: to be set later.")),
    *_named(_COURSES, "starts_at", "ends_at", "hours", "room"),
    _LINK,
    *_named(_COURSES, "place", "street", "postcode", "city", "is_online", "course_type"),
    Column("language", "Taal", Shape.WORD, words=Language),
    *_named(_COURSES, "levels", "subjects", "themes", "teachers"),
    Column("intro", "Inleiding", Shape.LONG, longest=5000, aliases=("omschrijving",)),
    Column("description", "Beschrijving", Shape.LONG, longest=20_000, aliases=("programma",)),
    Column("target_group", "Voor wie", Shape.LONG, longest=5000, aliases=("doelgroep",)),
    Column("prerequisites", "Voorkennis", Shape.LONG, longest=5000),
    Column(
        "terms", "Annuleringsvoorwaarden", Shape.TEXT, longest=100, remark=N_("Empty: those of this kind of course.")
    ),
)
_PLANNED_DAYS = (
    _PLANNED_CODE,
    replace(_PLANNED_DAY, is_required=True),
    *_named(_COURSE_DAYS, "starts_at", "ends_at", "hours", "room"),
    _LINK,
)

COLUMNS: dict[ImportKind, tuple[Column, ...]] = {
    ImportKind.INSTITUTIONS: _INSTITUTIONS,
    ImportKind.PERSONS: _PERSONS,
    ImportKind.COURSES: _COURSES,
    ImportKind.COURSE_DAYS: _COURSE_DAYS,
    ImportKind.ENROLMENTS: _ENROLMENTS,
    ImportKind.NOTES: _NOTES,
    ImportKind.CERTIFICATES: _CERTIFICATES,
    ImportKind.PLANNED_COURSES: _PLANNED_COURSES,
    ImportKind.PLANNED_DAYS: _PLANNED_DAYS,
}
#: What the file and the sheet of a template are called.
FILE_NAMES: dict[ImportKind, str] = {
    ImportKind.INSTITUTIONS: "Instellingen",
    ImportKind.PERSONS: "Cursisten",
    ImportKind.COURSES: "Nascholingen",
    ImportKind.COURSE_DAYS: "Cursusdagen",
    ImportKind.ENROLMENTS: "Inschrijvingen",
    ImportKind.NOTES: "Nota's",
    ImportKind.CERTIFICATES: "Attesten",
    ImportKind.PLANNED_COURSES: "Nascholingen",
    ImportKind.PLANNED_DAYS: "Cursusdagen",
}
_PLANNED = (ImportKind.PLANNED_COURSES, ImportKind.PLANNED_DAYS)
#: The tables that belong to what is imported.
KINDS: dict[ImportPurpose, tuple[ImportKind, ...]] = {
    ImportPurpose.HISTORY: tuple(kind for kind in ImportKind if kind not in _PLANNED),
    ImportPurpose.COURSES: _PLANNED,
}
EXPLANATION_SHEET = "Uitleg"
#: Sheets of a template that hold nothing to take in.
EXAMPLE_SHEET = "Voorbeeld"
