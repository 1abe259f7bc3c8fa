"""Recovery codes: once each, in whatever way they are typed, and two people at once."""

import threading
from datetime import datetime

import pytest
from django.db import connection

from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import (
    SIGN_IN_ACTOR,
    create_recovery_codes,
    sign_in_with_recovery_code,
)
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.recovery_codes import count_recovery_codes
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted
from tests.cast import account
from tests.direct_writes import direct_writes
from tests.foundation.accounts.passkey_holders import own_actor


@pytest.fixture
def codes(user: User, own: Actor, at: datetime) -> list[str]:
    """Bilal's codes; he has no password."""
    with direct_writes():
        User.objects.filter(id=user.id).update(password="!")
    return create_recovery_codes(actor=own, at=at)


def use(at: datetime, code: str, password: str = "") -> User:
    return sign_in_with_recovery_code(
        actor=SIGN_IN_ACTOR, at=at, user_ref="bilal", password=password, code=code
    )


def test_it_works(user: User, codes: list[str], at: datetime) -> None:
    assert use(at, codes[4]) == user
    assert count_recovery_codes(user) == 9
    with pytest.raises(NotPermitted):
        use(at, codes[4])


def test_it_can_be_typed_as_people_do(codes: list[str], at: datetime) -> None:
    use(at, f" {codes[0].upper().replace('-', ' ')} ")
    use(at, codes[1].replace("-", "").replace("1", "l").replace("0", "O"))


def test_new_codes_replace_the_old(codes: list[str], own: Actor, at: datetime) -> None:
    create_recovery_codes(actor=own, at=at)
    with pytest.raises(NotPermitted):
        use(at, codes[0])


@pytest.mark.parametrize("code", ["", "k7qm", "k7qm-4xtd-9rph", "!", "\x00" * 12])
def test_nonsense_is_refused(codes: list[str], at: datetime, code: str) -> None:
    with pytest.raises(NotPermitted):
        use(at, code)


def test_somebody_without_a_password_has_none_to_give(codes: list[str], at: datetime) -> None:
    with pytest.raises(NotPermitted):
        use(at, codes[0], password="guess")


@pytest.fixture
def committed_codes(committed: None, at: datetime) -> list[str]:
    user = account(cast.BILAL)
    with direct_writes():
        User.objects.filter(id=user.id).update(password="!")
    return create_recovery_codes(actor=own_actor(user), at=at)


def test_two_at_once_cannot_use_one_code(committed_codes: list[str], at: datetime) -> None:
    results: list[bool] = []

    def attempt() -> None:
        try:
            use(at, committed_codes[0])
            results.append(True)
        except NotPermitted:
            results.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]
