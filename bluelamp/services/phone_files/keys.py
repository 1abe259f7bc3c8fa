"""The force's private keys for files from phones: `keys/phone-file-<key>.pem` of the var folder.

The public halves are in the database, where every node gives out the same one.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from bluelamp.services.phone_files.file_format import key_id_of

_KEY_ID = re.compile(r"[0-9a-f]{16}")


def make_private_key(folder: Path) -> tuple[str, bytes]:
    """Make a key and write it to the folder.

    Returns:
        Its id, and its public half as the uncompressed point.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key_id = key_id_of(public)
    folder.mkdir(parents=True, exist_ok=True)
    # Renamed when it is whole, and readable by nobody else from its first byte (mkstemp).
    descriptor, name = tempfile.mkstemp(dir=folder)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    Path(name).rename(_path(folder, key_id))
    return key_id, public


def find_private_key(folder: Path, key_id: str) -> ec.EllipticCurvePrivateKey | None:
    """Return a key; None where it is not on this node."""
    # It comes from a file that somebody made: it must lead to no other file.
    if not _KEY_ID.fullmatch(key_id):
        return None
    try:
        pem = _path(folder, key_id).read_bytes()
    except FileNotFoundError:
        return None
    key = load_pem_private_key(pem, password=None)
    return key if isinstance(key, ec.EllipticCurvePrivateKey) else None


def _path(folder: Path, key_id: str) -> Path:
    return folder / f"phone-file-{key_id}.pem"
