"""What the server answers without Django, and the security headers of every response."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bluelamp.foundation.kernel.asgi_types import Send
from bluelamp.web.middleware import security_headers

Header = tuple[bytes, bytes]

_TEXT_HEADERS: list[Header] = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    # The rest of the body may still be on its way, so the connection cannot be used again.
    (b"connection", b"close"),
]


async def send_text(
    send: Send, status: int, message: str, *, headers: Iterable[Header] = ()
) -> None:
    """Answer with one sentence, and close the connection."""
    all_headers = [*_TEXT_HEADERS, *headers]
    await send({"type": "http.response.start", "status": status, "headers": all_headers})
    await send({"type": "http.response.body", "body": message.encode()})


def with_security_headers(send: Send) -> Send:
    """Return a `send` that adds the security headers which a response does not have.

    Django's middleware sets them on pages. This is for everything else: uploads, refusals before
    Django, and Django's answer to a request that it cannot read.
    """
    defaults = [
        (name.lower().encode(), value.encode()) for name, value in security_headers().items()
    ]

    # Here, at the last place they pass, so that no kind of answer can be forgotten.
    async def send_with_headers(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            names = {name.lower() for name, _value in headers}
            headers += [header for header in defaults if header[0] not in names]
            message = {**message, "headers": headers}
        await send(message)

    return send_with_headers
