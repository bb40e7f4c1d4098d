"""Who may do what with the accounts of the CNO team."""

from collections.abc import Iterable

from core.errors import DomainError
from core.i18n import N_
from core.vocabulary import CoordinatorRole

#: The roles that may change things.
CHANGES = frozenset({CoordinatorRole.COORDINATOR, CoordinatorRole.FINANCE})


class LastCoordinator(DomainError):
    """Nobody would be left who may change things."""

    message = N_("This is the last account that may change things: give another account that role first.")


class LastFinance(DomainError):
    """Nobody would be left who may change what money depends on."""

    message = N_("This is the last account with the role «finance»: give another account that role first.")


class OwnAccount(DomainError):
    """Somebody would lock himself out."""

    message = N_("You cannot close your own account: ask a colleague.")


class OnlyFinance(DomainError):
    """A coordinator would give or take the role finance."""

    message = N_("Only accounts with the role «finance» may give or take that role.")


def check_finance(actor: CoordinatorRole | None, *roles: CoordinatorRole) -> None:
    """Refuse giving or taking the role finance to whoever has it not. Raises OnlyFinance."""
    if CoordinatorRole.FINANCE in roles and actor is not CoordinatorRole.FINANCE:
        raise OnlyFinance(field="role")


def check_last(left: Iterable[CoordinatorRole], *, before: CoordinatorRole) -> None:
    """Refuse a change after which the roles that are `left` would no longer do. Raises LastCoordinator, LastFinance."""
    roles = set(left)
    if before in CHANGES and not roles & CHANGES:
        raise LastCoordinator(field="role")
    if before is CoordinatorRole.FINANCE and CoordinatorRole.FINANCE not in roles:
        raise LastFinance(field="role")
