"""Keys of officers' phones, as WebCrypto makes and uses them."""

import base64
import hashlib
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bluelamp.casework.crimes.commands import LeaseDetail, lease_numbers
from bluelamp.foundation.accounts.commands.devices import NewDevice, enrol_device
from bluelamp.foundation.accounts.device_lookups import DeviceDetail
from bluelamp.foundation.accounts.device_rules import build_signed_text
from bluelamp.foundation.kernel.actor import Actor
from tests.cast import START

# One key for every phone of the tests that need none of their own: keys are slow to make.
SHARED_KEY = ec.generate_private_key(ec.SECP256R1())


def encode_public_key(key: ec.EllipticCurvePrivateKey) -> str:
    """Return a key's public half, as WebCrypto exports it as `raw`, in base64."""
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(point).decode()


def sign_request(
    key: ec.EllipticCurvePrivateKey, *, method: str, path: str, raw: bytes, challenge: str
) -> str:
    """Return the signature of a request, as WebCrypto makes it, in base64."""
    text = build_signed_text(
        method=method, path=path, sha256=hashlib.sha256(raw).hexdigest(), challenge=challenge
    )
    r, s = decode_dss_signature(key.sign(text, ec.ECDSA(SHA256())))
    return base64.b64encode(r.to_bytes(32) + s.to_bytes(32)).decode()


def enrol_phone(actor: Actor, installation_id: UUID, *, name: str = "Work phone") -> DeviceDetail:
    """Enrol a phone to an officer."""
    return enrol_device(
        actor=actor,
        at=START,
        device=NewDevice(
            installation_id=installation_id, name=name, public_key=encode_public_key(SHARED_KEY)
        ),
    )


def lease_to_phone(
    *, actor: Actor, at: datetime, device_id: UUID, want: int, year: int | None = None
) -> list[LeaseDetail]:
    """Enrol a phone to an officer, unless they have, and lease it numbers."""
    enrol_phone(actor, device_id)
    return lease_numbers(actor=actor, at=at, device_id=device_id, want=want, year=year)
