"""What is sent to the message service goes to the address in the settings and to no other."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from pytest_django import Settings

from bluelamp.foundation.notifications import gateway

PATHS: list[str] = []


class Redirecting(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        PATHS.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_it_works(service: str, settings: Settings) -> None:
    settings.BLUELAMP_NOTIFY_URL = service
    settings.BLUELAMP_NOTIFY_KEY = gateway.DEMO_KEY
    PATHS.clear()
    with pytest.raises(gateway.NotSent):
        gateway.list_newest_messages()
    assert len(PATHS) == 1, "the redirect was not followed"
