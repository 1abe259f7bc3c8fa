"""What every evidence store must do, held against each one that is configured."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from bluelamp.records.evidence.store import FolderStore, Store, StoreFault

PHOTO = b"a dented door" * 1000
SHA256 = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "folder":
        yield FolderStore(tmp_path / "evidence")
        return
    if not settings.BLUELAMP_S3_ENDPOINT:
        pytest.skip(
            "SKIPPED FOR WANT OF AN S3 ENDPOINT: set BLUELAMP_S3_ENDPOINT and BLUELAMP_S3_BUCKET"
        )
    from bluelamp.records.evidence.store.s3 import S3Store

    yield S3Store(
        tmp_path, endpoint=settings.BLUELAMP_S3_ENDPOINT, bucket=settings.BLUELAMP_S3_BUCKET
    )


def kept(store: Store, data: bytes) -> str:
    with store.stage() as staged:
        staged.write(data)
        return staged.keep().sha256


def test_it_works(store: Store) -> None:
    with store.stage() as staged:
        for start in range(0, len(PHOTO), 999):
            staged.write(PHOTO[start : start + 999])
        assert (staged.sha256, staged.size) == (SHA256, len(PHOTO))
        assert not store.exists(SHA256)
        result = staged.keep()
    assert (result.sha256, result.size, result.is_new) == (SHA256, len(PHOTO), True)
    assert (store.exists(SHA256), store.size(SHA256)) == (True, len(PHOTO))
    with store.open(SHA256) as original:
        assert original.read() == PHOTO
    assert SHA256 in set(store.walk())
    assert not list(store.incoming.iterdir())


def test_the_same_bytes_twice_are_kept_once(store: Store) -> None:
    kept(store, PHOTO)
    with store.stage() as staged:
        staged.write(PHOTO)
        assert not staged.keep().is_new
    assert not list(store.incoming.iterdir())


def test_what_is_not_kept_leaves_nothing(store: Store) -> None:
    gone = os.urandom(50)
    with store.stage() as staged:
        staged.write(gone)
    assert not store.exists(hashlib.sha256(gone).hexdigest())
    assert not list(store.incoming.iterdir())


def test_what_is_not_there(store: Store) -> None:
    for ask in (store.open, store.size, store.path):
        with pytest.raises(FileNotFoundError):
            ask("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_names_that_are_not_hashes(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        store.exists(name)


def test_a_folder_keeps_bytes_read_only_under_their_hash(tmp_path: Path) -> None:
    folder = FolderStore(tmp_path / "evidence")
    kept(folder, PHOTO)
    path = tmp_path / "evidence" / SHA256[:2] / SHA256[2:4] / SHA256
    assert folder.path(SHA256) == path
    assert path.stat().st_mode & 0o777 == 0o444


def test_a_folder_never_overwrites(tmp_path: Path) -> None:
    folder = FolderStore(tmp_path / "evidence")
    kept(folder, PHOTO)
    path = folder.path(SHA256)
    assert path
    path.chmod(0o644)
    path.write_bytes(b"cut")
    with pytest.raises(StoreFault, match="held with 3"):
        kept(folder, PHOTO)
    assert path.read_bytes() == b"cut"


def test_a_folder_does_not_give_a_good_copy_up_for_one_gone_bad(tmp_path: Path) -> None:
    folder = FolderStore(tmp_path / "evidence")
    kept(folder, PHOTO)
    path = folder.path(SHA256)
    assert path
    path.chmod(0o644)
    path.write_bytes(b"A" + PHOTO[1:])
    with folder.stage() as staged:
        staged.write(PHOTO)
        with pytest.raises(StoreFault, match="no longer those"):
            staged.keep()
        assert staged.path.read_bytes() == PHOTO
