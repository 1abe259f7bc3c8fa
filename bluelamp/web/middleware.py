"""The headers of every response: a strict content security policy, and nothing in shared caches.

The policy has no 'unsafe-inline': a page can have no script or style inside it, only files that we
serve.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        # default-src says so already; checkers look for the name.
        "object-src 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}


HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def security_headers() -> dict[str, str]:
    """Return the headers of every response. HSTS is among them where our address is https."""
    return HEADERS | (HTTPS_HEADERS if settings.SESSION_COOKIE_SECURE else {})


class SecurityHeaders:
    """Middleware that sets each of `HEADERS` unless the view did, and `no-store` on pages.

    If the site's address is https, browsers are told never to use anything else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.headers = security_headers()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            # The back button of a shared computer must show nobody's case.
            response.headers.setdefault("Cache-Control", "no-store")
        return response
