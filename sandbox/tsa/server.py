"""Serves the authority over HTTP (RFC 3161, section 3.4)."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sandbox.tsa.authority import Authority

MAX_REQUEST_BYTES = 10_000


def serve(*, folder: Path, port: int = 0, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Return a server of the authority in a folder; it serves once `serve_forever` is called.

    Args:
        folder: Where the authority's keys and certificates are.
        port: The port; 0 for any that is free.
        host: The address to listen on.
    """
    authority = Authority.in_folder(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/chain.pem":
                self._answer(200, "application/pem-certificate-chain", authority.chain)
            else:
                self._answer(
                    404, "text/plain", b"POST a time-stamp query here, or GET /chain.pem.\n"
                )

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > MAX_REQUEST_BYTES:
                self.close_connection = True
                self._answer(413, "text/plain", b"A time-stamp query is a few hundred bytes.\n")
            elif self.headers.get("Content-Type") != "application/timestamp-query":
                self.rfile.read(int(length))
                self._answer(415, "text/plain", b"Send application/timestamp-query.\n")
            else:
                reply = authority.respond(self.rfile.read(int(length)))
                self._answer(200, "application/timestamp-reply", reply)

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing: the stand-ins share their terminal with the server."""

    return ThreadingHTTPServer((host, port), Handler)
