"""Somebody whose browser runs no JavaScript. axe is a script: a second browser runs it for them."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.journeys.browser import PHONE, Visitor


@dataclass
class PlainVisitor:
    """A browser without scripts, and the one that checks the pages that its owner sees."""

    plain: Visitor
    checker: Visitor

    @classmethod
    def open(cls, browser: Browser, origin: str, name: str) -> "PlainVisitor":
        """Open both browsers, at the size of a phone."""
        plain = Visitor.open(browser, origin, f"{name}-plain", PHONE, has_scripts=False)
        return cls(plain, Visitor.open(browser, origin, name, PHONE))

    @property
    def page(self) -> Page:
        """Return the page without scripts."""
        return self.plain.page

    def press(self, name: str) -> None:
        """Press a button, whose hidden text for screen readers may follow."""
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first.click()

    def check(self, name: str) -> None:
        """Run axe on the page where they are, in both sizes."""
        self._follow(self._address())
        self.checker.check_page(name)

    def check_both_languages(self, name: str) -> None:
        """Run axe on the page where they are: in English, and on a phone in Welsh."""
        self.check(name)
        self._follow("/cy" + self._address())
        assert self.checker.page.locator("html").get_attribute("lang") == "cy"
        self.checker.check_page(f"{name}-cy", sizes={"phone": PHONE})

    def close(self) -> None:
        """Close both browsers. Fails if a console had errors."""
        self.plain.close()
        self.checker.close()

    def _address(self) -> str:
        parts = urlsplit(self.page.url)
        return f"{parts.path}?{parts.query}"

    def _follow(self, path: str) -> None:
        """Open a page in the second browser, with the cookies of the first."""
        self.checker.context.add_cookies(self.plain.context.cookies())  # type: ignore[arg-type]
        self.checker.page.goto(path)
