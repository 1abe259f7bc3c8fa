"""A stock Firefox for the journeys, driven through `firefox_bridge`."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import ROOT, TIMEOUT, playwright_driver

_PROGRAMS = ("firefox-esr", "firefox")
_PREFERENCES: dict[str, str | float | bool] = {
    # A camera that needs no hardware, and no question that nobody is there to answer.
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "permissions.default.geo": 2,
    "intl.accept_languages": "en-GB",
}


def find_firefox() -> str:
    """Return Firefox's path. The test is skipped, with a loud message, without one."""
    path = os.environ.get("BLUELAMP_FIREFOX")
    path = path or next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if path is None:
        pytest.skip("NO FIREFOX: install firefox-esr, or set BLUELAMP_FIREFOX to one")
    return path


@contextmanager
def firefox(folder: Path) -> Iterator[Browser]:
    """Start Firefox.

    Args:
        folder: Where the file that starts it may be written.
    """
    command = [sys.executable, "-m", "tests.journeys.firefox_bridge", find_firefox()]
    starter = folder / "firefox"
    starter.write_text(f'#!/bin/sh\ncd {shlex.quote(str(ROOT))}\nexec {shlex.join(command)} "$@"\n')
    starter.chmod(0o700)
    with playwright_driver() as playwright:
        browser = playwright.firefox.launch(
            channel="moz-firefox",
            executable_path=starter,
            firefox_user_prefs=_PREFERENCES,
            timeout=TIMEOUT,
        )
        try:
            yield browser
        finally:
            browser.close()
