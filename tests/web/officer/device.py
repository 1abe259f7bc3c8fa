"""A phone as the API sees it: it leases numbers, seals captures and sends them."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.kernel.ids import new_id
from tests.casework.scenes import DECLARATION, SIGNATURE
from tests.cast import browser

API = "/api/officer/v1"
AT = "2026-03-03T16:15:00+00:00"
DAMAGE = "CD71039/58C"


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


@dataclass
class Device:
    """One phone, the person signed in on it, and every CSRF check switched on."""

    client: Client
    id: UUID = field(default_factory=new_id)
    numbers: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, player: cast.Player) -> "Device":
        """Return a phone with a player signed in, after its first request set the CSRF cookie."""
        made = cls(browser(player, enforce_csrf_checks=True))
        made.client.get(f"{API}/me")
        return made

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(f"{API}/{path}", **options)

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(
            f"{API}/{path}", json.dumps(body), content_type="application/json", headers=self.token
        )

    @property
    def token(self) -> dict[str, str]:
        cookie = self.client.cookies.get("bluelamp_csrf")
        return {"X-CSRFToken": cookie.value} if cookie else {}

    def put_bytes(self, capture_id: object, raw: bytes, **headers: str) -> Any:
        sent = {**self.token, "X-Content-SHA256": sha256(raw), **headers}
        return self.client.put(
            f"{API}/captures/{capture_id}", raw, content_type="application/json", headers=sent
        )

    def put(self, capture: dict[str, Any]) -> Any:
        return self.put_bytes(capture["id"], json.dumps(capture, ensure_ascii=False).encode())

    def lease(self, want: int = 5) -> list[tuple[str, str]]:
        answer = self.post("leases", {"device_id": str(self.id), "want": want})
        assert answer.status_code == 200, answer.content
        self.numbers = [
            (number, lease["lease_id"])
            for lease in answer.json()["leases"]
            for number in lease["numbers"]
        ]
        return self.numbers

    def _capture(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": body[f"{kind}_id"],
            "kind": kind,
            "device_id": str(self.id),
            "device_at": AT,
            "app": "bluelamp-officer/0.1.0",
            "body": body,
        }

    def crime(self, **changes: Any) -> dict[str, Any]:
        """Return a crime as the app seals it, under the next number of the lease."""
        if not self.numbers:
            self.lease()
        number, lease_id = self.numbers.pop(0)
        body = {
            "crime_id": str(new_id()),
            "number": number,
            "lease_id": lease_id,
            "offence_code": DAMAGE,
            "occurred_from": "2026-03-03T06:00:00+00:00",
            "occurred_to": None,
            "summary": "Wing mirror broken off, same street and night.",
            "location": {"address": "14 Acorn Parade, Peckham", "postcode": "SE15 4QL"},
            "victim": {
                "person_id": str(new_id()),
                "given_name": "Kofi",
                "family_name": "Asante",
                "born_on": None,
                "phone": "07700 900456",
                "email": "",
                "address_same": True,
            },
            "related_number": None,
        }
        return self._capture("crime", {**body, **changes})

    def statement(self, crime: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Return the victim's statement as the app seals it."""
        body = {
            "statement_id": str(new_id()),
            "crime_id": crime["id"],
            "person_id": crime["body"]["victim"]["person_id"],
            "maker_name": "Kofi Asante",
            "over_18": True,
            "age": None,
            "occupation": "Baker",
            "text": "I live at the address overleaf.\nAt 6am I found the mirror on the road.",
            "declaration": DECLARATION,
            "pages": 1,
            "read_over": True,
            "signed_at": AT,
            "signature": SIGNATURE,
            "taken_at_place": "14 Acorn Parade",
            "back": {
                "address": "14 Acorn Parade, Peckham",
                "postcode": "SE15 4QL",
                "phone": "07700 900456",
                "email": "",
                "dates_not_available": "None",
                "willing_to_attend": True,
                "special_measures_needed": False,
                "vps": "offered",
            },
        }
        return self._capture("statement", {**body, **changes})

    def item(self, crime: dict[str, Any], contents: bytes, **changes: Any) -> dict[str, Any]:
        """Return the announcement of a photo as the app seals it."""
        body = {
            "item_id": str(new_id()),
            "crime_id": crime["id"],
            "filename": "photo-20260303-161500.jpg",
            "media_type": "image/jpeg",
            "size": len(contents),
            "sha256": sha256(contents),
            "captured_at": AT,
            "description": "The broken mirror",
            "latitude": 51.470125,
            "longitude": -0.0682,
            "accuracy_m": 12,
        }
        return self._capture("item", {**body, **changes})


def problem(answer: Any, status: int) -> dict[str, str]:
    """Return a problem's sentences by field, after checking that it has this status."""
    assert answer.status_code == status, (answer.status_code, answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return {error["field"]: error["message"] for error in body["errors"]}
