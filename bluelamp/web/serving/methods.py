"""Which requests are refused for their method or their framing, before anything reads them."""

from __future__ import annotations

from bluelamp.foundation.kernel.asgi_types import Scope

# Every method that one of our addresses answers. TRACE would send a request's cookies back, and
# nobody needs CONNECT here.
ALLOWED_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


def is_allowed_method(scope: Scope) -> bool:
    """Say whether a request has a method that some address of ours answers."""
    return scope["method"] in ALLOWED_METHODS


def has_two_lengths(scope: Scope) -> bool:
    """Say whether a request states its length in two ways.

    A proxy and this server could then disagree about where it ends, and take the rest for another
    request (RFC 9112, 6.3). No client of ours sends both.
    """
    names = {name for name, _value in scope["headers"]}
    return {b"content-length", b"transfer-encoding"} <= names
