"""Recovery codes and codes of authenticator apps: how they are stored, and how often they work."""

from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from pytest_django import Settings

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.recovery_codes import (
    CODE_COUNT,
    replace_recovery_codes,
    use_up_recovery_code,
)
from bluelamp.foundation.accounts.totp import is_current_code, new_totp_secret, use_up_totp_code
from tests.direct_writes import direct_writes
from tests.foundation.accounts.passkey_holders import code_of, give_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def codes(user: User, at: datetime, settings: Settings) -> list[str]:
    settings.PASSWORD_HASHERS = ["bluelamp.foundation.accounts.hashing.Argon2id"]
    with direct_writes():
        return replace_recovery_codes(user, at=at)


def use_up(user: User, code: str, at: datetime) -> bool:
    with direct_writes():
        return use_up_recovery_code(user, code, at=at)


def test_it_works(user: User, codes: list[str], at: datetime) -> None:
    assert len(set(codes)) == CODE_COUNT == 10
    assert use_up(user, codes[4], at)
    assert not use_up(user, codes[4], at)
    assert use_up(user, codes[5], at)


def test_the_database_holds_salted_hashes(user: User, codes: list[str], at: datetime) -> None:
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    hashes = list(row.data["hashes"].values())
    assert all(encoded.startswith("argon2$argon2id$") for encoded in hashes)
    assert len({encoded.split("$")[4] for encoded in hashes}) == CODE_COUNT, "one salt each"
    stored = str(row.data)
    for code in codes:
        first, second, third = code.split("-")
        assert second + third not in stored
        # Forty bits are left to guess once the stored beginning is known.
        assert len(second + third) == 8
        assert not use_up(user, f"{first}-{third}-{second}x", at)


def test_new_ones_replace_the_old(user: User, codes: list[str], at: datetime) -> None:
    with direct_writes():
        replace_recovery_codes(user, at=at)
    assert not use_up(user, codes[0], at)


def test_the_seed_of_an_app_is_encrypted_and_random(user: User, at: datetime) -> None:
    secret = give_app(user, at)
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    assert secret not in str(row.data)
    seeds = {new_totp_secret() for _ in range(50)}
    assert len(seeds) == 50
    assert all(len(seed) == 32 for seed in seeds), "160 bits in base 32"


def test_a_code_of_an_app_counts_for_its_half_minute(user: User, at: datetime) -> None:
    secret = give_app(user, at - timedelta(hours=1))
    for seconds in (-30, 30, 60, -3600):
        assert not is_current_code(secret, code_of(secret, at + timedelta(seconds=seconds)), at=at)
    assert is_current_code(secret, code_of(secret, at), at=at)


def test_a_code_of_an_app_works_once(user: User, at: datetime) -> None:
    secret = give_app(user, at - timedelta(hours=1))
    with direct_writes():
        assert use_up_totp_code(user, code_of(secret, at), at=at)
        assert not use_up_totp_code(user, code_of(secret, at), at=at)
        # An older one does not come back either.
        earlier = at - timedelta(seconds=30)
        assert not use_up_totp_code(user, code_of(secret, earlier), at=earlier)
