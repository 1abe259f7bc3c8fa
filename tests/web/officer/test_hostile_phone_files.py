"""Files that no phone of the force saved as they are: a clear sentence, and nothing changes."""

from __future__ import annotations

import io
import json
import struct
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluelamp.casework.crimes.models import Crime
from bluelamp.demo import cast
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.models import Receipt
from bluelamp.records.evidence.models import Item
from bluelamp.services.phone_files.commands import get_or_make_force_key
from bluelamp.services.phone_files.contents import keys_folder
from bluelamp.services.phone_files.models import PhoneFile, PhoneFileEntry
from tests.cast import browser, signed_in
from tests.services.phone_files.writer import Saved
from tests.web.officer.device import Device
from tests.web.officer.phone_files import bring_to_desk, save_file, saved, writer_of

pytestmark = pytest.mark.django_db
DAMAGED = "This file is damaged or incomplete"
PAGE = "/desk/devices/files/"


def _refused(raw: bytes, sentence: str) -> None:
    """Check that a file is refused with this sentence, and that nothing was kept of it."""
    with pytest.raises(Refused, match=sentence) as refused:
        bring_to_desk(signed_in(cast.JOY), raw)
    assert refused.value.field == "file"
    tables = (PhoneFile, PhoneFileEntry, Item, Receipt, Crime)
    assert [table.objects.count() for table in tables] == [0] * len(tables)


def _captures(device: Device) -> list[Saved]:
    crime = device.crime()
    photo = bytes(range(256)) * 8
    return [
        saved(crime, player=cast.ADA),
        saved(device.item(crime, photo), player=cast.ADA, file=photo),
    ]


def test_it_works(device: Device) -> None:
    """The sound file that the others are made of."""
    bring_to_desk(signed_in(cast.JOY), save_file(device, _captures(device)))
    assert PhoneFileEntry.objects.count() == 2


@pytest.mark.parametrize("raw", [b"", b"BLPHONE", b"PK\x03\x04 a zip", b"\xff\xd8\xff\xe0" * 99])
def test_no_phone_file(device: Device, raw: bytes) -> None:
    _refused(raw, "not a file from the officer app")


def test_cut_off(device: Device) -> None:
    raw = save_file(device, _captures(device))
    # Inside the header, the first chunk, at the end of a chunk, and by one byte.
    header = 12 + struct.unpack(">I", raw[8:12])[0]
    for length in (12, header - 5, header, header + 100, header + 1024 + 16, len(raw) - 1):
        _refused(raw[:length], DAMAGED)
    _refused(raw + b"\0", DAMAGED)


def test_chunks_turned_round(device: Device) -> None:
    raw = save_file(device, _captures(device))
    start = 12 + struct.unpack(">I", raw[8:12])[0]
    first, second = raw[start : start + 1040], raw[start + 1040 : start + 2080]
    _refused(raw[:start] + second + first + raw[start + 2080 :], DAMAGED)
    # One left out, and one twice.
    _refused(raw[:start] + second + raw[start + 2080 :], DAMAGED)
    _refused(raw[: start + 1040] + first + raw[start + 1040 :], DAMAGED)


def test_another_forces(device: Device, femis_device: Device) -> None:
    _refused(save_file(device, _captures(device), force="42"), "This file is for another force")
    # Its header says that it is ours, and it is encrypted for them.
    get_or_make_force_key(force="01", at=now())
    theirs = writer_of(device, force="42", header_changes={"force": "01"})
    _refused(theirs.write(_captures(device)), "We do not have the key")
    ours = get_or_make_force_key(force="01", at=now())
    theirs.header_changes["key_id"] = ours.id
    _refused(theirs.write(_captures(device)), DAMAGED)


def test_a_key_that_is_not_here(device: Device) -> None:
    raw = save_file(device, _captures(device))
    for path in keys_folder().glob("phone-file-*.pem"):
        path.rename(path.with_suffix(".away"))
    _refused(raw, "We do not have the key")
    for name in ("../secret-key", "0" * 16, ""):
        writer = writer_of(device, header_changes={"key_id": name})
        _refused(writer.write(_captures(device)), "We do not have the key")
    for path in keys_folder().glob("phone-file-*.away"):
        path.rename(path.with_suffix(".pem"))
    bring_to_desk(signed_in(cast.JOY), raw)


def test_another_phones_signature(device: Device, femis_device: Device) -> None:
    thief = ec.generate_private_key(ec.SECP256R1())
    captures = _captures(device)
    _refused(
        replace(writer_of(device), device_key=thief).write(captures),
        "not signed by the phone that it names",
    )
    _refused(
        writer_of(device, signature=bytes(64)).write(captures),
        "not signed by the phone that it names",
    )
    # A phone that nobody enrolled, and one of another force.
    for stranger in (new_id(), femis_device.id):
        _refused(
            replace(writer_of(device), device_id=stranger).write(captures),
            "We do not know the phone",
        )


def test_a_list_with_other_things(device: Device) -> None:
    """The signature of one file under the list of another."""
    captures = _captures(device)
    writer = writer_of(device)
    raw = writer.write(captures)
    assert raw
    signed = replace(writer, signature=None)
    other = signed.write(captures, entries=[captures[0].as_entry()], contents=captures[0].raw)
    assert other
    # The list names another hash, another length, one thing twice, or nothing.
    entry = captures[0].as_entry()
    for entries in (
        [entry | {"sha256": "0" * 64}],
        [entry | {"size": entry["size"] - 1}],
        [entry, entry],
    ):
        _refused(writer.write([captures[0]], entries=entries), DAMAGED)
    _refused(writer.write([], entries=[]), "There is nothing in this file")


@pytest.mark.parametrize(
    "changes",
    [
        {"size": 10**18},
        {"size": -1},
        {"size": 0},
        {"size": 3 * 1024**2},
        {"size": True},
        {"size": "12"},
        {"size": 1e3},
        {"file": {"sha256": "0" * 64, "size": 2**63}},
        {"file": {"sha256": "0" * 64, "size": 10**400}},
        {"file": {"sha256": "0" * 64, "size": 2**40}},
        {"file": []},
        {"id": "not an id"},
        {"id": None},
        {"officer_id": "\ud800"},
        {"problem": "a\0b"},
        {"problem": "\ud800"},
        {"sha256": "0" * 63},
    ],
)
def test_lengths_that_lie(device: Device, changes: dict[str, Any]) -> None:
    capture = _captures(device)[0]
    text = json.dumps([capture.as_entry() | changes])
    writer = writer_of(device)
    _refused(writer.write([capture], entries=json.loads(text)), DAMAGED)


def test_far_too_many(device: Device) -> None:
    capture = _captures(device)[0]
    rows = [capture.as_entry() | {"id": str(new_id())} for _ in range(2_001)]
    _refused(writer_of(device).write([capture], entries=rows), "more than a phone can have")
    _refused(
        writer_of(device).write([capture], manifest_length=2**32 - 1), "more than a phone can have"
    )
    _refused(writer_of(device).write([capture], manifest_length=10**6), DAMAGED)


@pytest.mark.parametrize(
    "changes",
    [
        {"chunk": 0},
        {"chunk": 1},
        {"chunk": 2**40},
        {"chunk": None},
        {"ephemeral": "AAAA"},
        {"ephemeral": "no base64"},
        {"device_id": "x"},
        {"file_id": 7},
        {"force": ["01"]},
        {"padding": "x" * 3_000},
    ],
)
def test_headers_that_lie(device: Device, changes: dict[str, Any]) -> None:
    """The chunk is what the header says when it is written, so this is refused for the header."""
    writer = writer_of(device)
    raw = writer.write(_captures(device))
    length = struct.unpack(">I", raw[8:12])[0]
    about = json.loads(raw[12 : 12 + length]) | changes
    header = json.dumps(about).encode()
    changed = raw[:8] + struct.pack(">I", len(header)) + header + raw[12 + length :]
    _refused(changed, DAMAGED)


def test_on_the_page(device: Device) -> None:
    """The sentence stands on the page, beside the field."""
    raw = save_file(device, _captures(device))
    desk = browser(cast.JOY)
    answer = _post(desk, raw[:-1])
    assert answer.status_code == 422
    assert DAMAGED in answer.content.decode()
    assert PhoneFile.objects.count() == 0
    nothing = desk.post(PAGE, {})
    assert nothing.status_code == 422
    assert "Select the file from the phone" in nothing.content.decode()


def _post(desk: Client, raw: bytes) -> Any:
    file = io.BytesIO(raw)
    file.name = "queue.bluelamp"
    return desk.post(PAGE, {"file": file})


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_change_is_seen(device: Device, data: st.DataObject) -> None:
    """Whatever is cut off, flipped, added or copied: nothing changes, and never a 500."""
    sound = _sound_file(device)
    raw = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 3), label="changes")):
        at = data.draw(st.integers(0, max(0, len(raw) - 1)), label="at")
        match data.draw(st.sampled_from(["flip", "cut", "add", "copy", "drop"]), label="how"):
            case "flip" if raw:
                raw[at] ^= 1 << data.draw(st.integers(0, 7), label="bit")
            case "cut":
                del raw[at:]
            case "add":
                raw[at:at] = data.draw(st.binary(min_size=1, max_size=40), label="bytes")
            case "copy":
                raw[at:at] = raw[: data.draw(st.integers(1, 1_100), label="length")]
            case "drop":
                del raw[at : at + data.draw(st.integers(1, 1_100), label="length")]
    if bytes(raw) == sound:
        return
    answer = _post(_desk(device), bytes(raw))
    assert answer.status_code == 422, answer.content
    assert PhoneFile.objects.count() == 0
    assert Receipt.objects.count() == Crime.objects.count() == 0


_made: dict[object, tuple[bytes, Client]] = {}


def _sound_file(device: Device) -> bytes:
    """Return one sound file for each device: making one for each example would take minutes."""
    if device.id not in _made:
        _made[device.id] = (save_file(device, _captures(device)), browser(cast.JOY))
    return _made[device.id][0]


def _desk(device: Device) -> Client:
    return _made[device.id][1]
