"""What coordinators read in the lists of persons and institutions: why two are alike, how it stands with an account."""

from enum import StrEnum

from core.i18n import N_
from core.vocabulary import Alike, SignInState

PEOPLE: tuple[tuple[StrEnum, str], ...] = (
    (Alike.YEAR, N_("same name and year of birth")),
    (Alike.PHONE, N_("same name and telephone")),
    (Alike.SCHOOL, N_("same name and school")),
    (Alike.ADDRESS, N_("the address of one was earlier the other's")),
    (Alike.NAME, N_("same name and town")),
    (Alike.KBO, N_("same KBO number and address")),
    (SignInState.NONE, N_("No account")),
    (SignInState.UNCONFIRMED, N_("Address not confirmed")),
    (SignInState.CLOSED, N_("Account closed")),
    (SignInState.REFUSING, N_("Address refuses mail")),
    (SignInState.NEVER, N_("Never signed in")),
)
