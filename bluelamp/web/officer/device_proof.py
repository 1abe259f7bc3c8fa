"""Check that a request comes from a phone that the officer enrolled, and that is not blocked.

The phone signs the method, the path, the hash of the body and a challenge that `/me` gave it. Its
key never leaves it, so a stolen session cookie alone takes no crime number and sends no capture.
Signing needs no clock on the phone, which may be wrong by years. A request that is sent again while
its challenge is valid does no harm: captures and leases are the same the second time.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

from django.core import signing
from django.http import HttpRequest

from bluelamp.foundation.accounts.commands.devices import (
    BLOCKED_SEEN_PERIOD,
    record_blocked_device_seen,
)
from bluelamp.foundation.accounts.device_lookups import DeviceDetail, get_own_device
from bluelamp.foundation.accounts.device_rules import build_signed_text, is_signature_valid
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.web.formats import format_date_time
from bluelamp.web.problems import ApiError

NOT_ENROLLED = "urn:bluelamp:device-not-enrolled"
BLOCKED = "urn:bluelamp:device-blocked"
PROOF_INVALID = "urn:bluelamp:device-proof-invalid"
# Long enough to send a day's captures over a slow network without asking for another.
CHALLENGE_PERIOD = timedelta(hours=1)
_SIGNER = signing.TimestampSigner(salt="bluelamp.officer.device")


def create_challenge(officer_id: UUID) -> str:
    """Return what a phone signs in its requests for an officer, for `CHALLENGE_PERIOD`."""
    return _SIGNER.sign(str(officer_id))


def require_device(request: HttpRequest, actor: Actor) -> DeviceDetail:
    """Return the actor's device that a request comes from.

    Raises:
        ApiError: 403, of the type NOT_ENROLLED, BLOCKED or PROOF_INVALID.
    """
    device = find_device(request, actor)
    if device is None:
        raise ApiError(
            403,
            "This phone is not enrolled yet. Your work is saved on it. Open the app and give the "
            "phone a name, then it can send.",
            type=NOT_ENROLLED,
        )
    require_signature(request, actor, public_key=device.public_key)
    # After the signature: only the phone itself is told why it is blocked.
    if device.blocked_at:
        _record_and_refuse(actor, device)
    return device


def find_device(request: HttpRequest, actor: Actor) -> DeviceDetail | None:
    """Return the actor's device that a request says it comes from, which is not proved by that."""
    try:
        installation_id = UUID(request.headers.get("X-Device-Id", ""))
    except ValueError:
        return None
    if actor.id is None:
        return None
    return get_own_device(officer_id=actor.id, installation_id=installation_id)


def require_signature(request: HttpRequest, actor: Actor, *, public_key: str) -> None:
    """Check that a request was signed with a key, over a challenge of this officer's.

    Raises:
        ApiError: 403, of the type PROOF_INVALID. Then the phone asks `/me` for a new challenge and
            sends the request again.
    """
    challenge = request.headers.get("X-Device-Challenge", "")
    text = build_signed_text(
        method=request.method or "",
        path=request.path,
        # Of what arrived, not what the request says of itself.
        sha256=hashlib.sha256(request.body).hexdigest(),
        challenge=challenge,
    )
    signature = request.headers.get("X-Device-Signature", "")
    is_signed = is_signature_valid(public_key=public_key, signature=signature, text=text)
    if not is_signed or not _is_challenge_of(challenge, actor):
        raise ApiError(
            403,
            "We could not check that this came from your phone. Nothing is lost, and the app will "
            "try again.",
            type=PROOF_INVALID,
        )


def blocked_message(device: DeviceDetail) -> str:
    """Return what the officer is told whose device is blocked."""
    when = format_date_time(device.blocked_at, today=london_date(now()))
    return (
        f"This phone was blocked on {when} by {device.blocked_by_name}: "
        f"{device.blocked_reason}. What you recorded is saved on it and has not been sent. Ask the "
        "crime desk to unblock it."
    )


def _is_challenge_of(challenge: str, actor: Actor) -> bool:
    try:
        # Of this officer's own: somebody else's challenge would let their request be sent again.
        return _SIGNER.unsign(challenge, max_age=CHALLENGE_PERIOD) == str(actor.id)
    except signing.BadSignature:
        return False


def _record_and_refuse(actor: Actor, device: DeviceDetail) -> NoReturn:
    at: datetime = now()
    is_first = device.blocked_at is not None and device.last_seen_at <= device.blocked_at
    # The app asks every few minutes: the record says that it was seen, not how often.
    if is_first or at - device.last_seen_at > BLOCKED_SEEN_PERIOD:
        record_blocked_device_seen(actor=actor, at=at, installation_id=device.installation_id)
    raise ApiError(403, blocked_message(device), type=BLOCKED)
