"""What coordinators write of a teacher, and what of it cannot be."""

from dataclasses import dataclass

from core.errors import DomainError
from core.i18n import N_
from core.rules.accounts import checked_address, required

LONGEST_NAME = 200


class TeacherKnown(DomainError):
    """Two teachers of one name could not be told apart."""

    message = N_("A teacher named {name} is known already.")


class TeacherTeaches(DomainError):
    """Courses name this teacher."""

    message = N_("This teacher stands at a course: the name stays in the history.")


class TeacherChangedMeanwhile(DomainError):
    """A colleague changed the teacher since it was opened."""

    message = N_("A colleague changed this teacher meanwhile: it is now {now}. Open it again to change it.")


@dataclass(frozen=True, slots=True)
class TeacherValues:
    """A teacher as a coordinator writes it; the address may stay empty."""

    name: str
    email: str = ""


def tidied(values: TeacherValues) -> TeacherValues:
    """The values as they are stored. Raises FieldMissing or AddressNotValid."""
    name = required(values.name, field="teacher_name", longest=LONGEST_NAME)
    email = checked_address(values.email, field="teacher_email") if values.email.strip() else ""
    return TeacherValues(name, email)
