"""Reads the messages that went out, from the stand-in's outbox in the demonstration."""

import re
import time

from tests.journeys.browser import Visitor


def message_to(visitor: Visitor, address: str, containing: str, seconds: float = 90) -> str:
    """Wait for a message to somebody that contains a text; returns the page's words about it."""
    page = visitor.context.new_page()
    deadline = time.monotonic() + seconds
    try:
        while time.monotonic() < deadline:
            page.goto("/demo/outbox/")
            for message in page.locator("[data-message]").all():
                words = message.inner_text()
                if address in words and containing in words:
                    return words
            time.sleep(0.5)
    finally:
        page.close()
    raise AssertionError(f"no message to {address} with {containing!r} within {seconds} s")


def code_for(visitor: Visitor, address: str) -> str:
    """Return the newest one-time code sent to somebody."""
    words = message_to(visitor, address, "Your code is")
    found = re.search(r"Your code is (\d{6})", words)
    assert found, words
    return found[1]
