"""Every audited act has a name in plain words, and every name belongs to an act."""

import re
from pathlib import Path

from bluelamp.web.desk.act_labels import ACT_LABELS, act_label

SOURCE = Path(__file__).resolve().parent.parent.parent.parent / "bluelamp"


def test_it_works() -> None:
    acts = set()
    for path in SOURCE.rglob("*.py"):
        acts |= set(re.findall(r'\bact="([a-z_]+\.[a-z_]+)"', path.read_text(encoding="utf-8")))
    assert acts == set(ACT_LABELS)


def test_labels_are_phrases() -> None:
    for label in ACT_LABELS.values():
        assert label[0].isupper(), label
        assert not label.endswith("."), label


def test_unknown_act() -> None:
    assert act_label("permit.sent_back") == "Permit: sent back"
