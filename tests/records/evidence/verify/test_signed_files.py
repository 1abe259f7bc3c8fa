"""Everything in a package is signed and stamped: nothing can be added, forged or exchanged."""

import zipfile
from pathlib import Path

import pytest

from bluelamp.records.evidence.bag import zip_bag
from bluelamp.records.evidence.verify import main, verify_package
from tests.records.evidence.packages import KEY
from tests.records.evidence.verify.forging import (
    exchange_statement,
    failures,
    make_manifests_again,
    make_tag_manifests_again,
    sign_again,
)


def test_it_works(good_package: Path) -> None:
    by_name = {check.name: check for check in verify_package(good_package)}
    for name in ("seal/manifest", "seal/proofs/package.json", "bag-info.txt", "data/case.json"):
        assert by_name[name].passed, by_name[name]
    assert "every file outside data/" in by_name["seal/manifest"].detail


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
