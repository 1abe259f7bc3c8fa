"""What officers saved from their phones to a file is brought in, once, in their names."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from bluelamp.casework.crimes.models import Crime, CrimeItem
from bluelamp.casework.investigations.models import Statement
from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import deactivate_account
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.models import Receipt
from bluelamp.records.evidence.models import Item
from bluelamp.services.phone_files.commands import request_bring_in
from bluelamp.services.phone_files.lookups import FileDetail, get_phone_file
from bluelamp.services.phone_files.models import PhoneFile
from bluelamp.services.phone_files.rules import FileState, Outcome
from bluelamp.web.officer import bring_in
from tests.cast import account, signed_in
from tests.direct_writes import direct_writes
from tests.job_queue import run_waiting_jobs
from tests.media_samples import rotated_jpeg_with_gps
from tests.services.phone_files.writer import Saved
from tests.web.officer.device import Device
from tests.web.officer.phone_files import bring_to_desk, save_file, saved

pytestmark = pytest.mark.django_db


PHOTO = rotated_jpeg_with_gps()
REASON = "Ada’s phone broke on duty"


def _shift(device: Device) -> tuple[list[Saved], dict[str, Any]]:
    """Return a crime, its victim's statement and a photo, as they wait on Ada's phone."""
    crime = device.crime()
    captures = [
        saved(crime, player=cast.ADA),
        saved(device.statement(crime), player=cast.ADA),
        saved(device.item(crime, PHOTO), player=cast.ADA, file=PHOTO),
    ]
    return captures, crime


def _bring_in(raw: bytes, *, by: cast.Player = cast.JOY) -> FileDetail:
    """Hand a file in at the desk, bring it in, and return what became of it."""
    actor = signed_in(by)
    file_id = bring_to_desk(actor, raw)
    request_bring_in(actor=actor, at=now(), file_id=file_id, reason=REASON)
    run_waiting_jobs()
    return get_phone_file(actor=actor, at=now(), file_id=file_id)


def _outcomes(detail: FileDetail) -> list[str]:
    return [entry.outcome for entry in detail.entries]


def _everything() -> tuple[int, ...]:
    tables = (Crime, Statement, CrimeItem, Item, Receipt)
    return tuple(table.objects.count() for table in tables)


def test_it_works(device: Device) -> None:
    captures, crime = _shift(device)
    raw = save_file(device, captures)
    joy = signed_in(cast.JOY)
    file_id = bring_to_desk(joy, raw)
    waiting = get_phone_file(actor=joy, at=now(), file_id=file_id)
    number = crime["body"]["number"]
    # To hand it in brings nothing in.
    assert (waiting.file.state, Crime.objects.count()) == (FileState.WAITING, 0)
    titles = [entry.label for entry in waiting.entries]
    assert titles[0].startswith(f"Crime {number}, Criminal damage to property")
    assert titles[1:] == [f"Statement, {number}", f"Photo or file, {number}"]
    assert {entry.officer_name for entry in waiting.entries} == {account(cast.ADA).display_name}
    assert not any(entry.is_here for entry in waiting.entries)

    request_bring_in(actor=joy, at=now(), file_id=file_id, reason=REASON)
    run_waiting_jobs()
    done = get_phone_file(actor=joy, at=now(), file_id=file_id)
    assert done.file.state == FileState.DONE
    assert _outcomes(done) == [Outcome.RECEIVED] * 3
    assert all(entry.is_here for entry in done.entries)
    row = Crime.objects.get()
    # Ada recorded it, whoever brings it in.
    assert (str(row.number), row.recorded_by_id) == (number, account(cast.ADA).id)
    assert Statement.objects.get().crime_id == row.id
    item = Item.objects.get(id=captures[2].id)
    assert (item.sha256, item.subject.id) == (hashlib.sha256(PHOTO).hexdigest(), row.id)
    entry = AuditEntry.objects.get(act="crime.recorded")
    assert entry.actor_id == account(cast.ADA).id
    assert entry.reason == f"Brought in by {joy.name} from a file of Work phone: {REASON}"
    brought_in = AuditEntry.objects.filter(act="phone_file.capture_brought_in")
    assert {row.detail["brought_in_by_id"] for row in brought_in} == {str(joy.id)}
    assert AuditEntry.objects.get(act="phone_file.bring_in_requested").actor_id == joy.id


def test_twice_is_once(device: Device) -> None:
    captures, _ = _shift(device)
    raw = save_file(device, captures)
    _bring_in(raw)
    before = _everything()
    # The same file again, another file with the same in it, and the phone itself.
    assert _outcomes(_bring_in(raw)) == [Outcome.RECEIVED] * 3
    assert _outcomes(_bring_in(save_file(device, captures))) == [Outcome.BEFORE] * 3
    for capture in captures:
        answer = device.put_bytes(capture.id, capture.raw)
        assert answer.status_code == 200
        assert answer.json()["sha256"] == hashlib.sha256(capture.raw).hexdigest()
    assert device.get(f"items/{captures[2].id}/receipt").status_code == 200
    # One more item: the second file itself.
    assert _everything() == (*before[:3], before[3] + 1, before[4])


def test_what_the_phone_sent_first(device: Device) -> None:
    captures, _ = _shift(device)
    device.put_bytes(captures[0].id, captures[0].raw)
    device.put_bytes(captures[2].id, captures[2].raw)
    detail = _bring_in(save_file(device, captures))
    # The photo was announced, and its bytes came only now.
    assert _outcomes(detail) == [Outcome.BEFORE, Outcome.RECEIVED, Outcome.RECEIVED]
    assert Crime.objects.count() == 1


def test_of_somebody_who_left(device: Device) -> None:
    captures, _ = _shift(device)
    raw = save_file(device, captures)
    manager = replace(signed_in(cast.LENA), permissions=frozenset({"account.manage"}))
    deactivate_account(actor=manager, at=now(), user_ref="ada")
    assert device.put_bytes(captures[0].id, captures[0].raw).status_code in (401, 403)
    joy = signed_in(cast.JOY)
    file_id = bring_to_desk(joy, raw)
    detail = get_phone_file(actor=joy, at=now(), file_id=file_id)
    assert detail.file.needs_decision.startswith("This phone is blocked: The officer’s account")
    assert _outcomes(_bring_in(raw)) == [Outcome.RECEIVED] * 3
    assert Crime.objects.get().recorded_by_id == account(cast.ADA).id


def test_of_somebody_who_lost_the_role(device: Device) -> None:
    captures, _ = _shift(device)
    raw = save_file(device, captures)
    with direct_writes():
        account(cast.ADA).roles.clear()
    assert _outcomes(_bring_in(raw)) == [Outcome.RECEIVED] * 3


def test_what_is_refused_says_why(device: Device) -> None:
    crime = device.crime(summary="")
    good = device.crime()
    orphan = device.statement(device.crime())
    stranger = replace(saved(device.crime(), player=cast.ADA), officer_id=str(new_id()))
    captures = [
        saved(crime, player=cast.ADA),
        saved(orphan, player=cast.ADA, problem="It’s saved on this phone."),
        stranger,
        Saved(str(new_id()), stranger.officer_id, b"no capture"),
        saved(good, player=cast.ADA),
    ]
    raw = save_file(device, captures)
    detail = _bring_in(raw)
    assert _outcomes(detail) == [Outcome.REFUSED] * 4 + [Outcome.RECEIVED]
    problems = [entry.problem for entry in detail.entries]
    assert problems[0] == "Enter what happened"
    assert problems[1].startswith("The crime that this belongs to has not arrived")
    assert problems[2] == problems[3] == "The officer who is named never used this phone."
    assert detail.entries[3].label == "Something that we can’t read"
    assert Crime.objects.count() == 1


def test_what_was_refused_is_tried_again(device: Device) -> None:
    crime = device.crime()
    raw = save_file(device, [saved(device.statement(crime), player=cast.ADA)])
    assert _outcomes(_bring_in(raw)) == [Outcome.REFUSED]
    device.put(crime)
    assert _outcomes(_bring_in(raw)) == [Outcome.RECEIVED]


def test_a_photo_that_the_phone_no_longer_had(device: Device) -> None:
    crime = device.crime()
    item = device.item(crime, PHOTO)
    captures = [saved(crime, player=cast.ADA), saved(item, player=cast.ADA)]
    detail = _bring_in(save_file(device, captures))
    assert _outcomes(detail) == [Outcome.RECEIVED] * 2
    assert detail.entries[1].problem == "The phone no longer had its photo or file."


def test_other_bytes_under_the_photo(device: Device) -> None:
    crime = device.crime()
    item = saved(device.item(crime, PHOTO), player=cast.ADA, file=b"other bytes")
    detail = _bring_in(save_file(device, [saved(crime, player=cast.ADA), item]))
    assert _outcomes(detail) == [Outcome.RECEIVED, Outcome.REFUSED]
    assert not Item.objects.filter(id=item.id).exists()


def test_captures_of_another_phone(device: Device, other_device: Device) -> None:
    """Whoever unlocks one phone can't speak for another."""
    other_device.lease()
    detail = _bring_in(save_file(device, [saved(other_device.crime(), player=cast.ADA)]))
    assert _outcomes(detail) == [Outcome.REFUSED]
    assert "This must be the device that sends it" in detail.entries[0].problem
    assert Crime.objects.count() == 0


def test_in_the_name_of_a_colleague(device: Device) -> None:
    """A capture that says that another officer recorded it, who never used this phone."""
    detail = _bring_in(save_file(device, [saved(device.crime(), player=cast.KEMI)]))
    assert _outcomes(detail) == [Outcome.REFUSED]


def test_a_job_that_died_goes_on(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    captures, _ = _shift(device)
    joy = signed_in(cast.JOY)
    file_id = bring_to_desk(joy, save_file(device, captures))
    request_bring_in(actor=joy, at=now(), file_id=file_id, reason=REASON)
    real = bring_in.record_outcome
    seen: list[Any] = []

    def die_at_the_second(**arguments: Any) -> None:
        seen.append(arguments["capture_id"])
        if len(seen) == 2:
            raise RuntimeError("killed")
        real(**arguments)

    monkeypatch.setattr(bring_in, "record_outcome", die_at_the_second)
    with pytest.raises(RuntimeError):
        run_waiting_jobs()
    monkeypatch.setattr(bring_in, "record_outcome", real)
    bring_in.bring_in_phone_file(file_id=str(file_id), force="01")
    detail = get_phone_file(actor=joy, at=now(), file_id=file_id)
    # What was taken in before it died is there, and the rest once.
    assert _outcomes(detail) == [Outcome.RECEIVED, Outcome.BEFORE, Outcome.RECEIVED]
    assert Statement.objects.count() == 1


def test_reason(device: Device) -> None:
    joy = signed_in(cast.JOY)
    file_id = bring_to_desk(joy, save_file(device, _shift(device)[0]))
    with pytest.raises(Refused, match="Enter why you are bringing this in"):
        request_bring_in(actor=joy, at=now(), file_id=file_id, reason="  ")
    request_bring_in(actor=joy, at=now(), file_id=file_id, reason=REASON)
    with pytest.raises(Conflict, match="being brought in now"):
        request_bring_in(actor=joy, at=now(), file_id=file_id, reason=REASON)


def test_who_may(device: Device) -> None:
    raw = save_file(device, _shift(device)[0])
    for player in (cast.ADA, cast.BILAL, cast.LENA, cast.MARA):
        with pytest.raises(NotPermitted):
            bring_to_desk(signed_in(player), raw)
    file_id = bring_to_desk(signed_in(cast.KEMI), raw)
    femi = replace(signed_in(cast.FEMI), permissions=frozenset({"device.bring_in"}))
    with pytest.raises(NotFound):
        request_bring_in(actor=femi, at=now(), file_id=file_id, reason=REASON)
    assert PhoneFile.objects.get().state == FileState.WAITING
