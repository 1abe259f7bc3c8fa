"""The newest signed checkpoint of each log, in a file outside the database.

Somebody who can write to the database past its triggers could remove a log's newest entries and
every checkpoint over them. What is left agrees with itself, but no longer with this file.

A file is named by the log's identity: its signing key's name and fingerprint. It holds the signed
note alone, in C2SP's format; `….history` beside it says since when the file has been kept without
a break, and which checkpoints were archived, when and for what reason. `….chain` counts the
checkpoints and holds a hash over them and their times, signed too (`checkpoint_chain`).

The file cannot show the loss of entries that were not sealed yet (up to a minute), nor stand
against somebody who can write to both the database and this folder: put the folder, or a copy of
it, on another machine. One instance, one folder.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings

from bluelamp.foundation.kernel.durable import sync_folder
from bluelamp.foundation.kernel.merkle_log.checkpoint import (
    BadNote,
    Checkpoint,
    SignerKey,
    VerifierKey,
    open_checkpoint,
    open_note,
    sign_note,
)
from bluelamp.foundation.kernel.merkle_log.checkpoint_chain import (
    CheckpointChain,
    SignedCheckpoint,
)


def latest(*, key: VerifierKey) -> Checkpoint | None:
    """Return the saved checkpoint of a key's log, or None if there is none yet.

    Raises:
        BadNote: The file does not hold what this key signed, or another key signed this log's.
        OSError: The file cannot be read.
    """
    path = _path(key)
    try:
        note = path.read_bytes()
    except FileNotFoundError:
        # Without this a new key would start afresh, and with it whoever replaced the key and
        # rebuilt the log.
        if others := _files_of_other_keys(key):
            raise BadNote(f"{others[0].name} was signed with another key.") from None
        return None
    return open_checkpoint(note, keys=[key])


def save(*, note: bytes, key: VerifierKey, at: datetime) -> None:
    """Save a signed checkpoint in place of a smaller one; never the other way round.

    Raises:
        BadNote: The note, or the saved one, is not what this key signed.
        OSError: The folder cannot be written to.
    """
    with _file_lock():
        saved = latest(key=key)
        checkpoint = open_checkpoint(note, keys=[key])
        if saved is None:
            _append_line(
                _history_path(key), f"{at.isoformat()} kept from {checkpoint.size} entries on\n"
            )
        # Two nodes may seal at once, and the slower one must not put the smaller back.
        if saved is None or saved.size < checkpoint.size:
            _replace_file(_path(key), note)


def latest_chain(*, key: VerifierKey) -> CheckpointChain | None:
    """Return the saved chain of a key's log, or None if there is none yet.

    Raises:
        BadNote: The file does not hold what this key signed of this log.
        OSError: The file cannot be read.
    """
    try:
        note = _chain_path(key).read_bytes()
    except FileNotFoundError:
        return None
    chain = CheckpointChain.parse(open_note(note, keys=[key]))
    if chain.origin != key.name:
        raise BadNote(f"{_chain_path(key).name} is of another log.")
    return chain


def extend_chain(
    *, key: SignerKey, read_after: Callable[[int], Iterable[SignedCheckpoint]]
) -> None:
    """Add a log's checkpoints to its saved chain.

    Args:
        key: The log's key.
        read_after: Returns the log's checkpoints at more than this many entries, in order.

    Raises:
        BadNote, OSError: As `latest_chain`.
    """
    with _file_lock():
        saved = latest_chain(key=key.verifier) or CheckpointChain(origin=key.name)
        extended = saved.extend(read_after(saved.size))
        # Nothing new: the file on disk is not touched every minute.
        if extended.count != saved.count:
            _replace_file(_chain_path(key.verifier), sign_note(extended.text, key=key).encode())


def archive(*, key: VerifierKey, at: datetime, reason: str) -> None:
    """Rename the saved checkpoint, with the time in its name, so that the next one starts afresh.

    Where this key has none, that is done with those of other keys: theirs were lost. The history
    says so in any case.

    Raises:
        OSError: The folder cannot be written to.
    """
    with _file_lock():
        paths = [_path(key)] if _path(key).exists() else _files_of_other_keys(key)
        if not paths:
            _append_line(_history_path(key), f"{at.isoformat()} accepted: {_one_line(reason)}\n")
        for path in paths:
            archived = path.with_name(f"{path.name}.{at:%Y%m%dT%H%M%S%f}")
            _append_line(
                _history_path(key),
                f"{at.isoformat()} set aside as {archived.name}: {_one_line(reason)}\n",
            )
            path.rename(archived)
        if _chain_path(key).exists():
            _chain_path(key).rename(_chain_path(key).with_suffix(f".chain-{at:%Y%m%dT%H%M%S%f}"))
        sync_folder(_path(key).parent)


def hand_over(*, old: VerifierKey, new: SignerKey, note: bytes, at: datetime) -> None:
    """Go over from a log's old key to its new one. To do it twice changes nothing.

    The new key's file says what the old one's said, signed anew, and so does its chain. The old
    files stay beside them, with the time in their names.

    Args:
        old: The key that was replaced.
        new: Its successor.
        note: The log's checkpoint at the change, signed with the new key.
        at: The time of the change.

    Raises:
        BadNote, OSError: As `latest_chain`; the folder cannot be written to.
    """
    reason = f"another key takes its place: {new.verifier}"
    with _file_lock():
        chain = latest_chain(key=old)
        if chain is not None:
            content = sign_note(chain.text, key=new).encode()
            _replace_file(_chain_path(new.verifier), content)
        if not _path(new.verifier).exists():
            line = f"{at.isoformat()} continues the log of the key {old}\n"
            _append_line(_history_path(new.verifier), line)
            _replace_file(_path(new.verifier), note)
    # Last: while the new key's file is not there, the old one must be.
    if _path(old).exists():
        archive(key=old, at=at, reason=reason)


def history(*, key: VerifierKey) -> list[str]:
    """Return the lines of a log's history, oldest first."""
    try:
        return _history_path(key).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _folder() -> Path:
    return Path(settings.BLUELAMP_WITNESS)


def _stem(key: VerifierKey) -> str:
    return key.name.replace("/", "-")


def _path(key: VerifierKey) -> Path:
    return _folder() / f"{_stem(key)}+{key.key_id.hex()}"


def _history_path(key: VerifierKey) -> Path:
    return _path(key).with_suffix(".history")


def _chain_path(key: VerifierKey) -> Path:
    return _path(key).with_suffix(".chain")


def _files_of_other_keys(key: VerifierKey) -> list[Path]:
    """Return the files of the same log under other keys. Archived ones have a suffix."""
    files = _folder().glob(f"{_stem(key)}+*")
    return sorted(path for path in files if not path.suffix and path != _path(key))


@contextmanager
def _file_lock() -> Iterator[None]:
    """Keep other processes of this machine from writing the folder at the same time."""
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (_folder() / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace_file(path: Path, content: bytes) -> None:
    """Replace a file as a whole: after a crash there is the old content or the new."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    sync_folder(path.parent)


def _append_line(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
