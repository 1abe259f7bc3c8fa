"""Signs a PDF, so that any reader shows who made it and that nothing was changed (PAdES).

The key and its certificate are in `keys/documents.pem` of the var folder. Where there is none, one
is made that the force signs for itself; a force that has a certificate of a public authority puts
it there instead, key first.
"""

from __future__ import annotations

import os
import tempfile
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

# Longer than any certificate lasts: a reader asks whether the key was good when it signed.
_KEY_LIFETIME = timedelta(days=20 * 366)
_KEY_FILE = "documents.pem"


def sign_pdf(pdf: bytes, *, keys_folder: Path, force_name: str, reason: str, at: datetime) -> bytes:
    """Return the PDF with an invisible signature appended; the bytes before it stay as they are.

    Args:
        pdf: The document.
        keys_folder: Where the key is, or is made.
        force_name: Who signs, where the key has to be made.
        reason: Why it was signed, which readers show.
        at: When it is signed.
    """
    signer = _load_signer(_read_or_make_key(keys_folder, force_name=force_name, at=at))
    metadata = PdfSignatureMetadata(
        field_name="Signature",
        md_algorithm="sha256",
        reason=reason,
        name=force_name,
        subfilter=SigSeedSubFilter.PADES,
    )
    output = BytesIO()
    PdfSigner(metadata, signer=signer).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), output=output
    )
    return output.getvalue()


def _load_signer(pem: bytes) -> SimpleSigner:
    key = load_pem_private_key(pem, password=None)
    chain = [
        asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
        for certificate in x509.load_pem_x509_certificates(pem)
    ]
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(chain)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        # The signer's own certificate comes first, those of its authorities after it.
        signing_cert=chain[0],
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )


def _read_or_make_key(folder: Path, *, force_name: str, at: datetime) -> bytes:
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
