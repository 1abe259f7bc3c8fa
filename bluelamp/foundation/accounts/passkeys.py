"""Passkeys by WebAuthn: the two ceremonies, on django-allauth's tables and python-fido2's checks.

In: what a browser answers. Out: the options that it is asked with, and whose passkey it was.
allauth's own flows read the request and write without a command, so only what is below them is
used here (docs/decisions/0010-passkeys.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestationConveyancePreference,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.errors import NotPermitted

CEREMONY_PERIOD = timedelta(minutes=5)
# Longer than any authenticator's answer; a browser sends it, and it is stored as it came.
MAX_CREDENTIAL_LENGTH = 20_000
# What we add to the data that allauth stores of a passkey.
COUNTER, STOPPED = "sign_count", "stopped_at"


class CopiedPasskey(NotPermitted):
    """A passkey's signature counter did not go up: its key is in two devices, or a device is
    faulty (WebAuthn Level 3, 6.1.1 and step 22 of 7.2).

    Attributes:
        passkey_id: The row of the passkey.
        stored: The counter at its last use.
        received: The counter of this answer.
    """

    def __init__(self, *, passkey_id: int, stored: int, received: int) -> None:
        super().__init__("This passkey was used somewhere else.")
        self.passkey_id = passkey_id
        self.stored = stored
        self.received = received


@dataclass(frozen=True, slots=True)
class Ceremony:
    """A ceremony that was begun: what the browser's answer is checked against, once.

    Attributes:
        state: The challenge, as python-fido2 writes it.
        begun_at: When, in seconds since 1970.
    """

    state: Mapping[str, Any]
    begun_at: float

    def to_json(self) -> dict[str, Any]:
        """Return it as a session can store it."""
        return {"state": dict(self.state), "begun_at": self.begun_at}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Ceremony":
        """Return the ceremony that `to_json` described."""
        return cls(stored["state"], stored["begun_at"])


def begin_registration(user: User, *, at: datetime) -> tuple[dict[str, Any], Ceremony]:
    """Return the options to make a passkey for a person with, and the ceremony begun.

    The passkey is discoverable, so that nobody needs to enter a user name, and the device asks for
    its own PIN, face or fingerprint.
    """
    options, state = _server().register_begin(
        user=webauthn.build_user_payload(user),
        credentials=webauthn.get_credentials(user),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
        extensions=webauthn.EXTENSIONS,
    )
    return dict(options), Ceremony(state, at.timestamp())


def begin_authentication(
    *, at: datetime, user: User | None = None
) -> tuple[dict[str, Any], Ceremony]:
    """Return the options to use a passkey with, and the ceremony begun.

    Args:
        at: The time.
        user: Only this person's passkeys; None for anybody's.
    """
    options, state = _server().authenticate_begin(
        credentials=webauthn.get_credentials(user) if user else [],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), Ceremony(state, at.timestamp())


def check_registration(ceremony: Ceremony, credential: Mapping[str, Any], *, at: datetime) -> None:
    """Check a browser's answer to `begin_registration`.

    Raises:
        NotPermitted: It does not answer this ceremony, or the passkey is registered already.
    """
    _require_open(ceremony, at)
    try:
        _server().register_complete(
            ceremony.state, webauthn.parse_registration_response(credential)
        )
        credential_id = str(credential["id"])
    except Exception as error:  # bytes from anywhere: the parsers raise a dozen kinds
        raise NotPermitted("This is not a passkey made for this page.") from error
    if Authenticator.objects.filter(data__credential__id=credential_id).exists():
        raise NotPermitted("This passkey is registered already.")


def find_passkey(
    ceremony: Ceremony, credential: Mapping[str, Any], *, at: datetime
) -> tuple[User, Authenticator]:
    """Return whose passkey answers `begin_authentication`, and the passkey.

    Raises:
        NotPermitted: It does not answer this ceremony, or the passkey is not on record.
    """
    _require_open(ceremony, at)
    try:
        user = cast("User", webauthn.extract_user_from_response(dict(credential)))
        used = _server().authenticate_complete(
            ceremony.state,
            webauthn.get_credentials(user),
            webauthn.parse_authentication_response(credential),
        )
        passkey = webauthn.get_authenticator_by_credential_id(user, used.credential_id)
    except Exception as error:  # bytes from anywhere: the parsers raise a dozen kinds
        raise NotPermitted("This passkey does not sign anybody in here.") from error
    if passkey is None:
        raise NotPermitted("This passkey was removed.")
    return user, passkey


def record_passkey_use(
    passkey: Authenticator, credential: Mapping[str, Any], *, at: datetime
) -> None:
    """Store when a passkey was used and its signature counter. For use in a command.

    Args:
        passkey: What `find_passkey` returned.
        credential: The browser's answer that `find_passkey` accepted.
        at: The time.

    Raises:
        CopiedPasskey: The counter did not go up.
        NotPermitted: The passkey was stopped before.
    """
    # Locked, so that of two answers with the same counter only one gets in.
    row = Authenticator.objects.select_for_update().get(pk=passkey.pk)
    if row.data.get(STOPPED):
        raise NotPermitted("This passkey was stopped.")
    received = webauthn.parse_authentication_response(
        credential
    ).response.authenticator_data.counter
    # Before its first use it has the counter that it was registered with.
    stored = row.data.get(COUNTER, row.wrap().authenticator_data.counter)
    # Passkeys that are synchronised between devices count nothing: they always say 0.
    if (stored or received) and received <= stored:
        raise CopiedPasskey(passkey_id=row.pk, stored=stored, received=received)
    row.data[COUNTER] = received
    row.last_used_at = at
    row.save(update_fields=["data", "last_used_at"])


def add_passkey(user: User, *, name: str, credential: Mapping[str, Any]) -> Authenticator:
    """Store a passkey that `check_registration` let through. For use in a command."""
    return webauthn.WebAuthn.add(user, name, dict(credential)).instance


def _require_open(ceremony: Ceremony, at: datetime) -> None:
    if not 0 <= at.timestamp() - ceremony.begun_at <= CEREMONY_PERIOD.total_seconds():
        raise NotPermitted("This page was open for too long.")


def _server() -> Fido2Server:
    server: Fido2Server = webauthn.get_server()
    # Which make of device it is tells us nothing that we would act on, and could tell people apart.
    server.attestation = AttestationConveyancePreference.NONE
    return server
