"""Officers' devices: their keys, their signatures and how many an officer may have. Pure."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

MAX_DEVICES = 3
"""Devices that an officer may use at once: a phone, a tablet in the car and a spare. More would
only help somebody who collects crime numbers under a stolen sign-in."""

MAX_WAITING_THINGS = 50
"""Of what waits on a phone, how many things are listed. The rest is only counted."""

MAX_NAME_LENGTH = 60
MAX_REASON_LENGTH = 200
_COORDINATE_BYTES = 32
_SIGNED_TEXT = "bluelamp-device-1"


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingThing:
    """One thing that waits on a phone, without a word about anybody.

    Attributes:
        id: The capture.
        kind: `crime`, `encounter`, `statement` or `item`.
        is_refused: We refused it: it waits for the officer, or for ever.
        since: When it was made, by the corrected clock.
        size: Bytes.
        reason: Why it waits, as the phone tells the officer.
    """

    id: UUID
    kind: str
    is_refused: bool
    since: datetime
    size: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceSelfReport:
    """What a phone says of itself. `clock_error_s` is by how many seconds its clock is ahead.

    `waiting` are the oldest things; the counts and `waiting_bytes` are of all of them. `wipe_key`
    is the public key with which the phone can say that it wiped itself while its app is locked, or
    "" where it has none.
    """

    app: str
    clock_error_s: int
    store_trouble: str
    unreadable_count: int
    draft_count: int
    waiting_count: int
    refused_count: int
    waiting_bytes: int
    oldest_since: datetime | None
    waiting: tuple[WaitingThing, ...]
    wipe_key: str = ""


def hash_nonce(nonce: str) -> str:
    """Return the hash of the nonce of a wipe, which stands for the body of what the phone signs."""
    return hashlib.sha256(nonce.encode()).hexdigest()


def is_public_key(text: str) -> bool:
    """Say whether a text is an ECDSA P-256 public key, as base64 of the uncompressed point."""
    return _parse_public_key(text) is not None


def build_signed_text(*, method: str, path: str, sha256: str, challenge: str) -> bytes:
    """Return what a device signs for a request.

    Args:
        method: The HTTP method.
        path: The path of the URL, without its query.
        sha256: The hash of the body, in lower-case hexadecimal; also of an empty one.
        challenge: What `/me` gave the device to sign.
    """
    return "\n".join((_SIGNED_TEXT, method.upper(), path, sha256, challenge)).encode()


def is_signature_valid(*, public_key: str, signature: str, text: bytes) -> bool:
    """Say whether a signature is this key's for a text.

    Args:
        public_key: As `is_public_key` accepts it.
        signature: Base64 of r and s one after the other, as WebCrypto makes it (IEEE P1363).
        text: What was signed.
    """
    return is_signed_by(public_key=public_key, signature=_decode(signature), text=text)


def is_signed_by(*, public_key: str, signature: bytes, text: bytes) -> bool:
    """Say the same of a signature as bytes: r and s side by side."""
    key = _parse_public_key(public_key)
    if key is None or len(signature) != 2 * _COORDINATE_BYTES:
        return False
    halves = (signature[:_COORDINATE_BYTES], signature[_COORDINATE_BYTES:])
    r, s = (int.from_bytes(half) for half in halves)
    try:
        # Browsers sign r and s side by side, this library wants them in DER.
        key.verify(encode_dss_signature(r, s), text, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _parse_public_key(text: str) -> ec.EllipticCurvePublicKey | None:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decode(text))
    except ValueError:
        return None


def _decode(text: str) -> bytes:
    try:
        # Strict: otherwise one signature could be written in many ways.
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
