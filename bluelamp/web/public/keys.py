"""The keys that case files are sealed with: a page for people, and the list for programs."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from bluelamp.records.evidence.published_keys import (
    list_log_keys,
    list_stamp_roots,
    make_key_list,
)
from bluelamp.records.reference import lookups as reference
from bluelamp.web.render import render


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Show the keys with their fingerprints, and how to compare them."""
    context = {
        "log_keys": list_log_keys(),
        "stamp_roots": list_stamp_roots(),
        "command": "bluelamp evidence verify 01ZD0000126.zip --log-key keys.json",
    }
    return render(request, "public/keys.html.jinja", context)


@require_safe
def key_list(request: HttpRequest) -> JsonResponse:
    """Return the list of keys that `bluelamp evidence verify --log-key` takes."""
    force = reference.get_force(settings.BLUELAMP_FORCE)
    body = make_key_list(
        force_name=force.name if force else "",
        log_keys=list_log_keys(),
        stamp_roots=list_stamp_roots(),
    )
    return JsonResponse(body, json_dumps_params={"indent": 1})


@require_safe
def time_stamp_roots(request: HttpRequest) -> HttpResponse:
    """Return the root certificates for time stamps in PEM, for OpenSSL."""
    pem = "".join(root.pem for root in list_stamp_roots())
    return HttpResponse(pem, content_type="application/x-pem-file")
