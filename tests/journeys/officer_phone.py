"""Ada's phone, used as she would use it, and the records it leaves on the server."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from bench.instance import Instance
from bluelamp.records.evidence.store import FolderStore
from bluelamp.records.reference.rules import format_crime_number
from tests.journeys.browser import FLAGS, PHONE, TIMEOUT, Visitor, find_chromium
from tests.prepared_instances import execute_sql

API = "/api/officer/v1"

SCENE = {
    "address": "14 Acorn Parade, Peckham",
    "postcode": "SE15 4QL",
    "occurred_from": "2026-03-03T06:00",
    "summary": "Wing mirror broken off, same street and night.",
    "given_name": "Kofi",
    "family_name": "Asante",
    "phone": "07700 900456",
}

_CRIMES = """
SELECT crime.id::text, number.force, number.serial, number.year
FROM crimes_crime AS crime JOIN crimes_crimenumber AS number ON number.id = crime.number_id
WHERE crime.device_id IS NOT NULL
"""
_ITEMS = """
SELECT id::text, blob_id, device_sha256,
       ARRAY(SELECT verb FROM evidence_continuity WHERE item_id = item.id
             ORDER BY sequence LIMIT 2)
FROM evidence_item AS item WHERE origin = 'officer app'
"""

# Signs with the phone's own key, which scripts can use and not read.
_SIGN = """text => new Promise((resolve, reject) => {
  const opening = indexedDB.open('bluelamp-officer');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const keys = opening.result.transaction('keys').objectStore('keys').get('device');
    keys.onerror = () => reject(keys.error);
    keys.onsuccess = async () => {
      const bytes = new TextEncoder().encode(text);
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
      const signature = await crypto.subtle.sign(algorithm, keys.result.privateKey, bytes);
      opening.result.close();
      resolve(btoa(String.fromCharCode(...new Uint8Array(signature))));
    };
  };
})"""

# Each test has a new phone, and an officer three at most: the ones before are given back. Not by
# our commands, because a program of the instance takes two seconds to start.
# Devices first, as the program locks them: the other order met a phone that was asking for numbers.
_GIVE_PHONES_BACK = """
UPDATE accounts_device SET blocked_at = now(), blocked_reason = 'The test is over'
    WHERE blocked_at IS NULL;
UPDATE crimes_crimenumber SET state = 'void', void_reason = 'The test is over'
    WHERE state = 'leased';
UPDATE crimes_numberlease SET released_at = now() WHERE released_at IS NULL;
"""


@dataclass
class Phone:
    """Ada's phone: the app's page, and the bytes of every capture it sent, by capture id.

    `proofs` are the headers that showed the server which phone sent a capture. Firefox does not
    tell what a request carried: there `sees_requests` is False, and both stay empty.
    """

    visitor: Visitor
    sent: dict[str, list[bytes]] = field(default_factory=dict)
    proofs: dict[str, dict[str, str]] = field(default_factory=dict)
    sees_requests: bool = True

    @property
    def page(self) -> Page:
        return self.visitor.page

    def record_captures(self) -> None:
        """Record the bytes of each capture the page sends, and check them against their hash."""

        def record(request: Request) -> None:
            if request.method == "PUT" and f"{API}/captures/" in request.url:
                raw = request.post_data_buffer or b""
                assert request.headers["x-content-sha256"] == hashlib.sha256(raw).hexdigest()
                capture_id = request.url.rsplit("/", 1)[1]
                self.sent.setdefault(capture_id, []).append(raw)
                self.proofs[capture_id] = {
                    name: value
                    for name, value in request.headers.items()
                    if name.startswith("x-device-")
                }

        if self.sees_requests:
            self.page.on("request", record)

    def sign_capture(self, capture_id: str, raw: bytes) -> dict[str, str]:
        """Return the headers with which this phone would send other bytes under a capture's id."""
        proof = self.proofs[capture_id]
        sha256 = hashlib.sha256(raw).hexdigest()
        path = f"{API}/captures/{capture_id}"
        lines = ["bluelamp-device-1", "PUT", path, sha256, proof["x-device-challenge"]]
        signature = self.page.evaluate(_SIGN, "\n".join(lines))
        return {**proof, "x-device-signature": signature}

    def enrol(self, name: str = "") -> None:
        """Name the phone, as an officer does once on each, and wait until it is taken."""
        expect(self.find("enrol")).to_be_visible(timeout=30_000)
        if name:
            self.fill(device_name=name)
        self.find("enrol-device").click()
        expect(self.find("enrol")).to_have_count(0, timeout=30_000)

    def find(self, name: str) -> Any:
        return self.page.get_by_test_id(name)

    def wait_until_ready_offline(self) -> None:
        """Wait until the phone has crime numbers and the app's own files."""
        expect(self.find("numbers-left")).to_have_text(re.compile("[1-9]"), timeout=30_000)
        expect(self.find("signal-words")).to_have_text("Connected")
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")

    def go_offline(self) -> None:
        self.visitor.context.set_offline(True)

    def go_online(self) -> None:
        self.visitor.context.set_offline(False)

    def reopen(self) -> None:
        """Close the app and open it again."""
        # A tap is written at once, but not before it is made: nobody closes an app in that instant.
        self.page.wait_for_timeout(300)
        self.page.close()
        self.visitor.page = self.visitor.context.new_page()
        self.visitor.record_console_errors(self.page)
        self.record_captures()
        self.page.goto("/officer/")

    def fill(self, **answers: str) -> None:
        for name, answer in answers.items():
            self.find(name).fill(answer)
        if "phone" in answers:
            self.find("safe-yes").check()

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

    def sign(self, box_name: str = "signature") -> None:
        """Draw a signature with the finger."""
        box = self.find(box_name)
        # Hovering waits until the page has stopped moving.
        box.hover()
        place = box.bounding_box()
        assert place
        x, y, wide, high = place["x"], place["y"], place["width"], place["height"]
        mouse = self.page.mouse
        mouse.move(x + wide * 0.2, y + high * 0.6)
        mouse.down()
        for step in range(1, 9):
            mouse.move(x + wide * (0.2 + 0.07 * step), y + high * (0.6 - 0.25 * (step % 2)))
        mouse.up()
        expect(box).to_have_attribute("aria-label", "Signature box, signed")

    def take_photo(self, description: str) -> str:
        """Take a photo, and return the hash that the phone shows for it."""
        self.find("take-photo").click()
        self.find("shutter").click()
        expect(self.find("photo-preview")).to_be_visible(timeout=15_000)
        photo_hash: str = self.find("photo-hash").text_content() or ""
        self.fill(description=description)
        return photo_hash

    def read_queue(self, count: int) -> dict[str, str]:
        """Wait until `count` captures are in the queue, and return their kinds by id."""
        self.find("nav-queue").click()
        expect(self.page.locator("[data-testid=capture]:not([data-state=received])")).to_have_count(
            count
        )
        lines = [
            [capture.get_attribute(f"data-{name}") or "" for name in ("id", "kind", "state")]
            for capture in self.find("capture").all()
        ]
        assert "blocked" not in {state for _, _, state in lines}
        return {capture_id: kind for capture_id, kind, state in lines if state != "received"}

    def take_statement(self) -> None:
        """Take a statement from the victim, signed on the screen."""
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
        self.sign("officer-signature")

    def send_now(self) -> None:
        """Press the button that sends everything now. It disappears when everything is sent."""
        try:
            if self.find("retry-all").count():
                self.find("retry-all").click(timeout=2_000)
        except PlaywrightTimeoutError:
            pass

    def wait_until_all_sent(self) -> None:
        """Wait until the server has everything, pressing the button as an officer would."""
        self.find("nav-queue").click()
        # The list is empty until the phone's store was read.
        expect(self.find("capture").first).to_be_visible()
        for _ in range(1200):
            self.send_now()
            self.page.wait_for_timeout(100)
            if (
                self.find("capture").and_(self.page.locator(":not([data-state=received])")).count()
                == 0
            ):
                return
        raise AssertionError(self.find("queue-summary").inner_text())


@contextmanager
def phone_on_disk(
    instance: Instance,
    browser: Browser,
    profile: Path,
    *,
    name: str,
    device_name: str = "",
    permissions: Sequence[str] = (),
) -> Iterator[Phone]:
    """Return Ada's phone, enrolled, whose browser keeps everything in a folder on the disk.

    Args:
        instance: Where she signs in.
        browser: Which browser it is.
        profile: The folder.
        name: The first part of its screenshots' names.
        device_name: What she calls the phone; the app's own suggestion by default.
        permissions: What the browser lets the app use, such as "camera".
    """
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=find_chromium(),
        args=FLAGS,
        base_url=instance.origin,
        viewport=PHONE,  # type: ignore[arg-type]
        locale="en-GB",
        timezone_id="Europe/London",
        permissions=list(permissions),
    )
    context.set_default_timeout(TIMEOUT)
    visitor = Visitor(context, context.pages[0], name)
    visitor.record_console_errors(visitor.page)
    phone = Phone(visitor)
    phone.record_captures()
    visitor.sign_in("ada")
    phone.enrol(device_name)
    phone.wait_until_ready_offline()
    yield phone
    visitor.close()
    give_phones_back(instance)


def give_phones_back(instance: Instance) -> None:
    """Block every phone, and take its numbers back."""
    execute_sql(instance.var, _GIVE_PHONES_BACK)


def read_server_records(instance: Instance, ids: list[str]) -> dict[str, Any]:
    """Return what the server's database and store hold from devices.

    Args:
        instance: Where to look.
        ids: The captures whose receipts are wanted.
    """

    def rows(query: str, *parameters: object) -> list[list[Any]]:
        return [list(row) for row in execute_sql(instance.var, query, *parameters)]

    return {
        "receipts": dict(
            rows("SELECT id::text, sha256 FROM kernel_receipt WHERE id = ANY(%s::uuid[])", ids)
        ),
        "crimes": [
            [crime_id, format_crime_number(force=force, serial=serial, year=year)]
            for crime_id, force, serial, year in rows(_CRIMES)
        ],
        "statements": rows(
            "SELECT id::text, crime_id::text, capture_sha256 FROM investigations_statement"
            " WHERE device_id IS NOT NULL"
        ),
        "crime_items": rows(
            "SELECT announced_item_id::text, crime_id::text FROM crimes_crimeitem"
            " WHERE announcement != '{}'"
        ),
        "items": {
            item_id: [sha256, device_sha256, _hash_of_stored(instance, sha256), verbs]
            for item_id, sha256, device_sha256, verbs in rows(_ITEMS)
        },
    }


def _hash_of_stored(instance: Instance, sha256: str) -> str:
    with FolderStore(instance.var / "evidence").open(sha256) as original:
        return hashlib.file_digest(original, "sha256").hexdigest()


def new_records(after: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Return the records that are new, without the receipts."""
    return {
        kind: [row for row in rows if row not in before[kind]]
        for kind, rows in after.items()
        if kind != "receipts"
    }
