"""Writes files as a phone does (officer-app/src/sync/phone-file.ts), and wrong ones."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bluelamp.foundation.kernel.ids import new_id
from bluelamp.services.phone_files.rules import build_signed_text

SAVED_AT = "2026-03-03T18:00:00.000Z"
APP = "bluelamp-officer/0.1.0"


@dataclass(frozen=True)
class Saved:
    """A capture in a file: its bytes, whose it is, and its photo."""

    id: str
    officer_id: str
    raw: bytes
    file: bytes | None = None
    problem: str = ""

    def as_entry(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "officer_id": self.officer_id,
            "sha256": hashlib.sha256(self.raw).hexdigest(),
            "size": len(self.raw),
            "file": None
            if self.file is None
            else {"sha256": hashlib.sha256(self.file).hexdigest(), "size": len(self.file)},
            "problem": self.problem,
        }


@dataclass
class FileWriter:
    """A phone that writes a file. What is changed here makes a wrong one.

    `key` and `key_id` are the force's, `device_key` is the phone's.
    """

    device_id: UUID
    device_key: ec.EllipticCurvePrivateKey
    public_key: str
    key_id: str
    force: str = "01"
    chunk: int = 1024
    file_id: str = field(default_factory=lambda: str(new_id()))
    ephemeral: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    header_changes: dict[str, Any] = field(default_factory=dict)
    signature: bytes | None = None

    def write(
        self,
        captures: Sequence[Saved],
        *,
        entries: Any = None,
        manifest_length: int | None = None,
        contents: bytes | None = None,
    ) -> bytes:
        """Return the whole file.

        Args:
            captures: What is in it.
            entries: What its list says instead.
            manifest_length: The length of the list that it claims.
            contents: What follows the list instead.
        """
        about = {
            "file_id": self.file_id,
            "force": self.force,
            "key_id": self.key_id,
            "ephemeral": base64.b64encode(_point(self.ephemeral)).decode(),
            "device_id": str(self.device_id),
            "chunk": self.chunk,
            **self.header_changes,
        }
        header_json = _compact(about)
        header = b"BLPHONE1" + struct.pack(">I", len(header_json)) + header_json
        rows = [saved.as_entry() for saved in captures] if entries is None else entries
        manifest = _compact({"saved_at": SAVED_AT, "app": APP, "entries": rows})
        if contents is None:
            contents = b"".join(saved.raw + (saved.file or b"") for saved in captures)
        length = len(manifest) if manifest_length is None else manifest_length
        signature = self.signature or self._sign(header, manifest)
        plain = struct.pack(">I", length) + manifest + signature + contents
        return header + self._encrypt(header, plain)

    def _sign(self, header: bytes, manifest: bytes) -> bytes:
        text = build_signed_text(
            header_sha256=hashlib.sha256(header).hexdigest(),
            manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        )
        r, s = decode_dss_signature(self.device_key.sign(text, ec.ECDSA(SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)

    def _encrypt(self, header: bytes, plain: bytes) -> bytes:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1(), base64.b64decode(self.public_key)
        )
        hkdf = HKDF(
            algorithm=SHA256(),
            length=32,
            salt=hashlib.sha256(header).digest(),
            info=b"bluelamp-phone-file-1",
        )
        key = AESGCM(hkdf.derive(self.ephemeral.exchange(ec.ECDH(), theirs)))
        starts = range(0, len(plain), self.chunk)
        return b"".join(
            key.encrypt(
                bytes(7) + struct.pack(">I", index) + bytes([start == starts[-1]]),
                plain[start : start + self.chunk],
                None,
            )
            for index, start in enumerate(starts)
        )


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )
