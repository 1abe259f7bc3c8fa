"""A phone as the API sees it: it leases numbers, seals captures and sends them."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.forms.built_in import built_in_files
from bluelamp.foundation.kernel.ids import new_id
from tests.casework.scenes import DECLARATION, SIGNATURE
from tests.cast import browser
from tests.device_keys import encode_public_key, sign_request

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
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    challenge: str = ""

    @classmethod
    def of(cls, player: cast.Player) -> "Device":
        """Return a phone with a player signed in, which they have enrolled."""
        made = cls(browser(player, enforce_csrf_checks=True))
        made.ask_who_is_signed_in()
        made.enrol()
        return made

    def ask_who_is_signed_in(self) -> dict[str, Any]:
        """Ask `/me`, which sets the CSRF cookie and gives a challenge."""
        me: dict[str, Any] = self.client.get(f"{API}/me", headers=self.identity).json()
        self.challenge = me.get("challenge", "")
        return me

    def enrol(self, name: str = "Work phone") -> Any:
        """Enrol the phone to whoever is signed in."""
        return self.post(
            "devices",
            {
                "device_id": str(self.id),
                "name": name,
                "public_key": encode_public_key(self.key),
            },
        )

    @property
    def identity(self) -> dict[str, str]:
        """The header that says which phone this is."""
        return {"X-Device-Id": str(self.id)}

    def proof(self, method: str, path: str, raw: bytes = b"") -> dict[str, str]:
        """Return the headers that prove that a request comes from this phone."""
        signature = sign_request(
            self.key, method=method, path=path, raw=raw, challenge=self.challenge
        )
        return {
            **self.identity,
            "X-Device-Challenge": self.challenge,
            "X-Device-Signature": signature,
        }

    def get(self, path: str, *, headers: dict[str, str] | None = None, **options: Any) -> Any:
        url = f"{API}/{path}"
        proof = self.proof("GET", url.partition("?")[0])
        return self.client.get(url, headers={**proof, **(headers or {})}, **options)

    def post(self, path: str, body: Any) -> Any:
        url, raw = f"{API}/{path}", json.dumps(body).encode()
        return self.client.post(
            url,
            raw,
            content_type="application/json",
            headers={**self.token, **self.proof("POST", url, raw)},
        )

    @property
    def token(self) -> dict[str, str]:
        cookie = self.client.cookies.get("bluelamp_csrf")
        return {"X-CSRFToken": cookie.value} if cookie else {}

    def put_bytes(self, capture_id: object, raw: bytes, **headers: str) -> Any:
        url = f"{API}/captures/{capture_id}"
        sent = {
            **self.token,
            **self.proof("PUT", url, raw),
            "X-Content-SHA256": sha256(raw),
            **headers,
        }
        return self.client.put(url, raw, content_type="application/json", headers=sent)

    def put(self, capture: dict[str, Any], **headers: str) -> Any:
        raw = json.dumps(capture, ensure_ascii=False).encode()
        return self.put_bytes(capture["id"], raw, **headers)

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
                "safe_to_contact": True,
            },
            "related_number": None,
        }
        return self._capture("crime", {**body, **changes})

    def encounter(self, values: dict[str, Any], version: int | None = None) -> dict[str, Any]:
        """Return a stop and search as the app seals it, with these answers."""
        in_force = built_in_files()["stop-search"].question_set.version
        answers = {
            "question_set": "stop-search",
            "version": version or in_force,
            "values": values,
        }
        return self._capture("encounter", {"encounter_id": str(new_id()), "answers": answers})

    def answer(self, action_id: str, text: str) -> dict[str, Any]:
        """Return the answer to a question as the app seals it."""
        body = {"answer_id": str(new_id()), "action_id": action_id, "text": text}
        return self._capture("answer", body)

    def contact(self, task: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Return a contact with a victim, as a task wants it and the app seals it."""
        about = {name: task[name] for name in ("crime_id", "person_id", "trigger")}
        made = {"contact_id": str(new_id()), "way": "phone", "made_at": AT, "note": ""}
        return self._capture("contact", {**about, **made, **changes})

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


def problem(answer: Any, status: int, type_: str = "about:blank") -> dict[str, str]:
    """Return a problem's sentences by field, after checking that it has this status and type."""
    assert answer.status_code == status, (answer.status_code, answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    assert (body["status"], body["type"]) == (status, type_)
    assert body["title"]
    assert body["detail"]
    return {error["field"]: error["message"] for error in body["errors"]}
