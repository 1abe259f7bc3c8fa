"""The force's keys on its public site, for everybody who checks a case file."""

import html

import pytest
from django.test import Client

from bluelamp.foundation.kernel.merkle_log.key_rotation import signer
from bluelamp.records.evidence.verify.pins import fingerprint

pytestmark = pytest.mark.django_db


def test_it_works(reference: None) -> None:
    """Also before any package was sealed. `tests/web/partners` checks one with these keys."""
    key = signer("continuity").verifier
    page = html.unescape(Client().get("/keys/").content.decode())
    for words in (fingerprint(key), str(key), "Not used yet", "We have not sent a case file yet."):
        assert words in page, words
    body = Client().get("/keys/keys.json").json()
    assert body["format"] == "bluelamp-keys/1"
    assert body["force"] == "Metropolitan Police Service"
    assert [row["key"] for row in body["log_keys"]] == [str(key)]
    assert body["time_stamp_roots"] == []
    assert Client().get("/keys/time-stamp-roots.pem").content == b""


@pytest.mark.parametrize("path", ["/keys/", "/keys/keys.json", "/keys/time-stamp-roots.pem"])
def test_nothing_can_be_written_there(path: str) -> None:
    assert Client().post(path).status_code == 405
