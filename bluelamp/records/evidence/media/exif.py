"""Read what a camera wrote into a picture: when, where and with what (EXIF 2.32).

Runs only in the worker.
"""

import math
from contextlib import suppress
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image

from bluelamp.records.evidence.media.capture_values import plausible_position, printable_text

Base, GPS, IFD = ExifTags.Base, ExifTags.GPS, ExifTags.IFD

# Each time with its offset from UTC; the moment of exposure is the best, the last change the worst.
_TIME_TAGS = (
    (Base.DateTimeOriginal, Base.OffsetTimeOriginal),
    (Base.DateTimeDigitized, Base.OffsetTimeDigitized),
    (Base.DateTime, Base.OffsetTime),
)
_SOUTH_OR_WEST = ("S", "W")


def read_exif(image: Image.Image) -> dict[str, Any]:
    """Return what `image`'s EXIF says, as keys of `CaptureInfo`. Never raises.

    What is absent, damaged or absurd is left out.
    """
    capture: dict[str, Any] = {}
    # A hostile EXIF block can fail in any way at all, and the picture may still be good.
    with suppress(Exception):
        tags = image.getexif()
        capture.update(
            make=printable_text(tags.get(Base.Make)), model=printable_text(tags.get(Base.Model))
        )
        capture["software"] = printable_text(tags.get(Base.Software))
        with suppress(Exception):
            capture.update(_read_gps(dict(tags.get_ifd(IFD.GPSInfo))))
        capture.update(_read_time({**dict(tags), **dict(tags.get_ifd(IFD.Exif))}))
    return capture


def _read_time(tags: dict[int, Any]) -> dict[str, Any]:
    for time_tag, offset_tag in _TIME_TAGS:
        written = printable_text(tags.get(time_tag))
        try:
            # EXIF writes "2026:03:03 16:15:00"; ISO 8601 has dashes in the date.
            local_time = datetime.fromisoformat(written[:10].replace(":", "-") + written[10:])
        except ValueError:
            continue
        with suppress(ValueError):
            offset = printable_text(tags.get(offset_tag))
            captured_at = datetime.fromisoformat(local_time.isoformat() + offset)
            if captured_at.tzinfo:
                text = captured_at.isoformat()
                return {"captured_text": text, "captured_at": text}
        return {"captured_text": local_time.isoformat()}
    return {}


def _read_gps(tags: dict[int, Any]) -> dict[str, float]:
    latitude = _to_degrees(tags.get(GPS.GPSLatitude), printable_text(tags.get(GPS.GPSLatitudeRef)))
    longitude = _to_degrees(
        tags.get(GPS.GPSLongitude), printable_text(tags.get(GPS.GPSLongitudeRef))
    )
    return plausible_position(latitude, longitude)


def _to_degrees(parts: Any, reference: str) -> float | None:
    """Return degrees, minutes and seconds as one number; negative for south and west."""
    if not parts:
        return None
    # Some devices leave the seconds out, or the minutes too.
    degrees, minutes, seconds = (float(part) for part in (*parts, 0, 0)[:3])
    if math.isnan(seconds):
        seconds = 0.0  # written as 0/0 by cameras that know the minutes only
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        return None
    return -value if reference.upper() in _SOUTH_OR_WEST else value
