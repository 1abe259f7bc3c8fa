"""Who can be written to, and what a template needs. Pure."""

import re

PLACEHOLDER = re.compile(r"\(\(([^()]+?)\)\)")
EMAIL = re.compile(r"[^\s@,;:<>\"()\[\]\\\x00-\x1f]+@[^\s@.]+(\.[^\s@.]+)+")
UK_MOBILE = re.compile(r"7\d{9}")
MOST_ATTEMPTS = 12
# What in a template opens something: kept unreadable until it is handed over, and not at all
# afterwards.
SECRET_GAPS: dict[str, frozenset[str]] = {"one-time-code": frozenset({"code"})}


def kind_of_address(to: str) -> str:
    """«email» or «sms» by what the address looks like, as GOV.UK Notify takes them; empty for
    neither.
    """
    if len(to) <= 250 and EMAIL.fullmatch(to):
        return "email"
    bare = re.sub(r"[\s()\-.]", "", to).removeprefix("+")
    return "sms" if len(to) <= 30 and UK_MOBILE.fullmatch(re.sub(r"^(0044|44|0)", "", bare)) else ""


def gaps(text: str) -> tuple[str, ...]:
    """The names that a template's text asks for, each once, in order."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text)))


def is_worth_trying_again(status: int) -> bool:
    """Whether the same request may succeed later (GOV.UK Notify REST API, General errors: 429,
    500).

    Everything else at 400 and above is about the request itself and would fail the same way.
    """
    return status == 429 or status >= 500
