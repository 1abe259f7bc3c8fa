"""Withdraw an application: what that means, and then for good."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotFound
from bluelamp.services.firearms.commands.withdrawing import withdraw_own_application
from bluelamp.services.firearms.lookups.progress import ApplicationProgress
from bluelamp.services.firearms.messages import KIND_TITLES
from bluelamp.services.firearms.rules.applications import ApplicationKind
from bluelamp.services.firearms.rules.stages import Stage, can_follow
from bluelamp.web.actor import get_actor
from bluelamp.web.public.firearms import cookies
from bluelamp.web.public.firearms.my import find_progress
from bluelamp.web.public.firearms.redirects import redirect_to_my_start
from bluelamp.web.render import render


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Ask whether to withdraw the application that is open. On POST withdraw it."""
    progress, session_id = find_progress(request), cookies.get_id(request, cookies.SESSION)
    if progress is None or session_id is None:
        return redirect_to_my_start()
    page = HttpResponseRedirect(reverse("firearms-application"))
    # Decided meanwhile, or withdrawn in another tab: the page says so.
    if not may_withdraw(progress):
        return page
    if request.method == "GET":
        context = {
            "progress": progress,
            "kind": KIND_TITLES[progress.kind],
            "is_paid": any(payment.paid_at and payment.kept_pence for payment in progress.payments),
            "is_renewal": progress.kind == ApplicationKind.RENEWAL,
            "back": reverse("firearms-application"),
        }
        return render(request, "public/firearms/withdraw.html.jinja", context)
    try:
        withdraw_own_application(actor=get_actor(request), at=now(), session_id=session_id)
    except Conflict:
        return page
    except NotFound:
        return redirect_to_my_start()
    return HttpResponseRedirect(reverse("firearms-application") + "?done=withdrawn")


def may_withdraw(progress: ApplicationProgress) -> bool:
    """Say whether an application is still at a stage from which it can be withdrawn."""
    return can_follow(progress.stage, Stage.WITHDRAWN)
