"""What is known about an original, and what was made from it: plain values, safe to store and to
show.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from bluelamp.records.evidence.media.kinds import Family

MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class MediaFacts:
    """What a file is by its bytes, held against what it was called.

    `media_type` is the true one and the only one to serve it under. `lies` is true when the name or
    declared type names another kind; `sentence` says so, or says what the file is, in words for a
    page. `cut_short` is "" or a sentence saying that the container ends before it should. `decoder`
    is "" where no preview can be made. `may_show_inline` is false for anything that can run or hold
    script, and for anything that lies.
    """

    family: Family
    kind: str
    media_type: str
    extension: str
    size: int
    claimed_name: str
    claimed_type: str
    lies: bool
    sentence: str
    decoder: str
    may_show_inline: bool
    cut_short: str = ""


@dataclass(frozen=True, kw_only=True)
class CaptureFacts:
    """What the device wrote into the file about itself. Claims by the device, not proof: clocks and
    positions can be wrong or altered.

    `captured_at` is an instant and is None when the device did not say its offset from UTC;
    `captured_text` is the time as written ("2022-02-16T12:55:41", with the offset if given). MP4
    `creation_time` is UTC by the specification (ISO/IEC 14496-12, 8.2.2), which some action cameras
    break by writing local time. `latitude` and `longitude` are WGS 84 degrees. `width` and `height`
    are of the upright picture, in pixels. `orientation` is the EXIF value 1 to 8 that was undone
    (EXIF 2.32, tag 0x0112). `duration` is in seconds.
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
class Preview:
    """One derived picture. `how` says how it was made, so that another can make it again (NPCC
    principle 3).
    """

    kind: Literal["thumbnail", "view", "poster"]
    path: Path
    media_type: str
    width: int
    height: int
    how: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much a child may use. Memory is address space: a 48-megapixel HEIC needs 490 MB, 4K HEVC
    360 MB.
    """

    memory_bytes: int = 1024 * MIB
    cpu_seconds: int = 20
    wall_seconds: float = 45.0
    output_bytes: int = 16 * MIB
    pixels: int = 200_000_000
    thumbnail_px: int = 320
    view_px: int = 1600


@dataclass(frozen=True, kw_only=True)
class PreviewResult:
    """What came of making previews.

    `problem` is "" or plain words for a page; a picture that is cut short has both previews and a
    problem. `detail` is for the operator's log only. `fence` says which limits really held for this
    child, by name: "memory", "processor time", "file size", "files", "processes", "network",
    "privileges".
    """

    facts: MediaFacts
    capture: CaptureFacts
    made: tuple[Preview, ...] = ()
    problem: str = ""
    detail: str = ""
    fence: dict[str, bool] = field(default_factory=dict)
