"""Bodies of requests: read whole or not at all, within limits for each address."""

import pytest

from bluelamp.foundation.kernel.asgi_types import Receive, Scope, Send
from bluelamp.web.serving import request_bodies
from bluelamp.web.serving.request_bodies import BODY, SpooledBodies
from tests.web.serving.asgi_client import DISCONNECT, Message, body_part, call, make_scope

MEGABYTE = bytes(1024**2)


class Recorder:
    """An application that keeps the bodies it is called with."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.lengths: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.bodies.append(scope[BODY].read())
        self.lengths += [value for name, value in scope["headers"] if name == b"content-length"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})


@pytest.fixture
def pages() -> Recorder:
    return Recorder()


def post(pages: Recorder, path: str, *messages: Message, **headers: str) -> list[Message]:
    return call(SpooledBodies(pages), make_scope(path, **headers), *messages)


def test_it_works(pages: Recorder) -> None:
    response = post(
        pages, "/sign-in/", body_part(b"a=1&"), body_part(b"b=2", is_last=True), content_length="7"
    )
    assert pages.bodies == [b"a=1&b=2"]
    assert response[0]["status"] == 200


@pytest.mark.parametrize("headers", [{"content_length": "100"}, {"transfer_encoding": "chunked"}])
def test_request_that_was_cut_off_is_not_acted_on(pages: Recorder, headers: dict[str, str]) -> None:
    part = body_part(b"text=He said that he did")
    # The web server reports malformed chunks in the same way, and that sender is still there.
    assert post(pages, "/desk/crimes/note/", part, DISCONNECT, **headers)[0]["status"] == 400
    assert pages.bodies == []


def test_less_than_was_announced_is_not_acted_on(pages: Recorder) -> None:
    part = body_part(b"text=He", is_last=True)
    assert post(pages, "/desk/", part, content_length="100")[0]["status"] == 400
    assert pages.bodies == []


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/desk/", "/report/story/", "/api/officer/v1/leases"]
)
def test_only_addresses_for_files_take_large_bodies(pages: Recorder, path: str) -> None:
    refused = post(pages, path, content_length=str(100 * 1024**2))
    headers = dict(refused[0]["headers"])
    assert refused[0]["status"] == 413
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert b"default-src 'none'" in headers[b"content-security-policy"]
    parts = [body_part(MEGABYTE)] * 20
    assert post(pages, path, *parts, transfer_encoding="chunked")[0]["status"] == 413
    assert pages.bodies == []
    parts.append(body_part(b"", is_last=True))
    assert post(pages, "/report/files/", *parts)[0]["status"] == 200
    assert pages.bodies == [MEGABYTE * 20]
    assert pages.lengths == [str(20 * 1024**2).encode()]


@pytest.mark.parametrize(
    "headers", [{"content_length": str(20 * 1024**2)}, {"transfer_encoding": "chunked"}]
)
def test_bodies_leave_the_space_that_the_database_needs(
    pages: Recorder, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    monkeypatch.setattr("bluelamp.foundation.kernel.transient.RESERVED_BYTES", 2**62)
    parts = [body_part(MEGABYTE)] * 19 + [body_part(MEGABYTE, is_last=True)]
    assert post(pages, "/report/files/", *parts, **headers)[0]["status"] == 503
    assert pages.bodies == []
    small = body_part(b"a=1", is_last=True)
    assert post(pages, "/report/files/", small)[0]["status"] == 200


def test_sender_who_falls_silent_is_told(pages: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_bodies, "_IDLE_SECONDS", 0.01)
    assert post(pages, "/sign-in/", body_part(b"a=1"))[0]["status"] == 408
    assert pages.bodies == []


@pytest.mark.parametrize(
    "path",
    [
        "/desk/firearms/paper/",
        "/desk/firearms/paper/5b2c6c0e-0000-4000-8000-000000000001/scans/",
        "/desk/firearms/applications/FL-01-0000123-26/files/",
        "/desk/requests/IR-1/file",
        "/firearms/form/pages/photo/",
        "/cy/firearms/form/pages/photo/",
    ],
)
def test_every_page_that_takes_files_takes_large_ones(pages: Recorder, path: str) -> None:
    """Ten sheets in colour, or the photos of one visit, are more than any form."""
    parts = [body_part(MEGABYTE)] * 20
    assert post(pages, path, *parts, body_part(b"", is_last=True))[0]["status"] == 200
