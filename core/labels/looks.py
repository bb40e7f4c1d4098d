"""Member → icon and badge colour."""

from enum import StrEnum

from core.vocabulary import (
    CertificateStatus,
    EnrolmentStatus,
    NoteState,
    OutgoingState,
    Theme,
)

ICONS: tuple[tuple[StrEnum, str], ...] = (
    (Theme.GENERAL_DIDACTICS, ":material/school:"),
    (Theme.AI, ":material/smart_toy:"),
    (Theme.DIGITAL, ":material/devices:"),
    (Theme.LANGUAGE, ":material/translate:"),
    (Theme.STEM, ":material/science:"),
    (Theme.ARTS, ":material/palette:"),
    (Theme.CARE, ":material/favorite:"),
    (Theme.DIVERSITY, ":material/diversity_3:"),
    (Theme.CLASSROOM, ":material/groups:"),
    (Theme.ASSESSMENT, ":material/fact_check:"),
    (Theme.LEADERSHIP, ":material/flag:"),
    (Theme.SELF_CARE, ":material/self_improvement:"),
    (EnrolmentStatus.CONFIRMED, ":material/check_circle:"),
    (EnrolmentStatus.WAITLISTED, ":material/hourglass_top:"),
    (EnrolmentStatus.OFFERED, ":material/notifications_active:"),
    (EnrolmentStatus.CANCELLED, ":material/cancel:"),
    (EnrolmentStatus.REPLACED, ":material/swap_horiz:"),
    (CertificateStatus.VALID, ":material/verified:"),
    (CertificateStatus.REPLACED, ":material/update:"),
    (CertificateStatus.WITHDRAWN, ":material/block:"),
)
COLOURS: tuple[tuple[StrEnum, str], ...] = (
    (EnrolmentStatus.CONFIRMED, "green"),
    (EnrolmentStatus.WAITLISTED, "orange"),
    (EnrolmentStatus.OFFERED, "violet"),
    (EnrolmentStatus.CANCELLED, "gray"),
    (EnrolmentStatus.REPLACED, "gray"),
    (CertificateStatus.VALID, "green"),
    (CertificateStatus.REPLACED, "orange"),
    (CertificateStatus.WITHDRAWN, "red"),
    (NoteState.OPEN, "orange"),
    (NoteState.PAID, "green"),
    (NoteState.PARTLY_CREDITED, "violet"),
    (NoteState.CREDITED, "gray"),
    (OutgoingState.SENT, "green"),
    (OutgoingState.FAILED, "red"),
    (OutgoingState.UNCERTAIN, "red"),
    (OutgoingState.HELD, "orange"),
)
