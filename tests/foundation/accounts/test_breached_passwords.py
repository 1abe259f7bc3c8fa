"""Passwords that were in breaches are refused, by a list on this machine."""

import hashlib
from pathlib import Path

import pytest
from pytest_django import Settings

from bluelamp.cli.fitness import people
from bluelamp.foundation.accounts.breached_passwords import is_breached
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.passwords import require_strong_password
from bluelamp.foundation.kernel.errors import Refused
from tests.direct_writes import direct_writes


def hashed(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()


def write_list(path: Path, passwords: list[str], *, end: str = "\r\n") -> Path:
    """Write a list as Have I Been Pwned gives it away."""
    lines = sorted(f"{hashed(password)}:{len(password) ** 5}" for password in passwords)
    path.write_bytes(end.join(lines).encode() + end.encode())
    return path


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("count", [1, 2, 3, 1000])
def test_it_works(tmp_path: Path, count: int, end: str) -> None:
    breached = [f"correct horse {number}" for number in range(count)]
    path = write_list(tmp_path / "list.txt", breached, end=end)
    assert all(is_breached(password, path=path) for password in breached)
    assert not any(is_breached(f"seven lanterns {number}", path=path) for number in range(300))


def test_an_empty_list_has_nothing_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert not is_breached("seven brass lanterns", path=tmp_path / "empty")
    with pytest.raises(OSError, match="missing"):
        is_breached("seven brass lanterns", path=tmp_path / "missing")


def test_nobody_can_choose_one(user: User, settings: Settings, tmp_path: Path) -> None:
    settings.BLUELAMP_BREACHED_PASSWORDS = ""
    require_strong_password("seven brass lanterns", user, field="new_password")
    path = write_list(tmp_path / "list.txt", ["seven brass lanterns"])
    settings.BLUELAMP_BREACHED_PASSWORDS = str(path)
    with pytest.raises(Refused, match="harder to guess"):
        require_strong_password("seven brass lanterns", user, field="new_password")
    require_strong_password("eight brass lanterns", user, field="new_password")


def test_check_asks_for_the_list_once_somebody_has_a_password(
    user: User, settings: Settings, tmp_path: Path
) -> None:
    settings.BLUELAMP_BREACHED_PASSWORDS = ""
    with direct_writes():
        User.objects.update(password="!unusable")
    assert people.check_breached_passwords() == ""
    with direct_writes():
        user.set_password("seven brass lanterns")
        user.save()
    assert "BLUELAMP_BREACHED_PASSWORDS" in people.check_breached_passwords()
    settings.BLUELAMP_BREACHED_PASSWORDS = str(tmp_path / "missing")
    assert "cannot be read" in people.check_breached_passwords()
    settings.BLUELAMP_BREACHED_PASSWORDS = str(write_list(tmp_path / "list.txt", ["a"]))
    assert people.check_breached_passwords() == ""
