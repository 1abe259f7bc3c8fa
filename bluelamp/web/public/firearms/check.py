"""Check a certificate by the code that its QR code leads to: valid or not, and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.services.firearms.lookups import is_certificate_valid
from bluelamp.web.actor import get_actor
from bluelamp.web.public.rate_limits import enforce_limit
from bluelamp.web.render import render

MAX_CHECKS_AN_HOUR = 120


@require_safe
def check_certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether the certificate with this code is valid today.

    The page is the same for a code that nobody was given and for a certificate that has ended.
    """
    enforce_limit(request, MAX_CHECKS_AN_HOUR, act="firearms.certificate_checked")
    at = now()
    is_valid = is_certificate_valid(actor=get_actor(request), at=at, code=code[:80])
    context = {"is_valid": is_valid, "at": at}
    response = render(request, "public/firearms/check.html.jinja", context)
    # The code must not go to anybody whom the reader visits next.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
