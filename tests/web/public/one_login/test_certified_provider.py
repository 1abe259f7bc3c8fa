"""Applicants sign in, add an application with a code, and sign out, at a certified provider.

It is npm's `oidc-provider`, set up to behave as the documentation of GOV.UK One Login says.
"""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client
from joserfc.jwk import RSAKey

from bench.instance import free_port
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.notifications import code_rows
from bluelamp.services.firearms.commands.sessions import send_code_job
from bluelamp.services.firearms.models import OneLoginLink, OneLoginSession
from tests.cast import INSTALLER, START
from tests.confirmed_addresses import confirm_everybody
from tests.openid_provider import CLIENT_ID, openid_provider
from tests.services.firearms.licensing import receive

pytestmark = pytest.mark.django_db
ORIGIN = "http://testserver"
CALLBACK = f"{ORIGIN}/firearms/one-login/callback/"
GRACE = "urn:fdc:gov.uk:2022:VtcZjnU4Sif2oyJZola3OkN0e3Jeku1cIMN38rFlhU4"


@pytest.fixture
def notices() -> Iterator[tuple[str, "Queue[str]"]]:
    """Where the provider tells us that somebody signed out: the address, and what came."""
    posted: Queue[str] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            posted.put(parse_qs(body)["logout_token"][0])
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Print nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", posted
    server.shutdown()
    server.server_close()


def test_it_works(
    client: Client,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    notices: tuple[str, "Queue[str]"],
    reference: None,
) -> None:
    monkeypatch.setattr(code_rows, "make_digits", lambda: "000000")
    sync_built_in_sets(actor=INSTALLER, at=START)
    number = receive(at=now())
    key, port = RSAKey.generate_key(2048, {"kid": "ours", "use": "sig"}), free_port()
    settings.BLUELAMP_ORIGIN = ORIGIN
    settings.BLUELAMP_ONE_LOGIN_ISSUER = f"http://127.0.0.1:{port}"
    settings.BLUELAMP_ONE_LOGIN_CLIENT_ID = CLIENT_ID
    settings.BLUELAMP_ONE_LOGIN_KEY = key.as_pem(private=True).decode()
    one_login = {"signedOut": f"{ORIGIN}/firearms/", "notices": notices[0]}
    with openid_provider(
        tmp_path,
        port=port,
        callback=CALLBACK,
        public_key=key.as_dict(private=False),
        one_login=one_login,
    ) as provider:
        provider.set_account("grace", sub=GRACE, vot="Cl.Cm", vtm="http://127.0.0.1/trustmark")
        start = client.get("/firearms/my/")
        assert "Continue with GOV.UK One Login" in start.content.decode()
        assert f"127.0.0.1:{port}" in start["Content-Security-Policy"]
        with httpx.Client(follow_redirects=True) as browser:
            assert sign_in(client, browser) == "/firearms/account/"
            assert "no applications here yet" in client.get("/firearms/account/").content.decode()
            add_application(client, number)
            page = client.get("/firearms/account/").content.decode()
            assert number in page
            [choose] = re.findall(r'action="(/firearms/account/[0-9a-f-]{36}/)"', page)
            assert client.post(choose)["location"] == "/firearms/my/application/"
            page = client.get("/firearms/my/application/").content.decode()
            assert number in page
            assert "All my applications" in page

            # Another day: no code.
            again = Client()
            assert sign_in(again, browser, login=False) == "/firearms/account/"
            assert number in again.get("/firearms/account/").content.decode()

            # Signing out here signs out there, which tells us to end the other session too.
            address = client.post("/firearms/my/finish/")["location"]
            assert len(address) <= 2048, "One Login's firewall refuses more"
            end = browser.get(address)
            [form] = re.findall(r'action="([^"]+)"', end.text)
            [xsrf] = re.findall(r'name="xsrf" value="([^"]+)"', end.text)
            browser.follow_redirects = False
            out = browser.post(form, data={"xsrf": xsrf, "logout": "yes"})
            assert out.headers["location"].startswith(f"{ORIGIN}/firearms/")
        assert client.get("/firearms/account/")["location"].endswith("?over=1")
        assert again.get("/firearms/account/").status_code == 200
        notice = {"logout_token": notices[1].get(timeout=10)}
        strict = Client(enforce_csrf_checks=True)
        assert strict.post("/firearms/one-login/signed-out/", notice).status_code == 200
        assert again.get("/firearms/account/")["location"].endswith("?over=1")
    assert OneLoginLink.objects.get().subject == GRACE
    assert not OneLoginSession.objects.filter(ended_at=None).exists()
    acts = AuditEntry.objects.filter(act__startswith="firearms.one_login").order_by("id")
    assert {entry.act for entry in acts} == {
        f"firearms.one_login_{verb}"
        for verb in ("opened", "code_checked", "chosen", "ended", "listed")
    }
    assert not [entry for entry in acts if GRACE in f"{entry.ref} {entry.detail}"]


def sign_in(client: Client, browser: httpx.Client, *, login: bool = True) -> str:
    """Follow the way to the provider and back; return where it leads."""
    browser.follow_redirects = login
    answer = browser.get(client.post("/firearms/one-login/")["Location"])
    if login:
        [form] = re.findall(r'action="([^"]+)"', answer.text)
        browser.follow_redirects = False
        answer = browser.post(answer.url.join(form), data={"login": "grace"})
    while not answer.headers["location"].startswith(CALLBACK):
        answer = browser.get(answer.url.join(answer.headers["location"]))
        assert answer.headers.get("location"), answer.text
    browser.follow_redirects = True
    parts = urlsplit(answer.headers["location"])
    return str(client.get(f"{parts.path}?{parts.query}")["location"])


def add_application(client: Client, reference: str) -> None:
    """Add an application with the code 000000."""
    confirm_everybody()
    answer = client.post("/firearms/account/add/", {"reference": reference})
    assert answer["location"] == "/firearms/account/add/code/"
    send_code_job(reference=reference, force="01")
    answer = client.post("/firearms/account/add/code/", {"code": "000000"})
    assert answer["location"] == "/firearms/account/?added=1"
