"""Staff pages on a host name of their own, where a force gives them one (BLUELAMP_STAFF_ORIGIN).

A browser then keeps the pages of the public and those of staff apart: no script, cookie or stored
file of the one site reaches the other (ASVS 5.0, 3.5.4).
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect

from bluelamp.foundation.kernel.origins import has_staff_host, staff_origin

STAFF_PATHS = (
    "/desk/",
    "/officer/",
    "/partner/",
    "/sign-in/",
    "/sign-out/",
    "/account/",
    "/api/officer/",
    "/api/v1/case-files",
    "/scim/",
)
# Files without anybody's data, the keys that packages are checked with, and the API's description.
SHARED_PATHS = ("/static/", "/keys/", "/api/v1/openapi.json", "/favicon.ico", "/demo/")


class FrontEndHosts:
    """Middleware that leads to the other host, or refuses, what does not belong to this one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # One host for everything, as an instance begins.
        if not has_staff_host() or request.path.startswith(SHARED_PATHS):
            return self.get_response(request)
        is_staff_host = request.get_host() == urlsplit(staff_origin()).netloc
        if is_staff_host == request.path.startswith(STAFF_PATHS):
            return self.get_response(request)
        # A form or a program is not sent on: what it holds belongs to the other site.
        if request.method not in {"GET", "HEAD"} or request.path.startswith("/api/"):
            raise Http404
        if is_staff_host and request.path == "/":
            return HttpResponseRedirect("/desk/")
        other = settings.BLUELAMP_ORIGIN if is_staff_host else staff_origin()
        return HttpResponseRedirect(other + request.get_full_path())
