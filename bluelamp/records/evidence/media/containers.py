"""Check whether a container is as long as it says, from its outermost lengths alone.

A recording cut off in mid upload still begins like a whole one; its own lengths show that something
is missing. Nothing is decoded.
"""

import os
from typing import BinaryIO

# A real file has a few dozen outer boxes; a hostile one can have millions of eight bytes each.
MAX_BOXES = 4096
_MATROSKA_SEGMENT = b"\x18\x53\x80\x67"
_EBML_ID_BYTES = 4


def describe_truncation(source: BinaryIO, *, container: str) -> str:
    """Return a sentence saying how `source` falls short of its own lengths, or "" where it does
    not.

    Args:
        container: The decoder's name of the container, as in `kinds`. Containers without lengths of
            their own are not checked.
    """
    size = source.seek(0, os.SEEK_END)
    if container == "mov":
        return _check_iso_media(source, size, needs_index=True)
    if container in ("HEIF", "AVIF"):
        # The index of a picture is a box of another name, and its lengths say enough.
        return _check_iso_media(source, size, needs_index=False)
    if container == "matroska":
        return _check_matroska(source, size)
    if container in ("avi", "wav", "WEBP"):
        return _check_riff(source, size)
    return ""


def _missing_bytes(promised: int, size: int) -> str:
    return (
        f"The file is incomplete. It should be at least {promised:,} bytes "
        f"but only {size:,} arrived."
    )


def _check_iso_media(source: BinaryIO, size: int, *, needs_index: bool) -> str:
    """Walk the outer boxes (ISO/IEC 14496-12, 4.2)."""
    position, has_index = 0, False
    for _ in range(MAX_BOXES):
        if position >= size:
            break
        source.seek(position)
        head = source.read(16)
        if len(head) < 8:
            return _missing_bytes(position + 8, size)
        length, name = int.from_bytes(head[:4], "big"), head[4:8]
        if not name.isalnum() and name.strip(b"\x00 ") and not name.replace(b" ", b"").isalnum():
            break  # padding that some cameras leave after the last box
        has_index = has_index or name == b"moov"
        if length == 0:  # "to the end of the file"
            break
        if length == 1:  # the real length is in the next eight bytes
            if len(head) < 16:
                return _missing_bytes(position + 16, size)
            length = int.from_bytes(head[8:], "big")
        if length < 8:  # shorter than its own header: it would never move on
            break
        position += length
        if position > size:
            return _missing_bytes(position, size)
    if needs_index and not has_index:
        return "The file is incomplete. Its index (moov) is missing, so it cannot be played."
    return ""


def _check_matroska(source: BinaryIO, size: int) -> str:
    """Read the EBML header and the length of the segment after it (RFC 8794, 5 and 6)."""
    source.seek(0)
    head = source.read(4096)
    length, used = _read_ebml_length(head[_EBML_ID_BYTES:])
    segment = _EBML_ID_BYTES + used + length
    if length < 0 or head[segment : segment + 4] != _MATROSKA_SEGMENT:
        return ""
    length, used = _read_ebml_length(head[segment + 4 :])
    promised = segment + 4 + used + length
    return _missing_bytes(promised, size) if length > 0 and promised > size else ""


def _read_ebml_length(head: bytes) -> tuple[int, int]:
    """Return an EBML length (-1 for "unknown") and how many bytes it took."""
    if not head or not head[0]:
        return -1, 0
    used = 9 - head[0].bit_length()  # the leading zero bits say how many bytes follow
    if len(head) < used:
        return -1, 0
    all_ones = (1 << (7 * used)) - 1
    value = int.from_bytes(head[:used], "big") & all_ones
    return (-1 if value == all_ones else value), used


def _check_riff(source: BinaryIO, size: int) -> str:
    """Compare the outer RIFF length with the file's.

    0 and 2³²-1 mean that the recorder never came back to fill the length in.
    """
    source.seek(4)
    promised = int.from_bytes(source.read(4), "little")
    if promised in (0, 0xFFFFFFFF):
        return ""
    # The length leaves out the eight bytes of "RIFF" and of itself.
    return _missing_bytes(promised + 8, size) if promised + 8 > size else ""
