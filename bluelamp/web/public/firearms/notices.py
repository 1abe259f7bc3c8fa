"""Tell us of a transfer, a loss, a new address or a change of health."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.services.firearms.commands.notices import give_notice
from bluelamp.services.firearms.lookups.holders import Holder
from bluelamp.services.firearms.messages import (
    CERTIFICATE_TITLES,
    NOTICE_TITLES,
    NOTICE_WAYS,
    OTHER_KIND_TITLES,
)
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.notices import (
    OF_A_HELD_GUN,
    TRANSFERS,
    WAYS,
    NoticeInput,
    NoticeKind,
)
from bluelamp.web.actor import get_actor
from bluelamp.web.firearms_forms import read_notice
from bluelamp.web.parsing import parse_date_field
from bluelamp.web.public.firearms import cookies
from bluelamp.web.public.firearms.holder import (
    describe_limit,
    find_holder,
)
from bluelamp.web.public.firearms.redirects import redirect_to_my_start
from bluelamp.web.render import render

# No id of a gun, so the gun is described instead.
_STOCK = "stock"


@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask about one kind of notice. On POST take it, and go back to the certificates."""
    if kind not in NOTICE_TITLES:
        raise Http404
    holder = find_holder(request)
    session_id = cookies.get_id(request, cookies.SESSION)
    if holder is None or session_id is None:
        return redirect_to_my_start()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            reference = give_notice(
                actor=get_actor(request),
                at=now(),
                session_id=session_id,
                notice=_read_notice(request, kind),
            )
        except Refused as refused:
            errors = refused.errors
        except NotFound:
            return redirect_to_my_start()
        else:
            slug = reference.replace("/", "-")
            return HttpResponseRedirect(f"{reverse('firearms-licences')}?told={slug}")
    context = _describe_form(request, holder, kind) | {"errors": errors}
    # Shown at once, not after a redirect: what somebody writes of their health is for no cookie.
    response = render(request, "public/firearms/tell.html.jinja", context)
    response.status_code = 422 if errors else 200
    return response


def _read_notice(request: HttpRequest, kind: str) -> NoticeInput:
    label = _("The date you moved in") if kind == NoticeKind.ADDRESS else _("The date it happened")
    happened_on = parse_date_field(request.POST, field="happened_on", label=label)
    return read_notice(request.POST, kind=kind, happened_on=happened_on)


def _describe_form(request: HttpRequest, holder: Holder, kind: str) -> dict[str, Any]:
    certificates = [row for row in holder.certificates if row.is_in_force]
    guns = [gun for row in certificates for gun in row.guns if gun.is_held]
    if kind == NoticeKind.RETURNED:
        guns = [gun for gun in guns if gun.lent_to or gun.is_borrowed]
    # A dealer's guns are in a register of their own, and on no certificate of ours.
    is_of_stock = kind in OF_A_HELD_GUN and any(
        row.kind == CertificateKind.DEALER for row in certificates
    )
    values: dict[str, Any] = request.POST.dict()
    # One of one is no question.
    if len(certificates) == 1:
        values.setdefault("certificate_number", certificates[0].number)
    if len(guns) == 1 and not is_of_stock:
        values.setdefault("gun_id", str(guns[0].id))
    values.setdefault("notice_id", str(new_id()))
    options: list[dict[str, Any]] = [
        {"value": str(gun.id), "text": gun.name, "hint": {"text": gun.serial_number}}
        for gun in guns
    ]
    if is_of_stock:
        options.append({"value": _STOCK, "text": _("A gun from my register as a dealer")})
    return {
        "kind": kind,
        "title": NOTICE_TITLES[kind],
        "limit": describe_limit(kind),
        "values": values,
        # One of one is no question.
        "guns": options if guns else [],
        "is_of_stock": is_of_stock,
        "is_of_a_gun": kind in OF_A_HELD_GUN,
        "is_transfer": kind in TRANSFERS,
        "ways": [(way, NOTICE_WAYS[way]) for way in WAYS.get(NoticeKind(kind), ())],
        "others": list(OTHER_KIND_TITLES.items()),
        "certificates": [
            (row.number, f"{CERTIFICATE_TITLES[row.kind]} {row.number}") for row in certificates
        ],
        "address": holder.address,
        "back": reverse("firearms-licences"),
    }
