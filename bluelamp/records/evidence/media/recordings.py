"""Looking at video and sound. Runs only in the child, inside the fence."""

import re
import struct
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from itertools import islice
from typing import Any, BinaryIO, cast

import av
import av.logging
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageStat

from bluelamp.records.evidence.media import exif, pictures

COUNT_FRAMES_UP_TO = 64 * 1024 * 1024
"""Bytes: larger files are judged by their container's lengths alone, without reading them to the
end.
"""
POSTER_FRAMES = 48
"""How many frames to look through for one that is not blank."""
BLANK = 6.0
"""Standard deviation of brightness, of 255, under which a frame is taken for blank."""
_ORIENTATIONS = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}
"""EXIF orientation for each quarter turn of a display matrix (a, b, c, d of ISO/IEC 14496-12,
6.2.2).
"""
_TIME_KEYS = ("com.apple.quicktime.creationdate", "creation_time", "date")
_PLACE_KEYS = ("com.apple.quicktime.location.iso6709", "location", "location-eng")
_PLACE = re.compile(r"^([+-]\d{1,3}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)")


def load_libraries(decoder: str) -> None:
    """Import everything that looking will need: nothing can be imported inside the fence."""
    pictures.load_libraries(decoder)
    for part in ("audio", "video", "subtitles", "data", "attachments"):
        for module in ("stream", "codeccontext", "frame", "packet"):
            with suppress(ImportError):
                import_module(f"av.{part}.{module}")
    av.logging.set_level(av.logging.PANIC)


def look(
    source: BinaryIO, job: dict[str, Any], answer: dict[str, Any], places: dict[str, int]
) -> None:
    """Read the facts of the recording into `answer`, then make a poster where it has pictures. May
    raise anything.
    """
    with _opened(source, job["decoder"]) as container:
        capture = answer["capture"] = _facts_of(container)
        video = next(iter(container.streams.video), None) if job["family"] == "video" else None
        if video is not None:
            _poster(container, video, job, answer, places)
    if video is not None and job["size"] <= COUNT_FRAMES_UP_TO:
        source.seek(0)
        with _opened(source, job["decoder"]) as container:
            capture["frames_found"] = _count(container)
        missing = capture["frames_promised"] - capture["frames_found"]
        if missing > 0:
            capture["truncated"] = True
            answer["problem"] = (
                f"The video is cut short: it should have {capture['frames_promised']:,} frames "
                f"and {capture['frames_found']:,} arrived."
            )


def _opened(source: BinaryIO, demuxer: str) -> InputContainer:
    """Open by the demuxer that the bytes call for, so that none that follows references is ever
    tried.
    """
    return av.open(source, mode="r", format=demuxer, metadata_errors="replace")


def _facts_of(container: InputContainer) -> dict[str, Any]:
    video = next(iter(container.streams.video), None)
    audio = next(iter(container.streams.audio), None)
    tags: dict[str, str] = {}
    for stream in (*container.streams.audio, *container.streams.video):
        tags.update({key.lower(): value for key, value in stream.metadata.items()})
    tags.update({key.lower(): value for key, value in container.metadata.items()})
    facts: dict[str, Any] = {
        "make": exif.plain(
            tags.get("com.apple.quicktime.make") or tags.get("com.android.manufacturer")
        ),
        "model": exif.plain(tags.get("com.apple.quicktime.model") or tags.get("com.android.model")),
        "software": exif.plain(tags.get("com.apple.quicktime.software") or tags.get("firmware")),
        "video_codec": video.codec_context.name if video else "",
        "audio_codec": audio.codec_context.name if audio else "",
        "frames_promised": video.frames if video else 0,
        **_time(tags),
        **_place(tags),
    }
    if container.duration and container.duration > 0:
        facts["duration"] = round(container.duration / av.time_base, 3)
    return facts


def _time(tags: dict[str, str]) -> dict[str, str]:
    for key in _TIME_KEYS:
        written = exif.plain(tags.get(key))
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            continue
        if moment.year < 1971:
            continue  # 1904 and 1970 are what a camera without a clock writes
        aware = {"captured_at": moment.isoformat()} if moment.tzinfo else {}
        return {"captured_text": moment.isoformat(), **aware}
    return {}


def _place(tags: dict[str, str]) -> dict[str, float]:
    """Read an ISO 6709 point, such as "+51.5014-000.1419+020/"."""
    for key in _PLACE_KEYS:
        if match := _PLACE.match(exif.plain(tags.get(key))):
            return exif.place(float(match[1]), float(match[2]))
    return {}


def _poster(
    container: InputContainer,
    video: VideoStream,
    job: dict[str, Any],
    answer: dict[str, Any],
    places: dict[str, int],
) -> None:
    width, height = video.codec_context.width, video.codec_context.height
    answer["capture"].update(width=width, height=height)
    if width * height > job["limits"]["pixels"]:
        answer["problem"] = pictures.TOO_LARGE.format(width, height)
        return
    frame = _first_telling_frame(container, video)
    if frame is None:
        answer["problem"] = "No picture could be read from this video: it is damaged or cut short."
        return
    orientation = _orientation(frame)
    pixel_shape = float(video.sample_aspect_ratio or 1) or 1.0
    answer["capture"]["orientation"] = orientation
    if orientation >= 5:
        answer["capture"].update(width=frame.height, height=frame.width)
    view, steps = pictures.upright_srgb(
        _picture(frame, job["limits"]["view_px"], pixel_shape),
        orientation,
        job["limits"]["view_px"],
    )
    seconds = f"{float(frame.time or 0):.2f}"
    if max(view.size) == job["limits"]["view_px"]:
        steps = [f"made smaller to fit {job['limits']['view_px']} pixels", *steps]
    how = [f"the frame at {seconds} seconds, read by FFmpeg (PyAV {av.__version__})", *steps]
    pictures.write_previews(view, how, job["limits"], answer, places, larger="poster")


def _first_telling_frame(container: InputContainer, video: VideoStream) -> VideoFrame | None:
    """The first frame that is not blank, or failing that the first of all, or None where none can
    be decoded.
    """
    video.codec_context.thread_count = 1
    first: VideoFrame | None = None
    try:
        for frame in islice(container.decode(video), POSTER_FRAMES):
            first = first or frame
            small = _converted(frame, 32, 32).convert("L")
            if ImageStat.Stat(small).stddev[0] >= BLANK:
                return frame
    except av.FFmpegError:
        if first is None:
            raise
    return first


def _picture(frame: VideoFrame, size: int, pixel_shape: float) -> Image.Image:
    """The frame as a picture with square pixels, no larger than `size` (some recorders store them
    oblong).
    """
    width, height = (
        frame.width * (pixel_shape if 0.1 < pixel_shape < 10 else 1.0),
        float(frame.height),
    )
    scale = min(1.0, size / max(width, height))
    return _converted(frame, max(2, round(width * scale)), max(2, round(height * scale)))


def _converted(frame: VideoFrame, width: int, height: int) -> Image.Image:
    """The frame as an RGB picture of a size, by one thread: the fence allows no other."""
    small = frame.reformat(width=width, height=height, format="rgb24", threads=1)
    return cast(Image.Image, small.to_image())  # type: ignore[no-untyped-call]


def _orientation(frame: VideoFrame) -> int:
    """The EXIF orientation that the recording's display matrix amounts to; 1 for none, or one off a
    quarter turn.
    """
    matrix = cast("bytes | None", frame.side_data.get("DISPLAYMATRIX"))
    if matrix is None:
        return 1
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix)[:36])
    unit = max(abs(number) for number in (a, b, c, d)) or 1
    return _ORIENTATIONS.get(
        (round(a / unit), round(b / unit), round(c / unit), round(d / unit)), 1
    )


def _count(container: InputContainer) -> int:
    """How many frames of video can be fetched from the container, without decoding them."""
    video = container.streams.video[0]
    try:
        return sum(packet.size > 0 for packet in container.demux(video))
    except av.FFmpegError:
        return 0
