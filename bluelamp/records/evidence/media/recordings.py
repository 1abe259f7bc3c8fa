"""Inspect video and sound. Runs only in the worker, inside the sandbox."""

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

from bluelamp.records.evidence.media import pictures
from bluelamp.records.evidence.media.capture_values import plausible_position, printable_text
from bluelamp.records.evidence.media.pictures import OutputPlaces
from bluelamp.records.evidence.media.worker_job import WorkerAnswer, WorkerJob

# In bytes. Larger files are checked by their container's lengths alone, without reading them to the
# end.
_COUNT_FRAMES_UP_TO = 64 * 1024 * 1024
# How many frames to search for one that is not blank, and the standard deviation of brightness (of
# 255) below which a frame counts as blank.
_MAX_POSTER_FRAMES = 48
_BLANK_DEVIATION = 6.0
# The EXIF orientation for each quarter turn of a display matrix (a, b, c, d of ISO/IEC 14496-12,
# 6.2.2).
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
# The most trustworthy first: Apple writes an offset from UTC into its own key.
_TIME_KEYS = ("com.apple.quicktime.creationdate", "creation_time", "date")
_LOCATION_KEYS = ("com.apple.quicktime.location.iso6709", "location", "location-eng")
_ISO_6709 = re.compile(r"^([+-]\d{1,3}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)")


def load_libraries(decoder: str) -> None:
    """Import everything that `inspect` will need: nothing can be imported inside the sandbox."""
    pictures.load_libraries(decoder)
    for part in ("audio", "video", "subtitles", "data", "attachments"):
        for module in ("stream", "codeccontext", "frame", "packet"):
            # Not every part has each of these modules, nor does every version.
            with suppress(ImportError):
                import_module(f"av.{part}.{module}")
    # Its own messages go to standard error, and quote what is in the file.
    av.logging.set_level(av.logging.PANIC)


def inspect(source: BinaryIO, job: WorkerJob, answer: WorkerAnswer, places: OutputPlaces) -> None:
    """Read what the recording says of itself into `answer`, then write a poster of a video.

    Args:
        places: The numbers of the descriptors to write the pictures to.

    Raises:
        Exception: Anything at all, as the decoders please.
    """
    with _open_container(source, job["decoder"]) as container:
        capture = answer["capture"] = _read_capture(container)
        video = next(iter(container.streams.video), None) if job["family"] == "video" else None
        if video is not None:
            _make_poster(container, video, job, answer, places)
    if video is not None and job["size"] <= _COUNT_FRAMES_UP_TO:
        # From the start again: making the poster has moved on in the file.
        source.seek(0)
        with _open_container(source, job["decoder"]) as container:
            capture["frames_found"] = _count_frames(container)
        if capture["frames_promised"] > capture["frames_found"]:
            capture["truncated"] = True
            answer["problem"] = (
                f"The video is incomplete. It should have {capture['frames_promised']:,} frames "
                f"but only {capture['frames_found']:,} arrived."
            )


def _open_container(source: BinaryIO, demuxer: str) -> InputContainer:
    """Open a recording by the demuxer that the bytes call for.

    FFmpeg left to choose might try one that follows references to other files.
    """
    return av.open(source, mode="r", format=demuxer, metadata_errors="replace")


def _read_capture(container: InputContainer) -> dict[str, Any]:
    """Return what the container says of its recording, as keys of `CaptureInfo`."""
    video = next(iter(container.streams.video), None)
    audio = next(iter(container.streams.audio), None)
    tags: dict[str, str] = {}
    # What is said of the whole file wins over what is said of one stream, and video over audio.
    for stream in (*container.streams.audio, *container.streams.video):
        tags.update({key.lower(): value for key, value in stream.metadata.items()})
    tags.update({key.lower(): value for key, value in container.metadata.items()})
    make = tags.get("com.apple.quicktime.make") or tags.get("com.android.manufacturer")
    model = tags.get("com.apple.quicktime.model") or tags.get("com.android.model")
    software = tags.get("com.apple.quicktime.software") or tags.get("firmware")
    capture: dict[str, Any] = {
        "make": printable_text(make),
        "model": printable_text(model),
        "software": printable_text(software),
        "video_codec": video.codec_context.name if video else "",
        "audio_codec": audio.codec_context.name if audio else "",
        "frames_promised": video.frames if video else 0,
        **_read_time(tags),
        **_read_location(tags),
    }
    if container.duration and container.duration > 0:
        capture["duration"] = round(container.duration / av.time_base, 3)
    return capture


def _read_time(tags: dict[str, str]) -> dict[str, str]:
    for key in _TIME_KEYS:
        written = printable_text(tags.get(key))
        try:
            captured_at = datetime.fromisoformat(written)
        except ValueError:
            continue
        if captured_at.year < 1971:
            continue  # 1904 and 1970 are what a camera without a clock writes
        text = captured_at.isoformat()
        if captured_at.tzinfo:
            return {"captured_text": text, "captured_at": text}
        return {"captured_text": text}
    return {}


def _read_location(tags: dict[str, str]) -> dict[str, float]:
    """Read an ISO 6709 point, such as "+51.5014-000.1419+020/"."""
    for key in _LOCATION_KEYS:
        if match := _ISO_6709.match(printable_text(tags.get(key))):
            return plausible_position(float(match[1]), float(match[2]))
    return {}


def _make_poster(
    container: InputContainer,
    video: VideoStream,
    job: WorkerJob,
    answer: WorkerAnswer,
    places: OutputPlaces,
) -> None:
    width, height = video.codec_context.width, video.codec_context.height
    answer["capture"].update(width=width, height=height)
    view_px = job["limits"]["view_px"]
    if width * height > job["limits"]["pixels"]:
        answer["problem"] = pictures.TOO_LARGE.format(width, height)
        return
    frame = _find_poster_frame(container, video)
    if frame is None:
        answer["problem"] = "No picture could be read from this video. It is damaged or incomplete."
        return
    orientation = _read_orientation(frame)
    pixel_shape = float(video.sample_aspect_ratio or 1) or 1.0
    answer["capture"]["orientation"] = orientation
    if orientation >= pictures.FIRST_SIDEWAYS_ORIENTATION:
        answer["capture"].update(width=frame.height, height=frame.width)
    view, steps = pictures.upright_srgb(
        _to_picture(frame, view_px, pixel_shape), orientation, view_px
    )
    if max(view.size) == view_px:
        steps = [f"resized to fit {view_px} pixels", *steps]
    seconds = f"{float(frame.time or 0):.2f}"
    steps = [f"the frame at {seconds} seconds, read by FFmpeg (PyAV {av.__version__})", *steps]
    pictures.write_previews(view, steps, job["limits"], answer, places, larger="poster")


def _find_poster_frame(container: InputContainer, video: VideoStream) -> VideoFrame | None:
    """Return the first frame that is not blank, else the first of all, else None where none can be
    decoded.
    """
    video.codec_context.thread_count = 1  # the sandbox allows no other thread
    first: VideoFrame | None = None
    try:
        for frame in islice(container.decode(video), _MAX_POSTER_FRAMES):
            first = first or frame
            small = _resize_frame(frame, 32, 32).convert("L")
            if ImageStat.Stat(small).stddev[0] >= _BLANK_DEVIATION:
                return frame
    except av.FFmpegError:
        if first is None:
            raise
    return first


def _to_picture(frame: VideoFrame, size: int, pixel_shape: float) -> Image.Image:
    """Return the frame as a picture with square pixels, no larger than `size`.

    Some recorders store oblong pixels: `pixel_shape` is their width divided by their height.
    """
    # A ratio beyond ten is a damaged header, not a pixel.
    width = frame.width * (pixel_shape if 0.1 < pixel_shape < 10 else 1.0)
    height = float(frame.height)
    scale = min(1.0, size / max(width, height))
    return _resize_frame(frame, max(2, round(width * scale)), max(2, round(height * scale)))


def _resize_frame(frame: VideoFrame, width: int, height: int) -> Image.Image:
    """Return the frame as an RGB picture, made by one thread: the sandbox allows no other."""
    small = frame.reformat(width=width, height=height, format="rgb24", threads=1)
    return cast(Image.Image, small.to_image())  # type: ignore[no-untyped-call]


def _read_orientation(frame: VideoFrame) -> int:
    """Return the EXIF orientation that the recording's display matrix amounts to.

    1 for no matrix, and for one that is not a quarter turn.
    """
    matrix = cast("bytes | None", frame.side_data.get("DISPLAYMATRIX"))
    if matrix is None:
        return 1
    # Nine 32-bit numbers, row by row: a b u, c d v, x y w. Only a, b, c and d turn the picture.
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix)[:36])
    unit = max(abs(number) for number in (a, b, c, d)) or 1
    quarter_turn = (round(a / unit), round(b / unit), round(c / unit), round(d / unit))
    return _ORIENTATIONS.get(quarter_turn, 1)


def _count_frames(container: InputContainer) -> int:
    """Return how many frames of video can be fetched from the container, without decoding them."""
    video = container.streams.video[0]
    try:
        return sum(packet.size > 0 for packet in container.demux(video))
    except av.FFmpegError:
        return 0
