"""Pictures and recordings like those that phones make.

They are made here, so that no test needs a file of unclear origin.
"""

import io
import random
import struct
import tempfile
import zlib
from functools import cache
from typing import Any

import av
import pillow_heif
from PIL import ExifTags, Image

# Colours of a sample's upright corners: top left, top right, bottom left, bottom right.
CORNERS = ((220, 40, 40), (40, 180, 60), (50, 80, 220), (230, 200, 40))
LONDON_POSITION = (51.5014, -0.1419)
CAPTURED_AT = "2026-03-03T16:15:00+00:00"


def upright(
    width: int = 640, height: int = 480, colours: tuple[tuple[int, int, int], ...] = CORNERS
) -> Image.Image:
    """Return a picture whose quarters have the colours of CORNERS, so that any rotation shows."""
    image = Image.new("RGB", (width, height))
    for number, colour in enumerate(colours):
        corner = (number % 2 * width // 2, number // 2 * height // 2)
        image.paste(Image.new("RGB", (width - width // 2, height - height // 2), colour), corner)
    return image


def corners_of(image: Image.Image) -> list[tuple[int, ...]]:
    """Return the colours an eighth of the way in from each corner, in the order of CORNERS."""
    width, height = image.size
    across, down = width // 8, height // 8
    points = [
        (across, down),
        (width - across, down),
        (across, height - down),
        (width - across, height - down),
    ]
    return [tuple(image.convert("RGB").getpixel(point)) for point in points]  # type: ignore[arg-type]


def looks_upright(image: Image.Image, tolerance: int = 25) -> bool:
    """Return whether each corner of `image` has about the colour of the upright sample's."""
    pairs = zip(corners_of(image), CORNERS, strict=True)
    return all(
        abs(actual - expected) <= tolerance
        for actual_colour, expected_colour in pairs
        for actual, expected in zip(actual_colour, expected_colour, strict=True)
    )


def exif_with_gps(orientation: int = 1) -> Image.Exif:
    """Return the EXIF that a phone writes: orientation, time with its offset, a position in central
    London, make and model.
    """
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Lampworks"
    exif[ExifTags.Base.Model] = "Phone 3"
    details: dict[int, Any] = {
        ExifTags.Base.DateTimeOriginal: "2026:03:03 16:15:00",
        ExifTags.Base.OffsetTimeOriginal: "+00:00",
    }
    exif._ifds[ExifTags.IFD.Exif] = details
    exif._ifds[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSLatitudeRef: "N",
        ExifTags.GPS.GPSLatitude: (51.0, 30.0, 5.04),
        ExifTags.GPS.GPSLongitudeRef: "W",
        ExifTags.GPS.GPSLongitude: (0.0, 8.0, 30.84),
    }
    return exif


@cache
def jpeg_of_an_old_camera() -> bytes:
    """Return a JPEG as some old cameras write it.

    Old bytes stand after the NUL that ends the camera's name, and the seconds of its position are
    0/0.
    """
    exif = exif_with_gps()
    exif[ExifTags.Base.Make] = "Lampworks"
    exif[ExifTags.Base.Model] = "MAVICA\x00 3ghx7y"
    data = _jpeg(upright(64, 48), exif=exif)
    for seconds in ((126, 25), (771, 25)):
        for order in ("<II", ">II"):
            data = data.replace(struct.pack(order, *seconds), bytes(8))
    return data


@cache
def rotated_jpeg_with_gps() -> bytes:
    """Return a JPEG stored on its side (EXIF orientation 6), with a position, a time and a comment.

    It is 480 × 640 pixels when upright.
    """
    return _jpeg(
        upright(480, 640).transpose(Image.Transpose.ROTATE_90),
        exif=exif_with_gps(6),
        comment=b"secret",
    )


@cache
def phone_jpeg_2mb() -> bytes:
    """Return a 4000 × 3000 JPEG of about 2 MB (1.9 to 2.1), upright, with a position.

    The bytes are the same every time.
    """
    grain = Image.frombytes("L", (1000, 750), random.Random(2).randbytes(1000 * 750))
    coarse = grain.resize((4000, 3000), Image.Resampling.BICUBIC)
    picture = Image.blend(upright(4000, 3000), coarse.convert("RGB"), 0.28)
    # Libraries differ in how far they compress, so the quality that comes nearest is taken.
    candidates = (_jpeg(picture, quality=q, exif=exif_with_gps()) for q in (80, 84, 88))
    return min(candidates, key=lambda data: abs(len(data) - 2_000_000))


@cache
def heic_with_gps() -> bytes:
    """Return a HEIC picture like an iPhone's: stored on its side, rotated by the container, with a
    position.
    """
    picture = pillow_heif.from_pillow(upright(480, 640).transpose(Image.Transpose.ROTATE_90))
    buffer = io.BytesIO()
    picture.save(buffer, quality=80, exif=exif_with_gps(6).tobytes())
    return buffer.getvalue()


@cache
def small_mp4(
    *,
    seconds: int = 2,
    late_index: bool = True,
    codec: str = "libx264",
    colours: tuple[tuple[int, int, int], ...] = CORNERS,
) -> bytes:
    """Return a silent 320 × 240 MP4 of ten frames a second.

    Args:
        late_index: The index (moov) comes last, as phones write it; otherwise first.
    """
    options = {} if late_index else {"movflags": "faststart"}
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        _write_mp4(file.name, seconds, codec, colours, options)
        return file.read()


def _write_mp4(
    name: str,
    seconds: int,
    codec: str,
    colours: tuple[tuple[int, int, int], ...],
    options: dict[str, str],
) -> None:
    with av.open(name, "w", format="mp4", options=options) as out:
        out.metadata["creation_time"] = CAPTURED_AT
        out.metadata["location"] = "+51.5014-000.1419/"
        stream = out.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.codec_context.thread_count = 1
        grain = random.Random(3)
        for _ in range(10 * seconds):
            picture = upright(320, 240, colours)
            picture.paste(Image.frombytes("L", (32, 32), grain.randbytes(1024)), (144, 104))
            out.mux(stream.encode(av.VideoFrame.from_image(picture)))
        out.mux(stream.encode(None))


def sound(container: str, codec: str, *, has_video: bool = False) -> bytes:
    """Return a second of silence in a container that usually holds a video, as a voice memo is.

    Args:
        container: FFmpeg's name of the container.
        codec: FFmpeg's name of the codec of the sound.
        has_video: One picture accompanies it.
    """
    video_codec = {"webm": "libvpx", "matroska": "libvpx", "asf": "wmv2"}.get(container, "mpeg4")
    with tempfile.NamedTemporaryFile() as file:
        with av.open(file.name, "w", format=container) as out:
            streams: list[tuple[Any, Any]] = []
            if has_video:
                video = out.add_stream(video_codec, rate=10)
                video.width, video.height, video.pix_fmt = 320, 240, "yuv420p"
                streams.append((video, av.VideoFrame.from_image(upright(320, 240))))
            audio = out.add_stream(codec, rate=48000, layout="mono")
            audio.bit_rate = 64_000
            silence = av.AudioFrame(format="s16", layout="mono", samples=48000)
            silence.planes[0].update(bytes(2 * 48000))
            silence.sample_rate = 48000
            resampler = av.AudioResampler(
                format=audio.format.name, frame_size=audio.codec_context.frame_size or None
            )
            streams += [(audio, frame) for frame in resampler.resample(silence)]
            for stream, frame in streams:
                out.mux(stream.encode(frame))
            for stream in out.streams:
                out.mux(stream.encode(None))
        return file.read()


def turned_mp4(data: bytes, matrix: tuple[int, int, int, int]) -> bytes:
    """Return the same MP4 with another display matrix (a, b, c, d) in its track header.

    ISO/IEC 14496-12, 8.3.2.
    """
    # The matrix stands 40 bytes after the name of a track header of version 0.
    start = data.index(b"tkhd") + 4 + 40
    a, b, c, d = (number * 0x10000 for number in matrix)
    return (
        data[:start] + struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000) + data[start + 36 :]
    )


def bomb_png(side: int = 60_000) -> bytes:
    """Return a PNG of a few hundred bytes that claims `side` × `side` pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def _jpeg(image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **{"quality": 88, **options})
    return buffer.getvalue()
