"""What a password may be, and that it is checked exactly as it was typed."""

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.test import Client
from pytest_django import Settings

from bluelamp import settings as own_settings
from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands.signing_in import matches_password
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.passwords import (
    CONTEXT_WORDS,
    MAX_LENGTH,
    MIN_LENGTH,
    is_common,
    require_strong_password,
)
from bluelamp.foundation.kernel.errors import Refused
from tests.cast import account, browser
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db


def has_password(user: User, password: str) -> User:
    with direct_writes():
        user.set_password(password)
        user.save()
    return user


def is_refused(password: str, user: User) -> bool:
    try:
        require_strong_password(password, user, field="new_password")
    except Refused:
        return True
    return False


def test_it_works(user: User) -> None:
    assert (MIN_LENGTH, MAX_LENGTH) == (12, 128)
    assert not is_refused("seven brass lanterns", user)
    assert is_refused("x" * (MIN_LENGTH - 1), user)


@pytest.mark.parametrize("length", [64, 100, MAX_LENGTH])
def test_long_ones_are_accepted_whole(user: User, length: int, settings: Settings) -> None:
    settings.BLUELAMP_DEMO = False
    password = ("lantern brass kettle " * 7)[:length]
    assert not is_refused(password, user)
    has_password(user, password)
    assert matches_password(user, password)
    assert not matches_password(user, password[:-1])
    assert not matches_password(user, password[:-1] + "X")


@pytest.mark.parametrize("change", [str.upper, str.strip, str.title, lambda text: text + " "])
def test_nothing_is_changed_before_it_is_checked(user: User, change: object) -> None:
    password = " seven brass Lanterns "
    has_password(user, password)
    assert matches_password(user, password)
    assert not matches_password(user, change(password))  # type: ignore[operator]


def test_one_that_is_too_long_is_not_cut(user: User) -> None:
    password = "lantern brass kettle " * 7
    has_password(user, password[:MAX_LENGTH])
    assert not matches_password(user, password[: MAX_LENGTH + 1])


def test_the_common_ones_are_refused(user: User) -> None:
    for password in ("password1234", "qwertyuiop12", "iloveyou1234", "trustno1trustno1"):
        assert is_common(password), password
        assert is_refused(password, user), password


@pytest.mark.parametrize("word", [*CONTEXT_WORDS, "bilal"])
def test_words_of_the_context_count_for_nothing(user: User, word: str) -> None:
    password = f"{word.title()}-{word}-1!"
    assert is_refused(password, user)


def test_it_is_hashed_by_argon2id(user: User, settings: Settings) -> None:
    # Not what the tests hash by, but what the program does.
    settings.PASSWORD_HASHERS = own_settings.PASSWORD_HASHERS
    has_password(user, "seven brass lanterns")
    assert identify_hasher(user.password).algorithm == "argon2"
    assert user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("path", ["/sign-in/", "/account/password/set-up/"])
def test_fields_hide_it_and_let_managers_fill_it(path: str) -> None:
    account(cast.BILAL)
    client = browser(cast.BILAL) if path.startswith("/account/") else Client()
    page = client.get(path).content.decode()
    assert 'type="password"' in page
    assert 'autocomplete="new-password"' in page or 'autocomplete="current-password"' in page
    for hindrance in ("onpaste", 'autocomplete="off" type="password"', "maxlength"):
        assert hindrance not in page


def test_the_words_are_documented() -> None:
    document = (own_settings.BASE_DIR / "docs" / "security" / "passwords.md").read_text()
    assert [word for word in CONTEXT_WORDS if word not in document] == []
    assert f"{MIN_LENGTH} to {MAX_LENGTH} characters" in document
