"""Have a worker process make previews, and check everything it says before believing it."""

import hashlib
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from bluelamp.foundation.kernel.jobs.priority import lower_session_priority
from bluelamp.records.evidence.media.detection import detect_media
from bluelamp.records.evidence.media.jpeg_check import check_jpeg
from bluelamp.records.evidence.media.media_info import (
    CaptureInfo,
    DerivedPicture,
    MediaInfo,
    PreviewResult,
    WorkerLimits,
)
from bluelamp.records.evidence.media.worker_job import WorkerJob

PictureKind = Literal["thumbnail", "view", "poster"]

_ORIGINAL_IS_SAFE = "The original is stored exactly as it was received."
_CODE_ROOT = Path(__file__).resolve().parents[4]
_MAX_ANSWER_BYTES = 64 * 1024
# -P and -s: no module is imported from the current folder or from a user's own site-packages.
_WORKER = ("-P", "-s", "-m", "bluelamp.records.evidence.media.worker")
_PICTURE_KINDS: tuple[PictureKind, ...] = ("thumbnail", "view", "poster")


@dataclass(frozen=True, kw_only=True)
class ProcessExit:
    """How a process ended: its exit status as `subprocess` gives it, and whether it ran out of wall
    clock time.
    """

    status: int
    timed_out: bool


@dataclass(frozen=True, kw_only=True)
class ProcessStreams:
    """The open descriptors that a process starts with."""

    stdin: int
    stdout: int
    stderr: int
    pass_fds: tuple[int, ...] = ()


def make_previews(
    source: Path,
    folder: Path,
    *,
    limits: WorkerLimits = WorkerLimits(),  # noqa: B008 - frozen
    claimed_name: str = "",
    claimed_type: str = "",
) -> PreviewResult:
    """Inspect the original at `source` and write small upright pictures of it into `folder`.

    Makes `thumbnail.jpg` and `view.jpg` of a picture, `thumbnail.jpg` and `poster.jpg` of a video,
    nothing of anything else. Earlier ones of the same name are replaced, each in one step. The
    original is only ever opened for reading. Hostile bytes never raise: they come back as a
    `problem` in plain words.

    Raises:
        OSError: The original cannot be read, the folder not written, or no process started.
    """
    media = detect_media(source, claimed_name=claimed_name, claimed_type=claimed_type)
    if media.size == 0:
        problem = f"The file is empty. {_ORIGINAL_IS_SAFE}"
        return PreviewResult(media=media, capture=CaptureInfo(), problem=problem)
    if not media.decoder:
        problem = f"There is no preview for this kind of file. {_ORIGINAL_IS_SAFE}"
        if media.family in ("pdf", "text"):
            problem = ""
        return PreviewResult(media=media, capture=CaptureInfo(), problem=problem)
    folder.mkdir(parents=True, exist_ok=True)
    # Inside the folder, so that a picture moves to its place in one step on the same file system.
    scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=folder))
    try:
        process_exit = _run_worker(source, scratch, media, limits)
        if process_exit.timed_out:
            # It did not use up its processor time, so the machine was busy, and not the file bad.
            process_exit = _run_worker(source, scratch, media, limits)
        return _read_result(media, process_exit, scratch, folder, limits)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _run_worker(source: Path, scratch: Path, media: MediaInfo, limits: WorkerLimits) -> ProcessExit:
    with (
        source.open("rb") as original,
        (scratch / "answer").open("wb") as answer,
        (scratch / "log").open("wb") as log,
        (scratch / "thumbnail").open("wb") as thumbnail,
        (scratch / "larger").open("wb") as larger,
    ):
        outputs = [thumbnail.fileno(), larger.fileno()]
        job: WorkerJob = {
            "family": media.family,
            "decoder": media.decoder,
            "size": media.size,
            "limits": asdict(limits),
            "outputs": outputs,
        }
        return run_isolated(
            [sys.executable, *_WORKER, json.dumps(job)],
            cwd=scratch,
            wall_seconds=limits.wall_seconds,
            streams=ProcessStreams(
                stdin=original.fileno(),
                stdout=answer.fileno(),
                stderr=log.fileno(),
                pass_fds=tuple(outputs),
            ),
        )


def run_isolated(
    arguments: list[str], *, cwd: Path, wall_seconds: float, streams: ProcessStreams
) -> ProcessExit:
    """Run a process in a process group of its own, and wait for it.

    Its environment holds nothing but where our code is. The whole group is killed when the process
    ends, or when `wall_seconds` have passed.
    """
    process = subprocess.Popen(
        arguments,
        cwd=cwd,
        # One malloc arena for each core would use up the worker's address space.
        env={"PYTHONPATH": str(_CODE_ROOT), "MALLOC_ARENA_MAX": "2"},
        stdin=streams.stdin,
        stdout=streams.stdout,
        stderr=streams.stderr,
        pass_fds=streams.pass_fds,
        start_new_session=True,
    )
    lower_session_priority(process.pid)
    deadline = time.monotonic() + wall_seconds
    timed_out = False
    try:
        # WNOWAIT: look, but leave the process to be reaped below.
        while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() > deadline:
                timed_out = True
                break
            time.sleep(0.005)
    finally:
        # The process is not reaped yet, so the number of its group cannot have been given to
        # another.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        status = process.wait()
    return ProcessExit(status=status, timed_out=timed_out)


def _read_result(
    media: MediaInfo,
    process_exit: ProcessExit,
    scratch: Path,
    folder: Path,
    limits: WorkerLimits,
) -> PreviewResult:
    answer = _read_answer(scratch)
    problem, detail = _find_problem(answer, process_exit, media), _read_text(scratch / "log")
    pictures: list[DerivedPicture] = []
    try:
        pictures = _accept_pictures(answer, scratch, folder, limits)
    except ValueError as error:
        problem = problem or _prefer_truncation(media, "A preview could not be made.")
        detail = f"{error}\n{detail}"
    if not pictures and not problem and media.family != "audio":
        problem = _prefer_truncation(media, "A preview could not be made.")
    if problem and not pictures:
        problem = f"{problem} {_ORIGINAL_IS_SAFE}"
    sandbox = answer.get("sandbox")
    # The worker handles hostile files: what it answers may be anything.
    sandbox = sandbox if isinstance(sandbox, dict) else {}
    return PreviewResult(
        media=media,
        capture=_read_capture(answer.get("capture"), media),
        pictures=tuple(pictures),
        problem=problem,
        detail=detail.strip(),
        sandbox={str(name): applies is True for name, applies in sandbox.items()},
    )


def _read_answer(scratch: Path) -> dict[str, Any]:
    """Return the worker's answer, which need not be a `WorkerAnswer`: it is checked value by
    value.
    """
    try:
        answer = json.loads(_read_text(scratch / "answer"))
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _read_text(path: Path) -> str:
    with path.open("rb") as source:
        # A worker that was taken over could write for ever.
        return source.read(_MAX_ANSWER_BYTES).decode("utf-8", errors="replace")


def _prefer_truncation(media: MediaInfo, problem: str) -> str:
    """Return the better explanation: a truncated container is the cause of every later failure."""
    return media.truncation or problem


def _find_problem(answer: dict[str, Any], process_exit: ProcessExit, media: MediaInfo) -> str:
    # SIGXCPU: out of processor time. SIGKILL: the hard limit after it, or the kernel out of memory.
    if process_exit.timed_out or process_exit.status in (-signal.SIGXCPU, -signal.SIGKILL):
        return _prefer_truncation(media, "Making a preview took too long, so it was stopped.")
    if process_exit.status < 0:
        return _prefer_truncation(
            media, "The file crashed the preview program, so there is no preview."
        )
    problem = answer.get("problem")
    if isinstance(problem, str) and problem:
        problem = problem[:300]
        is_precise = answer.get("pictures") or answer.get("is_explained")
        return problem if is_precise else _prefer_truncation(media, problem)
    if process_exit.status != 0:
        return _prefer_truncation(media, "A preview could not be made.")
    return media.truncation


@dataclass(frozen=True)
class _CheckedPicture:
    """A picture of the worker's that was found to be a plain JPEG of an allowed size."""

    kind: PictureKind
    path: Path
    width: int
    height: int
    method: str
    sha256: str


def _accept_pictures(
    answer: dict[str, Any], scratch: Path, folder: Path, limits: WorkerLimits
) -> list[DerivedPicture]:
    """Check what the worker wrote, and move it into place.

    Raises:
        ValueError: A picture is not a plain JPEG of an allowed size; then none is moved.
    """
    notes = answer.get("pictures")
    notes = notes[:2] if isinstance(notes, list) else []
    # All are checked before the first is moved: there are two previews, or none.
    checked = [_check_picture(note, scratch, limits) for note in notes]
    accepted = []
    for picture in checked:
        path = folder / f"{picture.kind}.jpg"
        picture.path.replace(path)
        accepted.append(
            DerivedPicture(
                kind=picture.kind,
                path=path,
                media_type="image/jpeg",
                width=picture.width,
                height=picture.height,
                method=picture.method,
                sha256=picture.sha256,
            )
        )
    return accepted


def _check_picture(note: Any, scratch: Path, limits: WorkerLimits) -> _CheckedPicture:
    """Return the picture that the worker's note is about. Raises ValueError."""
    named_kind = note.get("kind") if isinstance(note, dict) else None
    # The kind becomes a file name, so it is taken from our list and not from the worker.
    kind = next((kind for kind in _PICTURE_KINDS if kind == named_kind), None)
    if kind is None:
        raise ValueError("the worker names a preview that was not asked for")
    path = scratch / ("thumbnail" if kind == "thumbnail" else "larger")
    if path.stat().st_size > limits.output_bytes:
        raise ValueError("the worker wrote more than it was allowed")
    data = path.read_bytes()
    width, height = check_jpeg(data)
    if max(width, height) > (limits.thumbnail_px if kind == "thumbnail" else limits.view_px):
        raise ValueError(f"the worker made a {kind} of {width} × {height} pixels")
    return _CheckedPicture(
        kind=kind,
        path=path,
        width=width,
        height=height,
        method=str(note.get("method", ""))[:500],
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _read_capture(value: Any, media: MediaInfo) -> CaptureInfo:
    """Return what the worker says of the capture, each value only in the type and range it may
    have.
    """
    capture: dict[str, Any] = value if isinstance(value, dict) else {}

    def text(name: str) -> str:
        value = capture.get(name)
        return value[:100] if isinstance(value, str) and value.isprintable() else ""

    def number(name: str, low: float, high: float) -> float | None:
        value = capture.get(name)
        # bool is a kind of int in Python; json reads NaN and Infinity.
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if not math.isfinite(value):
            return None
        return float(value) if low <= value <= high else None

    return CaptureInfo(
        width=int(number("width", 0, 2**31) or 0),
        height=int(number("height", 0, 2**31) or 0),
        orientation=int(number("orientation", 1, 8) or 1),
        captured_at=_to_instant(text("captured_at")),
        captured_text=text("captured_text"),
        latitude=number("latitude", -90, 90),
        longitude=number("longitude", -180, 180),
        make=text("make"),
        model=text("model"),
        software=text("software"),
        duration=number("duration", 0, 10**8),
        video_codec=text("video_codec"),
        audio_codec=text("audio_codec"),
        frames_promised=int(number("frames_promised", 0, 2**40) or 0),
        frames_found=int(number("frames_found", 0, 2**40) or 0),
        truncated=capture.get("truncated") is True or bool(media.truncation),
    )


def _to_instant(text: str) -> datetime | None:
    """Return an ISO 8601 time as an instant, or None where it is no time or has no offset."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None
