"""The headers that tell browsers what a response may do: the same on every kind of response."""

import os
import re
import subprocess
import sys

import pytest
from django.test import Client

from bluelamp.demo import cast
from tests.cast import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

# Pages, refusals, JSON of both APIs, plain text, a file of the officer app.
PATHS = [
    "/",
    "/report/",
    "/track/",
    "/sign-in/",
    "/desk/",
    "/desk/crimes/",
    "/nowhere/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/v1/openapi.json",
    "/api/officer/v1/openapi.json",
    "/api/officer/v1/me",
    "/api/officer/v1/nowhere",
    "/officer/",
]


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_it_works(path: str) -> None:
    headers = browser(cast.ADA).get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Server" not in headers
    assert "X-Powered-By" not in headers


def test_the_policy_names_what_may_be_loaded(path: str) -> None:
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in browser(cast.ADA).get(path).headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    # No other site's files, and nothing that is written inside a page.
    assert not re.search(r"https?:|\*|unsafe|nonce", " ".join(policy.values()))


def test_text_says_its_encoding(path: str) -> None:
    content_type = browser(cast.ADA).get(path).headers["Content-Type"]
    media_type, _, parameters = content_type.partition(";")
    # JSON is always UTF-8 (RFC 8259), and has no such parameter.
    assert media_type.endswith("json") or "charset=utf-8" in parameters


def test_no_other_site_may_read_a_response(path: str) -> None:
    answer = browser(cast.ADA).get(path, headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("Access-Control-")]


def test_nothing_but_our_own_files_is_cached(path: str) -> None:
    answer = browser(cast.ADA).get(path)
    assert answer.headers["Cache-Control"] == ("no-cache" if path == "/officer/" else "no-store")


@pytest.mark.parametrize("path", ["/static/", "/static/js/", "/officer/assets/", "/static/../"])
def test_folders_are_not_listed(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/officer/../manage.py",
        "/var/keys/secret-key",
        "/static/js/page.js.map",
        "/pyproject.toml",
    ],
)
def test_nothing_else_of_the_installation_is_served(path: str) -> None:
    assert Client().get(path).status_code == 404


def test_a_fault_says_nothing_of_what_is_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "SELECT secret FROM accounts_user"

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr("bluelamp.web.desk.home.get_actor", fail)
    client = browser(cast.ADA, raise_request_exception=False)
    answer = client.get("/desk/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert not re.search(r"secret|Traceback|RuntimeError|\.py|django", page, re.IGNORECASE)
    assert answer.headers["Content-Security-Policy"]


def test_debug_is_off_whatever_the_environment_says() -> None:
    code = "from bluelamp import settings; print(settings.DEBUG)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"DEBUG": "1", "BLUELAMP_DEBUG": "1", "BLUELAMP_DEMO": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "False\n"
