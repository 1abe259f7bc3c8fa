"""Signing in with a passkey: whose it is, and every answer that must not do."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from bluelamp.foundation.accounts.commands import (
    SIGN_IN_ACTOR,
    deactivate_account,
    sign_in_with_passkey,
)
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.passkeys import CEREMONY_PERIOD, Ceremony, begin_authentication
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.errors import NotPermitted
from tests.cast import INSTALLER
from tests.foundation.accounts.browser_passkey import USER_PRESENT, USER_VERIFIED, BrowserPasskey


def sign_in(at: datetime, ceremony: Ceremony, credential: Any) -> User:
    return sign_in_with_passkey(
        actor=SIGN_IN_ACTOR, at=at, ceremony=ceremony, credential=credential
    )


def test_it_works(user: User, passkey: BrowserPasskey, at: datetime) -> None:
    options, ceremony = begin_authentication(at=at)
    assert options["publicKey"]["userVerification"] == "required"
    assert options["publicKey"]["rpId"] == "localhost"
    assert sign_in(at, ceremony, json.loads(passkey.get(options))) == user
    assert Authenticator.objects.get().last_used_at == at
    entry = AuditEntry.objects.get(act="account.signed_in")
    assert (entry.ref, entry.result, entry.detail) == (user.username, "done", {"method": "passkey"})


def test_an_answer_to_another_challenge_is_refused(passkey: BrowserPasskey, at: datetime) -> None:
    options, _ = begin_authentication(at=at)
    _, ceremony = begin_authentication(at=at)
    with pytest.raises(NotPermitted):
        sign_in(at, ceremony, json.loads(passkey.get(options)))
    assert AuditEntry.objects.get(act="account.signed_in").result == "refused"


def test_an_answer_comes_within_five_minutes(passkey: BrowserPasskey, at: datetime) -> None:
    options, ceremony = begin_authentication(at=at)
    late = at + CEREMONY_PERIOD + timedelta(seconds=1)
    with pytest.raises(NotPermitted):
        sign_in(late, ceremony, json.loads(passkey.get(options)))


@pytest.mark.parametrize("flags", [0, USER_PRESENT, USER_VERIFIED])
def test_the_device_must_have_checked_who_holds_it(
    passkey: BrowserPasskey, at: datetime, flags: int
) -> None:
    options, ceremony = begin_authentication(at=at)
    with pytest.raises(NotPermitted):
        sign_in(at, ceremony, json.loads(passkey.get(options, flags=flags)))


@pytest.mark.parametrize("origin", ["https://localhost.evil.example", "http://evil.example"])
def test_another_site_cannot_use_it(passkey: BrowserPasskey, at: datetime, origin: str) -> None:
    passkey.origin = origin
    options, ceremony = begin_authentication(at=at)
    with pytest.raises(NotPermitted):
        sign_in(at, ceremony, json.loads(passkey.get(options)))


def test_a_strange_passkey_is_refused(user: User, passkey: BrowserPasskey, at: datetime) -> None:
    stranger = BrowserPasskey()
    stranger.user_handle = passkey.user_handle
    options, ceremony = begin_authentication(at=at)
    with pytest.raises(NotPermitted):
        sign_in(at, ceremony, json.loads(stranger.get(options)))
    stranger.id = passkey.id
    with pytest.raises(NotPermitted):
        sign_in(at, ceremony, json.loads(stranger.get(options)))


@pytest.mark.parametrize(
    "credential",
    [{}, {"id": 1}, {"response": None}, {"response": {"userHandle": "AAAA"}}, {"response": []}],
)
def test_nonsense_is_refused(passkey: BrowserPasskey, at: datetime, credential: Any) -> None:
    _, ceremony = begin_authentication(at=at)
    with pytest.raises(NotPermitted):
        sign_in(at, ceremony, credential)


def test_a_leaver_is_refused(user: User, passkey: BrowserPasskey, at: datetime) -> None:
    deactivate_account(actor=INSTALLER, at=at, user_ref=user.username)
    options, ceremony = begin_authentication(at=at)
    with pytest.raises(NotPermitted):
        sign_in(at, ceremony, json.loads(passkey.get(options)))
