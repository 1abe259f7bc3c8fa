"""Check a worker's JPEG from outside, without decoding it.

The worker has read hostile bytes, so what it writes is not trusted.
"""

# Start-of-frame markers: 0xC0 to 0xCF without Huffman tables, the reserved JPG marker and
# arithmetic coding tables (ITU-T T.81, table B.1).
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Frame headers, Huffman and quantisation tables, restart interval, JFIF. No EXIF, comment or
# profile segment: those could carry the original's metadata, or script.
_ALLOWED_MARKERS = _FRAME_MARKERS | {0xC4, 0xDB, 0xDD, 0xE0}
_START_OF_SCAN = 0xDA


def check_jpeg(data: bytes) -> tuple[int, int]:
    """Return the width and height, in pixels, of a JPEG that holds a picture and no metadata.

    The format is ITU-T T.81, B.1.

    Raises:
        ValueError: It is anything else, or something follows the picture.
    """
    if data[:2] != b"\xff\xd8" or data[-2:] != b"\xff\xd9":
        raise ValueError("not a whole JPEG")
    position, size = 2, (0, 0)
    while position + 4 <= len(data):
        marker = data[position + 1]
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        # The length counts its own two bytes; a smaller one would never move on.
        if data[position] != 0xFF or length < 2:
            raise ValueError("broken JPEG segment")
        if marker == _START_OF_SCAN:
            if 0 in size:
                raise ValueError("JPEG without a size")
            return size
        if marker not in _ALLOWED_MARKERS:
            raise ValueError(f"JPEG holds a segment that is not picture: {marker:#x}")
        if marker in _FRAME_MARKERS:
            body = data[position + 4 : position + 2 + length]
            # Byte 0 is the precision; then height, then width.
            size = (int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
        position += 2 + length
    raise ValueError("JPEG without a picture")
