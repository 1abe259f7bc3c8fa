"""Draw a certificate as an archival PDF with a QR code, which leads to the page that checks it."""

from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import qrcode
from qrcode.image.svg import SvgPathFillImage

from bluelamp.foundation.documents import pdf

TEMPLATE = Path(str(files("bluelamp.services.firearms.documents"))) / "certificate.typ"


@dataclass(frozen=True, kw_only=True, slots=True)
class GunText:
    """A gun as it stands on a certificate."""

    status: str
    type: str
    make: str
    calibre: str
    serial_number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateText:
    """What stands on a certificate. `is_made` says that its PDF is in the store.

    `places` are a dealer's places of business, each on one line.
    """

    title: str
    number: str
    force_name: str
    holder: str
    address: str
    places: tuple[str, ...]
    valid_from: date
    expires_on: date
    issued_at: datetime
    check_url: str
    conditions: tuple[str, ...]
    guns: tuple[GunText, ...]
    ammunition: tuple[tuple[str, int], ...]
    is_made: bool


def draw_certificate(text: CertificateText) -> bytes:
    """Return the PDF of a certificate, unsigned: the same bytes for the same text."""
    return pdf.render(
        template=TEMPLATE,
        made_at=text.issued_at,
        drawings={"qr": draw_qr(text.check_url)},
        data={
            "title": f"{text.title} {text.number}",
            "heading": text.title,
            "number": text.number,
            "force": text.force_name,
            "holder": text.holder,
            "address": text.address,
            "places": list(text.places),
            "valid_from": _day(text.valid_from),
            "expires_on": _day(text.expires_on),
            "check_url": text.check_url,
            "conditions": list(text.conditions),
            "guns": [
                [gun.type, gun.make, gun.calibre, gun.serial_number, gun.status]
                for gun in text.guns
            ],
            "ammunition": [[calibre, f"{most:,}"] for calibre, most in text.ammunition],
        },
    )


def draw_qr(url: str) -> str:
    """Return a QR code of an address as SVG."""
    # "M" is read with 15% of it worn away: a certificate is carried about.
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2)
    code.add_data(url)
    code.make(fit=True)
    output = BytesIO()
    code.make_image(image_factory=SvgPathFillImage).save(output)
    return output.getvalue().decode()


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
