"""The authority over HTTP (RFC 3161, 3.4)."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sandbox.tsa.authority import Authority

_LARGEST_REQUEST = 10_000


def serve(*, folder: Path, port: int = 0, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Return a server bound to `port` (0: any), its authority kept in `folder`; call
    `serve_forever`.
    """
    authority = Authority.in_folder(folder)

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/chain.pem":
                self._answer(200, "application/pem-certificate-chain", authority.chain)
            else:
                self._answer(
                    404, "text/plain", b"POST a time-stamp query here, or GET /chain.pem.\n"
                )

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > _LARGEST_REQUEST:
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
            """Say nothing: the sandbox shares its terminal with the server."""

    return ThreadingHTTPServer((host, port), Door)
