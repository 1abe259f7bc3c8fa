"""A real browser for the journeys: Chromium, and axe on every page.

Screenshots of every page are in var/screenshots with BLUELAMP_SCREENSHOTS=1. To take them is a
third of what it costs to check a page. Without, there is one of each open page when a journey
fails.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.prepared_instances import SHARED_FOLDER

ROOT = Path(__file__).resolve().parent.parent.parent
SCREENSHOTS = ROOT / "var" / "screenshots"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
SIZES = {"phone": PHONE, "desktop": DESKTOP}
# A build machine may be busy with other work: Playwright's own 5 and 30 seconds are not enough.
TIMEOUT = 60_000  # milliseconds
expect.set_options(timeout=TIMEOUT)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    # Chromium without windows has nothing behind it: a page that asks for it is ended.
    "--disable-blink-features=OnDeviceWebSpeechAvailable",
]


# The first is Chromium without the windows and menus around a page, which cost a fifth of its time.
_PROGRAMS = ("chromium-headless-shell", "chromium", "google-chrome")
# What axe looks at, without the words: pages with the same outline have the same faults.
_OUTLINE = (Path(__file__).parent / "outline.js").read_text(encoding="utf-8")
_AXE = """() => axe.run({resultTypes: ['violations']}).then(results => ({
    testEngine: results.testEngine, url: results.url, timestamp: results.timestamp,
    violations: results.violations, passes: [], incomplete: [], inapplicable: [],
}))"""

_drivers: list[Playwright] = []
_running: list[Browser] = []
_open_visitors: "list[Visitor]" = []


def find_chromium() -> str:
    """Return the path of the browser. The test is skipped, with a loud message, without one."""
    path = os.environ.get("BLUELAMP_CHROMIUM")
    path = path or next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if path is None:
        pytest.skip("NO BROWSER: install chromium, or set BLUELAMP_CHROMIUM to one")
    return path


@contextmanager
def playwright_driver() -> Iterator[Playwright]:
    """Start Playwright, or share what runs: it refuses to start a second time in one thread."""
    if _drivers:
        yield _drivers[0]
        return
    with sync_playwright() as playwright:
        _drivers.append(playwright)
        try:
            yield playwright
        finally:
            _drivers.clear()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, or share the one that runs."""
    if _running:
        yield _running[0]
        return
    path = find_chromium()
    with playwright_driver() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        _running.append(browser)
        try:
            yield browser
        finally:
            _running.clear()
            browser.close()


def take_screenshot(page: Page, name: str) -> None:
    """Save a picture of the whole page in var/screenshots, where somebody asked for pictures."""
    if os.environ.get("BLUELAMP_SCREENSHOTS") == "1":
        _save_screenshot(page, name)


def take_screenshots_of_open_pages(test: str) -> None:
    """Save a picture of what every visitor sees now, because a journey failed."""
    for visitor in _open_visitors:
        # A page may be what failed.
        with suppress(Error):
            _save_screenshot(visitor.page, f"failed-{test}-{visitor.name}")


def _save_screenshot(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    try:
        page.screenshot(path=path, full_page=True)
    except Error:
        # On a busy machine Chromium now and then says that it cannot; a moment later it can.
        page.wait_for_timeout(500)
        page.screenshot(path=path, full_page=True)


def run_axe(page: Page) -> AxeResults:
    """Run axe on a page, which gets the script, half a megabyte, once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return AxeResults(page.evaluate(_AXE))


def _check_with_axe(page: Page, name: str) -> None:
    """Fail if axe finds a fault. It looks at one of the pages that differ only in their words.

    So it looks at both widths of a page where these show other things, or in other colours.
    """
    # A click may have led to a page of which nothing is there yet.
    page.wait_for_function("document.readyState === 'complete'")
    outline: str = page.evaluate(_OUTLINE)
    seen = Path(os.environ[SHARED_FOLDER]) / "axe" / hashlib.sha256(outline.encode()).hexdigest()
    if seen.exists():
        return
    results = run_axe(page)
    assert results.violations_count == 0, f"{name}, {page.url}:\n{results.generate_report()}"
    seen.parent.mkdir(exist_ok=True)
    seen.touch()


@dataclass
class Visitor:
    """Somebody with a browser. Console errors and what axe finds fail the journey."""

    context: BrowserContext
    page: Page
    name: str
    console_errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        _open_visitors.append(self)

    @classmethod
    def open(
        cls,
        browser: Browser,
        origin: str,
        name: str,
        size: dict[str, int],
        *,
        has_scripts: bool = True,
    ) -> "Visitor":
        """Open a browser with its own cookies; without `has_scripts` it runs no JavaScript."""
        context = browser.new_context(
            base_url=origin,
            viewport=size,  # type: ignore[arg-type]
            locale="en-GB",
            timezone_id="Europe/London",
            permissions=["camera"],
            java_script_enabled=has_scripts,
        )
        context.set_default_timeout(TIMEOUT)
        visitor = cls(context, context.new_page(), name)
        visitor.record_console_errors(visitor.page)
        return visitor

    def record_console_errors(self, page: Page) -> None:
        """Collect the errors of a page's console."""
        page.on("pageerror", lambda error: self.console_errors.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                self.console_errors.append(f"{page.url}: {message.text}")
                if message.type == "error" and "Failed to load resource" not in message.text
                else None
            ),
        )

    def check_page(self, name: str, *, sizes: Mapping[str, dict[str, int]] = SIZES) -> None:
        """Run axe, at phone and desktop width. Nothing may scroll sideways."""
        original_size = self.page.viewport_size
        for label, size in sizes.items():
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            take_screenshot(self.page, f"{self.name}-{name}-{label}")
            _check_with_axe(self.page, f"{name} ({label})")
            overflow = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, f"{name} scrolls sideways by {overflow}px at {label} width"
        if original_size:
            self.page.set_viewport_size(original_size)

    def sign_in(self, user_name: str) -> None:
        """Sign in as one of the cast, with the one-press button of the demonstration."""
        self.page.goto("/sign-in/")
        self.page.locator(f"form:has(input[name=cast][value={user_name}]) button").click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)

    def close(self) -> None:
        """Close the browser. Fails if a console had errors."""
        if self in _open_visitors:
            _open_visitors.remove(self)
        self.context.close()
        assert self.console_errors == []
