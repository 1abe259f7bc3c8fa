"""Every public page of licensing, requests and payments, without scripts, in a real browser.

The pages are made first and looked at afterwards, by one browser and without a running instance: a
browser and the database do not go together in one thread. None scrolls sideways at 320 pixels,
which is 400% zoom (WCAG 2.2, 1.4.10), and axe looks at a page of each make.
"""

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.kernel.clock import now
from bluelamp.services.requests.commands import refuse_request
from sandbox.pay.pages import card_page, confirm_page, used_link_page
from tests.cast import INSTALLER, START, signed_in
from tests.foundation.payments.paying import (
    PayService,
    ask,
    confirm_fee,
    connect_pay_service,
    pay,
    start,
)
from tests.journeys.browser import DESKTOP, chromium, run_axe
from tests.services.requests.making import COLLISION, SUBJECT_ACCESS, make, payment_of
from tests.services.requests.test_answer_request import answer
from tests.web.public.translated_pages import collect_pages

pytestmark = pytest.mark.django_db
NARROW = {"width": 320, "height": 640}
STATIC = Path(settings.BASE_DIR) / "bluelamp" / "web" / "static"
CLASSES = re.compile(r'class="([^"]*)"')
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@pytest.fixture(autouse=True)
def question_sets() -> None:
    sync_built_in_sets(actor=INSTALLER, at=START)


@pytest.fixture
def pay_service(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> PayService:
    service = connect_pay_service(settings, monkeypatch)
    service.at = now()
    return service


def collect_payment_pages(service: PayService) -> dict[str, str]:
    """Return the pages of a payment from beginning to end, with those of the stand-in."""
    client = Client()
    due, under_way, paid = ask(at=now()), ask(at=now()), ask(at=now())
    start(under_way, service)
    pay(paid, service)
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    refused = make(now(), "COLLISION_REPORT", COLLISION)
    refuse_request(
        actor=signed_in(cast.DEV), at=now(), reference=refused.reference, reason="Not our road"
    )
    tokens = {
        "pay": due.token,
        "pay again": under_way.token,
        "paid": paid.token,
        "pay for what is refused": payment_of(refused).token,
    }
    pages = {
        name: client.get(reverse("pay", kwargs={"token": token})).text
        for name, token in tokens.items()
    }
    checking = reverse("pay-back", kwargs={"token": under_way.token})
    pages["checking the payment"] = client.get(checking).text
    record = next(row for row in service.pay.payments.values() if row.status != "success")
    pages["card page"] = card_page(record)
    pages["card page with an error"] = card_page(record, error="Enter a valid card number")
    pages["confirm page"] = confirm_page(record)
    pages["used link"] = used_link_page()
    return pages


def collect_request_pages() -> dict[str, str]:
    """Return the pages of a request after it was answered."""
    own = make(now(), "SUBJECT_ACCESS", SUBJECT_ACCESS)
    secret = answer(signed_in(cast.DEV), now(), own.reference)
    path = reverse("requests-download", kwargs={"secret": secret})
    return {"download": Client().get(path).text}


def choose_for_axe(pages: dict[str, str]) -> list[str]:
    """Return the pages that have a component which none before them has, or an error.

    The engine makes a hundred pages out of the same dozen components.
    """
    chosen, seen = [], set[str]()
    for name, html in pages.items():
        classes = {word for words in CLASSES.findall(html) for word in words.split()}
        if not classes <= seen:
            chosen.append(name)
        seen |= classes
    return chosen


class PageServer(ThreadingHTTPServer):
    """Serves a browser what was collected, and the folder of static files."""

    daemon_threads = True

    def __init__(self) -> None:
        self.html = ""
        super().__init__(("127.0.0.1", 0), PageHandler)

    @property
    def address(self) -> str:
        """Return the address of the page that is to be looked at."""
        return f"http://127.0.0.1:{self.server_address[1]}/page/"


class PageHandler(BaseHTTPRequestHandler):
    """Answers one request. The browser keeps the static files: they are the same for each page."""

    server: PageServer

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        file = STATIC / path.removeprefix("/static/")
        if path == "/page/":
            self._send(200, self.server.html.encode(), "text/html; charset=utf-8", "no-store")
        # Without scripts: what they add must not be needed.
        elif path.startswith("/static/") and file.is_file() and file.suffix != ".js":
            kind = TYPES.get(file.suffix, "application/octet-stream")
            self._send(200, file.read_bytes(), kind, "max-age=600")
        else:
            self._send(404, b"", "text/plain", "max-age=600")

    def _send(self, status: int, body: bytes, kind: str, cache: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", cache)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Write nothing to the tests' output."""


@pytest.fixture
def server() -> Iterator[PageServer]:
    with PageServer() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def pages(pay_service: PayService, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    # Another test's browser may run in this thread, which Django takes for an event loop.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    # Last: it makes every code and every id the same.
    return {
        **collect_payment_pages(pay_service),
        **collect_request_pages(),
        **collect_pages("", monkeypatch),
    }


def test_it_works(pages: dict[str, str], server: PageServer) -> None:
    assert len(pages) > 150
    wide: list[str] = []
    faults: list[str] = []
    with chromium() as browser:
        page = browser.new_context(viewport=NARROW).new_page()  # type: ignore[arg-type]
        for_axe = set(choose_for_axe(pages))
        assert len(for_axe) > 15
        for name, server.html in pages.items():
            page.goto(server.address)
            if overflow := _overflow(page):
                wide.append(f"{name}: {overflow} pixels, {_widest(page)}")
            if name in for_axe:
                faults += _look(page, name, "narrow")
                page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
                faults += _look(page, name, "wide")
                page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        page.context.close()
    assert [*wide, *faults] == []


def _look(page: Page, name: str, label: str) -> list[str]:
    results = run_axe(page)
    if not results.violations_count:
        return []
    return [f"{name} ({label}): {results.generate_report()}"]


def _overflow(page: Page) -> int:
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def _widest(page: Page) -> Any:
    """Return the innermost element that is wider than the window."""
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5)
            .map(e => e.tagName + '.' + e.className).slice(-1)[0]"""
    )
