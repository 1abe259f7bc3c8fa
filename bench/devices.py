"""`bluelamp bench devices`: how quickly officers' phones are answered when ten thousand are in use.

Each of 10,000 phones asks every five minutes whether anything has changed. A third of them is on
duty, and records in a shift of eight hours 12 crimes, 5 statements and 20 photos of 200 kB. That is
33 questions, 1.4 crimes, 0.6 statements and 2.3 photos a second, sent as they would come: at times
of their own, whether or not the requests before were answered. The raw limit of the same run is
`/healthz`, which asks the database nothing.
"""

import base64
import hashlib
import json
import random
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from bench.client import Client
from bench.instance import Instance, temporary_instance

PHONES = 10_000
POLL_SECONDS = 300
ON_DUTY = 1 / 3
SHIFT_SECONDS = 8 * 3600
PHOTO_BYTES = 200_000
# What a phone on duty sends in a shift.
SHIFT = {"crime": 12, "statement": 5, "photo": 20}
SECONDS = 60.0
TARGET_P95_MS = 300
THREADS = 24
API = "/api/officer/v1"
OFFICERS = ("ada", "bilal")
PHONES_OF_EACH = 2
AT = "2026-03-03T16:15:00+00:00"
DECLARATION = (
    "This statement (consisting of 1 page each signed by me) is true to the best of my knowledge "
    "and belief and I make it knowing that, if it is tendered in evidence, I shall be liable to "
    "prosecution if I have wilfully stated in it anything which I know to be false, or do not "
    "believe to be true."
)


@dataclass
class Phone:
    """One signed-in and enrolled phone, that stands for many. One request at a time."""

    client: Client
    id: str = field(default_factory=lambda: str(uuid4()))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    challenge: str = ""
    crime: dict[str, Any] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    # Milliseconds of each request, by what it was.
    taken: dict[str, list[float]] = field(default_factory=dict)

    def request(
        self, name: str, method: str, url: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes, Any]:
        """Send a request, and remember how long it took."""
        begun = time.perf_counter()
        answer = self.client.request(method, url, body, headers)
        self.taken.setdefault(name, []).append((time.perf_counter() - begun) * 1e3)
        return answer

    def call(self, name: str, method: str, path: str, body: bytes = b"") -> tuple[int, bytes, Any]:
        """Send a signed request."""
        url = f"{API}/{path}"
        lines = ["bluelamp-device-1", method, url, hashlib.sha256(body).hexdigest(), self.challenge]
        der = self.key.sign("\n".join(lines).encode(), ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(der)
        headers = {
            "Content-Type": "application/json",
            "Accept-Encoding": "gzip",
            "X-CSRFToken": self.client.cookies.get("bluelamp_csrf", ""),
            "X-Content-SHA256": hashlib.sha256(body).hexdigest(),
            "X-Device-Id": self.id,
        }
        if self.challenge:
            headers["X-Device-Challenge"] = self.challenge
            signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
            headers["X-Device-Signature"] = base64.b64encode(signature).decode()
        return self.request(name, method, url, body or None, headers)

    def poll(self) -> int:
        """Ask whether anything has changed."""
        status, body, _ = self.call("poll", "GET", "me")
        if status == 200:
            self.challenge = json.loads(body)["challenge"]
        return status

    def enrol(self) -> None:
        """Name the phone, as an officer does once."""
        self.poll()
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        about = {
            "device_id": self.id,
            "name": "Bench phone",
            "public_key": base64.b64encode(point).decode(),
        }
        status, answer, _ = self.call("enrol", "POST", "devices", json.dumps(about).encode())
        if status != 200:
            raise RuntimeError(f"the phone was not enrolled: {status} {answer!r}")

    def put(self, kind: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Send a capture."""
        capture_id = body[f"{kind}_id"]
        capture = {
            "id": capture_id,
            "kind": kind,
            "device_id": self.id,
            "device_at": AT,
            "app": "bench",
            "body": body,
        }
        status, _, headers = self.call(
            kind, "PUT", f"captures/{capture_id}", json.dumps(capture).encode()
        )
        return status, headers

    def send_crime(self) -> int:
        """Send a crime without a number, so that the server gives it one."""
        crime = _crime()
        status, _ = self.put("crime", crime)
        if status == 201:
            self.crime = crime
        return status

    def send_statement(self) -> int:
        """Send the statement of the last crime's victim."""
        return self.put("statement", _statement(self._last_crime()))[0]

    def send_photo(self) -> int:
        """Announce a photo of the last crime, and send it in one request."""
        data = random.randbytes(PHOTO_BYTES)
        item = _item(self._last_crime(), data)
        status, headers = self.put("item", item)
        if status != 201:
            return status
        metadata = {"filename": item["filename"], "sha256": item["sha256"]}
        status, _, _ = self.request(
            "file",
            "POST",
            "/uploads/",
            data,
            {
                "Tus-Resumable": "1.0.0",
                "Upload-Token": headers["Upload-Token"],
                "Upload-Length": str(len(data)),
                "Upload-Metadata": ",".join(
                    f"{name} {base64.b64encode(value.encode()).decode()}"
                    for name, value in metadata.items()
                ),
                "Upload-Checksum": "sha256 "
                + base64.b64encode(hashlib.sha256(data).digest()).decode(),
                "Content-Type": "application/offset+octet-stream",
            },
        )
        return status

    def _last_crime(self) -> dict[str, Any]:
        if self.crime is None and self.send_crime() != 201:
            raise RuntimeError("the crime was not received")
        assert self.crime is not None
        return self.crime


def _crime() -> dict[str, Any]:
    return {
        "crime_id": str(uuid4()),
        "number": None,
        "lease_id": None,
        "offence_code": "CD71039/58C",
        "occurred_from": "2026-03-03T06:00:00+00:00",
        "occurred_to": None,
        "summary": "Wing mirror broken off.",
        "location": {"address": "14 Acorn Parade, Peckham", "postcode": "SE15 4QL"},
        "victim": {
            "person_id": str(uuid4()),
            "given_name": "Kofi",
            "family_name": "Asante",
            "born_on": None,
            "phone": "",
            "email": "",
            "address_same": True,
            "safe_to_contact": True,
        },
        "related_number": None,
    }


def _statement(crime: dict[str, Any]) -> dict[str, Any]:
    return {
        "statement_id": str(uuid4()),
        "crime_id": crime["crime_id"],
        "person_id": crime["victim"]["person_id"],
        "maker_name": "Kofi Asante",
        "over_18": True,
        "age": None,
        "occupation": "Baker",
        "text": "I live at the address overleaf.\nAt 6am I found the mirror on the road.",
        "declaration": DECLARATION,
        "pages": 1,
        "read_over": True,
        "signed_at": AT,
        "signature": {
            "width": 300,
            "height": 100,
            "strokes": [[{"x": x, "y": 50 + x % 20, "t": x} for x in range(0, 200, 5)]],
        },
        "taken_at_place": "14 Acorn Parade",
        "back": {
            "address": "14 Acorn Parade, Peckham",
            "postcode": "SE15 4QL",
            "phone": "",
            "email": "",
            "dates_not_available": "None",
            "willing_to_attend": True,
            "special_measures_needed": False,
            "vps": "offered",
        },
    }


def _item(crime: dict[str, Any], data: bytes) -> dict[str, Any]:
    return {
        "item_id": str(uuid4()),
        "crime_id": crime["crime_id"],
        "filename": "photo.jpg",
        "media_type": "image/jpeg",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "captured_at": AT,
        "description": "The broken mirror",
    }


def rates() -> dict[str, float]:
    """Return how often each thing happens, in times a second."""
    on_duty = PHONES * ON_DUTY
    return {
        "poll": PHONES / POLL_SECONDS,
        **{name: on_duty * count / SHIFT_SECONDS for name, count in SHIFT.items()},
    }


def plan(seconds: float, *, seed: int = 1) -> list[tuple[float, str]]:
    """Return when what comes in, in order: each kind at random, at its own rate."""
    chance = random.Random(seed)
    events: list[tuple[float, str]] = []
    for name, rate in rates().items():
        at = chance.expovariate(rate)
        while at < seconds:
            events.append((at, name))
            at += chance.expovariate(rate)
    return sorted(events)


def open_phones(instance: Instance) -> list[Phone]:
    """Sign officers in and enrol their phones."""
    phones = []
    for officer in OFFICERS:
        for _ in range(PHONES_OF_EACH):
            client = Client(instance.origin)
            client.sign_in(officer)
            phone = Phone(client)
            phone.enrol()
            phones.append(phone)
    return phones


def measure(instance: Instance, seconds: float) -> dict[str, Any]:
    """Send what the phones send for so many seconds, and return the figures of each kind."""
    phones = open_phones(instance)
    for phone in phones:
        phone.send_crime()
    for phone in phones:
        phone.taken.clear()
    errors: list[str] = []
    acts: dict[str, Callable[[Phone], int]] = {
        "poll": Phone.poll,
        "crime": Phone.send_crime,
        "statement": Phone.send_statement,
        "photo": Phone.send_photo,
    }
    start = time.perf_counter()

    def act(name: str, phone: Phone) -> None:
        with phone.lock:
            status = acts[name](phone)
        if status not in {200, 201, 304}:
            errors.append(f"{name} {status}")

    with ThreadPoolExecutor(THREADS) as threads:
        for index, (at, name) in enumerate(plan(seconds)):
            time.sleep(max(0.0, start + at - time.perf_counter()))
            threads.submit(act, name, phones[index % len(phones)])
    names = ("poll", "crime", "statement", "item", "file")
    taken = {name: [ms for phone in phones for ms in phone.taken.get(name, [])] for name in names}
    lateness = time.perf_counter() - start - seconds
    return {
        "rates_per_s": {name: round(rate, 2) for name, rate in rates().items()},
        "p50_ms": {name: round(statistics.median(values), 1) for name, values in taken.items()},
        "p95_ms": {name: round(_p95(values), 1) for name, values in taken.items()},
        "count": {name: len(values) for name, values in taken.items()},
        "seconds_behind": round(max(0.0, lateness), 1),
        "errors": errors[:10],
        "error_count": len(errors),
    }


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def _raw_p95(instance: Instance) -> float:
    client, taken = Client(instance.origin), []
    for _ in range(200):
        begun = time.perf_counter()
        client.get("/healthz")
        taken.append((time.perf_counter() - begun) * 1e3)
    return round(_p95(taken), 1)


def run(*, as_json: bool = False) -> dict[str, Any]:
    """Measure, print and return the figures; `missed` names what was slow or failed."""
    with temporary_instance(BLUELAMP_WORKERS="2") as instance:
        figures = {"raw_p95_ms": _raw_p95(instance), **measure(instance, SECONDS)}
    missed = [name for name, p95 in figures["p95_ms"].items() if p95 >= TARGET_P95_MS]
    if figures["error_count"]:
        missed.append("errors")
    figures["missed"] = missed
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:16}{value}")
    return figures
