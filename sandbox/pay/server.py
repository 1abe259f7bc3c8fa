"""Serves the stand-in over HTTP, on this machine only: the API, and the payment pages."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.pay import pages
from sandbox.pay.api import NoAnswer, handle_request
from sandbox.pay.cards import find_result
from sandbox.pay.records import PaymentRecord
from sandbox.pay.service import Pay

MAX_BODY_BYTES = 200_000
_COOKIE = "pay_stand_in"
_DECLINED = "Your payment has been declined"


def make_server(pay: Pay, *, port: int = 0, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Return a server for `pay`; it serves once `serve_forever` is called.

    Args:
        pay: The stand-in.
        port: The port; 0 for any that is free.
        host: The address to listen on.
    """

    class Handler(_Handler):
        service = pay

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    pay.address = f"http://{host}:{server.server_address[1]}"
    return server


class _Handler(BaseHTTPRequestHandler):
    service: Pay
    protocol_version = "HTTP/1.1"
    server_version = "bluelamp-sandbox"
    wbufsize = -1

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the payments are in the folder."""

    def _answer(self, method: str) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            return
        # Read before anything is refused: what is unread would be taken for the next request.
        body = self.rfile.read(int(length))
        path = urlsplit(self.path).path
        if path.startswith("/v1/"):
            self._answer_api(method, body)
        else:
            fields = {name: values[0] for name, values in parse_qs(body.decode("utf-8")).items()}
            with self.service.lock:
                self._answer_page(method, path.strip("/").split("/"), fields)

    def _answer_api(self, method: str, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        time.sleep(self.service.faults.slow_seconds)
        try:
            status, answer = handle_request(self.service, method, self.path, headers, body)
        except NoAnswer:
            self.close_connection = True
            return
        content = b"" if answer is None else json.dumps(answer).encode()
        self._send(status, content, {"Content-Type": "application/json"})

    def _answer_page(self, method: str, parts: list[str], fields: dict[str, str]) -> None:
        match method, parts:
            case "GET", ["secure", token]:
                payment = self.service.open_page(token)
                if payment is None:
                    self._send_page(404, pages.used_link_page())
                else:
                    cookie = f"{_COOKIE}={payment.payment_id}; HttpOnly; SameSite=Lax; Path=/"
                    self._redirect(f"/card_details/{payment.payment_id}", {"Set-Cookie": cookie})
            case "GET", ["card_details", payment_id]:
                self._show(self._own_payment(payment_id))
            case "POST", ["card_details", payment_id]:
                self._take_card(self._own_payment(payment_id), fields)
            case "POST", ["card_details", payment_id, "confirm"]:
                payment = self._own_payment(payment_id)
                if payment and (self.service.confirm(payment) or payment.status == "success"):
                    self._redirect(payment.request["return_url"])
                else:
                    self._show(payment)
            case "POST", ["card_details", payment_id, "cancel"]:
                payment = self._own_payment(payment_id)
                if payment:
                    message = "Payment was cancelled by the user"
                    self.service.end(payment, "failed", "P0030", message)
                self._show(payment)
            case _:
                self._send_page(404, pages.used_link_page())

    def _own_payment(self, payment_id: str) -> PaymentRecord | None:
        """Return a payment that this browser opened by its one-time link; None for another."""
        if f"{_COOKIE}={payment_id}" not in self.headers.get("Cookie", ""):
            return None
        return self.service.payments.get(payment_id)

    def _take_card(self, payment: PaymentRecord | None, fields: dict[str, str]) -> None:
        number = fields.get("cardNo", "")
        if payment and payment.status in {"created", "started"} and find_result(number) is None:
            self._send_page(422, pages.card_page(payment, error="Enter one of the mock cards"))
            return
        if payment:
            payment.email = fields.get("email", "")
            self.service.pay(payment, number, name=fields.get("cardholderName", ""))
        self._show(payment)

    def _show(self, payment: PaymentRecord | None) -> None:
        """Show the page for what has become of a payment."""
        if payment is None:
            self._send_page(404, pages.used_link_page())
        elif payment.status in {"created", "started"}:
            self._send_page(200, pages.card_page(payment))
        elif payment.status == "submitted":
            self._send_page(200, pages.confirm_page(payment))
        elif payment.status == "success":
            self._redirect(payment.request["return_url"])
        else:
            title = _DECLINED if payment.code == "P0010" else "Your payment was not made"
            text = f"{payment.message}. No money has been taken from your account."
            self._send_page(200, pages.end_page(payment, title, text))

    def _send_page(self, status: int, page: str) -> None:
        self._send(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def _redirect(self, url: str, headers: dict[str, str] | None = None) -> None:
        self._send(303, b"", {"Location": url, **(headers or {})})

    def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        # A 204 has no body, and no length either (RFC 9110, section 8.6).
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
