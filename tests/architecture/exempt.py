"""Addresses that disclose nobody's data and change nothing, each with its reason."""

PLAIN_PAGES: dict[str, str] = {
    "": "the front page holds nothing of anybody's",
    "accessibility/": "words only",
    "privacy/": "words only",
    "demo/outbox/": "the stand-in's messages, of invented people, and only in demo mode",
}
