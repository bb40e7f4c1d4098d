"""Numbers, references, due days, certificates and their codes (`billing.md` §2, §3, §5, §11)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.money import euro, percentage_of
from core.rules import billing as rules
from core.rules.billing import DayAttended
from core.vocabulary import EnrolmentStatus, NoteGrouping, NoteKind

TODAY = date(2026, 11, 23)


def test_a_series_is_one_kind_and_one_year() -> None:
    assert rules.number_text(rules.series(NoteKind.DEBIT, TODAY), 123) == "DN-2026-000123"
    assert rules.number_text(rules.series(NoteKind.CREDIT, TODAY), 1) == "CN-2026-000001"


@pytest.mark.parametrize(
    ("nr", "digits", "printed"),
    [(123, "202600012320", "+++202/6000/12320+++"), (1, "202600000192", "+++202/6000/00192+++")],
)
def test_the_structured_reference_has_its_check_digits(nr: int, digits: str, printed: str) -> None:
    assert rules.ogm(TODAY, nr) == digits
    assert rules.printed_ogm(digits) == printed


@given(some.integers(2017, 2099), some.integers(1, 999_999))
def test_every_reference_passes_modulo_97(year: int, nr: int) -> None:
    digits = rules.ogm(date(year, 6, 1), nr)
    assert len(digits) == 12
    assert int(digits[10:]) == (int(digits[:10]) % 97 or 97)


@pytest.mark.parametrize(
    ("status", "cancelling", "cents"),
    [
        (EnrolmentStatus.CONFIRMED, None, 19_000),
        (EnrolmentStatus.CANCELLED, 2_500, 2_500),
        (EnrolmentStatus.CANCELLED, 0, 0),
        (EnrolmentStatus.CANCELLED, None, 0),
        (EnrolmentStatus.REPLACED, None, 0),
        (EnrolmentStatus.WAITLISTED, None, 0),
        (EnrolmentStatus.OFFERED, None, 0),
    ],
)
def test_what_a_seat_is_billed(status: EnrolmentStatus, cancelling: int | None, cents: int) -> None:
    assert rules.amount_to_bill(status, 19_000, cancelling) == cents


@pytest.mark.parametrize(
    ("grouping", "confirmed", "leaves"),
    [
        (NoteGrouping.ENROLMENT, date(2026, 11, 16), date(2026, 11, 23)),
        (NoteGrouping.DAY, date(2026, 12, 28), date(2027, 1, 4)),
        (NoteGrouping.MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        (NoteGrouping.MONTH, date(2026, 11, 23), date(2026, 11, 30)),
        (NoteGrouping.MONTH, date(2026, 11, 24), date(2026, 12, 31)),
        (NoteGrouping.MONTH, date(2028, 2, 22), date(2028, 2, 29)),
    ],
)
def test_a_note_leaves_seven_calendar_days_later_or_at_the_end_of_that_month(
    grouping: NoteGrouping, confirmed: date, leaves: date
) -> None:
    assert rules.leaves_on(confirmed, 7, grouping) == leaves


@given(
    confirmed=some.dates(date(2017, 3, 1), date(2100, 1, 1)), later=some.integers(0, 800), after=some.integers(0, 365)
)
def test_a_monthly_note_has_left_exactly_when_its_month_is_closed(confirmed: date, later: int, after: int) -> None:
    day = confirmed + timedelta(days=later)
    has_left = rules.leaves_on(confirmed, after, NoteGrouping.MONTH) <= day
    assert has_left == (confirmed + timedelta(days=after) <= rules.closed_month(day))  # as the queries ask it


@pytest.mark.parametrize(
    ("last_day", "refusal"),
    [(date(2026, 11, 16), None), (date(2026, 11, 17), rules.NoCertificateYet), (None, rules.NoSeat)],
)
def test_the_certificate_appears_a_week_after_the_last_day(last_day: date | None, refusal: type | None) -> None:
    if refusal is None:
        rules.check_certificate(EnrolmentStatus.CONFIRMED, last_day, 7, TODAY)
        return
    with pytest.raises(refusal):
        rules.check_certificate(EnrolmentStatus.CONFIRMED, last_day, 7, TODAY)


@pytest.mark.parametrize("status", [EnrolmentStatus.CANCELLED, EnrolmentStatus.REPLACED, EnrolmentStatus.WAITLISTED])
def test_only_who_kept_the_seat_gets_a_certificate(status: EnrolmentStatus) -> None:
    with pytest.raises(rules.NoSeat):
        rules.check_certificate(status, date(2026, 1, 1), 7, TODAY)


def test_hours_followed_count_the_days_present() -> None:
    days = [DayAttended(date(2026, 11, day), 180, day == 3) for day in (3, 10)]
    found = rules.participation(days, presence_was_taken=True)
    assert (found.followed_minutes, found.given_minutes, found.missed) == (180, 360, (date(2026, 11, 10),))
    assert rules.participation(days, presence_was_taken=False).missed == ()
    with pytest.raises(rules.NotPresent):
        rules.participation([DayAttended(TODAY, 180, None)], presence_was_taken=True)


@given(some.text(rules.CODE_ALPHABET, min_size=11, max_size=11))
def test_a_printed_code_is_read_back_however_it_is_typed(body: str) -> None:
    code = body + rules.check_character(body)
    typed = rules.printed_code(code).lower().replace("0", "o").replace("1", "l")
    assert rules.read_code(f" {typed} ") == code


@given(some.text(rules.CODE_ALPHABET, min_size=11, max_size=11), some.integers(0, 11), some.integers(1, 31))
def test_one_wrong_character_is_noticed(body: str, place: int, shift: int) -> None:
    code = body + rules.check_character(body)
    wrong = rules.CODE_ALPHABET[(rules.CODE_ALPHABET.index(code[place]) + shift) % 32]
    assert rules.read_code(code[:place] + wrong + code[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "ABC", "ABCD-EFGH-JKMU", "ABCD-EFGH-JKMN-PQRS", "éééé-éééé-éééé"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert rules.read_code(text) is None


@pytest.mark.parametrize(
    ("cents", "percentage", "share"), [(19_000, 50, 9_500), (1, 50, 1), (3, 50, 2), (333, 33, 110), (0, 100, 0)]
)
def test_a_share_is_rounded_to_the_cent(cents: int, percentage: int, share: int) -> None:
    assert percentage_of(cents, percentage) == share


def test_money_is_written_as_belgians_do() -> None:
    assert euro(123_456_789).replace("\xa0", " ") == "€ 1.234.567,89"
