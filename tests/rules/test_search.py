"""When two words differ by one typing error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.search import is_one_slip_away


@pytest.mark.parametrize(
    ("typed", "known", "is_near"),
    [
        ("peters", "peeters", True),
        ("peeeters", "peeters", True),
        ("pecters", "peeters", True),
        ("peetres", "peeters", True),
        ("epeters", "peeters", True),
        ("peeter", "peeters", True),
        ("eeters", "peeters", True),
        ("peeters", "peeters", False),
        ("pieters", "peters", True),
        ("pitres", "peters", False),
        ("peetesr", "peters", False),
        ("familie7", "familie8", False),
        ("abcd", "badc", False),
    ],
)
def test_one_slip_is_forgiven_and_two_are_not(typed: str, known: str, is_near: bool) -> None:
    assert is_one_slip_away(typed, known) is is_near
    assert is_one_slip_away(known, typed) is (is_near and known.isalpha())


@given(st.text("abc", min_size=4, max_size=9), st.integers(0, 8), st.sampled_from("xyz"))
def test_every_single_slip_is_seen(word: str, at: int, letter: str) -> None:
    at %= len(word)
    swapped = word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] if at else word
    for typed in (word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]):
        assert is_one_slip_away(typed, word)
    assert is_one_slip_away(swapped, word) is (swapped != word)
