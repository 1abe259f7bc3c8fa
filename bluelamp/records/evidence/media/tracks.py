"""Find out whether a recording has any video, from the headers of its container alone.

Phones put voice memos into the same containers as their videos. Nothing is decoded.
"""

import os
import re
from collections.abc import Iterator
from typing import BinaryIO

from bluelamp.records.evidence.media.containers import MAX_BOXES

# The ids of the codecs of a Matroska file's tracks (RFC 9559, 5.1.4.1.21): V_VP9, A_OPUS …
_MATROSKA_CODEC = re.compile(rb"\x86[\x81-\xbf]([VA])_")
# The kinds of stream in an ASF header (ASF specification 10.4), as they stand in the file.
_ASF_AUDIO = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")
_ASF_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")


def is_sound_only(source: BinaryIO, head: bytes, *, container: str) -> bool:
    """Return whether a recording says that it has sound and no video.

    Args:
        source: The recording, open for reading.
        head: Its first 64 KiB.
        container: The decoder's name of the container, as in `kinds`.

    Returns:
        False also where the container does not say, or is damaged.
    """
    if container == "mov":
        tracks = set(_iso_track_types(source))
        return b"soun" in tracks and b"vide" not in tracks
    if container == "matroska":
        return set(_MATROSKA_CODEC.findall(head)) == {b"A"}
    if container == "asf":
        return _ASF_AUDIO in head and _ASF_VIDEO not in head
    return False


def _iso_track_types(source: BinaryIO) -> Iterator[bytes]:
    """Yield the handler type of each track: `vide`, `soun` … (ISO/IEC 14496-12, 8.4.3)."""
    size = source.seek(0, os.SEEK_END)
    for moov in _iso_boxes(source, b"moov", 0, size):
        for track in _iso_boxes(source, b"trak", *moov):
            for media in _iso_boxes(source, b"mdia", *track):
                for start, _ in _iso_boxes(source, b"hdlr", *media):
                    # after four bytes of version and flags, and four that QuickTime uses
                    source.seek(start + 8)
                    yield source.read(4)


def _iso_boxes(source: BinaryIO, name: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the content of each box of that name begins and ends, between two positions."""
    for _ in range(MAX_BOXES):
        if start + 8 > end:
            return
        source.seek(start)
        head = source.read(16)
        length, header = int.from_bytes(head[:4], "big"), 8
        if length == 1:  # the real length is in the next eight bytes
            length, header = int.from_bytes(head[8:], "big"), 16
        elif length == 0:  # "to the end of the file"
            length = end - start
        if length < header:  # shorter than its own header: it would never move on
            return
        if head[4:8] == name:
            yield start + header, min(start + length, end)
        start += length
