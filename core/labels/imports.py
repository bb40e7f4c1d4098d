"""The words of imports."""

from enum import StrEnum

from core.i18n import N_
from core.vocabulary import ImportKind, ImportPurpose, ImportState, Mending

IMPORTS: tuple[tuple[StrEnum, str], ...] = (
    (ImportKind.INSTITUTIONS, N_("Institutions")),
    (ImportKind.PERSONS, N_("Participants")),
    (ImportKind.COURSES, N_("Courses")),
    (ImportKind.COURSE_DAYS, N_("Course days")),
    (ImportKind.ENROLMENTS, N_("Enrolments")),
    (ImportKind.NOTES, N_("Debit and credit notes")),
    (ImportKind.CERTIFICATES, N_("Certificates")),
    (ImportKind.PLANNED_COURSES, N_("Coming courses")),
    (ImportKind.PLANNED_DAYS, N_("Their course days")),
    (ImportPurpose.HISTORY, N_("The history")),
    (ImportPurpose.COURSES, N_("Coming courses")),
    (ImportState.DONE, N_("Imported")),
    (ImportState.UNDOING, N_("Being undone")),
    (ImportState.UNDONE, N_("Undone")),
    (Mending.ATTACH_KNOWN, N_("Attach to what is known already")),
    (Mending.PAD_NUMBERS, N_("Put lost leading zeros back")),
    (Mending.FIX_CHARACTERS, N_("Restore wrongly saved characters")),
)
