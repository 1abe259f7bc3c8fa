"""Random histories of phones and the server: what it acknowledged it keeps, and nothing twice.

Two phones of one officer record, and send over a line that loses, doubles, delays and reorders;
either may be blocked and unblocked, and the database goes back to last night's. Each history ends
with a line that holds. The server and the database are the real ones. The phone is what its
contract says of it; `officer-app/tests/sync-model.test.ts` has the real phone against a model of
the server, and `contracts/vectors/sync-histories.json` holds model and server to one meaning.

BLUELAMP_SYNC_HISTORIES says how many are tried: 8 long ones by default.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bluelamp.casework.crimes.models import Crime, CrimeItem, CrimeNumber
from bluelamp.casework.investigations.models import Statement
from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands.devices import block_device, unblock_device
from bluelamp.foundation.accounts.device_models import Device as DeviceRow
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.models import Receipt
from tests.cast import signed_in
from tests.web.officer.device import Device

COUNT = int(os.environ.get("BLUELAMP_SYNC_HISTORIES", "8"))
pytestmark = pytest.mark.timeout(300 + COUNT * 20)

KINDS = ("crime", "crime", "statement", "item")
LINES = ("holds", "holds", "lost", "answer-lost", "doubled", "delayed")
RECORD = st.tuples(st.just("record"), st.integers(0, 1), st.sampled_from(KINDS))
# Which of what waits is sent, in which order, and what becomes of each request.
SEND = st.tuples(
    st.just("send"),
    st.integers(0, 1),
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(LINES)), min_size=1, max_size=6),
)
DESK = st.tuples(st.sampled_from(["block", "unblock"]), st.integers(0, 1), st.none())
NIGHT = st.tuples(st.sampled_from(["arrive", "back-up", "restore"]), st.just(0), st.none())
HISTORIES = st.lists(st.one_of(RECORD, RECORD, SEND, SEND, DESK, NIGHT), min_size=10, max_size=60)


class Phone:
    """One phone: what waits on it, and what it deleted because the server has it."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.crimes: list[dict[str, Any]] = []
        self.waiting: list[dict[str, Any]] = []
        self.receipts: dict[str, dict[str, Any]] = {}

    def record(self, kind: str, turn: int) -> None:
        """Seal something new: what belongs to a crime belongs to the last one."""
        if kind == "crime":
            without = {"number": None, "lease_id": None} if turn % 3 == 0 else {}
            if not without and not self.device.numbers:
                return
            capture = self.device.crime(**without)
            self.crimes.append(capture)
        elif not self.crimes:
            return
        elif kind == "statement":
            capture = self.device.statement(self.crimes[-1])
        else:
            capture = self.device.item(self.crimes[-1], f"photo {turn}".encode())
        self.waiting.append(capture)

    def take(self, capture: dict[str, Any], answer: Any) -> None:
        """Read an answer: the contents go with a receipt for these bytes, and stay without."""
        if answer.status_code in {200, 201}:
            receipt = answer.json()
            first = self.receipts.setdefault(capture["id"], receipt)
            assert first["number"] == receipt["number"]
            if capture in self.waiting:
                self.waiting.remove(capture)
            return
        # A crime that has not come, or a phone that is blocked: it waits.
        assert answer.status_code in {403, 424}, (answer.status_code, answer.content)
        assert answer.status_code == 403 or capture["kind"] != "crime"


class World:
    """The server, two phones, and requests that are still on their way."""

    def __init__(self) -> None:
        self.phones = [Phone(Device.of(cast.ADA)) for _ in range(2)]
        for phone in self.phones:
            phone.device.lease(8)
        self.joy = signed_in(cast.JOY)
        self.late: list[tuple[Phone, dict[str, Any]]] = []
        self.backup: str | None = None
        # What a phone deleted on a receipt, before the server forgot it.
        self.lost: set[str] = set()

    def act(self, turn: int, name: str, which: int, detail: Any) -> None:
        phone = self.phones[which]
        match name:
            case "record":
                phone.record(detail, turn)
            case "send":
                for place, line in detail:
                    if phone.waiting:
                        self.send(phone, phone.waiting[place % len(phone.waiting)], line)
            case "block" | "unblock":
                self.set_blocked(phone, is_blocked=name == "block")
            case "arrive":
                self.arrive()
            case "back-up":
                self.backup = transaction.savepoint()
            case "restore" if self.backup:
                transaction.savepoint_rollback(self.backup)
                held = self.held_ids()
                for other in self.phones:
                    self.lost |= set(other.receipts) - held
                    for capture_id in set(other.receipts) - held:
                        # The server may give it another number now, if it ever comes again.
                        del other.receipts[capture_id]

    def send(self, phone: Phone, capture: dict[str, Any], line: str) -> None:
        if line == "lost":
            return
        if line == "delayed":
            self.late.append((phone, capture))
            return
        answers = [phone.device.put(capture) for _ in range(2 if line == "doubled" else 1)]
        if line != "answer-lost":
            phone.take(capture, answers[-1])

    def arrive(self) -> None:
        """What was delayed arrives, the last first, and nobody hears the answers."""
        while self.late:
            phone, capture = self.late.pop()
            answer = phone.device.put(capture)
            assert answer.status_code in {200, 201, 403, 424}, answer.content

    def set_blocked(self, phone: Phone, *, is_blocked: bool) -> None:
        row = DeviceRow.objects.get(installation_id=phone.device.id)
        if bool(row.blocked_at) == is_blocked:
            return
        command = block_device if is_blocked else unblock_device
        command(actor=self.joy, at=now(), device_id=row.id, reason="Not seen since the shift")

    def held_ids(self) -> set[str]:
        return {str(receipt_id) for receipt_id in Receipt.objects.values_list("id", flat=True)}

    def check(self) -> None:
        """Nothing that was acknowledged is missing, and nothing is on record twice."""
        held = self.held_ids()
        made: dict[str, dict[str, Any]] = {}
        for phone in self.phones:
            assert set(phone.receipts) <= held, "acknowledged and lost"
            made |= {capture["id"]: capture for capture in [*phone.crimes, *phone.waiting]}
        numbers = dict(
            Crime.objects.filter(id__in=held).values_list("id", "number__serial")  # one each
        )
        assert max(Counter(numbers.values()).values(), default=1) == 1, "a number twice"
        for phone in self.phones:
            for capture_id, receipt in phone.receipts.items():
                if receipt["kind"] == "crime":
                    assert numbers[UUID(capture_id)] == int(receipt["number"].split("/")[1])
                    given = made[capture_id]["body"]["number"]
                    assert given in {None, receipt["number"]}, "not the number the victim has"

    def finish(self) -> None:
        """The line holds and nobody is blocked: all of it arrives, within three rounds."""
        self.arrive()
        for phone in self.phones:
            self.set_blocked(phone, is_blocked=False)
            for _ in range(3):
                for capture in list(phone.waiting):
                    phone.take(capture, phone.device.put(capture))
            # What belongs to a crime that the server lost waits for somebody at the desk.
            stuck = [one for one in phone.waiting if one["body"]["crime_id"] not in self.lost]
            assert not stuck, "stopped for ever"
        self.check()
        held = self.held_ids()
        counted = [model.objects.count() for model in (Crime, Statement, CrimeItem)]
        kinds = Counter(
            capture["kind"]
            for phone in self.phones
            for capture in phone.crimes
            if capture["id"] in held
        )
        assert counted[0] - self.crimes_before == kinds["crime"]
        used = CrimeNumber.objects.filter(state="used").count()
        assert used - self.numbers_before == kinds["crime"]

    crimes_before = 0
    numbers_before = 0


@contextmanager
def _undone() -> Iterator[None]:
    """Undo all that the block does to the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _play(history: list[tuple[str, int, Any]]) -> None:
    with _undone():
        world = World()
        world.crimes_before = Crime.objects.count()
        world.numbers_before = CrimeNumber.objects.filter(state="used").count()
        for turn, (name, which, detail) in enumerate(history):
            world.act(turn, name, which, detail)
            world.check()
        world.finish()


def test_it_works(reference: None) -> None:
    tried = 0

    @hypothesis_settings(
        max_examples=COUNT, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(HISTORIES)
    def holds(history: list[tuple[str, int, Any]]) -> None:
        nonlocal tried
        tried += 1
        _play(history)

    holds()
    print(f"{tried} histories")
    assert tried >= min(COUNT, 2)
    assert not connection.needs_rollback


VECTORS = Path(__file__).parents[3] / "contracts" / "vectors" / "sync-histories.json"
STATUS = {"created": 201, "again": 200, "other-bytes": 409, "crime-first": 424}


def test_the_real_server_answers_as_the_model_of_the_phone_s_tests(reference: None) -> None:
    """120,000 histories run against that model: it has to be this server."""
    histories = json.loads(VECTORS.read_text(encoding="utf-8"))["histories"]
    assert histories
    device = Device.of(cast.ADA)
    device.lease(20)
    numbers = list(device.numbers)
    for history in histories:
        with _undone():
            device.numbers = list(numbers)
            _replay(device, history)


def _replay(device: Device, history: list[dict[str, Any]]) -> None:
    crimes = {name: device.crime() for name in ("crime-1", "crime-2")}
    captures = crimes | {
        "statement-1": device.statement(crimes["crime-1"]),
        "statement-2": device.statement(crimes["crime-2"]),
        "item-1": device.item(crimes["crime-1"], b"photo"),
    }
    backup: str | None = None
    receipts: dict[str, Any] = {}
    for step in history:
        if step.get("night") == "back-up":
            backup = transaction.savepoint()
            at_backup = dict(receipts)
        elif "night" in step:
            if backup:
                transaction.savepoint_rollback(backup)
                receipts = dict(at_backup)
        else:
            capture = captures[step["put"]] | {"app": f"bytes {step['bytes']}"}
            answer = device.put(capture)
            assert answer.status_code == STATUS[step["answer"]], (step, answer.content)
            if answer.status_code in {200, 201}:
                assert receipts.setdefault(step["put"], answer.json()) == answer.json()
                if step["put"] in crimes:
                    assert answer.json()["number"] == capture["body"]["number"]
