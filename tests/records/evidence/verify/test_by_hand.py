"""What docs/how-to/check-a-package.md tells an outsider to do works, and finds what was changed."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.records.evidence.packages import KEY

PAGE = Path(__file__).resolve().parents[4] / "docs" / "how-to" / "check-a-package.md"


@pytest.fixture
def by_hand(tmp_path: Path) -> Path:
    """The page's program, in a folder from which nothing of ours can be imported."""
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    program = tmp_path / "by_hand.py"
    program.write_text(found[1], encoding="utf-8")
    return program


def check(program: Path, package: Path, *key: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-I", str(program), str(package), *key],
        cwd=program.parent,
        capture_output=True,
        text=True,
    )


def test_it_works(by_hand: Path, good_package: Path) -> None:
    for key in ([], [str(KEY.verifier)]):
        done = check(by_hand, good_package, *key)
        assert (done.returncode, done.stderr) == (0, "")
        exhibits = json.loads((good_package / "data/case.json").read_bytes())["exhibits"]
        assert done.stdout.count("is as it was received") == len(exhibits) > 0


def test_it_shares_nothing_with_ours(by_hand: Path) -> None:
    assert not re.search(r"^\s*(?:import|from) bluelamp", by_hand.read_text(), re.MULTILINE)


@pytest.mark.parametrize(
    "name",
    ["data/case.json", "seal/checkpoint", "seal/manifest", "manifest-sha512.txt", "seal/keys"],
)
def test_a_changed_file_is_found(by_hand: Path, package: Path, name: str) -> None:
    content = bytearray((package / name).read_bytes())
    content[len(content) // 3] ^= 1
    (package / name).write_bytes(content)
    assert check(by_hand, package).returncode == 1


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")
def test_the_time_stamp_holds_for_openssl(good_package: Path, tsa: Path) -> None:
    found = re.search(r"^openssl ts .*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    command = found[0].replace("ROOT.pem", str(tsa / "root.pem")).split()
    done = subprocess.run(command, cwd=good_package, capture_output=True, text=True)
    assert (done.returncode, "Verification: OK" in done.stdout) == (0, True), done.stderr
