"""The home page, the error pages and the outbox: headers, landmarks, nothing inline."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from bluelamp.foundation.notifications import gateway
from bluelamp.web.demo.views import PAGE_SIZE
from bluelamp.web.middleware import POLICY
from sandbox.__main__ import TEMPLATES
from sandbox.notify import Notify, make_server

pytestmark = pytest.mark.django_db
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE
)


@pytest.fixture
def notify(tmp_path: Path, settings: Settings) -> Iterator[Notify]:
    service = Notify(tmp_path, templates=TEMPLATES)
    server = make_server(service)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    settings.BLUELAMP_NOTIFY_URL, settings.BLUELAMP_NOTIFY_KEY, settings.BLUELAMP_DEMO = (
        service.address,
        "",
        True,
    )
    yield service
    server.shutdown()
    server.server_close()


def test_it_works(client: Client) -> None:
    answer = client.get("/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<h1" in page
    assert "Report a crime" in page
    assert 'href="tel:999"' in page
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in POLICY


@pytest.mark.parametrize(
    "path", ["/", "/accessibility/", "/privacy/", "/sign-in/", "/no-such-page/"]
)
def test_nothing_inline(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert not INLINE.search(page)
    assert page.count("<h1") == 1
    assert 'id="main-content"' in page


def test_the_banner_is_there_in_demo_mode_only(client: Client, settings: Settings) -> None:
    settings.BLUELAMP_DEMO = True
    assert "The people and crimes here are not real." in client.get("/").content.decode()
    settings.BLUELAMP_DEMO = False
    assert "not real" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("notify", "tsa", "banner"),
    [
        (
            "http://127.0.0.1:9001",
            "http://127.0.0.1:9002/",
            "Stand-ins replace GOV.UK Notify and the time-stamping authority.",
        ),
        ("http://localhost:9001", "https://tsa.example.com", "Stand-ins replace GOV.UK Notify."),
        ("https://notify.uk", "http://[::1]/", "Stand-ins replace the time-stamping authority."),
        ("https://notify.uk", "https://tsa.example.com", ""),
    ],
)
def test_the_banner_names_the_stand_ins(
    client: Client, settings: Settings, notify: str, tsa: str, banner: str
) -> None:
    settings.BLUELAMP_DEMO = True
    settings.BLUELAMP_NOTIFY_URL, settings.BLUELAMP_TSA_URL = notify, tsa
    page = " ".join(client.get("/").content.decode().split())
    assert banner in page
    assert ("Stand-ins replace" in page) is bool(banner)
    assert ("/demo/outbox/" in page) is ("Notify" in banner)


def test_not_found(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


def test_staff_are_sent_back_to_their_own_front_end(client: Client) -> None:
    page = client.get("/desk/no-such-page/").content.decode()
    assert 'href="/desk/search/"' in page
    assert 'href="/desk/"' in page
    assert "tel:999" not in page
    assert 'href="/track/"' in client.get("/no-such-page/").content.decode()


def test_a_form_without_its_token() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"user_name": "ada"})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()


def test_the_outbox_shows_what_was_sent(client: Client, notify: Notify) -> None:
    personalisation = {"code": "<b>1</b>", "minutes": "15", "force": "See http://example.com/track"}
    gateway.send(
        kind="email",
        to="esi@example.com",
        template="one-time-code",
        personalisation=personalisation,
        reference="1",
    )
    gateway.send(
        kind="sms",
        to="07700900123",
        template="one-time-code",
        personalisation=personalisation,
        reference="2",
    )
    page = client.get("/demo/outbox/").content.decode()
    assert "2 messages, newest first" in page
    assert "esi@example.com" in page
    assert "07700900123" in page
    assert "&lt;b&gt;1&lt;/b&gt; is your code" in page
    assert "<b>1</b>" not in page
    assert 'href="http://example.com/track"' in page
    assert not INLINE.search(page)


def test_the_outbox_pages(client: Client, notify: Notify) -> None:
    for place in range(PAGE_SIZE + 1):
        personalisation = {"code": f"{place:06}", "minutes": "15", "force": "x"}
        gateway.send(
            kind="email",
            to="a@example.com",
            template="one-time-code",
            personalisation=personalisation,
            reference=f"{place}",
        )
    first, second = (client.get(f"/demo/outbox/?page={page}").content.decode() for page in (1, 2))
    assert f"{PAGE_SIZE + 1} messages, newest first" in first
    assert ("000050" in first, "000000" in first, "000000" in second) == (True, False, True)
    assert client.get("/demo/outbox/?page=nonsense").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BLUELAMP_DEMO", False),
        ("BLUELAMP_NOTIFY_URL", "https://api.notifications.service.gov.uk"),
        ("BLUELAMP_NOTIFY_URL", ""),
        ("BLUELAMP_NOTIFY_KEY", "live-" + gateway.DEMO_KEY[-73:-1] + "1"),
    ],
)
def test_no_outbox_before_a_real_service(
    client: Client, notify: Notify, settings: Settings, name: str, value: object
) -> None:
    setattr(settings, name, value)
    assert client.get("/demo/outbox/").status_code == 404
