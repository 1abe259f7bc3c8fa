"""An OpenID Connect provider that can lie, to see that its lies are not believed.

The honest one of the tests is `tests/openid_provider`, which is certified and cannot lie.
"""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID = "bluelamp"
Change = Callable[[dict[str, Any]], dict[str, Any]]


@cache
def shared_key(kid: str) -> RSAKey:
    """Return the key of this id, the same for all tests: one takes 50 ms of a processor to make."""
    return RSAKey.generate_key(2048, {"kid": kid})


class LyingProvider:
    """A provider whose metadata and ID tokens a test can change.

    Attributes:
        origin: Its address.
        metadata: What it says of itself.
        claims: What the next ID token says; `nonce` is added unless it is there.
        algorithm: How the next ID token is signed: HS256 with the text of the public key.
        signing_key: With what, if not with the published key.
        kid: Which key the next ID token says it is signed with.
        nonce: The nonce of the last authorization request, which a test reads from the redirect.
        challenge: The PKCE challenge of that request.
        token_requests: The bodies that the token endpoint got.
        redirects_to: Where it sends every other request on to, once this is set.
        paths: What was asked for.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.key = shared_key("first")
        self.metadata: dict[str, Any] = {
            "issuer": origin,
            "authorization_endpoint": f"{origin}/auth",
            "token_endpoint": f"{origin}/token",
            "jwks_uri": f"{origin}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        self.claims: dict[str, Any] = {}
        self.redirects_to = ""
        self.paths: list[str] = []
        self.algorithm = "RS256"
        self.signing_key: RSAKey | None = None
        self.kid = "first"
        self.nonce = ""
        self.token_requests: list[dict[str, str]] = []

    def id_token(self) -> str:
        """Return the next ID token."""
        at = int(time.time())
        claims = {
            "iss": self.origin,
            "sub": "ivy",
            "aud": CLIENT_ID,
            "iat": at,
            "exp": at + 300,
            "auth_time": at,
            "nonce": self.nonce,
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm in {"none", "HS256"}:
            return _sign_by_hand(self.algorithm, claims, self.key.as_pem(private=False))
        key = self.signing_key or self.key
        header = {"alg": self.algorithm, "kid": self.kid}
        return jwt.encode(header, claims, key, algorithms=[self.algorithm])

    def answer(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        """Return what an address of the provider answers."""
        if path == "/.well-known/openid-configuration":
            return self.metadata
        if path == "/jwks":
            return {"keys": [self.key.as_dict(private=False)]}
        self.token_requests.append(body)
        return {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token()}


def _encode(part: object) -> str:
    content = part if isinstance(part, bytes) else json.dumps(part).encode()
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _sign_by_hand(algorithm: str, claims: dict[str, Any], secret: bytes) -> str:
    """Return a token that no library would make: unsigned, or signed with a public key's text."""
    text = f"{_encode({'alg': algorithm, 'kid': 'first'})}.{_encode(claims)}"
    signature = hmac.digest(secret, text.encode(), "sha256") if algorithm == "HS256" else b""
    return f"{text}.{_encode(signature)}"


@contextmanager
def running_provider() -> Iterator[LyingProvider]:
    """Serve a provider on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            fields = parse_qs(self.rfile.read(length).decode())
            self._send({name: values[0] for name, values in fields.items()})

        def _send(self, body: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            provider.paths.append(path)
            if provider.redirects_to and path != provider.redirects_to:
                self.send_response(307)
                self.send_header("Location", provider.redirects_to)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            content = json.dumps(provider.answer(path, body)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = LyingProvider(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
