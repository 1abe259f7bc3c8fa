"""Keeps compiled templates in the instance's folder, so that a web process starts in half the time.

To compile every template takes three seconds of a processor, in each process. Whoever can write to
that folder has the instance's keys too, so that code is loaded from it gives nobody more.
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

WEB = Path(__file__).parent


class CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates in a folder, each with the hash of its source."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write a compiled template. The page is served too where the disk refuses it."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def find_or_create_cache(parent: Path) -> CompiledTemplates | None:
    """Return the cache of this version of the program; None where its folder cannot be made.

    The caches of other versions are removed when a version starts for the first time.
    """
    folder = parent / _fingerprint()
    try:
        is_new = not folder.is_dir()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A process of another version that still runs then compiles for itself alone.
        for other in set(parent.iterdir()) - {folder} if is_new else ():
            shutil.rmtree(other, ignore_errors=True)
    except OSError:
        return None
    return CompiledTemplates(str(folder))


def _fingerprint() -> str:
    """Return a text that changes with the program.

    A filter of a constant is worked out when a template is compiled, so its code counts too.
    """
    digest = hashlib.sha256(version("jinja2").encode())
    for path in sorted(WEB.rglob("*.py")):
        status = path.stat()
        digest.update(f"{path.relative_to(WEB)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
