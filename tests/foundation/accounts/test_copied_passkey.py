"""A passkey whose signature counter goes back is stopped: somebody may have copied it."""

import json
from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from bluelamp.foundation.accounts.commands import (
    SIGN_IN_ACTOR,
    confirm_with_passkey,
    remove_passkey,
    sign_in_with_passkey,
)
from bluelamp.foundation.accounts.models import AccountSession, User
from bluelamp.foundation.accounts.passkeys import begin_authentication
from bluelamp.foundation.accounts.sign_in_methods import get_sign_in_methods
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted
from bluelamp.foundation.kernel.events.models import OutboxEvent
from tests.cast import sign_in as open_a_session
from tests.foundation.accounts.browser_passkey import BrowserPasskey


def sign_in(passkey: BrowserPasskey, counter: int, at: datetime) -> User:
    passkey.counter = counter
    options, ceremony = begin_authentication(at=at)
    credential = json.loads(passkey.get(options))
    return sign_in_with_passkey(
        actor=SIGN_IN_ACTOR, at=at, ceremony=ceremony, credential=credential
    )


def test_it_works(user: User, passkey: BrowserPasskey, at: datetime, client: Client) -> None:
    assert sign_in(passkey, 5, at) == user
    assert sign_in(passkey, 6, at) == user
    open_a_session(client, user)
    with pytest.raises(NotPermitted):
        sign_in(passkey, 6, at)
    refused, stopped = AuditEntry.objects.order_by("pk")[AuditEntry.objects.count() - 2 :]
    assert (refused.act, refused.result) == ("account.signed_in", "refused")
    assert (stopped.act, stopped.ref) == ("account.passkey_stopped", user.username)
    assert stopped.detail["counter_before"] == stopped.detail["counter"] == 6
    assert not AccountSession.objects.filter(user=user).exists()
    event = OutboxEvent.objects.filter(name="accounts.sign_in_changed.v1").latest("at")
    assert event.payload["change"] == "passkey_stopped"


def test_nobody_gets_in_with_it_any_more(user: User, passkey: BrowserPasskey, at: datetime) -> None:
    """Nobody can tell the copy from the original, whose counter may be higher."""
    sign_in(passkey, 5, at)
    with pytest.raises(NotPermitted):
        sign_in(passkey, 4, at)
    with pytest.raises(NotPermitted):
        sign_in(passkey, 7, at)
    assert AuditEntry.objects.filter(act="account.passkey_stopped").count() == 1
    assert get_sign_in_methods(user).passkeys[0].is_stopped


def test_a_passkey_that_does_not_count_is_good(
    user: User, passkey: BrowserPasskey, at: datetime
) -> None:
    assert [sign_in(passkey, 0, at) for _ in range(3)] == [user] * 3


def test_a_counter_that_begins_again_at_0_is_noticed(passkey: BrowserPasskey, at: datetime) -> None:
    sign_in(passkey, 1, at)
    with pytest.raises(NotPermitted):
        sign_in(passkey, 0, at)
    assert AuditEntry.objects.filter(act="account.passkey_stopped").exists()


def test_a_copy_does_not_confirm_either(
    user: User, own: Actor, passkey: BrowserPasskey, at: datetime
) -> None:
    sign_in(passkey, 9, at)
    options, ceremony = begin_authentication(at=at, user=user)
    with pytest.raises(NotPermitted):
        confirm_with_passkey(
            actor=own, at=at, ceremony=ceremony, credential=json.loads(passkey.get(options))
        )
    assert AuditEntry.objects.filter(act="account.passkey_stopped").exists()


def test_it_can_be_removed(own: Actor, passkey: BrowserPasskey, at: datetime) -> None:
    sign_in(passkey, 5, at)
    with pytest.raises(NotPermitted):
        sign_in(passkey, 5, at)
    remove_passkey(actor=own, at=at, passkey_id=Authenticator.objects.get().pk)
    assert not Authenticator.objects.exists()
