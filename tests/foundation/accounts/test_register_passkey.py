"""Registering a passkey of one's own, and with a one-time link."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from bluelamp.foundation.accounts.commands import (
    SIGN_IN_ACTOR,
    create_enrolment_link,
    enrol_passkey,
    register_passkey,
)
from bluelamp.foundation.accounts.models import EnrolmentLink, User
from bluelamp.foundation.accounts.passkeys import begin_registration
from bluelamp.foundation.accounts.sign_in_methods import get_sign_in_methods
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted
from tests.cast import INSTALLER
from tests.foundation.accounts.browser_passkey import USER_PRESENT, BrowserPasskey


def register(user: User, own: Actor, at: datetime, passkey: BrowserPasskey, **flags: int) -> None:
    options, ceremony = begin_registration(user, at=at)
    credential = json.loads(passkey.create(options, **flags))
    register_passkey(actor=own, at=at, ceremony=ceremony, credential=credential, name="Laptop")


def test_it_works(user: User, own: Actor, at: datetime) -> None:
    options, _ = begin_registration(user, at=at)
    wanted = options["publicKey"]
    assert wanted["attestation"] == "none"
    assert wanted["rp"] == {"id": "localhost", "name": "Bluelamp"}
    assert wanted["authenticatorSelection"]["residentKey"] == "required"
    assert wanted["authenticatorSelection"]["userVerification"] == "required"
    register(user, own, at, BrowserPasskey())
    [row] = get_sign_in_methods(user).passkeys
    assert (row.name, row.last_used_at) == ("Laptop", None)
    entry = AuditEntry.objects.get(act="account.passkey_registered")
    assert (entry.actor_id, entry.ref, entry.detail) == (user.id, "bilal", {"name": "Laptop"})
    options, _ = begin_registration(user, at=at)
    assert len(options["publicKey"]["excludeCredentials"]) == 1


def test_a_passkey_is_registered_once(user: User, own: Actor, at: datetime) -> None:
    passkey = BrowserPasskey()
    register(user, own, at, passkey)
    with pytest.raises(NotPermitted):
        register(user, own, at, passkey)


def test_the_device_must_have_checked_who_holds_it(user: User, own: Actor, at: datetime) -> None:
    with pytest.raises(NotPermitted):
        register(user, own, at, BrowserPasskey(), flags=USER_PRESENT)
    assert not Authenticator.objects.exists()


def test_another_site_cannot_register_one(user: User, own: Actor, at: datetime) -> None:
    with pytest.raises(NotPermitted):
        register(user, own, at, BrowserPasskey("https://evil.example"))


@pytest.mark.parametrize("credential", [{}, {"id": "a"}, {"id": "a", "response": {"x": 1}}])
def test_nonsense_is_refused(user: User, own: Actor, at: datetime, credential: Any) -> None:
    _, ceremony = begin_registration(user, at=at)
    with pytest.raises(NotPermitted):
        register_passkey(actor=own, at=at, ceremony=ceremony, credential=credential, name="x")


def test_a_link_enrols_one_and_gives_recovery_codes(user: User, at: datetime) -> None:
    link = create_enrolment_link(actor=INSTALLER, at=at, user_ref="bilal")
    options, ceremony = begin_registration(user, at=at)
    fields: dict[str, Any] = {
        "actor": SIGN_IN_ACTOR,
        "ceremony": ceremony,
        "credential": json.loads(BrowserPasskey().create(options)),
        "name": "Laptop",
    }
    with pytest.raises(NotPermitted):
        enrol_passkey(at=at, token="another", **fields)
    with pytest.raises(NotPermitted):
        enrol_passkey(at=at + timedelta(hours=25), token=link.token, **fields)
    enrolment = enrol_passkey(at=at, token=link.token, **fields)
    assert enrolment.user == user
    assert len(set(enrolment.recovery_codes)) == 10
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert not any(code[5:] in stored for code in enrolment.recovery_codes)
    assert EnrolmentLink.objects.get().used_at == at
