"""The process that opens one hostile file: `python -m bluelamp.records.evidence.media.worker JOB`.

JOB is the JSON of a `WorkerJob`. Descriptor 0 is the original, open for reading only; the answer, a
`WorkerAnswer`, goes to descriptor 1 as JSON, and descriptor 2 is the log. The worker opens nothing
else, and by the time it reads the first byte of the original it cannot.
"""

import json
import os
import sys
import traceback
from fcntl import F_DUPFD_CLOEXEC, fcntl
from importlib import import_module
from typing import Any, BinaryIO

from bluelamp.foundation.kernel.jobs.priority import lower_priority
from bluelamp.records.evidence.media.sandbox import Sandbox
from bluelamp.records.evidence.media.worker_job import WorkerAnswer, WorkerJob

SOURCE, ANSWER, LOG, THUMBNAIL, LARGER = 0, 1, 2, 3, 4
OPEN_FILES = 5
# libde265 refuses to decode without a thread of its own.
NEEDS_THREADS = frozenset(["HEIF"])


def main() -> None:
    """Do the job in `sys.argv[1]`. Exits with 0 when an answer was written, whatever it says."""
    job: WorkerJob = json.loads(sys.argv[1])
    limits = job["limits"]
    lower_priority()
    sandbox = Sandbox()
    sandbox.limit_resources(
        memory_bytes=limits["memory_bytes"],
        cpu_seconds=limits["cpu_seconds"],
        output_bytes=limits["output_bytes"],
    )
    copies = _copy_above_fixed_descriptors(job["outputs"])
    for copy, place in zip(copies, (THUMBNAIL, LARGER), strict=True):
        os.dup2(copy, place)
    inspector = import_module(
        "bluelamp.records.evidence.media."
        + ("pictures" if job["family"] == "image" else "recordings")
    )
    inspector.load_libraries(job["decoder"])
    sandbox.drop_privileges(open_files=OPEN_FILES, threads=job["decoder"] in NEEDS_THREADS)
    answer: WorkerAnswer = {
        "sandbox": sandbox.limits,
        "capture": {},
        "pictures": [],
        "problem": "",
    }
    # Written before the first hostile byte is read, so that a worker that crashes on it has still
    # said which limits applied.
    _write_answer(answer)
    with os.fdopen(SOURCE, "rb", closefd=False) as source:
        _inspect(inspector, source, job, answer)
    _write_answer(answer)


def _inspect(inspector: Any, source: BinaryIO, job: WorkerJob, answer: WorkerAnswer) -> None:
    """Run `inspect` of `pictures` or `recordings`, and turn any failure into a problem."""
    try:
        inspector.inspect(source, job, answer, {"thumbnail": THUMBNAIL, "larger": LARGER})
    except MemoryError:
        answer["problem"] = "The file needs too much memory to open safely."
        answer["is_explained"] = True
    except Exception:
        answer["problem"] = answer["problem"] or (
            "The file could not be opened. It is damaged, or it is not what it says it is."
        )
        # The end of a traceback says most, and the log's size is limited.
        os.write(LOG, traceback.format_exc()[-2000:].encode(errors="replace"))


def _write_answer(answer: WorkerAnswer) -> None:
    """Replace the answer written so far."""
    text = json.dumps(answer).encode()
    # By its number: nothing can be opened inside the sandbox.
    os.ftruncate(ANSWER, 0)
    os.pwrite(ANSWER, text, 0)


def _copy_above_fixed_descriptors(descriptors: list[int]) -> list[int]:
    """Return copies of descriptors, numbered above the fixed places.

    An output may arrive as number 3 or 4, and `dup2` to the one place would then close the other.
    """
    return [fcntl(descriptor, F_DUPFD_CLOEXEC, OPEN_FILES) for descriptor in descriptors]


if __name__ == "__main__":
    main()
