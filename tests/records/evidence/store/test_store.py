"""What every evidence store must do, tested on each one that is configured."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from bluelamp.records.evidence.store import FolderStore, Store, StoreError

PHOTO = b"a dented door" * 1000
SHA256 = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "folder":
        yield FolderStore(tmp_path / "evidence")
        return
    if not settings.BLUELAMP_S3_ENDPOINT:
        pytest.skip("SKIPPED, NO S3 ENDPOINT: set BLUELAMP_S3_ENDPOINT and BLUELAMP_S3_BUCKET")
    from bluelamp.records.evidence.store.s3 import S3Store

    yield S3Store(
        tmp_path, endpoint=settings.BLUELAMP_S3_ENDPOINT, bucket=settings.BLUELAMP_S3_BUCKET
    )


def save(store: Store, data: bytes) -> str:
    with store.stage() as staged:
        staged.write(data)
        return staged.commit().sha256


def test_it_works(store: Store) -> None:
    with store.stage() as staged:
        for start in range(0, len(PHOTO), 999):
            staged.write(PHOTO[start : start + 999])
        assert (staged.sha256, staged.size) == (SHA256, len(PHOTO))
        assert not store.exists(SHA256)
        result = staged.commit()
    assert (result.sha256, result.size, result.is_new) == (SHA256, len(PHOTO), True)
    assert (store.exists(SHA256), store.size(SHA256)) == (True, len(PHOTO))
    with store.open(SHA256) as original:
        assert original.read() == PHOTO
    assert SHA256 in set(store.walk_hashes())
    assert not list(store.incoming_folder.iterdir())


def test_the_same_bytes_twice_are_stored_once(store: Store) -> None:
    save(store, PHOTO)
    with store.stage() as staged:
        staged.write(PHOTO)
        assert not staged.commit().is_new
    assert not list(store.incoming_folder.iterdir())


def test_bytes_that_are_not_committed_leave_nothing(store: Store) -> None:
    discarded = os.urandom(50)
    with store.stage() as staged:
        staged.write(discarded)
    assert not store.exists(hashlib.sha256(discarded).hexdigest())
    assert not list(store.incoming_folder.iterdir())


def test_bytes_that_are_not_stored_are_not_found(store: Store) -> None:
    for read in (store.open, store.size, store.path):
        with pytest.raises(FileNotFoundError):
            read("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_a_name_that_is_not_a_hash_is_refused(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        store.exists(name)


def test_a_folder_store_makes_files_read_only(tmp_path: Path) -> None:
    folder = FolderStore(tmp_path / "evidence")
    save(folder, PHOTO)
    path = tmp_path / "evidence" / SHA256[:2] / SHA256[2:4] / SHA256
    assert folder.path(SHA256) == path
    assert path.stat().st_mode & 0o777 == 0o400


def test_a_folder_store_never_overwrites(tmp_path: Path) -> None:
    folder = FolderStore(tmp_path / "evidence")
    save(folder, PHOTO)
    path = folder.path(SHA256)
    assert path
    path.chmod(0o644)
    path.write_bytes(b"cut")
    with pytest.raises(StoreError, match="the store has 3"):
        save(folder, PHOTO)
    assert path.read_bytes() == b"cut"


def test_a_folder_store_keeps_the_new_copy_when_the_stored_one_went_bad(tmp_path: Path) -> None:
    folder = FolderStore(tmp_path / "evidence")
    save(folder, PHOTO)
    path = folder.path(SHA256)
    assert path
    path.chmod(0o644)
    path.write_bytes(b"A" + PHOTO[1:])
    with folder.stage() as staged:
        staged.write(PHOTO)
        with pytest.raises(StoreError, match="have changed"):
            staged.commit()
        assert staged.path.read_bytes() == PHOTO
