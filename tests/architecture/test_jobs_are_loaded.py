"""A worker knows every job: a module with one that nobody imports would leave its jobs undone."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_MARK = re.compile(r"^@(job|periodic|subscribe)\(", re.MULTILINE)
# A process of its own: in this one, other tests have imported everything.
_LIST_MODULES = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluelamp.settings")
import django
django.setup()
from bluelamp.foundation.kernel.jobs.worker import _worker_app
_worker_app()
print("\\n".join(name for name in sys.modules if name.startswith("bluelamp.")))
"""


def test_it_works() -> None:
    with_jobs = {
        str(path.relative_to(ROOT).with_suffix("")).replace("/", ".")
        for path in (ROOT / "bluelamp").rglob("*.py")
        # The demonstration's jobs are loaded by its own program.
        if "demo" not in path.parts and _MARK.search(path.read_text(encoding="utf-8"))
    }
    result = subprocess.run(
        [sys.executable, "-c", _LIST_MODULES], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert len(with_jobs) > 20
    assert sorted(with_jobs - set(result.stdout.split())) == []
