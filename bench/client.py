"""A small HTTP client that keeps its connection and its cookies, as a browser does."""

import http.client
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit


@dataclass
class Client:
    """One visitor of an instance."""

    origin: str
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None
    name: str = "anybody"

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Send one request and return its status, body and headers.

        A GET whose connection was dropped is sent again, once.
        """
        parts = urlsplit(self.origin)
        all_headers = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            **(headers or {}),
        }
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    parts.hostname or "", parts.port, timeout=60
                )
            try:
                self.connection.request(method, path, body, all_headers)
                answer = self.connection.getresponse()
                content = answer.read()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.connection.close()
                self.connection = None
                if attempt == 2 or method != "GET":
                    raise
        for value in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(value).items():
                self.cookies[name] = morsel.value
        return answer.status, content, answer.headers

    def get(self, path: str) -> tuple[int, bytes]:
        """Fetch a page."""
        status, body, _ = self.request("GET", path)
        return status, body

    def post_form(self, path: str, fields: dict[str, str]) -> tuple[int, bytes, str]:
        """Submit a form with its page's CSRF token; return status, body and redirect address."""
        _, page = self.get(path)
        match = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        token = match[1].decode() if match else ""
        body = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        status, content, headers = self.request(
            "POST",
            path,
            body,
            {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin},
        )
        return status, content, headers.get("Location", "")

    def sign_in(self, user_name: str) -> None:
        """Sign in as one of the demonstration's cast."""
        status, _, location = self.post_form("/sign-in/", {"cast": user_name})
        if status != 302:
            raise RuntimeError(f"could not sign in as {user_name}: {status} {location}")
        self.name = user_name
