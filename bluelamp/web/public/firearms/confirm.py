"""Confirm the e-mail address of an application, in the browser that applied or began to."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.services.firearms.commands.confirming import (
    confirm_applicant_address,
    send_address_code,
)
from bluelamp.services.firearms.lookups.addresses import get_own_address
from bluelamp.services.firearms.rules.saved import SAVED
from bluelamp.web.actor import get_actor
from bluelamp.web.public.confirming import Confirmation, confirm_address
from bluelamp.web.public.firearms import cookies


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the code that confirms an applicant's e-mail address."""
    draft = cookies.get_draft(request)
    application_id = draft.draft_id if draft else cookies.get_id(request, cookies.SENT)
    if application_id is None:
        return HttpResponseRedirect(reverse("firearms-my"))
    actor = get_actor(request)
    try:
        own = get_own_address(actor=actor, at=now(), application_id=application_id)
    except NotFound:
        return HttpResponseRedirect(reverse("firearms"))
    is_draft = own.purpose == SAVED
    return confirm_address(
        request,
        Confirmation(
            url=reverse("firearms-confirm"),
            done=reverse("firearms-form" if is_draft else "firearms-done"),
            path=reverse("firearms"),
            layout="public/firearms/layout.html.jinja",
            reference=own.reference,
            kind="email" if own.email else "",
            masked_address=own.masked_email,
            is_confirmed=own.is_confirmed,
            send=lambda: send_address_code(actor=actor, at=now(), application_id=application_id),
            check=lambda code: confirm_applicant_address(
                actor=actor, at=now(), application_id=application_id, code=code
            ),
            send_act="firearms.confirmation_requested",
            check_act="firearms.address_confirmed",
        ),
    )
