"""The web server's one application: which address a request comes from, and where it goes."""

import pytest
from pytest_django import Settings

from bluelamp.foundation.kernel.asgi_types import Receive, Scope, Send
from bluelamp.web.serving import application as serving
from bluelamp.web.serving.application import Application
from tests.web.serving.asgi_client import Message, body_part, call, make_scope


class Recorder:
    """An application that keeps the scopes it is called with."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(serving, "PageHandler", lambda _threads: recorder)
    return recorder


@pytest.fixture
def uploads(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(serving, "uploads", recorder)
    return recorder


def post(path: str, **headers: str) -> list[Message]:
    return call(Application(), make_scope(path, **headers), body_part(b"", is_last=True))


def test_it_works(pages: Recorder, uploads: Recorder) -> None:
    post("/track/")
    post("/uploads/")
    assert [scope["path"] for scope in pages.scopes] == ["/track/"]
    assert [scope["path"] for scope in uploads.scopes] == ["/uploads/"]


@pytest.mark.parametrize(
    ("is_behind_proxy", "forwarded_for", "address"),
    [
        (True, "203.0.113.7", "203.0.113.7"),
        (True, "10.0.0.1, 203.0.113.7", "203.0.113.7"),
        (True, "203.0.113.7, lies", "127.0.0.1"),
        (False, "203.0.113.7", "127.0.0.1"),
    ],
)
def test_address_of_the_client(
    pages: Recorder, settings: Settings, is_behind_proxy: bool, forwarded_for: str, address: str
) -> None:
    settings.BLUELAMP_PROXY = is_behind_proxy
    post("/track/", x_forwarded_for=forwarded_for)
    assert [scope["client"][0] for scope in pages.scopes] == [address]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "get", "X"])
@pytest.mark.parametrize("path", ["/", "/uploads/", "/api/officer/v1/leases"])
def test_only_methods_that_an_address_answers(
    pages: Recorder, uploads: Recorder, method: str, path: str
) -> None:
    scope = make_scope(path) | {"method": method}
    response = call(Application(), scope, body_part(b"", is_last=True))
    assert response[0]["status"] == 405
    assert dict(response[0]["headers"])[b"allow"] == b"GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE"
    assert pages.scopes == uploads.scopes == []


def test_a_request_with_two_lengths_is_refused(pages: Recorder) -> None:
    response = post("/track/", content_length="4", transfer_encoding="chunked")
    assert response[0]["status"] == 400
    assert pages.scopes == []


@pytest.mark.parametrize(("is_https", "hsts"), [(True, "max-age=31536000"), (False, "")])
def test_every_response_has_the_security_headers(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, is_https: bool, hsts: str
) -> None:
    settings.SESSION_COOKIE_SECURE = is_https

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"Content-Security-Policy", b"sandbox")]
        await send({"type": "http.response.start", "status": 204, "headers": headers})

    monkeypatch.setattr(serving, "uploads", answer)
    upload, refusal = post("/uploads/")[0], post("/", content_length="9" * 12)[0]
    for response in (upload, refusal):
        headers = {name.decode().lower(): value.decode() for name, value in response["headers"]}
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers.get("strict-transport-security", "").startswith(hsts)
        assert len(response["headers"]) == len(headers), "none twice"
    assert dict(upload["headers"])[b"Content-Security-Policy"] == b"sandbox"


def test_start_and_end_of_a_process(pages: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    warm_ups: list[None] = []
    monkeypatch.setattr(serving, "_warm_up", lambda: warm_ups.append(None))
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    response = call(Application(), {"type": "lifespan"}, *messages)
    assert [message["type"] for message in response] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
    assert len(warm_ups) == 1
