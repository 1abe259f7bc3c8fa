"""Names of files, and when a look is a line of its own."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bluelamp.records.evidence.rules import is_new_view, plain_filename


@pytest.mark.parametrize(
    ("given", "kept"),
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
def test_plain_filename(given: str, kept: str) -> None:
    assert plain_filename(given) == kept


def test_plain_filename_on_naughty_strings(shared_data: Path) -> None:
    for text in json.loads((shared_data / "security/blns/blns.json").read_text(encoding="utf-8")):
        name = plain_filename(text)
        assert 0 < len(name) <= 200
        assert "/" not in name
        assert "\0" not in name


def test_a_look_counts_once_an_hour(at: datetime) -> None:
    assert is_new_view(last_viewed_at=None, at=at)
    assert not is_new_view(last_viewed_at=at, at=at + timedelta(minutes=59))
    assert is_new_view(last_viewed_at=at, at=at + timedelta(hours=1))
