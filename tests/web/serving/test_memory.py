"""A web process takes the memory of one photo again for the next."""

import platform
import subprocess
import sys

import pytest

_ROUNDS = """
import resource, sys
if sys.argv[1] == "kept":
    import os, django
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluelamp.settings")
    django.setup(set_prefix=False)
    from bluelamp.web.serving.server_process import keep_freed_memory
    keep_freed_memory()
def round_of_photos():
    photos = [b"x" * (3_000_000 + number) for number in range(5)]
for _ in range(3):
    round_of_photos()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    round_of_photos()
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // 10)
"""


def count_new_pages(mode: str) -> int:
    """Return how many pages of memory the system clears for five photos of 3 MB."""
    run = subprocess.run(
        [sys.executable, "-c", _ROUNDS, mode], capture_output=True, text=True, check=True
    )
    return int(run.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="there is no mallopt")
def test_it_works() -> None:
    assert count_new_pages("given-back") > 1_000
    assert count_new_pages("kept") < 100
