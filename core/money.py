"""Money: integer cents inside, «€ 190,00» or `190.00` at the edges."""

from decimal import Decimal

from babel.numbers import format_currency

from core.i18n import language
from core.vocabulary import Language

_LOCALES = {Language.DUTCH: "nl_BE", Language.ENGLISH: "en_BE"}


def euro(cents: int) -> str:
    """An amount for a reader, in the language of the moment, with a space that does not break."""
    return format_currency(Decimal(cents) / 100, "EUR", locale=_LOCALES[language()]).replace(" ", "\u00a0")


def whole_euro(cents: float) -> str:
    """A large amount at a glance: rounded to whole euros."""
    amount = format_currency(Decimal(round(cents)) / 100, "EUR", "¤ #,##0", _LOCALES[language()], currency_digits=False)
    return amount.replace(" ", "\u00a0")


def percentage_of(cents: int, percentage: int) -> int:
    """A percentage of an amount in cents, halves rounded up to a whole cent."""
    return (cents * percentage + 50) // 100
