"""The payload of the case file package."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import bagit
import pytest

from bluelamp.casework.casefiles.case_json import from_json
from bluelamp.casework.casefiles.court_message import validate
from bluelamp.casework.casefiles.package import Package, make_payload
from bluelamp.records.evidence.bag import write_bag
from bluelamp.records.evidence.verify import verify_package
from tests.casework.casefiles.example_case import (
    CASE,
    CONTINUITY,
    ITEM,
    PHOTO,
    PREVIEW,
    PREVIEW_SHA256,
)


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "stored"
    path.write_bytes(PHOTO)
    return path


def _make_package(original: Path) -> Package:
    return make_payload(
        case=CASE, originals={ITEM: original}, previews={(ITEM, PREVIEW_SHA256): PREVIEW}
    )


def test_it_works(original: Path) -> None:
    package = _make_package(original)
    assert set(package.files) == {
        "data/case.json",
        "data/provenance.jsonld",
        "data/messages/NewCase.xml",
        "data/exhibits/AB-1/original/IMG_0042.HEIC",
        "data/exhibits/AB-1/previews/preview.jpg",
        "data/documents/MG5.pdf",
        "data/documents/MG6C.pdf",
        "data/documents/MG9.pdf",
        "data/documents/MG12.pdf",
        "data/documents/MG11-01-Esi-Mensah.pdf",
        "data/documents/MG11-01-Esi-Mensah-back-not-for-disclosure.pdf",
    }
    assert package.files["data/exhibits/AB-1/original/IMG_0042.HEIC"] == original
    message, case = package.files["data/messages/NewCase.xml"], package.files["data/case.json"]
    assert isinstance(message, bytes)
    assert isinstance(case, bytes)
    assert validate(message) == []
    assert from_json(case) == CASE


def test_case_json_gives_each_document_its_hash_and_says_what_may_be_served(original: Path) -> None:
    package = _make_package(original)
    case = package.files["data/case.json"]
    assert isinstance(case, bytes)
    documents = json.loads(case)["documents"]
    assert {document["path"] for document in documents} == {
        path for path in package.files if path.startswith("data/documents/")
    }
    for document in documents:
        pdf = package.files[document["path"]]
        assert isinstance(pdf, bytes)
        assert document["sha256"] == sha256(pdf).hexdigest()
        assert document["may_be_served"] == ("back" not in document["path"])


def test_it_makes_a_bag(original: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bag"
    write_bag(
        folder=folder, files=_make_package(original).files, info={"External-Identifier": CASE.urn}
    )
    assert bagit.Bag(str(folder)).is_valid()
    assert (folder / "data/exhibits/AB-1/original/IMG_0042.HEIC").read_bytes() == PHOTO


def test_sealed_it_passes_the_verifier_and_a_flipped_bit_does_not(
    original: Path, tmp_path: Path
) -> None:
    from tests.records.evidence.packages import sealer  # Django must be set up first

    folder = tmp_path / "bag"
    (tmp_path / "tsa").mkdir()
    write_bag(
        folder=folder,
        files=_make_package(original).files,
        info={"External-Identifier": CASE.urn, "Source-Organization": CASE.force_name},
        seal=sealer({ITEM: [line.to_dict() for line in CONTINUITY]}, tmp_path / "tsa"),
    )
    assert [str(check) for check in verify_package(folder) if not check.passed] == []
    statement = folder / "data/documents/MG11-01-Esi-Mensah.pdf"
    statement.write_bytes(statement.read_bytes().replace(b"%PDF", b"%PDG", 1))
    failed = {check.name for check in verify_package(folder) if not check.passed}
    assert "data/documents/MG11-01-Esi-Mensah.pdf" in failed


def test_nobody_charged_means_no_message_and_nothing_missing(original: Path) -> None:
    case = replace(CASE, charges=())
    package = make_payload(
        case=case, originals={ITEM: original}, previews={(ITEM, PREVIEW_SHA256): PREVIEW}
    )
    assert "data/messages/NewCase.xml" not in package.files
    assert package.message_missing == ()


def test_a_charge_without_a_hearing_says_what_is_missing(original: Path) -> None:
    case = replace(CASE, hearing=None)
    package = make_payload(
        case=case, originals={ITEM: original}, previews={(ITEM, PREVIEW_SHA256): PREVIEW}
    )
    assert "data/messages/NewCase.xml" not in package.files
    assert [fact.code for fact in package.message_missing] == ["hearing"]


def test_an_original_that_is_not_given_is_named(original: Path) -> None:
    with pytest.raises(LookupError, match="AB/1"):
        make_payload(case=CASE, originals={})
    with pytest.raises(LookupError, match=r"preview\.jpg"):
        make_payload(case=CASE, originals={ITEM: original})


def test_the_same_data_gives_the_same_bytes(original: Path) -> None:
    assert _make_package(original).files == _make_package(original).files
