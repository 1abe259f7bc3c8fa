"""Kill -9 at random moments of every step loses nothing that was acknowledged.

Three rounds by default, one step each; BLUELAMP_KILL_ROUNDS=100 makes it a hundred over all five
steps. A round kills one process in the middle of its work. Every tenth and the last kill the
database server in the same moment.
"""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.instance import free_port
from bluelamp.foundation.kernel.database import postgres
from bluelamp.records.evidence.store import FolderStore
from bluelamp.records.evidence.uploads.spool import Spool
from tests.prepared_instances import copied_folder

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("BLUELAMP_KILL_ROUNDS", "3"))
STEPS = ("upload", "seal", "report", "capture", "build")
KILL_DATABASE_EVERY = 10
ROUNDS_FOR_EVERY_KIND = 50
# A case file takes seconds. Everything else takes a fraction of a second.
LONGEST_SECONDS = {"build": 6.0}
pytestmark = pytest.mark.timeout(300 + 60 * ROUNDS)


@dataclass
class Instance:
    """An embedded database with the demonstration force, and what was acknowledged on it."""

    var: Path
    stamps_url: str
    answers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "BLUELAMP_VAR": str(self.var),
            "DATABASE_URL": "",
            "BLUELAMP_DEMO": "1",
            "BLUELAMP_ORIGIN": "http://127.0.0.1:8000",
            "BLUELAMP_TSA_URL": self.stamps_url,
        }

    def verb(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of our verbs to its end."""
        return subprocess.run(
            [sys.executable, "-m", "bluelamp.cli", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )

    def run_until_killed(self, step: str, *, seconds: float, with_database: bool) -> None:
        """Let a process do a step, kill it that long after it began, and keep its answers."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.kill_steps", step],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stdout
        assert "begins" in json.loads(process.stdout.readline() or "{}"), f"{step} did not begin"
        lines: list[str] = []
        reader = threading.Thread(target=lines.extend, args=[process.stdout])
        reader.start()
        time.sleep(seconds)
        if with_database:
            self.kill_database()
        with suppress(ProcessLookupError):  # it ended by itself, which is seen below
            os.killpg(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, f"{step} ended by itself"
        reader.join()
        process.stdout.close()
        # the last line may be cut, and then nobody heard that answer
        self.answers += [json.loads(line) for line in lines if line.endswith("}\n")]

    def kill_database(self) -> None:
        """Kill the database server without a word."""
        pid = int((self.var / "postgres" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for number in (pid, *map(int, children)):
            os.kill(number, signal.SIGKILL)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database, which is started first if it was killed."""
        with psycopg.connect(postgres.start(self.var / "postgres")) as connection:
            return connection.execute(sql).fetchall()  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    """An instance of its own, with an authority for time stamps."""
    port = free_port()
    with copied_folder() as folder:
        stamps = folder / "sandbox"
        authority = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--tsa-port", str(port), "--folder", stamps],
            cwd=ROOT,
        )
        made = Instance(folder, f"http://127.0.0.1:{port}/")
        try:
            yield made
        finally:
            authority.terminate()
            authority.wait()
            with suppress(OSError):  # it is not running
                made.kill_database()


@pytest.mark.skipif(sys.platform != "linux", reason="SKIPPED: reads /proc")
def test_it_works(instance: Instance) -> None:
    rng = random.Random(9)
    for number in range(1, ROUNDS + 1):
        step = STEPS[number % len(STEPS)]
        is_last = number == ROUNDS
        instance.run_until_killed(
            step,
            seconds=rng.uniform(0.0, LONGEST_SECONDS.get(step, 1.0)),
            with_database=is_last or number % KILL_DATABASE_EVERY == 0,
        )
    _check_answers(instance)
    for verb in (("audit", "verify"), ("evidence", "fsck")):
        checked = instance.verb(*verb)
        assert checked.returncode == 0, checked.stdout[-2000:]
    kinds = Counter(next(iter(answer)) for answer in instance.answers)
    # So many rounds must have heard an answer of each kind, or they have shown nothing of it.
    if ROUNDS >= ROUNDS_FOR_EVERY_KIND:
        assert set(kinds) >= {"upload", "item", "report", "crime", "log", "version"}
    print(f"{ROUNDS} rounds, {kinds.total()} answers kept: {dict(kinds)}")


def _check_answers(instance: Instance) -> None:
    """Check that everything that was acknowledged is there, once, as it was."""
    reports = dict(instance.query("SELECT id::text, reference FROM reports_report"))
    crimes = {row[0] for row in instance.query("SELECT id::text FROM crimes_crime")}
    items = dict(instance.query("SELECT id::text, blob_id FROM evidence_item"))
    uploads = dict(instance.query("SELECT id::text, state FROM evidence_upload"))
    packages = dict(instance.query("SELECT id::text, sha256 FROM casefiles_casefileversion"))
    roots = {
        (log, size): bytes(root).hex()
        for log, size, root in instance.query("SELECT log, size, root FROM log_checkpoint")
    }
    store = FolderStore(instance.var / "evidence")
    spool = Spool(store.incoming_folder)
    assert len(set(reports.values())) == len(reports), "no reference is given twice"
    for answer in instance.answers:
        match answer:
            case {"report": report_id, "reference": reference}:
                assert reports[report_id] == reference
            case {"crime": crime_id}:
                assert crime_id in crimes
            case {"item": item_id, "sha256": sha256}:
                assert items[item_id] == sha256
                assert _hash_of_stored(store, sha256) == sha256
            case {"upload": upload_id, "offset": offset}:
                is_received = uploads[upload_id] == "received"
                assert is_received or spool.last_entry(upload_id).offset >= offset
            case {"version": version_id, "package_sha256": sha256}:
                assert packages[version_id] == sha256
                assert _hash_of_stored(store, sha256) == sha256
            case {"log": log, "size": size, "root": root}:
                assert roots[log, size] == root
            case _:
                raise AssertionError(f"an answer that nobody checks: {answer}")


def _hash_of_stored(store: FolderStore, sha256: str) -> str:
    with store.open(sha256) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
