"""A job worker process: takes jobs from its queues until it is stopped.

There are two: `prompt` serves what people wait for at normal priority, `background` the rest at
lowered priority.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bluelamp.foundation.kernel.collector import pause_collector
from bluelamp.foundation.kernel.jobs.priority import lower_priority
from bluelamp.foundation.kernel.jobs.throttling import allow_throttling

if TYPE_CHECKING:
    from bluelamp.foundation.kernel.jobs.queues import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluelamp.settings")

PROMPT, BACKGROUND = "prompt", "background"
# Seconds between looks at a queue when no notification came: a transaction pooler such as
# PgBouncer passes none on. Each look costs some milliseconds of a processor, for each queue.
_POLL_SECONDS = {PROMPT: 1.0, BACKGROUND: 5.0}


def main(argv: Sequence[str] | None = None) -> None:
    """Work until SIGTERM; jobs that are running are finished first."""
    parser = argparse.ArgumentParser(prog="python -m bluelamp.cli.worker", description=__doc__)
    parser.add_argument("process", choices=[PROMPT, BACKGROUND])
    process: str = parser.parse_args(argv).process
    give_way(process)
    import django

    with pause_collector():
        django.setup()
        import bluelamp.demo.story  # noqa: F401 - registers its jobs
        from bluelamp.foundation.kernel.jobs.worker import run_lanes

    asyncio.run(run_lanes(queues_of_process(process), poll_seconds=poll_seconds(process)))


def give_way(process: str) -> None:
    """Let other work on this machine go before the jobs of this process.

    A node that does nothing but jobs has nobody to give way to: BLUELAMP_JOBS_YIELD=0.
    """
    if os.environ.get("BLUELAMP_JOBS_YIELD") == "0":
        return
    allow_throttling()
    if process == BACKGROUND:
        # A session of its own, because Linux weighs sessions against each other. It still ends
        # with the program that started it.
        os.setsid()
        lower_priority()


def poll_seconds(process: str) -> float:
    """Return how many seconds a worker process waits between looks at a queue.

    BLUELAMP_JOBS_POLL sets the least, for a node that idles beside other work and whose database
    server is asked directly.
    """
    return max(_POLL_SECONDS[process], float(os.environ.get("BLUELAMP_JOBS_POLL") or "0"))


def queues_of_process(process: str) -> "dict[Queue, int]":
    """Return the queues that a worker process serves, and how many jobs of each run at once."""
    from bluelamp.foundation.kernel.jobs.queues import Queue

    if process == PROMPT:
        # two of each: an outside service that answers slowly must not stop the lane
        return {Queue.SEALS: 2, Queue.CODES: 2, Queue.MESSAGES: 2, Queue.WAITED_FOR: 2}
    previews = int(os.environ.get("BLUELAMP_JOBS") or "2")
    return {Queue.CHECKS: 2, Queue.PREVIEWS: previews, Queue.BULK: 1}


if __name__ == "__main__":
    main(sys.argv[1:])
