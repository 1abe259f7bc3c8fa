"""Rate limits: how often one sender may start or send a report, or request or try a code.

A sender is an IPv4 address or the /64 network of an IPv6 address. Addresses of this machine itself
are not counted: behind a proxy there is no limit unless BLUELAMP_PROXY says that the proxy is ours
and tells us the address of the sender.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.http import HttpRequest, HttpResponse

from bluelamp.foundation.audit.lookups import count_acts
from bluelamp.foundation.kernel.client_address import is_this_machine
from bluelamp.foundation.kernel.clock import now
from bluelamp.web.errors import TooManyRequests

View = Callable[[HttpRequest], HttpResponse]
WINDOW = timedelta(hours=1)


def enforce_limit(request: HttpRequest, limit: int, *, act: str) -> None:
    """Refuse a request if its sender did an act too often within an hour.

    Args:
        request: The request.
        limit: How often the act is allowed within an hour.
        act: The act on the audit record that is counted.

    Raises:
        TooManyRequests: The limit is reached.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if is_this_machine(address):
        return
    if count_acts(act=act, address=address, since=now() - WINDOW) >= limit:
        raise TooManyRequests


def limit_posts(limit: int, *, act: str) -> Callable[[View], View]:
    """Decorate a view to answer 429 to a POST whose sender reached the limit."""

    def decorate(view: View) -> View:
        @wraps(view)
        def limited_view(request: HttpRequest) -> HttpResponse:
            if request.method == "POST":
                enforce_limit(request, limit, act=act)
            return view(request)

        return limited_view

    return decorate
