"""A form that was refused is shown again after a redirect, so that Back and reload are safe.

What was typed and what is wrong go in a signed cookie of one front end's path, for the one page
that the redirect leads to. The report's questions need no such cookie: their draft holds the form.
"""

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode

from bluelamp.web import cookies

COOKIE = "bluelamp_form"
COOKIE_SECONDS = 15 * 60
FLAG = "error"
"""Is in the address of a page that shows a refused form."""
MAX_COOKIE_LENGTH = 3500  # browsers refuse a cookie of more than 4096 bytes
MAX_VALUE_LENGTH = 300


def redirect_to_form(
    url: str,
    path: str,
    *,
    errors: Mapping[str, str],
    values: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return a redirect to the page of a form, which then shows what was typed and the errors.

    Args:
        url: The page of the form.
        path: The path that the cookie is for.
        errors: The message for each field.
        values: What was typed. Never a secret: anybody with the device can read a cookie.
        query: What else the address of the page needs.
    """
    response = HttpResponseRedirect(f"{url}?{urlencode({**(query or {}), FLAG: '1'})}")
    kept = {name: text[:MAX_VALUE_LENGTH] for name, text in (values or {}).items()}
    text = signing.dumps({"url": url, "errors": dict(errors), "values": kept}, compress=True)
    # A browser drops a larger cookie without a word. The errors matter more than what was typed.
    if len(text) > MAX_COOKIE_LENGTH:
        text = signing.dumps({"url": url, "errors": dict(errors), "values": {}}, compress=True)
    cookies.set_signed_cookie(response, COOKIE, text, salt=path, max_age=COOKIE_SECONDS, path=path)
    return response


def get_refused_form(request: HttpRequest, path: str) -> dict[str, Any]:
    """Return `errors` and `values` for the page's context, or nothing if it was not refused."""
    if FLAG not in request.GET:
        return {}
    text = cookies.get_signed_cookie(request, COOKIE, salt=path, max_age=COOKIE_SECONDS)
    try:
        form = signing.loads(text, max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return {}
    # Of another page: two may be open at once.
    if form["url"] != request.path:
        return {}
    return {"errors": form["errors"], "values": form["values"]}


def delete_refused_form(response: HttpResponse, path: str) -> HttpResponse:
    """Delete the cookie, once the form was accepted."""
    cookies.delete_cookie(response, COOKIE, path=path)
    return response
