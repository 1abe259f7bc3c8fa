"""Runs jobs: one procrastinate worker for each queue, in one process."""

import asyncio
import signal
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.utils import connector_params

from bluelamp.foundation.kernel.jobs.queues import Queue


async def run_lanes(lanes: Mapping[Queue, int], *, poll_seconds: float) -> None:
    """Run the jobs of several queues until SIGTERM or SIGINT; running jobs are finished first.

    Each queue is a lane with its own share of jobs at once, so a long job in one never holds up a
    job in another.

    Args:
        lanes: The queues, and how many jobs of each run at once.
        poll_seconds: How often to look for jobs when no notification comes.

    Raises:
        Exception: What stopped one of the lanes. The others are stopped too, so that the
            supervisor restarts all of them.
    """
    loop = asyncio.get_running_loop()
    # a thread for each job at once: the default pool may be smaller than the lanes together
    loop.set_default_executor(ThreadPoolExecutor(sum(lanes.values()) + 1))
    async with _worker_app().open_async() as worker_app:
        tasks = [
            asyncio.create_task(
                worker_app.run_worker_async(
                    queues=[queue.value],
                    name=queue.value,
                    concurrency=count,
                    fetch_job_polling_interval=poll_seconds,
                    # Failed ones stay, for staff to see; retention deletes them later.
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
            )
            for queue, count in lanes.items()
        ]

        def stop() -> None:
            for task in tasks:
                # procrastinate takes a cancellation as a request to finish what is running
                task.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        # A lane ends only when it is stopped or broken: either way the others must end too.
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        stop()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


def _worker_app() -> App:
    """Return an app with the same jobs and a connection pool of its own.

    Django's app keeps Django's connection. If that were replaced, as procrastinate's own command
    does it, a job that queues another would do so outside its transaction.
    """
    # The jobs of front ends, which no domain imports: Django's app knows of them from the settings.
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    worker_app = DjangoApp(
        connector=PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)
    )
    worker_app.tasks = app.tasks
    worker_app.periodic_registry = app.periodic_registry
    return worker_app
