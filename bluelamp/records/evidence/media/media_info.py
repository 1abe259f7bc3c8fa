"""What is known about an original file and the pictures made from it: plain values, safe to store
and to show.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, TypedDict

from bluelamp.records.evidence.media.kinds import Family

MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class MediaInfo:
    """What a file is by its bytes, compared with what it was called.

    Attributes:
        media_type: The true media type, and the only one to serve the file under.
        extension: The true extension, with its dot.
        size: In bytes.
        is_mislabelled: The name or the declared type names another kind of file.
        description: Says so, or says what the file is, in a sentence for a page.
        decoder: The Pillow format or FFmpeg demuxer for previews, "" where none can be made.
        may_show_inline: False for anything that can run or hold script, and for anything
            mislabelled.
        truncation: "", or a sentence saying that the container ends before it should.
    """

    family: Family
    kind: str
    media_type: str
    extension: str
    size: int
    claimed_name: str
    claimed_type: str
    is_mislabelled: bool
    description: str
    decoder: str
    may_show_inline: bool
    truncation: str = ""


@dataclass(frozen=True, kw_only=True)
class CaptureInfo:
    """What the device wrote into the file about itself.

    These are claims by the device, not proof: clocks and positions can be wrong or altered.

    Attributes:
        width, height: Of the upright picture, in pixels.
        orientation: The EXIF value 1 to 8 that was undone (EXIF 2.32, tag 0x0112).
        captured_at: An instant, or None when the device did not give its offset from UTC. MP4
            `creation_time` is UTC by the specification (ISO/IEC 14496-12, 8.2.2), which some
            action cameras break by writing local time.
        captured_text: The time as written ("2022-02-16T12:55:41", with the offset if given).
        latitude, longitude: WGS 84 degrees.
        duration: In seconds.
        frames_promised: How many frames the video's container says it has.
        frames_found: How many frames could be read.
        truncated: The file ends before it should.
    """

    width: int = 0
    height: int = 0
    orientation: int = 1
    captured_at: datetime | None = None
    captured_text: str = ""
    latitude: float | None = None
    longitude: float | None = None
    make: str = ""
    model: str = ""
    software: str = ""
    duration: float | None = None
    video_codec: str = ""
    audio_codec: str = ""
    frames_promised: int = 0
    frames_found: int = 0
    truncated: bool = False


@dataclass(frozen=True, kw_only=True)
class DerivedPicture:
    """One picture made from an original.

    `method` says how it was made, so that another person can make it again (NPCC principle 3).
    """

    kind: Literal["thumbnail", "view", "poster"]
    path: Path
    media_type: str
    width: int
    height: int
    method: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class WorkerLimits:
    """How much a worker process may use.

    Memory is address space, not resident memory: a 48-megapixel HEIC needs 490 MB, 4K HEVC 360 MB.
    `cpu_seconds` counts only while the worker runs: on a busy machine it may get a hundredth of a
    processor. `wall_seconds` is for a worker that waits for something that never comes, and leaves
    a starved one the time to use up its `cpu_seconds`. `pixels` is the largest picture that is
    decoded; `thumbnail_px` and `view_px` are the longest sides of the pictures made.
    """

    memory_bytes: int = 1024 * MIB
    cpu_seconds: int = 20
    wall_seconds: float = 1800.0
    output_bytes: int = 16 * MIB
    pixels: int = 200_000_000
    thumbnail_px: int = 320
    view_px: int = 1600


@dataclass(frozen=True, kw_only=True)
class PreviewResult:
    """The outcome of making previews.

    Attributes:
        pictures: The pictures made, the thumbnail first.
        problem: "", or plain words for a page. A truncated picture has both pictures and a problem.
        detail: For the operator's log only.
        sandbox: Which limits really applied to the worker, by name: "memory", "processor time",
            "file size", "files", "processes", "network", "privileges".
    """

    media: MediaInfo
    capture: CaptureInfo
    pictures: tuple[DerivedPicture, ...] = ()
    problem: str = ""
    detail: str = ""
    sandbox: dict[str, bool] = field(default_factory=dict)


class StoredCapture(TypedDict):
    """`CaptureInfo` as JSON: `captured_at` is ISO 8601 with its offset, or None."""

    width: int
    height: int
    orientation: int
    captured_at: str | None
    captured_text: str
    latitude: float | None
    longitude: float | None
    make: str
    model: str
    software: str
    duration: float | None
    video_codec: str
    audio_codec: str
    frames_promised: int
    frames_found: int
    truncated: bool


class StoredScan(TypedDict):
    """`scanning.ScanResult` as JSON."""

    outcome: Literal["clean", "infected", "not_scanned"]
    signature: str
    engine: str
    reason: str


class StoredMediaInfo(TypedDict, total=False):
    """The JSON in `Item.media_info`.

    An item has the first six keys from the moment it is received, `capture` and `problem` once
    previews were attempted, and `scan` where a virus scanner answered later. `lies` is
    `MediaInfo.is_mislabelled`, `sentence` its `description` and `cut_short` its `truncation`.
    """

    kind: str
    family: Family
    lies: bool
    sentence: str
    cut_short: str
    may_show_inline: bool
    capture: StoredCapture
    problem: str
    scan: StoredScan


def media_info_to_json(media: MediaInfo) -> StoredMediaInfo:
    """Return what is stored about an item when it is received."""
    return {
        "kind": media.kind,
        "family": media.family,
        "lies": media.is_mislabelled,
        "sentence": media.description,
        "cut_short": media.truncation,
        "may_show_inline": media.may_show_inline,
    }


def preview_result_to_json(result: PreviewResult) -> StoredMediaInfo:
    """Return what is stored about an item once previews were attempted."""
    captured_at = result.capture.captured_at
    # asdict would keep the datetime, which JSON cannot hold.
    capture: StoredCapture = {
        **asdict(replace(result.capture, captured_at=None)),  # type: ignore[typeddict-item]
        "captured_at": captured_at.isoformat() if captured_at else None,
    }
    return {
        **media_info_to_json(result.media),
        "capture": capture,
        "problem": result.problem,
    }
