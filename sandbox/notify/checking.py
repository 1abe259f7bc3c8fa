"""Checks of what the service is sent, worded as the real service words its errors."""

import base64
import binascii
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
    "letter": {"template_id", "personalisation", "reference", "letter_contact_id"},
    "precompiled": {"reference", "content", "postage"},
    "sms": {"phone_number", "template_id", "personalisation", "reference", "sms_sender_id"},
}
RECIPIENT = {"email": "email_address", "sms": "phone_number"}
POSTAGE = ("first", "second", "economy")
POSTCODE = re.compile(r"(GIR ?0AA|[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2})", re.IGNORECASE)
# A few, of the countries that the real service knows.
COUNTRIES = {"france", "germany", "ireland", "spain", "united states", "australia", "canada"}
FORBIDDEN_START = tuple('@()=[]"”\\/,<>')
EMAIL = re.compile(r"[^\s@,;:<>\"()\[\]\\]+@[^\s@.]+(\.[^\s@.]+)+")
FAILING_NAMES = {
    "perm fail": "permanent-failure",
    "tech fail": "technical-failure",
    "returned": "returned-letter",
}
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
    recipient = RECIPIENT.get(kind, "")
    required = {
        "letter": ("template_id", "personalisation"),
        "precompiled": ("reference", "content"),
    }.get(kind, (recipient, "template_id"))
    faults = [f"{name} is a required property" for name in required if name not in body]
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
    if kind == "precompiled" and body.get("postage", "first") not in POSTAGE:
        faults.append("postage invalid. It must be either first, second or economy.")
    if kind == "letter" and isinstance(body.get("personalisation"), dict):
        faults += _address_faults(body["personalisation"])
    if recipient in body:
        faults += _recipient_faults(kind, recipient, body[recipient])
    if faults:
        raise Problem(400, "ValidationError", *faults)


def address_lines(personalisation: dict[str, Any]) -> list[str]:
    """Return the lines of a letter's address that are not empty."""
    lines = [str(personalisation.get(f"address_line_{number}") or "") for number in range(1, 8)]
    # What the real service calls the last line where a template is old.
    return [line.strip() for line in (*lines, str(personalisation.get("postcode") or "")) if line]


def _address_faults(personalisation: dict[str, Any]) -> list[str]:
    lines = address_lines(personalisation)
    if not lines:
        return ["personalisation address_line_1 is a required property"]
    if len(lines) < 3:
        return ["Address must be at least 3 lines"]
    if len(lines) > 7:
        return ["Address must be no more than 7 lines"]
    if any(line.startswith(FORBIDDEN_START) for line in lines):
        return [
            "Address lines must not start with any of the following characters:"
            " @ ( ) = [ ] ” \\ / , < >"
        ]
    if not all(any(char.isalnum() for char in line) for line in lines[:2]):
        return ["The first 2 lines of the address must include alphanumeric characters"]
    if "no fixed abode" in " ".join(lines).lower():
        return ["Must be a real address"]
    if not POSTCODE.fullmatch(lines[-1]) and lines[-1].lower() not in COUNTRIES:
        return ["Last line of address must be a real UK postcode or another country"]
    return []


def read_pdf(text: object) -> bytes:
    """Return the PDF of a precompiled letter. Raises Problem 400 where it is none."""
    try:
        content = base64.b64decode(str(text), validate=True)
    except binascii.Error:
        content = b""
    if not content.startswith(b"%PDF-"):
        raise Problem(400, "BadRequestError", "Letter content is not a valid PDF")
    return content


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
