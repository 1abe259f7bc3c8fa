"""A signed PDF: who signed it, and that a changed byte is found."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from bluelamp.foundation.documents.pdf import render
from bluelamp.foundation.documents.signing import sign_pdf

AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
TEMPLATE = """#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(font: "Noto Sans", lang: "en")
= #data.title
"""


@pytest.fixture
def pdf(tmp_path: Path) -> bytes:
    """Return a page as PDF/A."""
    template = tmp_path / "page.typ"
    template.write_text(TEMPLATE)
    return render(template=template, data={"title": "Certificate"}, made_at=AT)


def sign(pdf: bytes, folder: Path) -> bytes:
    """Return the PDF signed with the key of a folder."""
    return sign_pdf(pdf, keys_folder=folder, force_name="Essex Police", reason="Issued", at=AT)


def is_intact(signed: bytes) -> bool:
    """Say whether the signature covers the bytes, and they are those that were signed."""
    signature = PdfFileReader(BytesIO(signed)).embedded_signatures[0]
    context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=context)
    return bool(status.intact and status.valid)


def test_it_works(pdf: bytes, tmp_path: Path) -> None:
    """The signature is good, names the force, and what was signed is there unchanged."""
    signed = sign(pdf, tmp_path)
    signature = PdfFileReader(BytesIO(signed)).embedded_signatures[0]
    assert is_intact(signed)
    assert signature.signer_cert.subject.native["common_name"] == "Essex Police"
    assert signed.startswith(pdf)


def test_a_changed_byte_is_found(pdf: bytes, tmp_path: Path) -> None:
    """One byte in the middle of the page is enough."""
    signed = bytearray(sign(pdf, tmp_path))
    place = signed.index(b"stream") + 40
    signed[place] ^= 1
    assert not is_intact(bytes(signed))


def test_the_key_stays(pdf: bytes, tmp_path: Path) -> None:
    """The second document is signed with the first one's key, which nobody else may read."""
    first, second = sign(pdf, tmp_path), sign(pdf, tmp_path)
    keys = [
        PdfFileReader(BytesIO(signed)).embedded_signatures[0].signer_cert.sha256
        for signed in (first, second)
    ]
    assert keys[0] == keys[1]
    assert (tmp_path / "documents.pem").stat().st_mode & 0o077 == 0
