"""Texts and positions as files hold them, made safe to store. Pure."""


def printable_text(value: object) -> str:
    """Return text from a file, cut at its first NUL and to 100 printable characters."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
    # EXIF text ends with a NUL. Some cameras leave old bytes after it, in a field of fixed length.
    text = text.partition("\0")[0]
    # Cut twice: first so that a huge value costs little, then to what is stored.
    return " ".join("".join(c if c.isprintable() else " " for c in text[:400]).split())[:100]


def plausible_position(latitude: float | None, longitude: float | None) -> dict[str, float]:
    """Return a position in WGS 84 degrees, or {} where it cannot be one."""
    # 0, 0 is what devices write that had no position: the sea off West Africa.
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return {}
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return {}
    # Seven places, a centimetre: further digits come from the arithmetic and not from the device.
    return {"latitude": round(latitude, 7), "longitude": round(longitude, 7)}
