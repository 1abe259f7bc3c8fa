"""What the service does with a request, apart from HTTP.

It checks the token, the body and the limits, and stores messages.
"""

import json
import threading
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt

from sandbox.notify.callbacks import describe_returned_letter
from sandbox.notify.checking import (
    RECIPIENT,
    Problem,
    address_lines,
    check_body,
    is_uuid,
    read_pdf,
)
from sandbox.notify.letter_pdf import draw_letter
from sandbox.notify.statuses import STATUSES, current_time, parse_line, with_status
from sandbox.notify.templates import Template, read_templates

SERVICE_ID = "b1a1e1a4-0000-4000-8000-00000000d3d0"
SECRET = "b1a1e1a4-0000-4000-8000-5ec2e700d3d0"
DEMO_KEY = f"bluelamp_demo-{SERVICE_ID}-{SECRET}"
CLOCK_SKEW_SECONDS = 30
PAGE_SIZE = 250
# The real service has such a template, which nobody made.
PRECOMPILED = Template("Pre-compiled PDF", "letter", "", "", datetime(2026, 1, 1, tzinfo=UTC))


class Notify:
    """The service, with one account.

    Attributes:
        templates: The folder of message templates.
        rate: How many requests a minute it takes before it answers 429.
        fail_next: How many of the next requests it answers with 500.
        address: Where it is served, for the links in its answers.
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
        self.templates = templates
        self.rate = rate
        self.address = address
        # Notify writes a key as <name>-<service id>-<secret>: two UUIDs of 36 characters, and the
        # name may have hyphens too.
        self.service_id = key[-73:-37]
        self.secret = key[-36:]
        self.fail_next = 0
        self._lock = threading.Lock()
        self._request_times: deque[float] = deque()
        self._messages: dict[str, dict[str, Any]] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._file = folder / "messages.jsonl"
        if self._file.exists():
            for line in self._file.read_text(encoding="utf-8").splitlines():
                if line.strip() and (message := parse_line(line)):
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
        if not is_uuid(claims["iss"]):
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
            while self._request_times and self._request_times[0] < moment - 60:
                self._request_times.popleft()
            if len(self._request_times) >= self.rate:
                raise Problem(
                    429,
                    "RateLimitError",
                    f"Exceeded rate limit for key type LIVE of {self.rate} requests per 60 seconds",
                )
            self._request_times.append(moment)
            if self.fail_next:
                self.fail_next -= 1
                raise Problem(500, "Exception", "Internal server error")

    def send(self, kind: str, body: Any) -> dict[str, Any]:
        """Take an e-mail or a text, and return the answer to its POST."""
        check_body(kind, body)
        recipient = body[RECIPIENT[kind]]
        template, subject, text = self._fill_template(kind, body)
        message = self._store_message(
            kind, recipient, template, subject, text, body.get("reference")
        )
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

    def send_letter(self, body: Any) -> dict[str, Any]:
        """Take a letter, from a template or as a PDF, and return the answer to its POST."""
        is_pdf = isinstance(body, dict) and "content" in body
        check_body("precompiled" if is_pdf else "letter", body)
        reference = body.get("reference")
        if is_pdf:
            content = read_pdf(body["content"])
            postage = body.get("postage") or "second"
            message = self._store_letter(
                # The real service reads the address from the PDF later.
                ["Provided as PDF"],
                template=PRECOMPILED,
                subject="Pre-compiled PDF",
                text="",
                reference=reference,
                postage=postage,
            )
            (self._folder / f"{message['id']}.pdf").write_bytes(content)
            return {"id": message["id"], "reference": reference, "postage": postage}
        template, subject, text = self._fill_template("letter", body)
        message = self._store_letter(
            address_lines(body["personalisation"]),
            template=template,
            subject=subject or "",
            text=text,
            reference=reference,
            postage="second",
        )
        return {
            "id": message["id"],
            "reference": reference,
            "content": {"subject": subject or "", "body": text},
            "uri": f"{self.address}/v2/notifications/{message['id']}",
            "template": message["template"],
            "scheduled_for": None,
        }

    def returned_letter(self, message_id: str) -> dict[str, Any]:
        """Return what the service posts to the callback URL when a letter came back."""
        return describe_returned_letter(self.message(message_id), self._templates())

    def pdf(self, message_id: str) -> bytes:
        """Return a letter as a PDF."""
        message = self.message(message_id)
        if message["type"] != "letter":
            raise Problem(400, "ValidationError", "Notification is not a letter")
        if message["status"] == "technical-failure":
            raise Problem(
                400, "BadRequestError", "PDF not available for letters in technical-failure"
            )
        path = self._folder / f"{message['id']}.pdf"
        return path.read_bytes() if path.exists() else draw_letter(message)

    def _fill_template(self, kind: str, body: dict[str, Any]) -> tuple[Template, str | None, str]:
        template = next(
            (known for known in self._templates() if known.id == body["template_id"].lower()), None
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
        return template, *template.filled(personalisation)

    def message(self, message_id: str) -> dict[str, Any]:
        """Return one message with its status."""
        if not is_uuid(message_id):
            raise Problem(400, "ValidationError", "id is not a valid UUID")
        message = self._messages.get(message_id.lower())
        if message is None:
            raise Problem(404, "NoResultFound", "No result found")
        return with_status(message)

    def messages(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """Return up to 250 messages, the newest first.

        The query may narrow them by `template_type`, `status`, `reference` and `older_than`.
        """
        older = query.get("older_than", [""])[0]
        if older and not is_uuid(older):
            raise Problem(400, "ValidationError", "older_than is not a valid UUID")
        for kind in query.get("template_type", []):
            if kind not in {"sms", "email", "letter"}:
                raise Problem(
                    400,
                    "ValidationError",
                    f"template_type {kind} is not one of [sms, email, letter]",
                )
        for status in query.get("status", []):
            if status not in STATUSES:
                raise Problem(
                    400, "ValidationError", f"status {status} is not one of [{', '.join(STATUSES)}]"
                )
        with self._lock:
            newest_first = [
                with_status(message) for message in reversed(list(self._messages.values()))
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
        """Return every template, or every one of the `type` in the query."""
        kind = query.get("type", [""])[0]
        if kind and kind not in {"sms", "email", "letter"}:
            raise Problem(400, "ValidationError", f"type {kind} is not one of [sms, email, letter]")
        return {
            "templates": [
                template.as_json()
                for template in self._templates()
                if not kind or template.kind == kind
            ]
        }

    def template(self, template_id: str) -> dict[str, Any]:
        """Return one template."""
        return self._template(template_id).as_json()

    def preview(self, template_id: str, body: Any) -> dict[str, Any]:
        """Return a template with its placeholders filled."""
        template = self._template(template_id)
        personalisation = body.get("personalisation") if isinstance(body, dict) else None
        if not isinstance(personalisation, dict):
            raise Problem(400, "ValidationError", "personalisation is a required property")
        if missing := [name for name in template.placeholders if name not in personalisation]:
            raise Problem(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        subject, text = template.filled(personalisation)
        return {
            "id": template.id,
            "type": template.kind,
            "version": 1,
            "body": text,
            "html": None,
            "subject": subject,
            "postage": None,
        }

    def _template(self, template_id: str) -> Template:
        if not is_uuid(template_id):
            raise Problem(400, "ValidationError", "id is not a valid UUID")
        for template in self._templates():
            if template.id == template_id.lower():
                return template
        raise Problem(404, "NoResultFound", "No result found")

    def _templates(self) -> list[Template]:
        return read_templates(self.templates)

    def _store_message(
        self,
        kind: str,
        recipient: str,
        template: Template,
        subject: str | None,
        text: str,
        reference: str | None,
        **fields: str,
    ) -> dict[str, Any]:
        now = current_time()
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
        } | fields
        with self._lock:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(message) + "\n")
            self._messages[message_id] = message
        return message

    def _store_letter(
        self,
        lines: list[str],
        *,
        template: Template,
        subject: str,
        text: str,
        reference: str | None,
        postage: str,
    ) -> dict[str, Any]:
        names = ("line_1", "line_2", "line_3", "line_4", "line_5", "line_6", "postcode")
        # The last line is the postcode, wherever it stood.
        address = dict(zip(names, lines[:-1] if len(lines) > 1 else lines, strict=False))
        if len(lines) > 1:
            address["postcode"] = lines[-1]
        return self._store_message(
            "letter", "", template, subject, text, reference, postage=postage, **address
        )
