"""A browser's passkey, in software: it answers the two ceremonies as an authenticator would."""

import hashlib
import json
import secrets
import struct
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

USER_PRESENT, USER_VERIFIED, HAS_CREDENTIAL = 1, 4, 64


class BrowserPasskey:
    """One passkey of one person, at one site."""

    def __init__(self, origin: str = "http://localhost") -> None:
        self.origin = origin
        self.id = secrets.token_bytes(32)
        self.user_handle = b""
        # How often it was used. Passkeys that are synchronised between devices always say 0.
        self.counter = 0
        self._key = ec.generate_private_key(ec.SECP256R1())

    def create(self, options: dict[str, Any], *, flags: int = USER_PRESENT | USER_VERIFIED) -> str:
        """Return the answer to the options of a registration, as a page sends it."""
        asked = options["publicKey"]
        self.user_handle = websafe_decode(asked["user"]["id"])
        key = cbor.encode(ES256.from_cryptography_key(self._key.public_key()))
        about = bytes(16) + struct.pack(">H", len(self.id)) + self.id + key
        data = self._authenticator_data(asked["rp"]["id"], flags | HAS_CREDENTIAL) + about
        attestation = cbor.encode({"fmt": "none", "authData": data, "attStmt": {}})
        return self._to_json(
            {
                "clientDataJSON": self._client_data("webauthn.create", asked["challenge"]),
                "attestationObject": attestation,
            }
        )

    def get(self, options: dict[str, Any], *, flags: int = USER_PRESENT | USER_VERIFIED) -> str:
        """Return the answer to the options of an authentication, as a page sends it."""
        asked = options["publicKey"]
        client_data = self._client_data("webauthn.get", asked["challenge"])
        data = self._authenticator_data(asked["rpId"], flags)
        signature = self._key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._to_json(
            {
                "clientDataJSON": client_data,
                "authenticatorData": data,
                "signature": signature,
                "userHandle": self.user_handle,
            }
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _authenticator_data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _to_json(self, response: dict[str, bytes]) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": {name: websafe_encode(value) for name, value in response.items()},
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )
