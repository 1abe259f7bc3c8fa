"""Reads sent messages on the outbox page of the demonstration."""

import re
import time

from tests.journeys.browser import Visitor


def wait_for_message(visitor: Visitor, address: str, containing: str, seconds: float = 90) -> str:
    """Wait for a message to an address that contains some text. Returns the text of the message."""
    page = visitor.context.new_page()
    deadline = time.monotonic() + seconds
    try:
        while time.monotonic() < deadline:
            page.goto("/demo/outbox/")
            for message in page.locator("[data-message]").all():
                text = message.inner_text()
                if address in text and containing in text:
                    return text
            time.sleep(0.2)
    finally:
        page.close()
    raise AssertionError(f"no message to {address} with {containing!r} within {seconds} s")


# Tests share an instance, and some an address: each code is for one of them.
_given_codes: set[tuple[str, str]] = set()


def wait_for_code(visitor: Visitor, address: str) -> str:
    """Wait for a one-time code to an address, and return the newest, which is given out once."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        text = wait_for_message(visitor, address, "Your code is")
        code = re.search(r"Your code is (\d{6})", text)
        assert code, text
        if (address, code[1]) not in _given_codes:
            _given_codes.add((address, code[1]))
            return code[1]
        time.sleep(0.2)
    raise AssertionError(f"no new code to {address}")
