"""Whether a container holds as much as it promises, from its outermost lengths alone. Nothing is
decoded.

A recording cut off in mid upload still begins like a whole one; its own lengths give it away.
"""

import os
from typing import BinaryIO

MOST_BOXES = 4096
"""A real file has a few dozen outer boxes; a hostile one can have millions of eight bytes each."""


def cut_short(source: BinaryIO, *, container: str) -> str:
    """Say in a sentence how `source` falls short of its own lengths, or "" where it does not.

    `container` is the decoder's name of it, as in `kinds`; those without lengths of their own are
    not judged.
    """
    size = source.seek(0, os.SEEK_END)
    if container == "mov":
        return _iso_media(source, size, needs_index=True)
    if container in ("HEIF", "AVIF"):
        return _iso_media(source, size, needs_index=False)
    if container == "matroska":
        return _matroska(source, size)
    if container in ("avi", "wav", "WEBP"):
        return _riff(source, size)
    return ""


def _missing(promised: int, size: int) -> str:
    return f"The file is cut short: it should be at least {promised:,} bytes and {size:,} arrived."


def _iso_media(source: BinaryIO, size: int, *, needs_index: bool) -> str:
    """Walk the outer boxes (ISO/IEC 14496-12, 4.2)."""
    place, has_index = 0, False
    for _ in range(MOST_BOXES):
        if place >= size:
            break
        source.seek(place)
        head = source.read(16)
        if len(head) < 8:
            return _missing(place + 8, size)
        length, name = int.from_bytes(head[:4], "big"), head[4:8]
        if not name.isalnum() and name.strip(b"\x00 ") and not name.replace(b" ", b"").isalnum():
            break  # padding that some cameras leave behind the last box
        has_index = has_index or name == b"moov"
        if length == 0:
            break
        if length == 1:
            if len(head) < 16:
                return _missing(place + 16, size)
            length = int.from_bytes(head[8:], "big")
        if length < 8:
            break
        place += length
        if place > size:
            return _missing(place, size)
    if needs_index and not has_index:
        return "The file is cut short: its index (moov) never arrived, so it cannot be played."
    return ""


def _matroska(source: BinaryIO, size: int) -> str:
    """Read the EBML header and the length of the segment after it (RFC 8794, 5 and 6)."""
    source.seek(0)
    head = source.read(4096)
    length, used = _variable_length(head[4:])
    place = 4 + used + length
    if length < 0 or head[place : place + 4] != b"\x18\x53\x80\x67":
        return ""
    length, used = _variable_length(head[place + 4 :])
    promised = place + 4 + used + length
    return _missing(promised, size) if length > 0 and promised > size else ""


def _variable_length(head: bytes) -> tuple[int, int]:
    """Read an EBML length: its value (-1 for "unknown") and how many bytes it took."""
    if not head or not head[0]:
        return -1, 0
    used = 9 - head[0].bit_length()
    if len(head) < used:
        return -1, 0
    ones = (1 << (7 * used)) - 1
    value = int.from_bytes(head[:used], "big") & ones
    return (-1 if value == ones else value), used


def _riff(source: BinaryIO, size: int) -> str:
    """Hold the outer RIFF length against the file. 0 and 2³²-1 mean that the recorder never came
    back to fill it in.
    """
    source.seek(4)
    promised = int.from_bytes(source.read(4), "little")
    if promised in (0, 0xFFFFFFFF):
        return ""
    return _missing(promised + 8, size) if promised + 8 > size else ""
