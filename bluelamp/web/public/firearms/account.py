"""My licences with GOV.UK One Login: sign in, add an application once, and see all of them."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.services.firearms.commands import sessions
from bluelamp.services.firearms.commands.one_login import choose_application, link_application
from bluelamp.services.firearms.lookups.one_login import (
    LinkedApplicationRow,
    list_linked_applications,
)
from bluelamp.services.firearms.messages import KIND_TITLES, STAGE_TITLES
from bluelamp.services.firearms.rules.saved import parse_reference
from bluelamp.web.actor import get_actor
from bluelamp.web.openid.one_login import allow_one_login, is_configured
from bluelamp.web.public.code_requests import (
    MAX_CODE_LENGTH,
    ask_for,
    read_asked_for,
    read_typed_code,
    read_typed_facts,
)
from bluelamp.web.public.firearms import cookies
from bluelamp.web.public.firearms.my import (
    MAX_CODES_AN_HOUR,
    MAX_TRIES_AN_HOUR,
)
from bluelamp.web.public.firearms.redirects import redirect_to_errors, redirect_to_my_start
from bluelamp.web.public.rate_limits import limit_posts
from bluelamp.web.public.refused_forms import get_refused_form
from bluelamp.web.render import render


@require_safe
@allow_one_login
def licences(request: HttpRequest) -> HttpResponse:
    """Show the applications of whoever is signed in."""
    rows = _list_applications(request)
    if rows is None:
        return redirect_to_my_start()
    context = {
        "rows": [
            {"row": row, "kind": KIND_TITLES[row.kind], "stage": STAGE_TITLES[row.stage]}
            for row in rows
        ],
        "is_added": "added" in request.GET,
        "back": reverse("firearms"),
    }
    return render(request, "public/firearms/account/licences.html.jinja", context)


@require_POST
def open_application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Go to one of the applications."""
    session_id = cookies.get_id(request, cookies.SESSION)
    if session_id is None:
        return redirect_to_my_start()
    try:
        choose_application(
            actor=get_actor(request),
            at=now(),
            session_id=session_id,
            application_id=application_id,
        )
    except NotFound:
        return redirect_to_my_start()
    return HttpResponseRedirect(reverse("firearms-application"))


@require_http_methods(["GET", "POST"])
@limit_posts(MAX_CODES_AN_HOUR, act="firearms.code_requested")
def add_application(request: HttpRequest) -> HttpResponse:
    """Ask for the reference of an application to add, and have a code sent."""
    if _list_applications(request) is None:
        return redirect_to_my_start()
    if request.method == "GET":
        context = {
            "back": reverse("firearms-account"),
            **get_refused_form(request, reverse("firearms")),
        }
        return render(request, "public/firearms/account/add.html.jinja", context)
    posted = request.POST.get("reference", "")
    reference = parse_reference(posted)
    # An application that is not sent (FA-…) has nothing to follow yet.
    if not reference or reference.startswith("FA-"):
        message = (
            _("Enter a reference in the correct format, like FL/01/0000123/26")
            if posted.strip()
            else _("Enter your reference")
        )
        return redirect_to_errors(
            "firearms-account-add", {"reference": message}, {"reference": posted}
        )
    # The answer is the same whether or not there is such an application.
    asked_for = ask_for(reference, read_asked_for(cookies.get_cookie(request, cookies.ASKED)))
    sessions.request_code(
        actor=get_actor(request),
        at=now(),
        reference=reference,
        **read_typed_facts(request),
        browser_secret=asked_for.secret,
    )
    response = HttpResponseRedirect(reverse("firearms-account-code"))
    return cookies.set_cookie(response, cookies.ASKED, str(asked_for))


@require_http_methods(["GET", "POST"])
@limit_posts(MAX_TRIES_AN_HOUR, act="firearms.one_login_code_checked")
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; the right one adds the application."""
    asked_for = read_asked_for(cookies.get_cookie(request, cookies.ASKED))
    session_id = cookies.get_id(request, cookies.SESSION)
    if session_id is None or _list_applications(request) is None:
        return redirect_to_my_start()
    if not asked_for.reference:
        return HttpResponseRedirect(reverse("firearms-account-add"))
    if request.method == "GET":
        context = {
            "back": reverse("firearms-account-add"),
            "reference": asked_for.reference,
            **get_refused_form(request, reverse("firearms")),
        }
        return render(request, "public/firearms/account/code.html.jinja", context)
    posted = request.POST.get("code", "")[:MAX_CODE_LENGTH]
    try:
        link_application(
            actor=get_actor(request),
            at=now(),
            session_id=session_id,
            reference=asked_for.reference,
            code=read_typed_code(posted),
            browser_secret=asked_for.secret,
        )
    except Refused as refused:
        return redirect_to_errors(
            "firearms-account-code", {"code": refused.message}, {"code": posted}
        )
    response = HttpResponseRedirect(reverse("firearms-account") + "?added=1")
    return cookies.delete_cookie(response, cookies.ASKED)


def _list_applications(request: HttpRequest) -> tuple[LinkedApplicationRow, ...] | None:
    if not is_configured():
        raise Http404
    session_id = cookies.get_id(request, cookies.SESSION)
    if session_id is None:
        return None
    try:
        return list_linked_applications(actor=get_actor(request), at=now(), session_id=session_id)
    except NotFound:
        return None
