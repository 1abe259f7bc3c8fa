"""The key that documents are signed with: `keys/documents.pem` of the var folder.

Where there is none, one is made that the force signs for itself; a force that has a certificate of
a public authority puts it there instead, key first.
"""

from __future__ import annotations

import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

# Longer than any certificate lasts: a reader asks whether the key was good when it signed.
_KEY_LIFETIME = timedelta(days=20 * 366)
_KEY_FILE = "documents.pem"


def read_or_make_key(folder: Path, *, force_name: str, at: datetime) -> bytes:
    """Return the key and its certificates in PEM; they are made where there are none."""
    path = folder / _KEY_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_make_key(force_name, at))
        try:
            # Two processes may be here at once: `link` lets the first one win, and the second reads
            # what that one wrote.
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()
    return path.read_bytes()


def _make_key(force_name: str, at: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    # 64 characters is the most that X.520 allows for a common name.
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, force_name[:64] or "Police")])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + _KEY_LIFETIME)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)
