"""Setting up one's first way to sign in, with the one-time link that a service desk sends."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bluelamp.foundation.accounts import commands, passkeys
from bluelamp.foundation.accounts.models import AccountSession, User
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted
from bluelamp.web.accounts.browsers import describe_browser
from bluelamp.web.accounts.ceremonies import options_response, read_credential, take_ceremony
from bluelamp.web.accounts.passkey_host import passkey_notice
from bluelamp.web.accounts.sessions import open_session, sign_in_actor
from bluelamp.web.accounts.sign_in import start_page
from bluelamp.web.render import render


@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a passkey, then show the recovery codes once. The person is then signed in."""
    user = commands.find_enrolment_link_user(token=token, at=now())
    if user is None:
        return closed_link_page(request)
    if request.method == "GET":
        return _enrol_page(request, user, token)
    try:
        enrolment = commands.enrol_passkey(
            actor=sign_in_actor(request),
            at=now(),
            token=token,
            ceremony=take_ceremony(request),
            credential=read_credential(request),
            name=posted_name(request),
        )
    except NotPermitted:
        error = _("We could not set up this passkey. Try again")
        return _enrol_page(request, user, token, errors={"passkey": error})
    open_session(request, enrolment.user, method=AccountSession.Method.PASSKEY)
    context = {"codes": enrolment.recovery_codes, "next": start_page(enrolment.user)}
    return render(request, "accounts/recovery_codes.html.jinja", context)


@require_POST
def enrol_options(request: HttpRequest, token: str) -> JsonResponse:
    """Return the options to make the person's passkey with."""
    user = commands.find_enrolment_link_user(token=token, at=now())
    if user is None:
        return JsonResponse({}, status=404)
    options, ceremony = passkeys.begin_registration(user, at=now())
    return options_response(request, options, ceremony)


def posted_name(request: HttpRequest) -> str:
    """Return what the person calls their device; where they call it nothing, what it is."""
    name = request.POST.get("name", "").replace("\x00", "").strip()
    # A name in any case, so that somebody with two passkeys can tell which one to remove.
    return name or describe_browser(request.headers.get("User-Agent", ""))


def _enrol_page(
    request: HttpRequest, user: User, token: str, errors: dict[str, str] | None = None
) -> HttpResponse:
    context = {
        "person": user.display_name,
        "user_name": user.username,
        "token": token,
        "passkey_notice": passkey_notice(request),
        "errors": errors or {},
        "values": {"name": posted_name(request)},
    }
    return render(request, "accounts/enrol.html.jinja", context)


def closed_link_page(request: HttpRequest) -> HttpResponse:
    """Return the page for a link that was used, withdrawn, or is too old."""
    return render(request, "accounts/enrol_closed.html.jinja", status=404)
