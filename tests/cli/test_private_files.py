"""An instance's folder that an older version left open is closed at the next start."""

import os
import stat
from pathlib import Path

import pytest

from bluelamp.cli.private_files import is_private, make_folder_private


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A folder as an older version left it."""
    var = tmp_path / "var"
    original = var / "evidence" / "ab" / "original"
    original.parent.mkdir(parents=True)
    original.write_bytes(b"photo")
    original.chmod(0o444)
    (var / "keys").mkdir(mode=0o700)
    (var / "run.lock").touch(0o644)
    (var / "postgres").mkdir()
    (tmp_path / "elsewhere").touch()
    (tmp_path / "elsewhere").chmod(0o644)
    (var / "link").symlink_to(tmp_path / "elsewhere")
    for folder in (var, var / "evidence", var / "evidence" / "ab", var / "postgres"):
        folder.chmod(0o755)
    return var


def test_it_works(var: Path) -> None:
    assert not is_private(var)
    make_folder_private(var)
    open_paths = [
        path
        for path in (var, *var.rglob("*"))
        if not path.is_symlink() and not is_private(path) and path.name != "postgres"
    ]
    assert open_paths == []
    assert stat.S_IMODE((var / "evidence" / "ab" / "original").stat().st_mode) == 0o400
    assert stat.S_IMODE((var / "evidence").stat().st_mode) == 0o700


def test_what_is_not_ours_is_left_as_it_is(var: Path, tmp_path: Path) -> None:
    make_folder_private(var)
    assert stat.S_IMODE((tmp_path / "elsewhere").stat().st_mode) == 0o644
    assert stat.S_IMODE((var / "postgres").stat().st_mode) == 0o755, "PostgreSQL's own"


def test_a_closed_folder_is_not_gone_through_again(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_folder_private(var)
    monkeypatch.setattr(os, "walk", lambda _: pytest.fail("it takes long where there is much"))
    make_folder_private(var)
    var.chmod(0o710)  # where root runs it, for the database's own user
    make_folder_private(var)
    assert stat.S_IMODE(var.stat().st_mode) == 0o710


def test_an_interruption_is_made_good(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = os.walk

    def stop_half_way(path: Path) -> object:
        yield next(iter(walk(path)))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "walk", stop_half_way)
        with pytest.raises(KeyboardInterrupt):
            make_folder_private(var)
    assert not is_private(var)
    make_folder_private(var)
    assert is_private(var / "evidence" / "ab" / "original")
