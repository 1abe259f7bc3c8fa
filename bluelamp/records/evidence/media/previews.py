"""Having previews made by a child, and believing nothing it says until it is checked."""

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

from bluelamp.records.evidence.media.facts import (
    CaptureFacts,
    Limits,
    MediaFacts,
    Preview,
    PreviewResult,
)
from bluelamp.records.evidence.media.outline import size_of_plain_jpeg
from bluelamp.records.evidence.media.sniffing import sniff

KEPT = "The original is kept exactly as it was received."
CODE = Path(__file__).resolve().parents[4]
ANSWER_LIMIT = 64 * 1024
CHILD = ("-P", "-s", "-m", "bluelamp.records.evidence.media.child")
_KINDS: tuple[Literal["thumbnail", "view", "poster"], ...] = ("thumbnail", "view", "poster")


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a child ended: its exit status as `subprocess` gives it, and whether the wall clock ended
    it.
    """

    status: int
    out_of_time: bool


def make_previews(
    source: Path,
    into: Path,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    claimed_name: str = "",
    claimed_type: str = "",
) -> PreviewResult:
    """Look at the original at `source`, and put small upright pictures of it into the folder
    `into`.

    Makes `thumbnail.jpg` and `view.jpg` of a picture, `thumbnail.jpg` and `poster.jpg` of a video,
    nothing of anything else; earlier ones of the same name are replaced, each in one step. The
    original is only ever opened for reading. Hostile bytes never raise: they come back as a
    `problem` in plain words. OSError is raised only where the original cannot be read, the folder
    not written, or no process started.
    """
    facts = sniff(source, claimed_name=claimed_name, claimed_type=claimed_type)
    if facts.size == 0:
        return PreviewResult(
            facts=facts, capture=CaptureFacts(), problem=f"The file is empty. {KEPT}"
        )
    if not facts.decoder:
        problem = (
            ""
            if facts.family in ("pdf", "text")
            else f"There is no preview for this kind of file. {KEPT}"
        )
        return PreviewResult(facts=facts, capture=CaptureFacts(), problem=problem)
    into.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=into))
    try:
        ending = _run(source, scratch, facts, limits)
        return _result(facts, ending, scratch, into, limits)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _run(source: Path, scratch: Path, facts: MediaFacts, limits: Limits) -> Ending:
    with (
        source.open("rb") as original,
        (scratch / "answer").open("wb") as answer,
        (scratch / "log").open("wb") as log,
        (scratch / "thumbnail").open("wb") as thumbnail,
        (scratch / "larger").open("wb") as larger,
    ):
        outputs = [thumbnail.fileno(), larger.fileno()]
        job = {
            "family": facts.family,
            "decoder": facts.decoder,
            "size": facts.size,
            "limits": asdict(limits),
            "outputs": outputs,
        }
        return run_limited(
            [sys.executable, *CHILD, json.dumps(job)],
            cwd=scratch,
            wall_seconds=limits.wall_seconds,
            stdin=original.fileno(),
            stdout=answer.fileno(),
            stderr=log.fileno(),
            pass_fds=outputs,
        )


def run_limited(
    arguments: list[str],
    *,
    cwd: Path,
    wall_seconds: float,
    stdin: int,
    stdout: int,
    stderr: int,
    pass_fds: list[int],
) -> Ending:
    """Run a process in a group of its own, with an environment that holds nothing but where our
    code is, and end the whole group when it ends or when `wall_seconds` have passed.
    """
    child = subprocess.Popen(
        arguments,
        cwd=cwd,
        env={"PYTHONPATH": str(CODE), "MALLOC_ARENA_MAX": "2"},
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        pass_fds=pass_fds,
        start_new_session=True,
    )
    ended_by = time.monotonic() + wall_seconds
    out_of_time = False
    try:
        while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() > ended_by:
                out_of_time = True
                break
            time.sleep(0.005)
    finally:
        # The child is not reaped yet, so the number of its group cannot have been given to anybody
        # else.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.kill()
        status = child.wait()
    return Ending(status=status, out_of_time=out_of_time)


def _result(
    facts: MediaFacts, ending: Ending, scratch: Path, into: Path, limits: Limits
) -> PreviewResult:
    answer = _answer(scratch)
    capture = _capture(answer.get("capture"), facts)
    fence = answer.get("fence")
    held = (
        {str(name): value is True for name, value in fence.items()}
        if isinstance(fence, dict)
        else {}
    )
    problem, detail = _problem(answer, ending, facts), _text(scratch / "log")
    made: list[Preview] = []
    try:
        made = _accept(answer, scratch, into, limits)
    except ValueError as wrong:
        problem, detail = (
            problem or _sentence(facts, "No preview could be made of it."),
            f"{wrong}\n{detail}",
        )
    if not made and not problem and facts.family != "audio":
        problem = _sentence(facts, "No preview could be made of it.")
    if problem and not made:
        problem = f"{problem} {KEPT}"
    return PreviewResult(
        facts=facts,
        capture=capture,
        made=tuple(made),
        problem=problem,
        detail=detail.strip(),
        fence=held,
    )


def _answer(scratch: Path) -> dict[str, Any]:
    try:
        answer = json.loads(_text(scratch / "answer"))
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _text(path: Path) -> str:
    with path.open("rb") as source:
        return source.read(ANSWER_LIMIT).decode("utf-8", errors="replace")


def _sentence(facts: MediaFacts, problem: str) -> str:
    """The most telling words there are: a container that is cut short explains every failure that
    follows.
    """
    return facts.cut_short or problem


def _problem(answer: dict[str, Any], ending: Ending, facts: MediaFacts) -> str:
    if ending.out_of_time or ending.status in (-signal.SIGXCPU, -signal.SIGKILL):
        return _sentence(facts, "Making a preview took too long and was stopped.")
    if ending.status < 0:
        return _sentence(
            facts, "It made the program that looks at it fail, so no preview was made."
        )
    said = answer.get("problem")
    if isinstance(said, str) and said:
        return (
            said[:300]
            if answer.get("made") or answer.get("stopped")
            else _sentence(facts, said[:300])
        )
    if ending.status != 0:
        return _sentence(facts, "No preview could be made of it.")
    return facts.cut_short


def _accept(answer: dict[str, Any], scratch: Path, into: Path, limits: Limits) -> list[Preview]:
    """Move what the child wrote into place, once it is seen to be a plain JPEG of the promised
    size.

    Raises ValueError where it is not.
    """
    said = answer.get("made")
    accepted = []
    for one in said[:2] if isinstance(said, list) else []:
        kind = next(
            (kind for kind in _KINDS if isinstance(one, dict) and one.get("kind") == kind), None
        )
        if kind is None:
            raise ValueError("the child names a preview that was not asked for")
        written = scratch / ("thumbnail" if kind == "thumbnail" else "larger")
        if written.stat().st_size > limits.output_bytes:
            raise ValueError("the child wrote more than it was allowed")
        data = written.read_bytes()
        width, height = size_of_plain_jpeg(data)
        if max(width, height) > (limits.thumbnail_px if kind == "thumbnail" else limits.view_px):
            raise ValueError(f"the child made a {kind} of {width} × {height} pixels")
        accepted.append((written, kind, width, height, str(one.get("how", ""))[:500], data))
    made = []
    for written, kind, width, height, how, data in accepted:
        path = into / f"{kind}.jpg"
        written.replace(path)
        made.append(
            Preview(
                kind=kind,
                path=path,
                media_type="image/jpeg",
                width=width,
                height=height,
                how=how,
                sha256=hashlib.sha256(data).hexdigest(),
            )
        )
    return made


def _capture(said: Any, facts: MediaFacts) -> CaptureFacts:
    """The child's facts, each taken only in the type and range it may have."""
    given: dict[str, Any] = said if isinstance(said, dict) else {}

    def text(name: str) -> str:
        value = given.get(name)
        return value[:100] if isinstance(value, str) and value.isprintable() else ""

    def number(name: str, low: float, high: float) -> float | None:
        value = given.get(name)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            return None
        return float(value) if low <= value <= high else None

    return CaptureFacts(
        width=int(number("width", 0, 2**31) or 0),
        height=int(number("height", 0, 2**31) or 0),
        orientation=int(number("orientation", 1, 8) or 1),
        captured_at=_instant(text("captured_at")),
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
        truncated=given.get("truncated") is True or bool(facts.cut_short),
    )


def _instant(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
