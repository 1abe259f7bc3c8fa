"""Which addresses can be written to, and what a template needs. Pure."""

import re

from bluelamp.foundation.kernel.contact import is_mobile, parse_email

PLACEHOLDER = re.compile(r"\(\(([^()]+?)\)\)")
# The length of the column.
MAX_ADDRESS_LENGTH = 250
MAX_ATTEMPTS = 12
URGENT_TEMPLATES = frozenset({"one-time-code"})
"""Somebody waits for these in front of a page."""
# By template: placeholders whose values open something. They are encrypted until the message is
# sent, and deleted afterwards.
SECRET_PLACEHOLDERS: dict[str, frozenset[str]] = {
    "one-time-code": frozenset({"code"}),
    # The link alone delivers a file.
    "request-ready": frozenset({"link"}),
    # With the link anybody could answer as a referee.
    "referee-request": frozenset({"link"}),
}


def address_kind(to: str) -> str:
    """Return "email" or "sms" by what an address looks like; "" for neither."""
    if len(to) > MAX_ADDRESS_LENGTH:
        return ""
    if parse_email(to):
        return "email"
    return "sms" if is_mobile(to) else ""


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names of a template's placeholders, each once, in order."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


def is_retryable(status: int) -> bool:
    """Say whether a request that GOV.UK Notify answered with this HTTP status may succeed later.

    By its REST API documentation, "General errors", these are 429 and 500. Everything else from 400
    on is about the request itself, which would fail the same way again.
    """
    return status == 429 or status >= 500
