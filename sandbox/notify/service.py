"""What the service does with a request, without HTTP: checks the token, the body and the limits,
and keeps messages.
"""

import json
import re
import threading
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jwt

from sandbox.notify.templates import Template, read_templates

SERVICE_ID = "b1a1e1a4-0000-4000-8000-00000000d3d0"
SECRET = "b1a1e1a4-0000-4000-8000-5ec2e700d3d0"
DEMO_KEY = f"bluelamp_demo-{SERVICE_ID}-{SECRET}"
CLOCK_SKEW_SECONDS = 30
PAGE_SIZE = 250
STATUSES = (
    "cancelled", "created", "sending", "sent", "delivered", "pending", "failed", "technical-failure",
    "temporary-failure", "permanent-failure", "pending-virus-check", "validation-failed", "virus-scan-failed",
    "returned-letter", "accepted", "received",
)  # fmt: skip
FIELDS = {
    "email": {
        "email_address", "template_id", "personalisation", "reference", "email_reply_to_id",
        "one_click_unsubscribe_url", "sanitise_content_for",
    },
    "sms": {"phone_number", "template_id", "personalisation", "reference", "sms_sender_id"},
}  # fmt: skip
RECIPIENT = {"email": "email_address", "sms": "phone_number"}
EMAIL = re.compile(r"[^\s@,;:<>\"()\[\]\\]+@[^\s@.]+(\.[^\s@.]+)+")
FAILING_NUMBERS = {"07700900003": "temporary-failure", "07700900002": "permanent-failure"}


class Problem(Exception):
    """An error in the shape the real service gives."""

    def __init__(self, status: int, error: str, *messages: str) -> None:
        super().__init__(messages[0])
        self.status = status
        self.body = {
            "status_code": status,
            "errors": [{"error": error, "message": text} for text in messages],
        }


class Notify:
    """The service: one account, its templates in `templates`, its messages kept in
    `folder`/messages.jsonl.

    `rate` is how many requests a minute it takes before it answers 429. `key` is an API key as
    Notify writes it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        templates: Path,
        key: str = DEMO_KEY,
        rate: int = 3000,
        address: str = "",
    ) -> None:
        self.templates, self.rate, self.address = templates, rate, address
        self.service_id, self.secret = key[-73:-37], key[-36:]
        self.fail_next = 0
        self._lock = threading.Lock()
        self._asked: deque[float] = deque()
        self._messages: dict[str, dict[str, Any]] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "messages.jsonl"
        if self._file.exists():
            for line in self._file.read_text(encoding="utf-8").splitlines():
                if line.strip() and (message := _read(line)):
                    self._messages[message["id"]] = message

    def check_token(self, header: str | None) -> None:
        """Raise Problem unless the bearer token is signed with the key within 30 seconds of now."""
        if not header:
            raise Problem(401, "AuthError", "Unauthorized: authentication token must be provided")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            raise Problem(
                401, "AuthError", "Unauthorized: authentication bearer scheme must be used"
            )
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError:
            raise Problem(
                403, "AuthError", "Invalid token: signature, api token is not valid"
            ) from None
        if "iss" not in claims:
            raise Problem(403, "AuthError", "Invalid token: iss field not provided")
        if not _is_uuid(claims["iss"]):
            raise Problem(403, "AuthError", "Invalid token: service id is not the right data type")
        if claims["iss"] != self.service_id:
            raise Problem(403, "AuthError", "Invalid token: service not found")
        try:
            jwt.decode(
                token,
                self.secret,
                algorithms=["HS256"],
                options={"verify_iat": False, "verify_iss": False},
            )
        except jwt.InvalidAlgorithmError:
            raise Problem(403, "AuthError", "Invalid token: algorithm used is not HS256") from None
        except jwt.PyJWTError:
            raise Problem(403, "AuthError", "Invalid token: API key not found") from None
        issued = claims.get("iat")
        if not isinstance(issued, int | float):
            raise Problem(403, "AuthError", "Invalid token: iat field not provided")
        if abs(time.time() - issued) > CLOCK_SKEW_SECONDS:
            raise Problem(
                403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds"
            )

    def check_rate(self) -> None:
        """Raise Problem 429 when more than `rate` requests came in the last minute."""
        with self._lock:
            moment = time.monotonic()
            while self._asked and self._asked[0] < moment - 60:
                self._asked.popleft()
            if len(self._asked) >= self.rate:
                raise Problem(
                    429,
                    "RateLimitError",
                    f"Exceeded rate limit for key type LIVE of {self.rate} requests per 60 seconds",
                )
            self._asked.append(moment)
            if self.fail_next:
                self.fail_next -= 1
                raise Problem(500, "Exception", "Internal server error")

    def send(self, kind: str, body: Any) -> dict[str, Any]:
        """Take an e-mail or a text; returns the answer to its POST."""
        _check_body(kind, body)
        recipient = body[RECIPIENT[kind]]
        template = next(
            (each for each in self._templates() if each.id == body["template_id"].lower()), None
        )
        if template is None:
            raise Problem(400, "BadRequestError", "Template not found")
        if template.kind != kind:
            raise Problem(
                400,
                "BadRequestError",
                f"{template.kind} template is not suitable for {kind} notification",
            )
        personalisation = body.get("personalisation") or {}
        if missing := [name for name in template.placeholders if name not in personalisation]:
            raise Problem(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        subject, text = template.filled(personalisation)
        message = self._keep(kind, recipient, template, subject, text, body.get("reference"))
        content = {"body": text}
        if kind == "email":
            content |= {
                "subject": subject or "",
                "from_email": "bluelamp@notifications.service.gov.uk",
                "one_click_unsubscribe_url": body.get("one_click_unsubscribe_url"),
            }
        else:
            content |= {"from_number": "BLUELAMP"}
        return {
            "id": message["id"],
            "reference": body.get("reference"),
            "content": content,
            "uri": f"{self.address}/v2/notifications/{message['id']}",
            "template": message["template"],
            "scheduled_for": None,
        }

    def message(self, message_id: str) -> dict[str, Any]:
        """One message, and how far it got."""
        if not _is_uuid(message_id):
            raise Problem(400, "ValidationError", "id is not a valid UUID")
        found = self._messages.get(message_id.lower())
        if found is None:
            raise Problem(404, "NoResultFound", "No result found")
        return _arrived(found)

    def messages(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """Up to 250 messages, newest first, narrowed by `template_type`, `status`, `reference`,
        `older_than`.
        """
        older = query.get("older_than", [""])[0]
        if older and not _is_uuid(older):
            raise Problem(400, "ValidationError", "older_than is not a valid UUID")
        for given in query.get("template_type", []):
            if given not in {"sms", "email", "letter"}:
                raise Problem(
                    400,
                    "ValidationError",
                    f"template_type {given} is not one of [sms, email, letter]",
                )
        for given in query.get("status", []):
            if given not in STATUSES:
                raise Problem(
                    400, "ValidationError", f"status {given} is not one of [{', '.join(STATUSES)}]"
                )
        with self._lock:
            newest_first = [
                _arrived(message) for message in reversed(list(self._messages.values()))
            ]
        if older:
            ids = [message["id"] for message in newest_first]
            newest_first = newest_first[ids.index(older) + 1 :] if older in ids else []
        for name, key in (
            ("template_type", "type"),
            ("status", "status"),
            ("reference", "reference"),
        ):
            if wanted := query.get(name):
                newest_first = [message for message in newest_first if message[key] in wanted]
        links = {"current": f"{self.address}/v2/notifications"}
        if newest_first:
            last = newest_first[:PAGE_SIZE][-1]["id"]
            links["next"] = f"{self.address}/v2/notifications?older_than={last}"
        return {"notifications": newest_first[:PAGE_SIZE], "links": links}

    def all_templates(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """Every template, perhaps of one `type`."""
        kind = query.get("type", [""])[0]
        if kind and kind not in {"sms", "email", "letter"}:
            raise Problem(400, "ValidationError", f"type {kind} is not one of [sms, email, letter]")
        return {
            "templates": [
                each.as_json() for each in self._templates() if not kind or each.kind == kind
            ]
        }

    def template(self, template_id: str) -> dict[str, Any]:
        """One template."""
        return self._template(template_id).as_json()

    def preview(self, template_id: str, body: Any) -> dict[str, Any]:
        """A template with its placeholders filled."""
        template = self._template(template_id)
        personalisation = body.get("personalisation") if isinstance(body, dict) else None
        if not isinstance(personalisation, dict):
            raise Problem(400, "ValidationError", "personalisation is a required property")
        if missing := [name for name in template.placeholders if name not in personalisation]:
            raise Problem(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        subject, text = template.filled(personalisation)
        return {
            "id": template.id, "type": template.kind, "version": 1, "body": text, "html": None, "subject": subject,
            "postage": None,
        }  # fmt: skip

    def _template(self, template_id: str) -> Template:
        if not _is_uuid(template_id):
            raise Problem(400, "ValidationError", "id is not a valid UUID")
        for each in self._templates():
            if each.id == template_id.lower():
                return each
        raise Problem(404, "NoResultFound", "No result found")

    def _templates(self) -> list[Template]:
        return read_templates(self.templates)

    def _keep(
        self,
        kind: str,
        recipient: str,
        template: Template,
        subject: str | None,
        text: str,
        reference: str | None,
    ) -> dict[str, Any]:
        now = _now()
        message_id = str(uuid4())
        message = {
            "id": message_id,
            "reference": reference,
            "email_address": recipient if kind == "email" else None,
            "phone_number": recipient if kind == "sms" else None,
            **dict.fromkeys(
                ("line_1", "line_2", "line_3", "line_4", "line_5", "line_6", "postcode", "postage")
            ),
            "type": kind,
            "status": "created",
            "template": {
                "id": template.id,
                "version": 1,
                "uri": f"{self.address}/v2/template/{template.id}",
            },
            "body": text,
            "subject": subject,
            "created_at": now,
            "created_by_name": None,
            "sent_at": now,
            "completed_at": now,
            "scheduled_for": None,
            "one_click_unsubscribe_url": None,
            "is_cost_data_ready": True,
            "cost_in_pounds": 0.0,
            "cost_details": {},
        }
        with self._lock:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(message) + "\n")
            self._messages[message_id] = message
        return message


def _check_body(kind: str, body: Any) -> None:
    """Raise Problem 400 with every fault of a POST's body, worded as the real service words
    them.
    """
    if not isinstance(body, dict):
        raise Problem(400, "ValidationError", "Invalid JSON supplied in POST data")
    recipient = RECIPIENT[kind]
    faults = [
        f"{name} is a required property" for name in (recipient, "template_id") if name not in body
    ]
    if extra := sorted(set(body) - FIELDS[kind]):
        verb = "was" if len(extra) == 1 else "were"
        faults.append(
            f"Additional properties are not allowed ({', '.join(extra)} {verb} unexpected)"
        )
    if "template_id" in body and not _is_uuid(body["template_id"]):
        faults.append("template_id is not a valid UUID")
    if not isinstance(body.get("personalisation") or {}, dict):
        faults.append(f"personalisation {body['personalisation']} is not of type object")
    reference = body.get("reference")
    if reference is not None and not isinstance(reference, str):
        faults.append(f"reference {reference} is not of type string")
    elif reference and len(reference) > 1000:
        faults.append(f"reference {reference} is too long")
    if recipient in body:
        faults += _faults_of_recipient(kind, recipient, body[recipient])
    if faults:
        raise Problem(400, "ValidationError", *faults)


def _faults_of_recipient(kind: str, name: str, value: Any) -> list[str]:
    if not isinstance(value, str):
        return [f"{name} {value} is not of type string"]
    if kind == "email":
        return [] if EMAIL.fullmatch(value) else ["email_address Not a valid email address"]
    digits = _digits(value)
    if not digits.isdigit():
        return ["phone_number Must not contain letters or symbols"]
    if not digits.startswith("7") and len(digits) <= 10:
        return ["phone_number Not a UK mobile number"]
    if len(digits) < 10:
        return ["phone_number Not enough digits"]
    return [] if len(digits) == 10 else ["phone_number Too many digits"]


def _digits(number: str) -> str:
    """A UK mobile number from its first 7 on."""
    bare = re.sub(r"[\s()\-.]", "", number).removeprefix("+")
    return bare.removeprefix("0044").removeprefix("44").removeprefix("0") if bare else bare


def _arrived(message: dict[str, Any]) -> dict[str, Any]:
    """The message with the status it has once somebody asks."""
    if message["type"] == "sms":
        status = FAILING_NUMBERS.get("0" + _digits(message["phone_number"]), "delivered")
    else:
        name = message["email_address"].split("@")[0]
        status = (
            "temporary-failure" if name.startswith("temp-fail")
            else "permanent-failure" if name.startswith("perm-fail")
            else "delivered"
        )  # fmt: skip
    return message | {"status": status}


def _read(line: str) -> dict[str, Any] | None:
    """A message from its line; None for a line that was cut off when the machine stopped."""
    try:
        return json.loads(line)  # type: ignore[no-any-return]
    except json.JSONDecodeError:
        return None


def _is_uuid(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
