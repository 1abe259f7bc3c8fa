"""Which addresses can be written to, what a template needs, and the limits of codes. Pure."""

import re
from datetime import timedelta

from bluelamp.foundation.kernel.contact import is_mobile, parse_email

ENGLISH, WELSH = "en", "cy"
LANGUAGES = (ENGLISH, WELSH)
PLACEHOLDER = re.compile(r"\(\(([^()]+?)\)\)")
# The length of the column.
MAX_ADDRESS_LENGTH = 250
# GOV.UK Notify's REST API documentation, "Send a letter", of what it refuses.
MIN_ADDRESS_LINES, MAX_ADDRESS_LINES = 3, 7
_FORBIDDEN_START = re.compile(r"^[@()=\[\]\"”\\/,<>]")
_LAST_LINE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}|[^\W\d_][^\d_]+", re.IGNORECASE)
"""A UK postcode, or what may be the name of a country, which only Notify knows."""
PRECOMPILED_LETTER = "letter-from-pdf"
"""Stands for the template of a letter that is a PDF of ours."""
MAX_ATTEMPTS = 12
CODE_DIGITS = 6
CODE_DURATION = timedelta(minutes=10)  # OWASP ASVS 5.0, 6.5.5
MAX_CODE_TRIES = 5
MAX_CODES_PER_HOUR = 5
MAX_CODES_PER_DAY = 15  # somebody who only knows a reference must not bother its owner all day
SESSION_DURATION = timedelta(hours=2)
URGENT_TEMPLATES = frozenset({"one-time-code"})
"""Somebody waits for these in front of a page."""
# By template: placeholders whose values open something. They are encrypted until the message is
# sent, and deleted afterwards.
SECRET_PLACEHOLDERS: dict[str, frozenset[str]] = {
    "one-time-code": frozenset({"code"}),
    # The link alone delivers a file.
    "request-ready": frozenset({"link"}),
    # The link alone shows the record of a search.
    "record-copy": frozenset({"link"}),
    "statement-copy": frozenset({"link"}),
    # With the link anybody could answer as a referee. In Welsh it has the English page's too.
    "referee-request": frozenset({"link", "english_link"}),
    # A PDF names somebody and what was decided; it is kept with what it is about, not here.
    PRECOMPILED_LETTER: frozenset({"content"}),
}


def address_kind(to: str) -> str:
    """Return "email", "sms" or "letter" by what an address looks like; "" for none of them."""
    if len(to) > MAX_ADDRESS_LENGTH:
        return ""
    # Only a postal address has several lines.
    if "\n" in to:
        return "letter" if is_postal_address(to.split("\n")) else ""
    if parse_email(to):
        return "email"
    return "sms" if is_mobile(to) else ""


def postal_address(*parts: str) -> str:
    """Return an address as a letter has it: one line of it on each line.

    Args:
        parts: The name, the address and the postcode. An address may have several lines, or commas
            for them.

    >>> postal_address("Grace Holloway", "14 Choumert Road\\nPeckham", "SE15 4AA").split("\\n")
    ['Grace Holloway', '14 Choumert Road', 'Peckham', 'SE15 4AA']
    """
    lines = [" ".join(line.split()) for part in parts for line in part.splitlines()]
    lines = [line for line in lines if line]
    # What was typed on one line is one line of a letter too, which has three at least.
    if len(lines) < MIN_ADDRESS_LINES:
        lines = [piece.strip() for line in lines for piece in line.split(",") if piece.strip()]
    # The last lines say where the post goes: those before them may share one.
    if len(lines) > MAX_ADDRESS_LINES:
        joined = ", ".join(lines[1 : len(lines) - MAX_ADDRESS_LINES + 2])
        lines = [lines[0], joined, *lines[len(lines) - MAX_ADDRESS_LINES + 2 :]]
    return "\n".join(lines)


def is_postal_address(lines: list[str]) -> bool:
    """Say whether Notify takes a letter to an address, as far as we can know."""
    return (
        MIN_ADDRESS_LINES <= len(lines) <= MAX_ADDRESS_LINES
        and all(any(char.isalnum() for char in line) for line in lines[:2])
        and not any(_FORBIDDEN_START.match(line) for line in lines)
        and bool(_LAST_LINE.fullmatch(lines[-1]))
    )


def name_in(template: str, language: str) -> str:
    """Return the name of a template in a language, the same here and at GOV.UK Notify.

    >>> name_in("one-time-code", "cy"), name_in("one-time-code", "en")
    ('one-time-code.cy', 'one-time-code')
    """
    return f"{template}.{language}" if language == WELSH else template


def require_language(language: str) -> str:
    """Return a language that messages can be in; English for any other."""
    return language if language in LANGUAGES else ENGLISH


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names of a template's placeholders, each once, in order."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


def is_retryable(status: int) -> bool:
    """Say whether a request that GOV.UK Notify answered with this HTTP status may succeed later.

    By its REST API documentation, "General errors", these are 429 and 500. Everything else from 400
    on is about the request itself, which would fail the same way again.
    """
    return status == 429 or status >= 500
