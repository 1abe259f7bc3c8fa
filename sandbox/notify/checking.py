"""Checks of what the service is sent, worded as the real service words its errors."""

import re
from typing import Any
from uuid import UUID

FIELDS = {
    "email": {
        "email_address",
        "template_id",
        "personalisation",
        "reference",
        "email_reply_to_id",
        "one_click_unsubscribe_url",
        "sanitise_content_for",
    },
    "sms": {"phone_number", "template_id", "personalisation", "reference", "sms_sender_id"},
}
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


def check_body(kind: str, body: Any) -> None:
    """Raise Problem 400 with every fault of a POST's body, in the real service's words."""
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
    if "template_id" in body and not is_uuid(body["template_id"]):
        faults.append("template_id is not a valid UUID")
    if not isinstance(body.get("personalisation") or {}, dict):
        faults.append(f"personalisation {body['personalisation']} is not of type object")
    reference = body.get("reference")
    if reference is not None and not isinstance(reference, str):
        faults.append(f"reference {reference} is not of type string")
    elif reference and len(reference) > 1000:
        faults.append(f"reference {reference} is too long")
    if recipient in body:
        faults += _recipient_faults(kind, recipient, body[recipient])
    if faults:
        raise Problem(400, "ValidationError", *faults)


def _recipient_faults(kind: str, name: str, value: Any) -> list[str]:
    if not isinstance(value, str):
        return [f"{name} {value} is not of type string"]
    if kind == "email":
        return [] if EMAIL.fullmatch(value) else ["email_address Not a valid email address"]
    digits = mobile_digits(value)
    if not digits.isdigit():
        return ["phone_number Must not contain letters or symbols"]
    if not digits.startswith("7") and len(digits) <= 10:
        return ["phone_number Not a UK mobile number"]
    if len(digits) < 10:
        return ["phone_number Not enough digits"]
    return [] if len(digits) == 10 else ["phone_number Too many digits"]


def mobile_digits(number: str) -> str:
    """Return a UK mobile number from its first 7 on."""
    bare = re.sub(r"[\s()\-.]", "", number).removeprefix("+")
    return bare.removeprefix("0044").removeprefix("44").removeprefix("0") if bare else bare


def is_uuid(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
