"""Checking a child's JPEG from outside, without decoding it: the child read hostile bytes, so it is
not believed.
"""

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALLOWED = _FRAMES | {0xC4, 0xDB, 0xDD, 0xE0}
"""Frame headers, Huffman and quantisation tables, restart interval, JFIF. No EXIF, comment or
profile segment.
"""


def size_of_plain_jpeg(data: bytes) -> tuple[int, int]:
    """Width and height of a JPEG that holds a picture and no metadata (ITU-T T.81, B.1).

    Raises ValueError where it is anything else, or where anything follows the picture.
    """
    if data[:2] != b"\xff\xd8" or data[-2:] != b"\xff\xd9":
        raise ValueError("not a whole JPEG")
    place, size = 2, (0, 0)
    while place + 4 <= len(data):
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if data[place] != 0xFF or length < 2:
            raise ValueError("broken JPEG segment")
        if marker == 0xDA:
            if 0 in size:
                raise ValueError("JPEG without a size")
            return size
        if marker not in _ALLOWED:
            raise ValueError(f"JPEG holds a segment that is not picture: {marker:#x}")
        if marker in _FRAMES:
            body = data[place + 4 : place + 2 + length]
            size = (int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
        place += 2 + length
    raise ValueError("JPEG without a picture")
