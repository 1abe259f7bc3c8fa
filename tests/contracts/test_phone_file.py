"""The files from phones that the officer app and the server agree on: both run these vectors."""

import base64
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key

from bluelamp.foundation.accounts.device_rules import is_signed_by
from bluelamp.services.phone_files.file_format import PhoneFileReader, key_id_of, read_header
from bluelamp.services.phone_files.rules import build_signed_text

SHARED: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[2] / "contracts/vectors/phone-file.json").read_text()
)
VECTORS = SHARED["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_it_works(vector: dict[str, Any]) -> None:
    raw = base64.b64decode(vector["file"])
    assert hashlib.sha256(raw).hexdigest() == vector["sha256"]
    key = load_der_private_key(base64.b64decode(SHARED["force_key"]["private_key"]), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    file = io.BytesIO(raw)
    header = read_header(file)
    assert (str(header.device_id), header.force) == (SHARED["device_id"], SHARED["force"])
    assert header.key_id == SHARED["force_key"]["id"]
    reader = PhoneFileReader(file, header=header, size=len(raw), key=key)
    manifest = reader.read_manifest()
    text = build_signed_text(
        header_sha256=hashlib.sha256(header.raw).hexdigest(),
        manifest_sha256=hashlib.sha256(manifest.raw).hexdigest(),
    )
    assert is_signed_by(
        public_key=SHARED["device_public_key"], signature=manifest.signature, text=text
    )
    found = [
        {
            "id": str(entry.entry.id),
            "officer_id": str(entry.entry.officer_id),
            "text": entry.capture.decode(),
            "file": base64.b64encode(entry.file.read(10**6)).decode() if entry.file else None,
            "problem": entry.entry.problem,
        }
        for entry in reader.read_entries(manifest)
    ]
    assert found == vector["captures"]


def test_the_name_of_a_key() -> None:
    public = base64.b64decode(SHARED["force_key"]["public_key"])
    assert key_id_of(public) == SHARED["force_key"]["id"]
