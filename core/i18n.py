"""The language of the moment: English msgids, Dutch from `locale/nl.po`, numbers and dates the Belgian way."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from core.clock import BRUSSELS
from core.errors import DomainError
from core.vocabulary import Language

LOCALE_FOLDER = Path(__file__).parent / "locale"
_LOCALES = {Language.DUTCH: "nl_BE", Language.ENGLISH: "en_BE"}
_language: ContextVar[Language] = ContextVar("language", default=Language.DUTCH)


@lru_cache(maxsize=2)
def _catalogue(language: Language) -> NullTranslations:
    source = LOCALE_FOLDER / f"{language}.po"
    if not source.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def language() -> Language:
    """The language texts are shown in now."""
    return _language.get()


def set_language(chosen: Language) -> None:
    """Show texts in this language from here on, in this thread."""
    _language.set(chosen)


@contextmanager
def speaking(chosen: Language) -> Iterator[None]:
    """Show texts in a language for the length of a block."""
    token = _language.set(chosen)
    try:
        yield
    finally:
        _language.reset(token)


def _(msgid: str) -> str:
    """The text of an English msgid in the language of the moment."""
    return _catalogue(_language.get()).gettext(msgid)


def ngettext(one: str, many: str, count: int) -> str:
    """The text for a count, in the language of the moment; it may hold `{count}`."""
    return _catalogue(_language.get()).ngettext(one, many, count).format(count=number(count))


def N_(msgid: str) -> str:
    """Mark a msgid for the catalogue without translating it here."""
    return msgid


def say(refusal: DomainError) -> str:
    """A refusal as a sentence, its fields shown the way the language shows them."""
    return _(refusal.message).format(**{name: shown(value) for name, value in refusal.fields.items()})


def shown(value: object) -> str:
    """A value as a reader expects it: dates and numbers in the language, anything else as its text."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, time):
        return hour(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    return str(value)


def number(value: float) -> str:
    """A number with the language's separators."""
    return format_decimal(value, locale=_LOCALES[_language.get()])


def percentage(value: float) -> str:
    """A part of one as a percentage: «82,4%»."""
    return format_percent(value, "#,##0.#%", locale=_LOCALES[_language.get()])


def duration(seconds: int) -> str:
    """How long something took, in the two largest units: «2 d 4 u», «3 u 10 min», «12 min», «8 s»."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour_ = divmod(hours, 24)
    if days:
        return _("{days} d {hours} h").format(days=number(days), hours=hour_)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hour_, minutes=minute)
    return _("{minutes} min").format(minutes=minutes) if minutes else _("{seconds} s").format(seconds=second)


def hours(minutes: int) -> str:
    """A length in hours: «6,5»; two decimals at most."""
    return format_decimal(round(minutes / 60, 2), locale=_LOCALES[_language.get()])


def month(value: date) -> str:
    """A month with its year, short: «sep. 2026»."""
    return format_date(value, "MMM y", locale=_LOCALES[_language.get()])


def day_and_month(value: date) -> str:
    """A day without its year, short: «3 dec.»."""
    return format_date(value, "d MMM", locale=_LOCALES[_language.get()])


def day(value: date) -> str:
    """A date in words: «3 december 2026»."""
    return format_date(value, "d MMMM y", locale=_LOCALES[_language.get()])


def weekday(value: date) -> str:
    """A date with its weekday: «do 3 december 2026»."""
    return format_date(value, "EEE d MMMM y", locale=_LOCALES[_language.get()])


def short_day(value: date) -> str:
    """A date in figures: «03/12/2026»."""
    return value.strftime("%d/%m/%Y")


def hour(value: time) -> str:
    """A time of the day: «13:30»."""
    return value.strftime("%H:%M")


def moment(value: datetime) -> str:
    """An instant, in Brussels: «3 december 2026 om 13:30»."""
    pattern = "d MMMM y 'om' HH:mm" if _language.get() is Language.DUTCH else "d MMMM y 'at' HH:mm"
    return format_datetime(value.astimezone(BRUSSELS), pattern, locale=_LOCALES[_language.get()])
