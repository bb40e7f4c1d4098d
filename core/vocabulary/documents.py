"""Notes, their files and certificates."""

from enum import StrEnum


class NoteKind(StrEnum):
    """Debit note or credit note."""

    DEBIT = "debit"
    CREDIT = "credit"


class NoteState(StrEnum):
    """How a debit note stands («open», «deels betaald», «betaald», «gecrediteerd»)."""

    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    PARTLY_CREDITED = "partly_credited"
    CREDITED = "credited"


class NoteGrouping(StrEnum):
    """What one debit note of an institution bills: one enrolment, or all that fall due on a day or in a month."""

    ENROLMENT = "enrolment"
    DAY = "day"
    MONTH = "month"


class FileKind(StrEnum):
    """The stored file of a note: the original, a copy marked for the participant (D6), or the e-invoice (UBL)."""

    ORIGINAL = "original"
    COPY = "copy"
    UBL = "ubl"


class CertificateStatus(StrEnum):
    """What the check page says of a code («geldig», «vervangen», «ingetrokken»)."""

    VALID = "valid"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
