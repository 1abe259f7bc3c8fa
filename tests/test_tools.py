"""The installer of the tests' own tools: each branch, with real programs on a PATH of the test's
own.
"""

import os
import subprocess
from pathlib import Path

import pytest

from tests import tools

# Stands in for apt-get: notes how it was called, and "installs" a program by making an empty
# executable.
APT_GET = """#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >> {log}
[ "$1" = install ] && {install}
exit 0
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose PATH holds only what the test puts in its `bin` folder."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (tmp_path / "debian_version").write_text("12.0\n")
    monkeypatch.setenv("PATH", str(bin_folder))
    monkeypatch.setattr(tools, "DEBIAN_MARKER", tmp_path / "debian_version")
    monkeypatch.setattr(
        tools, "NEEDED", {"bluelamp-test-a": "package-a", "bluelamp-test-b": "package-b"}
    )
    monkeypatch.setattr(tools, "OPTIONAL", {})
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    _add_apt_get(tmp_path, install=f"for p in a b; do : > {bin_folder}/bluelamp-test-$p; "
                 f"/bin/chmod +x {bin_folder}/bluelamp-test-$p; done")  # fmt: skip
    return tmp_path


def _add_apt_get(folder: Path, *, install: str) -> None:
    program = folder / "bin" / "apt-get"
    program.write_text(APT_GET.format(log=folder / "apt.log", install=install))
    program.chmod(0o755)


def _add_program(folder: Path, name: str) -> None:
    program = folder / "bin" / name
    program.touch()
    program.chmod(0o755)


def _apt_calls(folder: Path) -> list[str]:
    log = folder / "apt.log"
    return log.read_text().splitlines() if log.exists() else []


def test_it_works(machine: Path) -> None:
    assert tools.main() == 0
    assert _apt_calls(machine) == [
        "noninteractive update -q",
        "noninteractive install -q -y --no-install-recommends package-a package-b",
    ]


def test_nothing_is_installed_when_nothing_is_missing(machine: Path) -> None:
    _add_program(machine, "bluelamp-test-a")
    _add_program(machine, "bluelamp-test-b")
    assert tools.main() == 0
    assert _apt_calls(machine) == []


def test_only_what_is_missing_is_installed(machine: Path) -> None:
    _add_program(machine, "bluelamp-test-a")
    tools.main()
    assert _apt_calls(machine)[-1].endswith("--no-install-recommends package-b")


def test_an_ordinary_user_is_told_the_one_command(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert tools.main() == 2
    assert "run: sudo apt-get install package-a package-b" in capsys.readouterr().err
    assert _apt_calls(machine) == []


def test_root_on_another_system_is_told_the_one_command(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (machine / "debian_version").unlink()
    assert tools.main() == 2
    assert "sudo apt-get install package-a package-b" in capsys.readouterr().err
    assert _apt_calls(machine) == []


def test_a_package_that_did_not_bring_its_program_is_named(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _add_apt_get(machine, install=":")
    assert tools.main() == 2
    assert "sudo apt-get install package-a package-b" in capsys.readouterr().err


def test_a_failing_apt_get_stops_the_installer(machine: Path) -> None:
    _add_apt_get(machine, install="exit 100")
    with pytest.raises(subprocess.CalledProcessError):
        tools.main()


def test_a_substitute_will_do_where_nothing_can_be_installed(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "SUBSTITUTES", {"bluelamp-test-a": ("bluelamp-test-c",)})
    _add_program(machine, "bluelamp-test-b")
    _add_program(machine, "bluelamp-test-c")
    _add_apt_get(machine, install="exit 100")
    assert tools.main() == 0
    assert _apt_calls(machine)[-1].endswith("--no-install-recommends package-a")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert tools.main() == 0


@pytest.fixture
def complete_machine(machine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that lacks only what the tests can do without."""
    _add_program(machine, "bluelamp-test-a")
    monkeypatch.setattr(tools, "NEEDED", {"bluelamp-test-a": "package-a"})
    monkeypatch.setattr(tools, "OPTIONAL", {"bluelamp-test-b": "package-b"})
    return machine


def test_what_is_optional_is_installed(
    complete_machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tools.main() == 0
    assert _apt_calls(complete_machine)[-1].endswith("--no-install-recommends package-b")
    assert capsys.readouterr().err == ""
    assert tools.main() == 0
    assert len(_apt_calls(complete_machine)) == 2


def test_what_is_optional_may_have_a_substitute(
    complete_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "SUBSTITUTES", {"bluelamp-test-b": ("bluelamp-test-c",)})
    _add_program(complete_machine, "bluelamp-test-c")
    assert tools.main() == 0
    assert _apt_calls(complete_machine) == []


@pytest.mark.parametrize("install", ["exit 100", ":"])
def test_what_is_optional_and_not_to_be_had_stops_nobody(
    complete_machine: Path, install: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _add_apt_get(complete_machine, install=install)
    assert tools.main() == 0
    assert "skip: package-b" in capsys.readouterr().err


def test_an_ordinary_user_is_told_what_is_optional(
    complete_machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert tools.main() == 0
    assert "skip: package-b" in capsys.readouterr().err
    assert _apt_calls(complete_machine) == []


def test_the_program_runs_on_this_machine() -> None:
    """Nothing is patched here: a name that `os` does not have would fail, as it did before."""
    assert os.geteuid() >= 0
    for package in tools.missing_packages():
        assert package in tools.NEEDED.values()
