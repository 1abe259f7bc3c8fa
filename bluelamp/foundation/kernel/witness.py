"""A witness outside the database: for each log a file with its newest signed checkpoint.

Whoever may write the database past its triggers could remove a log's newest entries together with
every checkpoint over them: what is left agrees with itself, but no longer with this file. It holds
the signed note alone, in C2SP's format; `<log>.history` beside it says since when it was kept
without a break, and which notes were set aside, when and why.

It cannot tell of entries that were removed before their first seal, up to a minute, nor stand
against somebody who may write the database and this folder both: put the folder, or a copy of it,
on another machine.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from bluelamp.foundation.kernel.checkpoint import Checkpoint, VerifierKey, open_checkpoint


def newest(*, log: str, key: VerifierKey) -> Checkpoint | None:
    """Return the newest checkpoint that was kept; None when there is none. Raises BadNote,
    OSError.
    """
    try:
        note = (_folder() / log).read_bytes()
    except FileNotFoundError:
        return None
    return open_checkpoint(note, keys=[key])


def keep(*, log: str, note: bytes, key: VerifierKey, at: datetime) -> None:
    """Keep a signed checkpoint in place of a smaller one; never the other way round. Raises
    BadNote, OSError.
    """
    with _alone():
        known, fresh = newest(log=log, key=key), open_checkpoint(note, keys=[key])
        if known is None:
            _add(
                _folder() / f"{log}.history",
                f"{at.isoformat()} kept from {fresh.size} entries on\n",
            )
        if known is None or known.size < fresh.size:
            _replace(_folder() / log, note)


def set_aside(*, log: str, at: datetime, because: str) -> None:
    """Put the newest checkpoint aside under a name with the time, so that the next one begins anew.
    Raises OSError.
    """
    with _alone():
        path = _folder() / log
        aside = path.with_name(f"{log}.{at:%Y%m%dT%H%M%S%f}")
        _add(
            _folder() / f"{log}.history",
            f"{at.isoformat()} set aside as {aside.name}: {' '.join(because.split())}\n",
        )
        path.rename(aside)
        _settle(path.parent)


def history(*, log: str) -> list[str]:
    """Return what the history says, line by line, oldest first."""
    try:
        return (_folder() / f"{log}.history").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _folder() -> Path:
    """Return this database's folder: a var folder may have served another database before."""
    database = connection.settings_dict
    host, name = str(database["HOST"]), str(database["NAME"])
    is_embedded = host.startswith(str(settings.BLUELAMP_VAR))
    place = f"embedded {name}" if is_embedded else f"{host} {database['PORT']} {name}"
    return Path(settings.BLUELAMP_WITNESS) / re.sub(r"[^\w.-]+", "_", place)


@contextmanager
def _alone() -> Iterator[None]:
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (_folder() / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    _settle(path.parent)


def _add(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
