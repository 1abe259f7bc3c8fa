"""Draw a certificate as an archival PDF with a QR code, which leads to the page that checks it."""

from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import qrcode
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from bluelamp.foundation.documents import pdf
from bluelamp.foundation.notifications.languages import format_day, language_override
from bluelamp.foundation.notifications.rules import ENGLISH, WELSH

LABELS = {
    "number": _("Number of the certificate or permit"),
    "holder": _("Holder"),
    "address": _("Address"),
    "not_stated": _("Not stated"),
    "from": _("In force from"),
    "until": _("Last day in force"),
    "scan": _("Scan this to see whether the certificate is valid. The page says nothing else."),
    "signature": _("Signature of the holder"),
    "conditions": _("Conditions"),
    "places": _("Places of business"),
    "guns": _("Guns"),
    "type": _("Type"),
    "make": _("Make and model"),
    "calibre": _("Calibre"),
    "serial": _("Serial number"),
    "status": _("On this certificate"),
    "ammunition": _("Ammunition"),
    "most": _("Most that may be held"),
    "page": _("Page"),
    "undrawn": _(
        "Characters that the fonts of this certificate do not have are printed as their Unicode"
        " number."
    ),
}
WORDING_NOTE = _("The conditions are in English, as the law or our decision words them.")
TEMPLATE = Path(str(files("bluelamp.services.firearms.documents"))) / "certificate.typ"


@dataclass(frozen=True, kw_only=True, slots=True)
class GunText:
    """A gun as it stands on a certificate. `status` is a sentence that waits for its language."""

    status: str | Promise
    type: str
    make: str
    calibre: str
    serial_number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateText:
    """What stands on a certificate. `is_made` says that its PDF is in the store.

    `places` are a dealer's places of business, each on one line. `title` waits for its language.
    `language` is that of our messages to the holder, "en" or "cy".
    """

    title: str | Promise
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
    language: str = ENGLISH


def draw_certificate(text: CertificateText) -> bytes:
    """Return the PDF of a certificate, unsigned: the same bytes for the same text.

    For a holder who reads Welsh, what we print is in both languages: dealers and officers who
    handle it may read only one. Conditions stay as the Rules or the decision word them, in English:
    we know of no Welsh form that the Firearms Rules prescribe.
    """
    title = _translate(text.title, ENGLISH)
    return pdf.render(
        template=TEMPLATE,
        made_at=text.issued_at,
        drawings={"qr": draw_qr(text.check_url)},
        data={
            "lang": text.language,
            "labels": {name: _in_languages(label, text.language) for name, label in LABELS.items()},
            "title": f"{title} {text.number}",
            "heading": _in_languages(text.title, text.language),
            "wording_note": _translate(WORDING_NOTE, WELSH) if text.language == WELSH else "",
            "number": text.number,
            "force": text.force_name,
            "holder": text.holder,
            "address": text.address,
            "places": list(text.places),
            "valid_from": _day_in_languages(text.valid_from, text.language),
            "expires_on": _day_in_languages(text.expires_on, text.language),
            "check_url": text.check_url,
            "conditions": list(text.conditions),
            "guns": [
                [
                    gun.type,
                    gun.make,
                    gun.calibre,
                    gun.serial_number,
                    _in_languages(gun.status, text.language),
                ]
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


def _in_languages(text: str | Promise, language: str) -> str:
    """Return a sentence of ours in English, for a reader of Welsh in Welsh and then English."""
    english = _translate(text, ENGLISH)
    return f"{_translate(text, WELSH)} / {english}" if language == WELSH else english


def _day_in_languages(day: date, language: str) -> str:
    english = format_day(day, ENGLISH)
    return f"{format_day(day, WELSH)} / {english}" if language == WELSH else english


def _translate(text: str | Promise, language: str) -> str:
    with language_override(language):
        return str(text)
