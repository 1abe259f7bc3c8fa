"""A good package passes; one flipped bit anywhere fails and names the file."""

import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bluelamp.records.evidence.bag import zip_bag
from bluelamp.records.evidence.verify import main, verify_package
from bluelamp.records.evidence.verify.bagit import Bag, check_bag
from bluelamp.records.evidence.verify.profile import check_profile
from bluelamp.records.evidence.verify.source import FolderSource
from tests.records.evidence.packages import make_package
from tests.records.evidence.verify.forging import (
    exchange_statement,
    failures,
    flip,
    make_manifests_again,
    make_tag_manifests_again,
)


def test_it_works(good_package: Path, tmp_path: Path) -> None:
    checks = list(verify_package(good_package))
    assert [str(check) for check in checks if not check.passed] == []
    named = {check.name for check in checks}
    files = {
        path.relative_to(good_package).as_posix()
        for path in good_package.rglob("*")
        if path.is_file()
    }
    assert files <= named
    zip_bag(folder=good_package, target=tmp_path / "package.zip")
    assert failures(tmp_path / "package.zip") == []


def test_a_flipped_bit_in_any_file_fails_and_names_it(package: Path) -> None:
    chance = random.Random(3161)
    files = [path for path in sorted(package.rglob("*")) if path.is_file()]
    assert len(files) > 15
    for path in files:
        bits = path.stat().st_size * 8
        for bit in {0, bits - 1, *(chance.randrange(bits) for _ in range(3))}:
            flip(path, bit)
            found = failures(package)
            name = path.relative_to(package).as_posix()
            assert any(name in check.name for check in found), (
                name,
                bit,
                [str(check) for check in found],
            )
            flip(path, bit)
    assert failures(package) == []


@pytest.mark.parametrize("name", ["bagit.txt", "tagmanifest-sha256.txt"])
def test_every_bit_of_a_file_counts(package: Path, name: str) -> None:
    path = package / name
    for bit in range(0, path.stat().st_size * 8, 1 if name == "bagit.txt" else 31):
        flip(path, bit)
        bag = Bag(FolderSource(package))
        checks = [*check_bag(bag), *check_profile(bag)]
        assert any(not check.passed and name in check.name for check in checks), bit
        flip(path, bit)


def test_a_flipped_bit_anywhere_in_the_zip_fails(good_package: Path, tmp_path: Path) -> None:
    target = tmp_path / "package.zip"
    zip_bag(folder=good_package, target=target)
    whole = target.read_bytes()
    chance = random.Random(8493)
    directory = zipfile.ZipFile(target).start_dir
    bits = {chance.randrange(len(whole) * 8) for _ in range(60)}
    bits |= {chance.randrange(directory * 8, len(whole) * 8) for _ in range(60)}
    bits |= {0, 8, 16, 24, len(whole) * 8 - 1, (len(whole) - 200) * 8}
    for bit in sorted(bits):
        flip(target, bit)
        assert failures(target), bit
        target.write_bytes(whole)


def test_a_flipped_bit_in_a_member_of_the_zip_names_it(good_package: Path, tmp_path: Path) -> None:
    target = tmp_path / "package.zip"
    zip_bag(folder=good_package, target=target)
    with zipfile.ZipFile(target) as archive:
        members = archive.infolist()
    for member in members:
        start = member.header_offset + 30 + len(member.filename.encode())
        bit = (start + member.compress_size // 2) * 8
        flip(target, bit)
        name = member.filename.partition("/")[2]
        assert any(name in check.name for check in failures(target)), name
        flip(target, bit)


def test_a_missing_file_and_an_extra_one_are_named(package: Path) -> None:
    for path in [path for path in sorted(package.rglob("*")) if path.is_file()]:
        content = path.read_bytes()
        path.unlink()
        name = path.relative_to(package).as_posix()
        assert any(name in check.name for check in failures(package)), name
        path.write_bytes(content)
    for extra in (
        "data/extra.txt",
        "extra.txt",
        "seal/proofs/extra.json",
        "data/exhibits/AB-1/original/b.jpg",
    ):
        (package / extra).write_bytes(b"{}")
        assert any(extra in check.name for check in failures(package)), extra
        (package / extra).unlink()


def test_a_forgery_without_the_key_fails(package: Path) -> None:
    exchange_statement(package)
    found = {check.name: check.detail for check in failures(package)}
    assert "It is not the file that was signed." in found["manifest-sha512.txt"]
    assert {"seal/manifest", "seal/proofs/package.json", "bag-info.txt"} <= found.keys()


def test_a_missing_continuity_entry_fails(package: Path) -> None:
    (path, *_) = sorted((package / "seal/proofs").iterdir())
    proofs = json.loads(path.read_text())
    del proofs["entries"][1]
    path.write_text(json.dumps(proofs))
    make_tag_manifests_again(package)
    found = failures(package)
    assert any(
        check.name == f"seal/proofs/{path.name}" and "numbered" in check.detail for check in found
    )


def test_an_entry_changed_after_sealing_fails(package: Path) -> None:
    (path, *_) = sorted((package / "seal/proofs").iterdir())
    path.write_text(path.read_text().replace("Ada Okafor", "Eve Okafor"))
    make_tag_manifests_again(package)
    assert any("not in the log" in check.detail for check in failures(package))


def test_continuity_in_the_case_must_be_what_was_sealed(tmp_path: Path, tsa: Path) -> None:
    made = make_package(
        tmp_path / "package", tsa=tsa, case_changes={"exhibits": [], "documents": []}
    )
    names = {check.name for check in failures(made)}
    assert "data/exhibits/AB-1/original/IMG_0001.jpg" in names
    assert "data/documents/MG11-Ada-Okafor.pdf" in names


@pytest.mark.parametrize(
    "case",
    [
        {
            "exhibits": [
                None,
                3,
                {},
                {"reference": 4},
                {"reference": "AB/1", "original": "../../etc/passwd"},
            ]
        },
        {"documents": [None, [], {"path": 3}, {"path": "/etc/passwd"}]},
        {"exhibits": {}, "documents": "all"},
    ],
)
def test_a_malformed_case_fails_without_a_traceback(
    tmp_path: Path, tsa: Path, case: dict[str, object]
) -> None:
    assert failures(make_package(tmp_path / "package", tsa=tsa, case_changes=case))


_NOT_AN_OBJECT = [b"", b"[]", b"\xff", b"[" * 100_000, b"null"]
_STRANGE_OBJECT = [b'{"entries": 3}', b'{"item": {}, "entries": [[]]}']


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *(("data/case.json", content) for content in _NOT_AN_OBJECT + _STRANGE_OBJECT),
        *(("data/provenance.jsonld", content) for content in _NOT_AN_OBJECT),
        *(("seal/proofs/{}", content) for content in _NOT_AN_OBJECT + _STRANGE_OBJECT),
    ],
)
def test_nonsense_fails_without_a_traceback(package: Path, name: str, content: bytes) -> None:
    (proof, *_) = sorted((package / "seal/proofs").iterdir())
    name = name.format(proof.name)
    (package / name).write_bytes(content)
    make_manifests_again(package)
    assert name in {check.name for check in failures(package)}


@pytest.mark.parametrize(
    "xml",
    [b"<a>", b"", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", b"\xff\xfe"],
)
def test_a_malformed_message_fails(package: Path, xml: bytes) -> None:
    (package / "data/messages/NewCase.xml").write_bytes(xml)
    make_manifests_again(package)
    assert "data/messages/NewCase.xml" in {check.name for check in failures(package)}


def test_a_bad_path_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("not a package")
    for arguments in (
        [str(tmp_path / "nowhere")],
        [str(tmp_path / "a.txt")],
        [str(tmp_path), "--log-key", "nonsense"],
        [str(tmp_path), "--tsa-root", str(tmp_path / "a.txt")],
        [str(tmp_path), "--tsa-root", str(tmp_path / "nowhere")],
    ):
        assert main(arguments) == 2
        seen = capsys.readouterr()
        assert seen.out == ""
        assert seen.err.count("\n") == 1
    assert main([str(tmp_path)]) == 1


def test_names_cannot_control_the_terminal(
    package: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (package / "data" / "a\x1b[2Jb").write_bytes(b"")
    (package / "data" / "c\udcffd").write_bytes(b"")
    assert main([str(package)]) == 1
    assert b"\x1b" not in capsysbinary.readouterr().out


def test_it_needs_neither_django_nor_a_database(good_package: Path) -> None:
    program = (
        "import sys\n"
        "sys.modules['django'] = sys.modules['psycopg'] = None\n"
        "from bluelamp.records.evidence.verify import main\n"
        f"sys.exit(main([{str(good_package)!r}]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3, done.stderr
    assert "passed, 0 failed" in done.stdout
