"""How often one sender (an IPv4 address, or the /64 of an IPv6 one) may ask: reports begun and
sent, codes asked for and tried.

Addresses of this machine itself are not counted: behind a proxy there is no limit unless
BLUELAMP_PROXY says that it is ours and tells us the sender's.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.http import HttpRequest, HttpResponse

from bluelamp.foundation.audit.queries import count_of_acts
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.sender import is_this_machine
from bluelamp.web.errors import TooMany

View = Callable[[HttpRequest], HttpResponse]
HOUR = timedelta(hours=1)


def hold(request: HttpRequest, limit: int, *, act: str) -> None:
    """Raise TooMany where the request's sender did `act` `limit` times within the hour."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if is_this_machine(address):
        return
    if count_of_acts(act=act, address=address, since=now() - HOUR) >= limit:
        raise TooMany


def at_most(limit: int, *, act: str) -> Callable[[View], View]:
    """Answer 429 to a POST from a sender that did `act` `limit` times within the hour."""

    def limited(view: View) -> View:
        @wraps(view)
        def gate(request: HttpRequest) -> HttpResponse:
            if request.method == "POST":
                hold(request, limit, act=act)
            return view(request)

        return gate

    return limited
