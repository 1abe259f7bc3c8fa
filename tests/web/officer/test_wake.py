"""What a phone costs that asks again: next to nothing where nothing has changed."""

import gzip
import json

from bluelamp.foundation.audit.models import AuditEntry
from tests.web.officer.device import Device

# What a browser adds to a request: its cookies, its name and the phone's signature.
REQUEST_BYTES = 900
LIMIT_BYTES = 2_000


def test_it_works(device: Device) -> None:
    """One request, under 2 kB with its answer, says that nothing has changed."""
    device.lease(20)
    first = device.ask_who_is_signed_in()["editions"]
    before = AuditEntry.objects.count()
    answer = device.get("me")
    assert answer.json()["editions"] == first
    assert AuditEntry.objects.count() == before, "asking is no act on the record"
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    assert REQUEST_BYTES + head + len(answer.content) < LIMIT_BYTES + REQUEST_BYTES
    assert head + len(answer.content) < LIMIT_BYTES


def test_an_edition_changes_with_its_list_alone(device: Device) -> None:
    device.lease(5)
    before = device.ask_who_is_signed_in()["editions"]
    assert set(before) >= {"offences", "question_sets", "crimes", "numbers"}
    device.put(device.crime())
    after = device.ask_who_is_signed_in()["editions"]
    changed = {name for name in after if after[name] != before[name]}
    # What is due to the victim is a task.
    assert changed == {"crimes", "numbers", "tasks"}


def test_a_list_is_sent_once(device: Device) -> None:
    device.put(device.crime())
    for path in ("offences", "crimes/mine"):
        first = device.get(path)
        assert first.status_code == 200
        again = device.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        device.put(device.crime())
    assert device.get("crimes/mine")["Cache-Control"] == "no-store"


def test_a_list_is_compressed(device: Device) -> None:
    plain = device.get("offences")
    short = device.get("offences", headers={"Accept-Encoding": "gzip"})
    assert short["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(short.content)) == plain.json()
    assert len(short.content) < len(plain.content) / 4


def test_an_item_brings_its_upload_token(device: Device) -> None:
    crime = device.crime()
    assert "Upload-Token" not in device.put(crime).headers
    item = device.item(crime, b"photo")
    answers = [device.put(item), device.put(item)]
    assert all(answer["Upload-Token"] for answer in answers)
    assert answers[0].json() == answers[1].json()
