"""What docs/how-to/check-a-package.md tells an outsider to do works, and finds what was changed."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.records.evidence.packages import KEY
from tests.records.evidence.verify.forging import exchange_statement, make_manifests_again

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
    [
        "data/case.json",
        "seal/checkpoint",
        "seal/manifest",
        "seal/proofs/package.json",
        "seal/timestamp.tsr",
        "manifest-sha512.txt",
        "tagmanifest-sha256.txt",
        "bag-info.txt",
        "seal/keys",
    ],
)
def test_a_changed_file_is_found(by_hand: Path, package: Path, name: str) -> None:
    content = bytearray((package / name).read_bytes())
    content[len(content) // 3] ^= 1
    (package / name).write_bytes(content)
    assert check(by_hand, package).returncode == 1


def test_what_was_added_is_found(by_hand: Path, package: Path) -> None:
    for name in ("READ-ME-FIRST.txt", "seal/extra.html", "evidence/CONFESSION.pdf", "empty/"):
        added = package / name
        if name.endswith("/"):
            added.mkdir()
        else:
            added.parent.mkdir(exist_ok=True)
            added.write_text("The defendant confessed.")
            make_manifests_again(package)
        assert check(by_hand, package).returncode == 1, name
        shutil.rmtree(added) if added.is_dir() else added.unlink()
        if name.startswith("evidence"):
            added.parent.rmdir()
    make_manifests_again(package)
    assert check(by_hand, package).returncode == 0


def test_a_forged_package_is_found(by_hand: Path, package: Path) -> None:
    (package / "bag-info.txt").write_text("Source-Organization: Mallory\n")
    make_manifests_again(package)
    assert check(by_hand, package).returncode == 1


def test_a_statement_exchanged_by_the_force_itself_is_found(by_hand: Path, package: Path) -> None:
    exchange_statement(package, key=KEY)
    assert check(by_hand, package, str(KEY.verifier)).returncode == 1


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")
def test_the_time_stamp_holds_for_openssl(good_package: Path, tsa: Path) -> None:
    found = re.search(r"^openssl ts .*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    command = found[0].replace("ROOT.pem", str(tsa / "root.pem")).split()
    done = subprocess.run(command, cwd=good_package, capture_output=True, text=True)
    assert (done.returncode, "Verification: OK" in done.stdout) == (0, True), done.stderr
