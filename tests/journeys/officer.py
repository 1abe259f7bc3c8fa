"""Ada's phone as a hand would use it, and what the server holds of what it made."""

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, Request, expect
from playwright.sync_api import TimeoutError as PressedTooLate

from bench.instance import ROOT, Instance
from tests.journeys.browser import Visitor

API = "/api/officer/v1"

DOOR = {
    "address": "14 Acorn Parade, Peckham",
    "postcode": "SE15 4QL",
    "occurred_from": "2026-03-03T06:00",
    "summary": "Wing mirror broken off, same street and night.",
    "given_name": "Kofi",
    "family_name": "Asante",
    "phone": "07700 900456",
}

_ON_RECORD = """
import json, sys
from bluelamp.cli import prepare
prepare()
from bluelamp.casework.crimes.models import Crime, CrimeItem
from bluelamp.casework.investigations.models import Statement
from bluelamp.foundation.kernel.models import Receipt
from bluelamp.records.evidence.models import Item, Upload
from bluelamp.records.evidence.store import current_store
import hashlib
ids = sys.argv[1:]
crimes = Crime.objects.filter(device_id__isnull=False)
statements = Statement.objects.filter(device_id__isnull=False)
items = Item.objects.filter(origin="officer app")
print(json.dumps({
    "receipts": {str(each.id): each.sha256 for each in Receipt.objects.filter(id__in=ids)},
    "crimes": [[str(crime.id), str(crime.number)] for crime in crimes],
    "statements": [[str(each.id), str(each.crime_id), each.capture_sha256] for each in statements],
    "crime_items": [[str(each.item_id), str(each.crime_id)] for each in CrimeItem.objects.exclude(told={})],
    "items": {str(each.id): [each.sha256, each.device_sha256,
        hashlib.sha256(current_store().open(each.sha256).read()).hexdigest(),
        [row.verb for row in each.continuity.order_by("sequence")][:2]] for each in items},
}))
"""


@dataclass
class Phone:
    """Ada's phone: the page of the app, and every capture that left it."""

    visitor: Visitor
    sent: dict[str, list[bytes]] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        return self.visitor.page

    def listen(self) -> None:
        """Keep the bytes of each capture that leaves the page, and hold them to the hash that
        travels along.
        """

        def keep(request: Request) -> None:
            if request.method == "PUT" and f"{API}/captures/" in request.url:
                raw = request.post_data_buffer or b""
                assert request.headers["x-content-sha256"] == hashlib.sha256(raw).hexdigest()
                self.sent.setdefault(request.url.rsplit("/", 1)[1], []).append(raw)

        self.page.on("request", keep)

    def find(self, name: str) -> Any:
        return self.page.get_by_test_id(name)

    def ready_for_no_signal(self) -> None:
        """Wait until the phone holds numbers and the app itself."""
        expect(self.find("numbers-left")).to_have_text(re.compile("[1-9]"), timeout=30_000)
        expect(self.find("signal-words")).to_have_text("Connected")
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")

    def go_offline(self) -> None:
        self.visitor.context.set_offline(True)

    def go_online(self) -> None:
        self.visitor.context.set_offline(False)

    def reopen(self) -> None:
        """Close the app and open it again."""
        self.page.close()
        self.visitor.page = self.visitor.context.new_page()
        self.visitor.listen(self.page)
        self.listen()
        self.page.goto("/officer/")

    def fill(self, **answers: str) -> None:
        for name, typed in answers.items():
            self.find(name).fill(typed)

    def record_crime(self, *, offence: str, **answers: str) -> str:
        """Record a crime and return the number that the victim is given."""
        self.find("nav-home").click()
        self.find("record-a-crime").click()
        self.find("offence").fill(offence)
        self.find("offence-option").first.click()
        self.fill(**answers)
        self.find("give-number").click()
        number: str = self.find("crime-number").inner_text()
        return "".join(number.split())

    def sign(self) -> None:
        """Draw a signature with the finger."""
        box = self.find("signature")
        box.scroll_into_view_if_needed()
        place = box.bounding_box()
        assert place
        x, y, wide, high = place["x"], place["y"], place["width"], place["height"]
        mouse = self.page.mouse
        mouse.move(x + wide * 0.2, y + high * 0.6)
        mouse.down()
        for step in range(1, 9):
            mouse.move(x + wide * (0.2 + 0.07 * step), y + high * (0.6 - 0.25 * (step % 2)))
        mouse.up()

    def take_photo(self, description: str) -> str:
        """Take a photo with the camera; return the hash that the phone made of it."""
        self.find("take-photo").click()
        self.find("shutter").click()
        expect(self.find("photo-preview")).to_be_visible(timeout=15_000)
        said: str = self.find("photo-hash").text_content() or ""
        self.fill(description=description)
        return said

    def queue(self, count: int) -> dict[str, str]:
        """What waits to be sent, `count` things once the screen has caught up: kind by id."""
        self.find("nav-queue").click()
        expect(self.page.locator("[data-testid=capture]:not([data-state=received])")).to_have_count(
            count
        )
        lines = [
            [each.get_attribute(f"data-{name}") or "" for name in ("id", "kind", "state")]
            for each in self.find("capture").all()
        ]
        assert "held" not in {state for _, _, state in lines}
        return {capture_id: kind for capture_id, kind, state in lines if state != "received"}

    def take_statement(self) -> None:
        """Take a statement from the victim, signed on the glass."""
        self.find("take-statement").click()
        self.find("over_18-yes").check()
        self.fill(
            occupation="Baker",
            text='I live at number 14.\nAt 6am I found the mirror on the road: it is "gone".',
        )
        self.find("willing_to_attend-yes").check()
        self.fill(dates_not_available="None")
        self.find("special_measures_needed-no").check()
        self.find("vps-offered").check()
        self.find("read_over").check()
        self.sign()
        expect(self.find("frozen")).to_be_visible()

    def hurry(self) -> None:
        """Press to send everything now, where there is still something: the button goes when all is
        sent.
        """
        try:
            if self.find("retry-all").count():
                self.find("retry-all").click(timeout=2_000)
        except PressedTooLate:
            pass

    def all_sent(self) -> None:
        """Wait until the phone has proof of everything, hurrying it as an officer would."""
        self.find("nav-queue").click()
        for _ in range(60):
            self.hurry()
            self.page.wait_for_timeout(1_000)
            if (
                self.find("capture").and_(self.page.locator(":not([data-state=received])")).count()
                == 0
            ):
                return
        raise AssertionError(self.find("queue-summary").inner_text())


def on_record(instance: Instance, ids: list[str]) -> dict[str, Any]:
    """What the server holds of what came from devices, asked of its database and its store."""
    done = subprocess.run(
        [sys.executable, "-c", _ON_RECORD, *ids],
        env=instance.env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
