"""A real browser for the journeys: Chromium, axe on every page passed, screenshots kept in
var/screenshots.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
SCREENSHOTS = ROOT / "var" / "screenshots"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium; the test is skipped, loudly, where there is none."""
    path = (
        os.environ.get("BLUELAMP_CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("google-chrome")
    )
    if path is None:
        pytest.skip("NO BROWSER: install chromium, or set BLUELAMP_CHROMIUM to one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visitor:
    """Somebody at a browser. What the page's console complains of, and what axe finds, fails the
    journey.
    """

    context: BrowserContext
    page: Page
    name: str
    complaints: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    @classmethod
    def enter(
        cls,
        browser: Browser,
        origin: str,
        name: str,
        size: dict[str, int],
        *,
        has_scripts: bool = True,
    ) -> "Visitor":
        """Open a browser of one's own at an address; without `has_scripts` it runs no
        JavaScript.
        """
        context = browser.new_context(
            base_url=origin,
            viewport=size,  # type: ignore[arg-type]
            locale="en-GB",
            timezone_id="Europe/London",
            permissions=["camera"],
            java_script_enabled=has_scripts,
        )
        visitor = cls(context, context.new_page(), name)
        visitor.listen(visitor.page)
        return visitor

    def listen(self, page: Page) -> None:
        """Keep what the console of a page complains of."""
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                self.complaints.append(f"{page.url}: {message.text}")
                if message.type == "error" and "Failed to load resource" not in message.text
                else None
            ),
        )

    def looks(self, what: str) -> None:
        """Take a screenshot, and let axe look at the page at phone and at desktop width."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        before = self.page.viewport_size
        for size, label in ((PHONE, "phone"), (DESKTOP, "desktop")):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.page.screenshot(
                path=SCREENSHOTS / f"{self.name}-{what}-{label}.png", full_page=True
            )
            found = Axe().run(self.page)
            assert found.violations_count == 0, (
                f"{what} ({label}, {self.page.url}):\n{found.generate_report()}"
            )
            wide = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, f"{what} scrolls sideways by {wide}px at {label} width"
        if before:
            self.page.set_viewport_size(before)

    def sign_in(self, user_name: str) -> None:
        """Sign in as one of the cast, by one press."""
        self.page.goto("/sign-in/")
        self.page.locator(f"form:has(input[name=cast][value={user_name}]) button").click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)

    def leave(self) -> None:
        """Close the browser; a complaint of its console fails here."""
        self.context.close()
        assert self.complaints == []
