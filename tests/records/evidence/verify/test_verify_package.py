"""A good package passes; one flipped bit anywhere fails and names the file."""

import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bluelamp.foundation.kernel.merkle_log.checkpoint import SignerKey
from bluelamp.records.evidence.bag import zip_bag
from bluelamp.records.evidence.verify import Check, main, verify_package
from bluelamp.records.evidence.verify.bagit import Bag, check_bag
from bluelamp.records.evidence.verify.profile import check_profile
from bluelamp.records.evidence.verify.source import FolderSource
from sandbox.tsa import Authority
from tests.records.evidence.packages import KEY, make_package
from tests.records.evidence.verify.forging import (
    STATEMENT,
    exchange_statement,
    make_manifests_again,
    make_tag_manifests_again,
    sign_again,
)


def failures(path: Path) -> list[Check]:
    return [check for check in verify_package(path) if not check.passed]


def flip(path: Path, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


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


@pytest.mark.parametrize("is_signed", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "READ-ME-FIRST.txt",
        "seal/extra.html",
        "evidence/CONFESSION.pdf",
        "seal/proofs/CONFESSION.json",
        "seal/proofs/0193b2c4-0000-7000-8000-000000000001.json",
        "manifest-md5.txt",
    ],
)
def test_a_file_outside_the_closed_list_fails(package: Path, name: str, is_signed: bool) -> None:
    """Even where the force itself signed it: a reader may not take it for part of the case."""
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_text("The defendant confessed.\n")
    if is_signed:
        sign_again(package, key=KEY)
    else:
        make_manifests_again(package)
    assert name in {check.name for check in failures(package)}


@pytest.mark.parametrize("is_signed", [False, True])
@pytest.mark.parametrize(
    ("label", "value"),
    [("Source-Organization", "Mallory Police"), ("External-Identifier", "01ZD0099926")],
)
def test_a_forged_bag_info_fails(package: Path, label: str, value: str, is_signed: bool) -> None:
    info = package / "bag-info.txt"
    lines = info.read_text().splitlines(keepends=True)
    info.write_text(
        "".join(f"{label}: {value}\n" if line.startswith(label) else line for line in lines)
    )
    if is_signed:
        sign_again(package, key=KEY)
    else:
        make_manifests_again(package)
    details = " ".join(check.detail for check in failures(package) if check.name == "bag-info.txt")
    assert f"Its {label} is not that" in details
    assert is_signed is ("It is not the file that was signed" not in details)


@pytest.mark.parametrize("line", ["Contact-Name: Mallory", "External-Description: A confession"])
def test_a_line_added_to_bag_info_fails(package: Path, line: str) -> None:
    info = package / "bag-info.txt"
    info.write_text(f"{line}\n{info.read_text()}")
    make_manifests_again(package)
    assert "bag-info.txt" in {check.name for check in failures(package)}


def test_an_empty_folder_is_noticed(package: Path, tmp_path: Path) -> None:
    for name in ("THE DEFENDANT CONFESSED", "data/exhibits/AB-3", "seal/proofs/more"):
        (package / name).mkdir()
        assert [check.name for check in failures(package)] == [f"{name}/"]
        zip_bag(folder=package, target=tmp_path / "package.zip")
        with zipfile.ZipFile(tmp_path / "package.zip", "a") as archive:
            archive.comment = b""
            archive.mkdir(f"{package.name}/{name}")
        assert [check.name for check in failures(tmp_path / "package.zip")] == [f"{name}/"]
        (package / name).rmdir()


def test_a_statement_exchanged_after_the_stamp_fails_with_the_forces_own_key(
    package: Path, tsa: Path
) -> None:
    exchange_statement(package, key=KEY)
    (fault,) = failures(package)
    assert fault.name == "seal/proofs/package.json"
    assert "changed after its date" in fault.detail
    pins = ["--log-key", str(KEY.verifier), "--tsa-root", str(tsa / "root.pem")]
    assert main([str(package), *pins]) == 1


def test_a_second_signature_fails(package: Path) -> None:
    """A line under an unknown key is signed by nobody, and could say anything."""
    for name in ("seal/manifest", "seal/checkpoint"):
        before = (package / name).read_bytes()
        (package / name).write_bytes(before + "— confession AAAAAAAAAA==\n".encode())
        make_tag_manifests_again(package)
        details = [check.detail for check in failures(package) if check.name == name]
        assert any("more than one signature" in detail for detail in details)
        (package / name).write_bytes(before)


def test_the_signature_of_an_earlier_version_fails(package: Path) -> None:
    from bluelamp.foundation.kernel.merkle_log.checkpoint import sign_note

    digest = "ab" * 64
    note = sign_note(f"bluelamp/package manifest-sha512.txt\n{digest}\n", key=KEY)
    (package / "seal/manifest").write_text(note)
    make_tag_manifests_again(package)
    (fault,) = failures(package)
    assert fault.name == "seal/manifest"
    assert "build the package again" in fault.detail


LEFTOVERS = (
    "__MACOSX/._01ZD0000126",
    "__MACOSX/01ZD0000126/._bagit.txt",
    ".DS_Store",
    "data/.DS_Store",
    "data/documents/._MG5.pdf",
    "data/exhibits/AB-1/original/Thumbs.db",
    "seal/desktop.ini",
)


def test_what_macos_and_windows_leave_is_named_and_the_rest_checked(
    package: Path, tmp_path: Path
) -> None:
    for name in LEFTOVERS:
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_bytes(b"left over")
    zip_bag(folder=package, target=tmp_path / "package.zip")
    for place in (package, tmp_path / "package.zip"):
        checks = list(verify_package(place))
        assert [str(check) for check in checks if not check.passed] == []
        (line,) = [check for check in checks if "not part of the package" in check.detail]
        assert all(name in line.name for name in LEFTOVERS)
    flip(package / STATEMENT, 100)
    assert STATEMENT in {check.name for check in failures(package)}


def test_macos_puts_its_folder_beside_that_of_the_package(package: Path, tmp_path: Path) -> None:
    zip_bag(folder=package, target=tmp_path / "package.zip")
    with zipfile.ZipFile(tmp_path / "package.zip", "a") as archive:
        archive.comment = b""
        archive.mkdir("__MACOSX")
        archive.writestr(f"__MACOSX/._{package.name}", b"left over")
    assert failures(tmp_path / "package.zip") == []
    (package.parent / "__MACOSX").mkdir()
    assert main([str(package.parent)]) == 1, "a zip beside it: there are two packages"
    (tmp_path / "package.zip").unlink()
    assert main([str(package.parent)]) == 3


def test_a_leftover_can_hide_nothing(package: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not for the reader")
    (package / ".DS_Store").symlink_to(secret)
    assert [check.name for check in failures(package)] == [".DS_Store"]
    (package / ".DS_Store").unlink()
    (package / "data/documents/._MG5.pdf").write_bytes(b"%PDF-1.7")
    sign_again(package, key=KEY)  # now a manifest lists it
    assert "data/documents/._MG5.pdf" in {check.name for check in failures(package)}


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


def test_the_readers_own_key_and_root_are_used(
    good_package: Path, tmp_path: Path, tsa: Path
) -> None:
    other = SignerKey(name=KEY.name, private_key=Ed25519PrivateKey.generate()).verifier
    other_authority = Authority.in_folder(tmp_path / "other")
    (tmp_path / "other.pem").write_bytes(
        other_authority.chain.partition(b"-----END CERTIFICATE-----\n")[2]
    )
    assert (
        main(
            [str(good_package), "--log-key", str(KEY.verifier), "--tsa-root", str(tsa / "root.pem")]
        )
        == 0
    )
    assert main([str(good_package), "--log-key", str(other)]) == 1
    assert main([str(good_package), "--tsa-root", str(tmp_path / "other.pem")]) == 1


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    status = main(list(arguments))
    return status, capsys.readouterr().out.splitlines()


def test_without_pins_the_last_line_says_that_nobody_known_signed_it(
    good_package: Path, tsa: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, root = ["--log-key", str(KEY.verifier)], ["--tsa-root", str(tsa / "root.pem")]
    for pins, words in (
        ([], "nobody known has signed it"),
        (key, "nobody known has stamped it"),
        (root, "nobody known has signed it"),
    ):
        status, lines = run(capsys, str(good_package), *pins)
        assert status == 3
        counts = f"{len(lines) - 2} passed, 0 failed"
        assert lines[-2] == counts
        assert words in lines[-1]
        assert lines[-1].endswith(counts)
    status, lines = run(capsys, str(good_package))
    assert any("the package's own" in line and "seal/keys" in line for line in lines)
    assert any("the package's own" in line and "seal/tsa-chain.pem" in line for line in lines)


def test_with_both_pins_it_is_proven(
    good_package: Path, tsa: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = run(
        capsys,
        str(good_package),
        "--log-key",
        str(KEY.verifier),
        "--tsa-root",
        str(tsa / "root.pem"),
    )
    assert (status, lines[-1]) == (0, f"{len(lines) - 1} passed, 0 failed")


def test_a_wholly_forged_package_is_not_proven(
    tmp_path: Path, tsa: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = SignerKey(name=KEY.name, private_key=Ed25519PrivateKey.generate())
    forged = make_package(tmp_path / "forged", tsa=tmp_path / "own-authority", key=other)
    assert run(capsys, str(forged))[0] == 3
    pins = ["--log-key", str(KEY.verifier), "--tsa-root", str(tsa / "root.pem")]
    status, lines = run(capsys, str(forged), *pins)
    assert status == 1
    failed = [line for line in lines if line.startswith("FAIL")]
    assert any("seal/keys" in line for line in failed)
    assert any("seal/tsa-chain.pem" in line for line in failed)


def key_list(tsa: Path, **changes: object) -> dict[str, object]:
    key = {
        "key": str(KEY.verifier),
        "valid_from": "2026-01-01T00:00:00+00:00",
        "valid_until": None,
    }
    return {
        "format": "bluelamp-keys/1",
        "log_keys": [key | changes],
        "time_stamp_roots": [{"pem": (tsa / "root.pem").read_text()}],
    }


def test_the_forces_published_list_pins_both(
    good_package: Path, tsa: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(key_list(tsa)))
    assert run(capsys, str(good_package), "--log-key", str(keys))[0] == 0
    assert run(capsys, str(good_package), "--tsa-root", str(keys))[0] == 3
    keys.write_text(json.dumps(key_list(tsa, valid_until="2026-01-02T00:00:00+00:00")))
    status, lines = run(capsys, str(good_package), "--log-key", str(keys))
    assert status == 1
    assert any("not in use when the package was stamped" in line for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        '{"format": "bluelamp-keys/1"}',
        '{"format": "bluelamp-keys/1", "log_keys": [3], "time_stamp_roots": []}',
        '{"format": "bluelamp-keys/1", "log_keys": 3, "time_stamp_roots": {}}',
        "[" * 100_000,
        "\xff",
        "",
    ],
)
def test_a_list_of_keys_that_is_none_is_wrong_input(
    good_package: Path, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "keys.json").write_text(text, encoding="latin-1")
    assert main([str(good_package), "--log-key", str(tmp_path / "keys.json")]) == 2
    seen = capsys.readouterr()
    assert (seen.out, seen.err.count("\n")) == ("", 1)


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
