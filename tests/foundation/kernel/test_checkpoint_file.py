"""The newest checkpoint outside the database, in a file named by the key that signed it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from bluelamp.foundation.kernel.merkle_log import checkpoint_file
from bluelamp.foundation.kernel.merkle_log.checkpoint import (
    BadNote,
    Checkpoint,
    SignerKey,
    load_or_create_key,
    sign_checkpoint,
)


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.BLUELAMP_WITNESS = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def key(tmp_path: Path) -> SignerKey:
    return load_or_create_key(folder=tmp_path / "keys", name="bluelamp/audit")


def note(key: SignerKey, size: int) -> bytes:
    return sign_checkpoint(Checkpoint(key.name, size, bytes(32)), key=key).encode()


def saved_size(key: SignerKey) -> int:
    checkpoint = checkpoint_file.latest(key=key.verifier)
    return checkpoint.size if checkpoint else 0


def test_it_works(folder: Path, key: SignerKey, at: datetime) -> None:
    assert checkpoint_file.latest(key=key.verifier) is None
    for size in (5, 9, 7):
        checkpoint_file.save(note=note(key, size), key=key.verifier, at=at)
    assert saved_size(key) == 9, "a smaller one never takes the place of a larger"
    name = f"bluelamp-audit+{key.verifier.key_id.hex()}"
    assert sorted(path.name for path in folder.iterdir()) == [".lock", name, f"{name}.history"]
    assert checkpoint_file.history(key=key.verifier) == [f"{at.isoformat()} kept from 5 entries on"]


def test_an_archived_checkpoint_starts_afresh(folder: Path, key: SignerKey, at: datetime) -> None:
    checkpoint_file.save(note=note(key, 9), key=key.verifier, at=at)
    later = at + timedelta(hours=1)
    checkpoint_file.archive(key=key.verifier, at=later, reason="the disk\nfailed")
    assert checkpoint_file.latest(key=key.verifier) is None
    checkpoint_file.save(note=note(key, 4), key=key.verifier, at=later)
    assert saved_size(key) == 4
    assert checkpoint_file.history(key=key.verifier)[1].endswith(": the disk failed")
    assert len(list(folder.glob("*.2026*"))) == 1


def test_another_key_does_not_start_afresh(
    folder: Path, key: SignerKey, at: datetime, tmp_path: Path
) -> None:
    checkpoint_file.save(note=note(key, 9), key=key.verifier, at=at)
    other = load_or_create_key(folder=tmp_path / "others", name="bluelamp/audit")
    with pytest.raises(BadNote, match="another key"):
        checkpoint_file.latest(key=other.verifier)
    with pytest.raises(BadNote, match="another key"):
        checkpoint_file.save(note=note(other, 1), key=other.verifier, at=at)
    checkpoint_file.archive(key=other.verifier, at=at, reason="the keys were lost")
    checkpoint_file.save(note=note(other, 1), key=other.verifier, at=at)
    assert saved_size(other) == 1


def test_another_log_has_a_file_of_its_own(
    folder: Path, key: SignerKey, at: datetime, tmp_path: Path
) -> None:
    continuity = load_or_create_key(folder=tmp_path / "keys", name="bluelamp/continuity")
    checkpoint_file.save(note=note(key, 9), key=key.verifier, at=at)
    checkpoint_file.save(note=note(continuity, 2), key=continuity.verifier, at=at)
    assert (saved_size(key), saved_size(continuity)) == (9, 2)


def test_a_key_that_is_accepted_before_there_is_a_file(
    folder: Path, key: SignerKey, at: datetime
) -> None:
    checkpoint_file.archive(key=key.verifier, at=at, reason="keys and files were lost")
    assert checkpoint_file.history(key=key.verifier) == [
        f"{at.isoformat()} accepted: keys and files were lost"
    ]
