"""My licences: the holder's certificates, and renewing, changing or replacing one."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.services.firearms.commands import starting
from bluelamp.services.firearms.commands.languages import set_message_language
from bluelamp.services.firearms.lookups.holders import Holder, OwnCertificate, get_holder
from bluelamp.services.firearms.messages import (
    CERTIFICATE_STATES,
    CERTIFICATE_TITLES,
    KIND_TITLES,
    NOTICE_TITLES,
    STAGE_TITLES,
)
from bluelamp.services.firearms.rules.notices import limit_in_days
from bluelamp.web.actor import get_actor
from bluelamp.web.languages import active_language
from bluelamp.web.openid.one_login import allow_one_login
from bluelamp.web.public.firearms import cookies
from bluelamp.web.public.firearms.letters import describe_decision
from bluelamp.web.public.firearms.one_login import has_one_login_session
from bluelamp.web.public.firearms.redirects import redirect_to_my_start
from bluelamp.web.public.firearms.start import go_to_form
from bluelamp.web.render import render


@require_safe
@allow_one_login
def licences(request: HttpRequest) -> HttpResponse:
    """Show the holder's certificates, what they can do with them, and what they told us."""
    holder = find_holder(request)
    if holder is None:
        return redirect_to_my_start()
    # A slash would end a part of the address.
    reference = request.GET.get("told", "").replace("-", "/")
    context = {
        "back": reverse("firearms"),
        "holder": holder,
        "can_renew": any(row.can_renew for row in holder.certificates),
        "certificates": [
            {
                "row": row,
                "title": CERTIFICATE_TITLES[row.kind],
                "state": _describe_state(row),
                "decision": describe_decision(row.decision),
            }
            for row in holder.certificates
        ],
        "applications": [
            {"row": row, "kind": KIND_TITLES[row.kind], "stage": STAGE_TITLES[row.stage]}
            for row in holder.applications
        ],
        "notices": [{"row": row, "title": NOTICE_TITLES[row.kind]} for row in holder.notices],
        "kinds": [
            {"kind": kind, "title": title, "limit": describe_limit(kind)}
            for kind, title in NOTICE_TITLES.items()
        ],
        # Only a reference of their own: a link must not make us say what is not so.
        "told": next((row for row in holder.notices if row.reference == reference), None),
        "has_no_email": "email" in request.GET,
        "has_one_login_session": has_one_login_session(request),
        "message_language": holder.language,
        "language_url": reverse("firearms-language"),
    }
    return render(request, "public/firearms/licences.html.jinja", context)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of our messages to the holder."""
    session_id = cookies.get_id(request, cookies.SESSION)
    if session_id is None:
        return redirect_to_my_start()
    try:
        set_message_language(
            actor=get_actor(request),
            at=now(),
            session_id=session_id,
            language=request.POST.get("language", ""),
        )
    except NotFound:
        return redirect_to_my_start()
    return HttpResponseRedirect(reverse("firearms-licences") + "#messages")


@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Begin a renewal with everything that we hold."""
    session_id = cookies.get_id(request, cookies.SESSION)
    if session_id is None:
        return redirect_to_my_start()
    try:
        started = starting.start_renewal(
            actor=get_actor(request), at=now(), session_id=session_id, language=active_language()
        )
    except NotFound:
        return redirect_to_my_start()
    # The reference to come back with has to reach them, so without an address there is no draft.
    except Refused:
        return _ask_for_email()
    return go_to_form(started)


@require_POST
def change(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Begin to change or to replace a certificate with what is on it."""
    session_id = cookies.get_id(request, cookies.SESSION)
    if session_id is None:
        return redirect_to_my_start()
    try:
        started = starting.start_change(
            actor=get_actor(request),
            at=now(),
            session_id=session_id,
            number=number,
            kind=kind,
            language=active_language(),
        )
    except NotFound:
        return redirect_to_my_start()
    except Refused:
        return _ask_for_email()
    return go_to_form(started)


def find_holder(request: HttpRequest) -> Holder | None:
    """Return whose certificates the browser may show, None where it has no open session."""
    session_id = cookies.get_id(request, cookies.SESSION)
    if session_id is None:
        return None
    try:
        return get_holder(actor=get_actor(request), at=now(), session_id=session_id)
    except NotFound:
        return None


def describe_limit(kind: str) -> str:
    """Return until when the law wants to be told of something."""
    days = limit_in_days(kind)
    abroad = limit_in_days(kind, is_abroad=True)
    if days is None:
        return _("Tell us as soon as you can")
    if days == abroad:
        return _("Tell us within %(days)s days") % {"days": days}
    return _("Tell us within %(days)s days, or %(abroad)s days if it was abroad") % {
        "days": days,
        "abroad": abroad,
    }


def _ask_for_email() -> HttpResponse:
    return HttpResponseRedirect(reverse("firearms-licences") + "?email=missing")


def _describe_state(row: OwnCertificate) -> str:
    if row.is_extended:
        return str(CERTIFICATE_STATES["extended"])
    if row.state == "in-force" and not row.is_in_force:
        return str(CERTIFICATE_STATES["expired"])
    return str(CERTIFICATE_STATES.get(row.state, row.state))
