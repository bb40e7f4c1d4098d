"""What a password must be, how it is hashed, and how long wrong ones make wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit_authenticator.utilities.hasher import Hasher

from core.rules.passwords import (
    PasswordGuessable,
    PasswordHasEdges,
    PasswordTooLong,
    PasswordTooShort,
    check_password,
    failures_left,
    hashed,
    matches,
    wait_seconds,
)

OWNER = ("An Peeters", "An", "Peeters", "an.peeters@school.example", "an.peeters")


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("kort", PasswordTooShort),
        ("", PasswordTooShort),
        (" met rand aan", PasswordHasEdges),
        ("met rand aan\t", PasswordHasEdges),
        ("x" * 73, PasswordTooLong),
        ("é" * 37, PasswordTooLong),
        ("aaaaaaaaaaaa", PasswordGuessable),
        ("0470123456", PasswordGuessable),
        ("an.peeters@school.example", PasswordGuessable),
        ("An Peeters 2026", PasswordGuessable),
        ("peeters1985", PasswordGuessable),
        ("PEETERS1985", PasswordGuessable),
        ("Nascholing2026!", PasswordGuessable),
        ("wachtwoord", PasswordGuessable),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_its_field(password: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as refused:
        check_password(password, least=10, personal=OWNER, field="chosen")
    assert refused.value.field == "chosen"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "password",
    ["zeven kleine muisjes", "Ik fiets naar Peeters toe", "é" * 30 + "abcdef", "пароль-для-школы", "!?#%&*()[]{}<>"],
)
def test_long_sentences_and_any_alphabet_will_do(password: str) -> None:
    check_password(password, least=10, personal=OWNER)


def test_a_hash_fits_its_password_only_and_the_authenticator_reads_it() -> None:
    stored = hashed("zeven kleine muisjes")
    assert matches("zeven kleine muisjes", stored)
    assert not matches("zeven kleine muizen", stored)
    assert not matches("zeven kleine muisjes", None)
    assert not matches("x" * 80, stored)
    assert Hasher.check_pw("zeven kleine muisjes", stored)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (3, 0), (4, 2), (5, 4), (6, 8), (10, 128), (11, 256), (12, 300), (10_000, 300)]
)
def test_waits_double_up_to_the_longest(failures: int, seconds: int) -> None:
    assert wait_seconds(failures, 4, 300) == seconds


@pytest.mark.parametrize(
    ("failures", "after", "left"), [(5, 0, 5), (5, 119, 5), (5, 120, 4), (5, 601, 0), (0, 9, 0), (5, -1, 5)]
)
def test_wrong_passwords_are_forgiven_one_by_one(failures: int, after: float, left: int) -> None:
    assert failures_left(failures, after) == left


@given(st.integers(0, 10**6), st.integers(1, 50), st.integers(1, 3600))
def test_no_number_of_wrong_passwords_makes_wait_over_the_longest(failures: int, free: int, longest: int) -> None:
    assert 0 <= wait_seconds(failures, free, longest) <= longest
