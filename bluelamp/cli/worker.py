"""The job worker: takes jobs from the database and does them, a few at a time, until told to
stop.
"""

import os

from bluelamp.foundation.kernel.priority import give_way

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluelamp.settings")


def main() -> None:
    """Work until SIGTERM; the jobs in hand are finished first."""
    os.setsid()  # its own session, to be weighed by itself; it still ends with the program that started it
    give_way()
    import django

    django.setup()
    from django.core.management import call_command

    import bluelamp.demo.story  # noqa: F401 - its jobs

    call_command(
        "procrastinate", "worker", "--concurrency", os.environ.get("BLUELAMP_JOBS", "2"),
        "--delete-jobs", "successful",
    )  # fmt: skip


if __name__ == "__main__":
    main()
