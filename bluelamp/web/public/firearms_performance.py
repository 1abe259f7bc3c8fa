"""The public page of how long firearms applications take."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.services.firearms.lookups.performance import PerformanceRow, get_performance
from bluelamp.web.actor import get_actor
from bluelamp.web.render import render


@require_safe
def performance(request: HttpRequest) -> HttpResponse:
    """Show the share of applications decided within four months, by kind, and what waits."""
    on = london_date(now())
    figures = get_performance(actor=get_actor(request), on=on)
    context = {
        "figures": figures,
        "rows": [(_title(row), row) for row in figures.rows],
        "on": on,
        "back": reverse("home"),
    }
    return render(request, "public/firearms_performance.html.jinja", context)


def _title(row: PerformanceRow) -> str:
    kinds = {
        "grant": _("New certificate"),
        "renewal": _("Renewal"),
        "variation": _("Change of a certificate"),
        "replacement": _("Replacement"),
        "dealer": _("Dealer"),
        "visitor-permit": _("Visitor permit"),
        "explosives": _("Explosives"),
    }
    certificates = {
        "firearm": _("firearm"),
        "shotgun": _("shotgun"),
        "both": _("firearm and shotgun"),
    }
    title = kinds.get(row.kind, row.kind)
    kind = certificates.get(row.certificates, "")
    return f"{title}: {kind}" if kind else title
