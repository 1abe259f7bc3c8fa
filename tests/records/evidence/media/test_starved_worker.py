"""A preview worker that gets no processor time is tried again; one that used its own up is not."""

import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bluelamp.records.evidence.media.media_info import PreviewResult, WorkerLimits
from bluelamp.records.evidence.media.previews import make_previews
from tests import media_samples

# A worker gives way to everything else, so on a busy machine each preview takes minutes.
pytestmark = [
    pytest.mark.timeout(1200),
    pytest.mark.skipif(sys.platform != "linux", reason="SKIPPED: finds the worker in /proc"),
]
QUICK = WorkerLimits(cpu_seconds=10)


def _make(folder: Path, data: bytes, limits: WorkerLimits) -> PreviewResult:
    original = folder / "original"
    original.write_bytes(data)
    return make_previews(original, folder / "previews", limits=limits)


def test_it_works(tmp_path: Path) -> None:
    with _watched_workers(tmp_path) as workers:
        result = _make(tmp_path, media_samples.rotated_jpeg_with_gps(), QUICK)
    assert len(workers) == 1
    assert len(result.pictures) == 2


@pytest.mark.parametrize(("times_starved", "is_made"), [(1, True), (2, False)])
def test_starved_worker_is_tried_once_more(
    tmp_path: Path, times_starved: int, is_made: bool
) -> None:
    # Where the second worker may finish, it gets the time for it on a machine that is busy.
    limits = replace(QUICK, wall_seconds=30 if is_made else 2)
    with _watched_workers(tmp_path, stop_first=times_starved) as workers:
        result = _make(tmp_path, media_samples.rotated_jpeg_with_gps(), limits)
    assert len(workers) == 2
    assert bool(result.pictures) is is_made
    assert result.problem == (
        ""
        if is_made
        else "Making a preview took too long, so it was stopped. "
        "The original is stored exactly as it was received."
    )


def test_worker_out_of_processor_time_is_not_tried_again(tmp_path: Path) -> None:
    picture = io.BytesIO()
    # Noise takes three times the limit to decode; an empty picture is through in a second.
    noise = Image.effect_noise((3_000, 3_000), 60).resize((10_000, 10_000)).convert("RGB")
    noise.save(picture, "PNG", compress_level=1)
    with _watched_workers(tmp_path) as workers:
        result = _make(tmp_path, picture.getvalue(), replace(QUICK, cpu_seconds=1))
    assert len(workers) == 1
    assert result.pictures == ()
    assert result.problem.startswith("Making a preview took too long, so it was stopped.")


@contextmanager
def _watched_workers(folder: Path, *, stop_first: int = 0) -> Iterator[set[int]]:
    """Yield the process ids of the preview workers of a test, which a thread collects.

    Args:
        folder: The test's own folder, in which its workers run.
        stop_first: So many of them get no processor time at all: they are stopped at once.
    """
    workers: set[int] = set()
    has_ended = threading.Event()

    def watch() -> None:
        # A worker that shall get no time must be stopped before it has done its work.
        while not has_ended.wait(0.001 if len(workers) < stop_first else 0.05):
            for pid in _worker_pids(folder) - workers:
                if len(workers) < stop_first:
                    os.kill(pid, signal.SIGSTOP)
                workers.add(pid)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield workers
    finally:
        has_ended.set()
        watcher.join()


def _worker_pids(folder: Path) -> set[int]:
    """Return the ids of the preview workers whose current folder is in this one."""
    pids = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_here = (process / "cwd").readlink().is_relative_to(folder)
            # Before it is a worker it is a copy of this process, which waits for it to become one.
            if is_here and b"media.worker" in (process / "cmdline").read_bytes():
                pids.add(int(process.name))
    return pids
