"""What a camera wrote into a picture: when, where, with what (EXIF 2.32). Runs only in the
child.
"""

import math
from contextlib import suppress
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image

Base, GPS, IFD = ExifTags.Base, ExifTags.GPS, ExifTags.IFD

_TIMES = (
    (Base.DateTimeOriginal, Base.OffsetTimeOriginal),
    (Base.DateTimeDigitized, Base.OffsetTimeDigitized),
    (Base.DateTime, Base.OffsetTime),
)
_SOUTH_OR_WEST = ("S", "W")


def facts_of(image: Image.Image) -> dict[str, Any]:
    """The facts in `image`'s EXIF as plain values; what is absent, damaged or absurd is left out.
    Never raises.
    """
    found: dict[str, Any] = {}
    with suppress(
        Exception
    ):  # a hostile EXIF block can fail in any way at all, and the picture may still be good
        tags = image.getexif()
        found.update(make=plain(tags.get(Base.Make)), model=plain(tags.get(Base.Model)))
        found["software"] = plain(tags.get(Base.Software))
        with suppress(Exception):
            found.update(_place(dict(tags.get_ifd(IFD.GPSInfo))))
        found.update(_time({**dict(tags), **dict(tags.get_ifd(IFD.Exif))}))
    return found


def plain(value: object) -> str:
    """Text from a file, cut to 100 printable characters."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
    return " ".join("".join(c if c.isprintable() else " " for c in text[:400]).split())[:100]


def _time(tags: dict[int, Any]) -> dict[str, Any]:
    for time_tag, offset_tag in _TIMES:
        written = plain(tags.get(time_tag))
        try:
            moment = datetime.fromisoformat(written[:10].replace(":", "-") + written[10:])
        except ValueError:
            continue
        with suppress(ValueError):
            aware = datetime.fromisoformat(moment.isoformat() + plain(tags.get(offset_tag)))
            if aware.tzinfo:
                return {"captured_text": aware.isoformat(), "captured_at": aware.isoformat()}
        return {"captured_text": moment.isoformat()}
    return {}


def _place(tags: dict[int, Any]) -> dict[str, float]:
    latitude = _degrees(tags.get(GPS.GPSLatitude), plain(tags.get(GPS.GPSLatitudeRef)))
    longitude = _degrees(tags.get(GPS.GPSLongitude), plain(tags.get(GPS.GPSLongitudeRef)))
    return place(latitude, longitude)


def place(latitude: float | None, longitude: float | None) -> dict[str, float]:
    """A position, or nothing where it is off the globe, or exactly 0, 0: what devices write without
    a fix.
    """
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return {}
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return {}
    return {"latitude": round(latitude, 7), "longitude": round(longitude, 7)}


def _degrees(parts: Any, reference: str) -> float | None:
    if not parts:
        return None
    degrees, minutes, seconds = (float(part) for part in (*parts, 0, 0)[:3])
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        return None
    return -value if reference.upper() in _SOUTH_OR_WEST else value
