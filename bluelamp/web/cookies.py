"""The signed cookies of people without an account: a draft, a sent report, a tracked case.

Where our address is https, their names begin with `__Host-`. Browsers then accept such a cookie
only from this very host, so that another site of the force, on a host beside ours, can neither set
nor replace it. They take `__Host-` only with the path `/`; elsewhere the path is the front end's.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_HOST_PREFIX = "__Host-"


def get_signed_cookie(request: HttpRequest, name: str, *, salt: str, max_age: int) -> str:
    """Return a cookie's value, or "" if it is missing, older than `max_age` seconds or forged."""
    value = request.get_signed_cookie(cookie_name(name), default="", salt=salt, max_age=max_age)
    return value or ""


def set_signed_cookie(
    response: HttpResponse, name: str, value: str, *, salt: str, max_age: int, path: str
) -> None:
    """Set a cookie that only the server can read or make, for `max_age` seconds.

    Args:
        salt: What the signature is for: under another salt the value is no good.
        path: The front end that it is for.
    """
    response.set_signed_cookie(
        cookie_name(name),
        value,
        salt=salt,
        max_age=max_age,
        path=_cookie_path(path),
        httponly=True,
        # Not "Strict": a link in an e-mail must open the page with its draft.
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def delete_cookie(response: HttpResponse, name: str, *, path: str) -> None:
    """Delete a cookie from the browser. The path is the one that it was set with."""
    response.delete_cookie(cookie_name(name), path=_cookie_path(path), samesite="Lax")


def cookie_name(name: str) -> str:
    """Return the name that a cookie has in the browser."""
    return _HOST_PREFIX + name if settings.SESSION_COOKIE_SECURE else name


def _cookie_path(path: str) -> str:
    return "/" if settings.SESSION_COOKIE_SECURE else path
