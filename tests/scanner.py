"""A real virus scanner for tests, which recognises only the EICAR test file."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

# The test file of the European Institute for Computer Antivirus Research. In pieces, so that a
# scanner does not take this source file for it.
EICAR = (
    b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!" + b"$H+H*"
)


@pytest.fixture(scope="session")
def clamd(shared_data: Path) -> Iterator[str]:
    """Start a clamd of our own that knows one signature, and yield its address."""
    program = shutil.which("clamd") or shutil.which(
        "clamd", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
    )
    if program is None:
        pytest.skip(
            "SKIPPED FOR WANT OF CLAMD: virus scanning is untested (apt-get install clamav-daemon)"
        )
    with tempfile.TemporaryDirectory(prefix="clamd-") as name:
        folder = Path(name)
        (folder / "database").mkdir()
        shutil.copy(shared_data / "security/eicar.ndb", folder / "database")
        socket_path = folder / "clamd.socket"
        (folder / "clamd.conf").write_text(
            f"LocalSocket {socket_path}\nDatabaseDirectory {folder / 'database'}\nForeground yes\n"
            f"TemporaryDirectory {folder}\nStreamMaxLength 1M\nMaxThreads 2\n"
            "ConcurrentDatabaseReload no\n"
        )
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [program, f"--config-file={folder / 'clamd.conf'}"], stdout=log, stderr=log
            )
        try:
            for _ in range(600):
                if process.poll() is not None:
                    pytest.fail(f"clamd ended: {(folder / 'log').read_text()[-500:]}")
                if socket_path.exists() and _answers(socket_path):
                    break
                time.sleep(0.05)
            yield f"unix:{socket_path}"
        finally:
            process.terminate()
            process.wait()


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
            connection.sendall(b"zPING\x00")
            return connection.recv(5) == b"PONG\x00"
    except OSError:
        return False
