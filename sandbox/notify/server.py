"""Serves the stand-in over HTTP, on this machine only."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.notify.checking import Problem
from sandbox.notify.service import Notify

# A letter of 2 MB is longer in base64.
MAX_BODY_BYTES = 4_000_000


def make_server(notify: Notify, *, port: int = 0, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Return a server for `notify`; it serves once `serve_forever` is called.

    Args:
        notify: The stand-in.
        port: The port; 0 for any that is free.
        host: The address to listen on.
    """

    class Handler(_Handler):
        service = notify

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    notify.address = f"http://{host}:{server.server_address[1]}"
    return server


class _Handler(BaseHTTPRequestHandler):
    service: Notify
    protocol_version = "HTTP/1.1"
    server_version = "bluelamp-sandbox"
    wbufsize = -1

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the messages are in the folder."""

    def _answer(self, method: str) -> None:
        # Read the body before refusing anything: an unread body would be taken for the start of the
        # next request on this connection.
        sent = self._read_body() if method == "POST" else None
        try:
            if isinstance(sent, Problem):
                raise sent
            self.service.check_token(self.headers.get("Authorization"))
            self.service.check_rate()
            status, body = self._route(method, sent)
        except Problem as problem:
            status, body = problem.status, problem.body
        is_pdf = isinstance(body, bytes)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/pdf" if is_pdf else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _route(self, method: str, sent: Any) -> tuple[int, dict[str, Any] | bytes]:
        address = urlsplit(self.path)
        query = parse_qs(address.query)
        match method, address.path.strip("/").split("/"):
            case "POST", ["v2", "notifications", "email" | "sms" as kind]:
                return 201, self.service.send(kind, sent)
            case "POST", ["v2", "notifications", "letter"]:
                return 201, self.service.send_letter(sent)
            case "GET", ["v2", "notifications"]:
                return 200, self.service.messages(query)
            case "GET", ["v2", "notifications", message_id]:
                return 200, self.service.message(message_id)
            case "GET", ["v2", "notifications", message_id, "pdf"]:
                return 200, self.service.pdf(message_id)
            case "GET", ["v2", "templates"]:
                return 200, self.service.all_templates(query)
            case "GET", ["v2", "template", template_id]:
                return 200, self.service.template(template_id)
            case "POST", ["v2", "template", template_id, "preview"]:
                return 200, self.service.preview(template_id, sent)
        raise Problem(404, "NotFound", "The requested URL was not found on the server.")

    def _read_body(self) -> Any:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            return Problem(413, "BadRequestError", "Emails cannot be longer than 2000000 bytes.")
        try:
            return json.loads(self.rfile.read(int(length)) or b"null")
        except (json.JSONDecodeError, UnicodeDecodeError):
            return Problem(400, "BadRequestError", "Invalid JSON supplied in POST data")
