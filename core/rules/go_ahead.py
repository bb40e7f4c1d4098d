"""Whether a course should go ahead: break-even and what is at stake (D14)."""

from dataclasses import dataclass

from core.errors import DomainError
from core.i18n import N_


class CostsNotValid(DomainError):
    """Costs below zero."""

    message = N_("Costs cannot be below zero.")


@dataclass(frozen=True, slots=True)
class Balance:
    """A course weighed: all in cents. `break_even` is the number of participants that pays the costs; None: never."""

    income_cents: int
    costs_cents: int
    break_even: int | None

    @property
    def result_cents(self) -> int:
        """What is left when it goes ahead; below zero it costs CNO money."""
        return self.income_cents - self.costs_cents


def check_costs(fixed_cents: int, person_cents: int) -> None:
    """Refuse costs below zero. Raises CostsNotValid."""
    if fixed_cents < 0 or person_cents < 0:
        raise CostsNotValid


def balance(*, seats: int, income_cents: int, price_cents: int, fixed_cents: int, person_cents: int) -> Balance:
    """What a course gives and costs with its present seats; each next participant pays the price."""
    margin = price_cents - person_cents
    break_even = -(-fixed_cents // margin) if margin > 0 else (0 if fixed_cents == 0 and margin == 0 else None)
    return Balance(income_cents, fixed_cents + seats * person_cents, break_even)
