"""The published list of keys: which key was in use when, and what readers take of it."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.merkle_log.checkpoint import SignerKey
from bluelamp.foundation.kernel.merkle_log.key_rotation import signer
from bluelamp.records.evidence.commands.published_keys import publish_sealing_keys
from bluelamp.records.evidence.published_keys import (
    list_log_keys,
    list_stamp_roots,
    make_key_list,
)
from bluelamp.records.evidence.verify.pins import load_pins
from sandbox.tsa import Authority

pytestmark = pytest.mark.django_db
SEALER = Actor.system("package sealer", force="01", permissions={"evidence.seal"})


@pytest.fixture
def root(tmp_path: Path) -> str:
    Authority.in_folder(tmp_path / "tsa")
    return (tmp_path / "tsa" / "root.pem").read_text()


def test_it_works(root: str, at: datetime, tmp_path: Path) -> None:
    key = signer("continuity").verifier
    for _ in range(2):  # once however many packages there are
        publish_sealing_keys(actor=SEALER, at=at, log_key=str(key), tsa_root=root)
    body = make_key_list(
        force_name="A force", log_keys=list_log_keys(), stamp_roots=list_stamp_roots()
    )
    (tmp_path / "keys.json").write_text(json.dumps(body))
    pins = load_pins(log_key=str(tmp_path / "keys.json"))
    (pinned,) = pins.keys
    assert str(pinned.key) == str(key)
    assert pinned.is_valid_at(at + timedelta(days=900))
    assert not pinned.is_valid_at(at - timedelta(days=1))
    assert len(pins.roots) == 1


def test_a_key_that_was_replaced_is_valid_up_to_its_successor(root: str, at: datetime) -> None:
    old = SignerKey(name="bluelamp/continuity", private_key=Ed25519PrivateKey.generate()).verifier
    later = at + timedelta(days=30)
    publish_sealing_keys(actor=SEALER, at=at, log_key=str(old), tsa_root=root)
    current = signer("continuity").verifier
    assert [(key.key, key.valid_until) for key in list_log_keys()] == [
        (str(current), None),
        (str(old), None),
    ]
    publish_sealing_keys(actor=SEALER, at=later, log_key=str(current), tsa_root=root)
    newest, replaced = list_log_keys()
    assert (newest.key, newest.valid_until) == (str(current), None)
    assert replaced.key == str(old)
    assert replaced.valid_until is not None
    assert abs(replaced.valid_until - later) <= timedelta(hours=1)


def test_before_any_package_there_is_a_key_and_no_root() -> None:
    (key,) = list_log_keys()
    assert (key.key, key.valid_from) == (str(signer("continuity").verifier), None)
    assert list_stamp_roots() == []
