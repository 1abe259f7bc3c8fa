"""Addresses that disclose nobody's data and change nothing, each with its reason."""

PLAIN_PAGES: dict[str, str] = {}
