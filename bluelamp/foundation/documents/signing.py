"""Signs a PDF, so that any reader shows who made it and that nothing was changed (PAdES)."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
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

from bluelamp.foundation.documents.signing_key import read_or_make_key


def sign_pdf(pdf: bytes, *, keys_folder: Path, force_name: str, reason: str, at: datetime) -> bytes:
    """Return the PDF with an invisible signature appended; the bytes before it stay as they are.

    Args:
        pdf: The document.
        keys_folder: Where the key is, or is made.
        force_name: Who signs, where the key has to be made.
        reason: Why it was signed, which readers show.
        at: When it is signed.
    """
    signer = _load_signer(read_or_make_key(keys_folder, force_name=force_name, at=at))
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
