"""The benchmarks measure every page that links lead to, and say so where one is not there."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from bench.client import Client
from bench.visitors import linked_pages

PAGES = {
    "/desk/": '<a href="/desk/crimes/01-CD-26-1/">1</a> <a href="/desk/crimes/01-CD-26-2/">2</a>'
    ' <a href="/desk/old/">old</a> <a href="/elsewhere/">elsewhere</a>',
    "/desk/crimes/01-CD-26-1/": '<a href="/desk/">back</a>',
    "/desk/old/": "",
    "/desk/broken/": '<a href="/desk/missing/">missing</a>',
}


class Pages(BaseHTTPRequestHandler):
    """Answers with the pages above; `/desk/old/` leads on."""

    def do_GET(self) -> None:
        page = PAGES.get(self.path)
        self.send_response(404 if page is None else 200 if page else 302)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Location", "/desk/")
        self.send_header("Content-Length", str(len(page or "")))
        self.end_headers()
        self.wfile.write((page or "").encode())

    def log_message(self, *_arguments: object) -> None:
        """Write nothing among the tests' lines."""


@pytest.fixture
def visitor() -> Iterator[Client]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    Thread(target=server.serve_forever, daemon=True).start()
    yield Client(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


def test_it_works(visitor: Client) -> None:
    paths = [path for _client, path in linked_pages(visitor, "/desk/")]
    assert paths == ["/desk/", "/desk/crimes/01-CD-26-1/"]


def test_a_page_that_is_not_there_ends_the_run(visitor: Client) -> None:
    with pytest.raises(RuntimeError, match="/desk/missing/ answered anybody 404"):
        list(linked_pages(visitor, "/desk/broken/"))
