"""What became of a message, by the address that it went to."""

import json
from datetime import UTC, datetime
from typing import Any

from sandbox.notify.checking import FAILING_NAMES, FAILING_NUMBERS, mobile_digits

STATUSES = (
    "cancelled",
    "created",
    "sending",
    "sent",
    "delivered",
    "pending",
    "failed",
    "technical-failure",
    "temporary-failure",
    "permanent-failure",
    "pending-virus-check",
    "validation-failed",
    "virus-scan-failed",
    "returned-letter",
    "accepted",
    "received",
)


def with_status(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message with the status that its address stands for."""
    if message["type"] == "letter":
        status = FAILING_NAMES.get((message["line_1"] or "").lower(), "received")
    elif message["type"] == "sms":
        status = FAILING_NUMBERS.get("0" + mobile_digits(message["phone_number"]), "delivered")
    else:
        name = message["email_address"].split("@")[0]
        status = (
            "temporary-failure"
            if name.startswith("temp-fail")
            else "permanent-failure"
            if name.startswith("perm-fail")
            else "delivered"
        )
    return message | {"status": status}


def parse_line(line: str) -> dict[str, Any] | None:
    """Return the message in a line; None if the line was cut off when the machine stopped."""
    try:
        return json.loads(line)  # type: ignore[no-any-return]
    except json.JSONDecodeError:
        return None


def current_time() -> str:
    """Return the time as the service writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
