"""Reading one cell of an import: a text in, a value out, or the reason why not and what was probably meant."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from stdnum.be import ogm_vcs, vat
from stdnum.exceptions import ValidationError

from core.i18n import N_
from core.rules.accounts import AddressNotValid, BirthYearNotValid, checked_address, checked_birth_year
from core.rules.import_columns import Column, Shape, choice_of, words_of
from core.rules.import_faults import CellWrong
from core.text import folded
from core.vocabulary import Mending

MOST_CENTS = 100_000_000
_SEPARATORS = re.compile(r"[;|\n]")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_EXCEL_BEGINS = date(1899, 12, 30)
_TIME = re.compile(r"(\d{1,2})\s*[:.uh]\s*(\d{2})?(?::\d{2})?")
_PLAIN_AMOUNT = re.compile(r"-?\d+(?:[.,]\d{1,2})?")
_GROUPED_AMOUNT = re.compile(r"-?\d{1,3}(?:[. ]\d{3})+(?:,\d{1,2})?|-?\d{1,3}(?:,\d{3})+\.\d{1,2}")
_YES = frozenset(("ja", "j", "yes", "y", "true", "waar", "1", "x"))
_NO = frozenset(("nee", "neen", "n", "no", "false", "onwaar", "0"))

LEADING_ZEROS = N_("The leading zeros are lost: is it «{proposal}»?")
FORMULA = N_("This begins with a sign of a formula (=, +, - or @). Leave it out, or type the text itself.")
ERROR_OF_EXCEL = N_("This cell holds an error of Excel.")
TOO_LONG = N_("This is too long: {count} characters, at most {most}.")
EMPTY = N_("This must be filled in.")


@dataclass(frozen=True, slots=True)
class Limits:
    """What depends on the day and on the installation: no date outside of it makes sense."""

    today: date
    first_day: date


def read(column: Column, text: str, limits: Limits) -> object:
    """The value of a cell that is not empty. Raises CellWrong."""
    if column.longest and len(text) > column.longest:
        raise CellWrong(TOO_LONG, count=len(text), most=column.longest)
    return _READERS[column.shape](column, text, limits)


def _text(column: Column, text: str, _limits: Limits) -> str:
    if column.is_required and not folded(text):
        raise CellWrong(EMPTY)
    return text


def _email(_column: Column, text: str, _limits: Limits) -> str:
    try:
        return checked_address(text)
    except AddressNotValid as wrong:
        raise CellWrong(AddressNotValid.message) from wrong


def _emails(_column: Column, text: str, limits: Limits) -> tuple[str, ...]:
    parts = [part.strip() for part in re.split(r"[;|,\s]", text) if part.strip()]
    return tuple(dict.fromkeys(_email(_column, part, limits) for part in parts))


def _phone(_column: Column, text: str, _limits: Limits) -> str:
    if re.fullmatch(r"[1-9]\d{7,8}", text):
        raise CellWrong(LEADING_ZEROS, mending=Mending.PAD_NUMBERS, proposal=f"0{text}")
    if not re.fullmatch(r"\+?[\d ./()-]{6,40}", text):
        raise CellWrong(N_("This is not a telephone number."))
    return text


def _year(_column: Column, text: str, limits: Limits) -> int:
    number = _whole(text)
    try:
        return checked_birth_year(number, limits.today.year) or 0
    except BirthYearNotValid as wrong:
        first, last = wrong.fields["first"], wrong.fields["last"]
        raise CellWrong(BirthYearNotValid.message, first=first, last=last) from wrong


def _whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}(?:\.0+)?", text):
        raise CellWrong(N_("This is not a whole number."))
    return int(text.partition(".")[0])


def _count(_column: Column, text: str, _limits: Limits) -> int:
    return _whole(text)


def _date(_column: Column, text: str, limits: Limits) -> date:
    if found := _SERIAL.fullmatch(text):
        day = _EXCEL_BEGINS + timedelta(days=int(found[1]))
    elif found := _DAY_FIRST.fullmatch(text):
        day = _day(int(found[3]), int(found[2]), int(found[1]))
    elif found := _ISO.fullmatch(text):
        day = _day(int(found[1]), int(found[2]), int(found[3]))
    else:
        raise CellWrong(N_("This is not a date. Write it as 03/12/2019 or 2019-12-03."))
    if day < limits.first_day:
        raise CellWrong(N_("This date is before {first}."), first=limits.first_day)
    return day


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as wrong:
        raise CellWrong(N_("This day does not exist.")) from wrong


def _time(_column: Column, text: str, _limits: Limits) -> time:
    if re.fullmatch(r"0?\.\d+", text):  # Excel's part of a day
        minutes = round(float(text) * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    found = _TIME.fullmatch(text.lower())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise CellWrong(N_("This is not a time. Write it as 09:30."))
    return time(hour, minute)


def _hours(_column: Column, text: str, _limits: Limits) -> int:
    """Hours, as minutes."""
    if not re.fullmatch(r"\d{1,4}(?:[.,]\d{1,4})?", text):
        raise CellWrong(N_("This is not a number of hours."))
    return round(Decimal(text.replace(",", ".")) * 60)


def _money(_column: Column, text: str, _limits: Limits) -> int:
    """Euros, as cents."""
    plain = re.sub(r"€|EUR|\s(?=€|EUR|$)", "", text).strip()
    if _GROUPED_AMOUNT.fullmatch(plain):
        mark = "," if re.search(r",\d{1,2}$", plain) else "." if re.search(r",\d{3}\.\d", plain) else ""
        whole, _mark, part = plain.rpartition(mark) if mark else (plain, "", "0")
        plain = f"{re.sub(r'[. ,]', '', whole)}.{part}"
    elif not _PLAIN_AMOUNT.fullmatch(plain):
        raise CellWrong(N_("This is not an amount. Write it as 190,00."))
    cents = int(Decimal(plain.replace(",", ".")) * 100)
    if cents < 0:
        raise CellWrong(N_("An amount cannot be below zero."))
    if cents > MOST_CENTS:
        raise CellWrong(N_("This amount is too high."))
    return cents


def _yes_no(_column: Column, text: str, _limits: Limits) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        raise CellWrong(N_("Write «ja» or «nee»."))
    return word in _YES


def _word(column: Column, text: str, _limits: Limits) -> object:
    if column.words is None:
        raise ValueError(f"{column.name} names no words")
    member = words_of(column.words, column.only).get(folded(text))
    if member is None:
        words = choice_of(column.words, column.only)
        raise CellWrong(N_("«{word}» is not known here. Choose from: {words}."), word=text, words=words)
    return member


def _words(column: Column, text: str, limits: Limits) -> tuple[object, ...]:
    return tuple(dict.fromkeys(_word(column, part, limits) for part in parts_of(text)))


def _number(_column: Column, text: str, _limits: Limits) -> str:
    """An institution number (`billing.md` §5): six digits."""
    digits = re.sub(r"[ .]", "", text)
    if re.fullmatch(r"\d{1,5}", digits):
        raise CellWrong(LEADING_ZEROS, mending=Mending.PAD_NUMBERS, proposal=digits.zfill(6))
    if not re.fullmatch(r"\d{6}", digits):
        raise CellWrong(N_("An institution number has six digits."))
    return digits


def _kbo(_column: Column, text: str, _limits: Limits) -> str:
    digits = re.sub(r"^BE|[ .]", "", text.upper())
    try:
        valid = str(vat.validate(digits))
    except ValidationError as wrong:
        raise CellWrong(N_("This is not a KBO number. It has ten digits, such as 0257.216.482.")) from wrong
    if len(digits) < len(valid):
        raise CellWrong(LEADING_ZEROS, mending=Mending.PAD_NUMBERS, proposal=valid)
    return valid


def _ogm(_column: Column, text: str, _limits: Limits) -> str:
    digits = re.sub(r"[+*/ .]", "", text)
    padded = digits.zfill(12)
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12 or not ogm_vcs.is_valid(padded):
        raise CellWrong(N_("The check digits of this reference are wrong: it has twelve digits."))
    if digits != padded:
        raise CellWrong(LEADING_ZEROS, mending=Mending.PAD_NUMBERS, proposal=padded)
    return padded


def _school(_column: Column, text: str, _limits: Limits) -> str:
    return school_key(text)


def _schools(_column: Column, text: str, _limits: Limits) -> tuple[str, ...]:
    return tuple(dict.fromkeys(school_key(part) for part in parts_of(text)))


def school_key(text: str) -> str:
    """What an institution is looked up by: its digits as they stand, or its name made comparable."""
    digits = re.sub(r"[ .]", "", text)
    return digits if re.fullmatch(r"\d{1,6}", digits) else name_key(text)


def name_key(name: str) -> str:
    """The name of an institution, made comparable; never equal to a number."""
    return f"name:{folded(name)}"


def parts_of(text: str) -> list[str]:
    """The parts of a cell that holds several, by semicolon, bar or line."""
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def is_formula(column: Column, text: str) -> bool:
    """Whether a spreadsheet would calculate this text (OWASP: CSV injection); signs of numbers are meant as such."""
    if not text.startswith(("=", "+", "-", "@")):
        return False
    return column.shape not in _NUMERIC or not re.fullmatch(r"[+-]+\s*[\d\s./()+€,-]*", text)


_NUMERIC = frozenset((Shape.PHONE, Shape.OGM, Shape.MONEY, Shape.HOURS, Shape.COUNT))
_READERS: dict[Shape, Callable[[Column, str, Limits], object]] = {
    Shape.TEXT: _text,
    Shape.LONG: _text,
    Shape.EMAIL: _email,
    Shape.EMAILS: _emails,
    Shape.PHONE: _phone,
    Shape.YEAR: _year,
    Shape.DATE: _date,
    Shape.TIME: _time,
    Shape.HOURS: _hours,
    Shape.MONEY: _money,
    Shape.COUNT: _count,
    Shape.YES_NO: _yes_no,
    Shape.WORD: _word,
    Shape.WORDS: _words,
    Shape.NUMBER: _number,
    Shape.KBO: _kbo,
    Shape.OGM: _ogm,
    Shape.SCHOOL: _school,
    Shape.SCHOOLS: _schools,
}
