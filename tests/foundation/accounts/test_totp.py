"""Codes of an authenticator app: for 30 seconds, and once."""

from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator

from bluelamp.foundation.accounts.commands import confirm_with_code, replace_totp
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.totp import new_totp_secret
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from tests.foundation.accounts.passkey_holders import code_of, give_app

STEP = timedelta(seconds=30)


def test_it_works(user: User, own: Actor, at: datetime) -> None:
    secret = give_app(user, at - STEP)
    confirm_with_code(actor=own, at=at, user_ref="bilal", code=code_of(secret, at))
    row = Authenticator.objects.get()
    assert row.last_used_at == at
    assert secret not in str(row.data)


def test_a_code_works_once(user: User, own: Actor, at: datetime) -> None:
    secret = give_app(user, at - STEP)
    code = code_of(secret, at)
    confirm_with_code(actor=own, at=at, user_ref="bilal", code=code)
    with pytest.raises(NotPermitted):
        confirm_with_code(actor=own, at=at + timedelta(seconds=1), user_ref="bilal", code=code)


@pytest.mark.parametrize("seconds", [-30, 30, 60])
def test_a_code_of_another_half_minute_is_refused(
    user: User, own: Actor, at: datetime, seconds: int
) -> None:
    secret = give_app(user, at - 4 * STEP)
    code = code_of(secret, at + timedelta(seconds=seconds))
    with pytest.raises(NotPermitted):
        confirm_with_code(actor=own, at=at, user_ref="bilal", code=code)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "\x00", "0" * 500])
def test_nonsense_is_refused(user: User, own: Actor, at: datetime, code: str) -> None:
    give_app(user, at - STEP)
    with pytest.raises(NotPermitted):
        confirm_with_code(actor=own, at=at, user_ref="bilal", code=code)


def test_wrong_codes_are_counted(user: User, own: Actor, at: datetime) -> None:
    secret = give_app(user, at - STEP)
    for _ in range(10):
        with pytest.raises(NotPermitted):
            confirm_with_code(actor=own, at=at, user_ref="bilal", code="000000")
    with pytest.raises(Refused, match="too many times"):
        confirm_with_code(actor=own, at=at, user_ref="bilal", code=code_of(secret, at))


def test_the_app_can_be_replaced(user: User, own: Actor, at: datetime) -> None:
    old, new = give_app(user, at - 2 * STEP), new_totp_secret()
    with pytest.raises(Refused, match="6-digit code"):
        replace_totp(actor=own, at=at - STEP, secret=new, code="000000")
    replace_totp(actor=own, at=at - STEP, secret=new, code=code_of(new, at - STEP))
    with pytest.raises(NotPermitted):
        confirm_with_code(actor=own, at=at, user_ref="bilal", code=code_of(old, at))
    confirm_with_code(actor=own, at=at, user_ref="bilal", code=code_of(new, at))
