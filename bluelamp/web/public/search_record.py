"""The record of a stop and search, for whoever was searched and has the link from the officer."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bluelamp.casework.encounters.lookups import get_own_copy
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.web.actor import get_actor
from bluelamp.web.languages import active_language
from bluelamp.web.render import render


@require_safe
def search_record(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the record, or what to do where there is none to show yet, or any more."""
    try:
        copy = get_own_copy(
            actor=get_actor(request), at=now(), secret=secret, language=active_language()
        )
    except NotFound:
        # One page for each reason: the link is too long to be guessed, and needs no limit.
        copy = None
    template = "public/search_record.html.jinja"
    return render(request, template, {"record": copy}, status=200 if copy else 404)
