"""The child process that opens one hostile file: `python -m bluelamp.records.evidence.media.child
JOB`.

JOB is JSON: `family`, `decoder`, `size`, `limits` (as `facts.Limits`) and `outputs`, the numbers of
two descriptors open for writing: the thumbnail and the larger picture. Descriptor 0 is the
original, open for reading only; the answer goes to descriptor 1 as JSON. It opens nothing else, and
by the time it reads the first byte it cannot.
"""

import json
import os
import sys
import traceback
from importlib import import_module
from typing import Any, BinaryIO

from bluelamp.foundation.kernel.priority import give_way
from bluelamp.records.evidence.media.fence import Fence

SOURCE, ANSWER, LOG, THUMBNAIL, LARGER = 0, 1, 2, 3, 4
OPEN_FILES = 5
NEEDS_THREADS = frozenset(["HEIF"])
"""libde265 refuses to decode without a thread of its own."""


def main() -> None:
    """Do the job in `sys.argv[1]`. Ends with 0 when an answer was written, whatever the answer."""
    job = json.loads(sys.argv[1])
    limits = job["limits"]
    give_way()
    fence = Fence()
    fence.cap_resources(
        memory_bytes=limits["memory_bytes"],
        cpu_seconds=limits["cpu_seconds"],
        output_bytes=limits["output_bytes"],
    )
    for given, wanted in zip(_out_of_the_way(job["outputs"]), (THUMBNAIL, LARGER), strict=True):
        os.dup2(given, wanted)
    maker = import_module(
        "bluelamp.records.evidence.media."
        + ("pictures" if job["family"] == "image" else "recordings")
    )
    maker.load_libraries(job["decoder"])
    fence.shut_in(open_files=OPEN_FILES, threads=job["decoder"] in NEEDS_THREADS)
    answer: dict[str, Any] = {"fence": fence.holds, "capture": {}, "made": [], "problem": ""}
    _say(answer)
    with os.fdopen(SOURCE, "rb", closefd=False) as source:
        _look(maker, source, job, answer)
    _say(answer)


def _look(maker: Any, source: BinaryIO, job: dict[str, Any], answer: dict[str, Any]) -> None:
    try:
        maker.look(source, job, answer, {"thumbnail": THUMBNAIL, "larger": LARGER})
    except MemoryError:
        answer["problem"] = "It needs more memory to open than is safe to give it."
        answer["stopped"] = True
    except Exception:
        answer["problem"] = (
            answer["problem"] or "It could not be opened: it is damaged, or not what it says it is."
        )
        os.write(LOG, traceback.format_exc()[-2000:].encode(errors="replace"))


def _say(answer: dict[str, Any]) -> None:
    """Replace the answer so far, so that a child that dies later has still said what held and what
    it found.
    """
    text = json.dumps(answer).encode()
    os.ftruncate(ANSWER, 0)
    os.pwrite(ANSWER, text, 0)


def _out_of_the_way(given: list[int]) -> list[int]:
    """Copies of descriptors at numbers that the final places do not overlap."""
    copies = []
    for number in given:
        copy = os.dup(number)
        while copy < OPEN_FILES:
            copy = os.dup(number)
        copies.append(copy)
    return copies


if __name__ == "__main__":
    main()
