"""Names of files, and when opening a preview adds a line of continuity."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bluelamp.records.evidence.rules import clean_filename, is_new_view


@pytest.mark.parametrize(
    ("filename", "cleaned"),
    [
        ("car.jpg", "car.jpg"),
        ("C:\\Users\\esi\\car.jpg", "car.jpg"),
        ("../../etc/passwd", "passwd"),
        ("car\u202egpj.exe", "cargpj.exe"),
        ("a\x00b\n.jpg", "ab.jpg"),
        ("", "unnamed"),
        ("folder/", "unnamed"),
        ("x" * 300 + ".jpeg", "x" * 195 + ".jpeg"),
        ("x" * 300, "x" * 200),
    ],
)
def test_clean_filename(filename: str, cleaned: str) -> None:
    assert clean_filename(filename) == cleaned


def test_clean_filename_on_naughty_strings(shared_data: Path) -> None:
    for text in json.loads((shared_data / "security/blns/blns.json").read_text(encoding="utf-8")):
        name = clean_filename(text)
        assert 0 < len(name) <= 200
        assert "/" not in name
        assert "\0" not in name


def test_a_view_counts_once_an_hour(at: datetime) -> None:
    assert is_new_view(last_viewed_at=None, at=at)
    assert not is_new_view(last_viewed_at=at, at=at + timedelta(minutes=59))
    assert is_new_view(last_viewed_at=at, at=at + timedelta(hours=1))
