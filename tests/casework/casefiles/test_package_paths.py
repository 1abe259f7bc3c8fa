"""Folder and file names in the package."""

from dataclasses import replace
from uuid import uuid4

import pytest

from bluelamp.casework.casefiles.file_names import deduplicate_names, safe_filename
from bluelamp.casework.casefiles.package_paths import original_paths, preview_paths
from tests.casework.casefiles.example_case import CASE, EXHIBIT, ITEM, PREVIEW_SHA256


def test_it_works() -> None:
    assert original_paths(CASE) == {ITEM: "data/exhibits/AB-1/original/IMG_0042.HEIC"}
    assert preview_paths(CASE) == {
        (ITEM, PREVIEW_SHA256): "data/exhibits/AB-1/previews/preview.jpg"
    }


@pytest.mark.parametrize(
    ("received", "safe"),
    [
        ("IMG_0042.HEIC", "IMG_0042.HEIC"),
        ("C:\\Users\\esi\\car.jpg", "car.jpg"),
        ("../../etc/passwd", "passwd"),
        ("..", "original"),
        ("", "original"),
        ("///", "original"),
        (".htaccess", "htaccess"),
        ("car\u202egpj.exe", "car_gpj.exe"),
        ("a\nb\0c.jpg", "a_b_c.jpg"),
        ("50%25 off?.png", "50_25 off_.png"),
        ("CON.txt", "_CON.txt"),
        ("con", "_con"),
        ("Thumbs.db", "_Thumbs.db"),
        ("desktop.ini", "_desktop.ini"),
        ("__MACOSX", "___MACOSX"),
        ("._IMG_0042.HEIC", "_IMG_0042.HEIC"),
        (".DS_Store", "DS_Store"),
        ("trailing. ", "trailing"),
        ("llun-dŵr 王.jpg", "llun-dŵr 王.jpg"),
        ("😀.jpg", "_.jpg"),
        ("e\u0301.jpg", "\u00e9.jpg"),
    ],
)
def test_names_are_kept_but_made_safe(received: str, safe: str) -> None:
    assert safe_filename(received) == safe


def test_a_long_name_keeps_its_extension() -> None:
    name = safe_filename("王" * 300 + ".jpeg")
    assert name.endswith(".jpeg")
    assert len(name.encode()) <= 120


def test_names_that_differ_by_letter_case_alone_get_a_number() -> None:
    assert deduplicate_names(["a.jpg", "A.jpg", "a.jpg", "b"]) == [
        "a.jpg",
        "A-2.jpg",
        "a-3.jpg",
        "b",
    ]


def test_two_exhibits_never_share_a_folder() -> None:
    other = replace(EXHIBIT, item_id=uuid4(), reference="ab/1")
    paths = original_paths(replace(CASE, exhibits=(EXHIBIT, other)))
    assert len({path.lower() for path in paths.values()}) == 2
