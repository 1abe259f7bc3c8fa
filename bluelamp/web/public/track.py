"""Track a case: a reference, then a code that is sent, then the case for two hours."""

from contextlib import suppress
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.casework.reports.rules import RECORD_WITHIN, parse_reference
from bluelamp.casework.victims import commands, lookups
from bluelamp.casework.victims.rules import CODE_DURATION, SESSION_DURATION
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.web import cookies
from bluelamp.web.actor import get_actor
from bluelamp.web.public.rate_limits import limit_posts
from bluelamp.web.public.steps import REPLACEMENT_CHARACTER
from bluelamp.web.render import render

COOKIE = "bluelamp_track"
COOKIE_SECONDS = int(SESSION_DURATION.total_seconds())
# The cookie holds a reference until its code was entered, and then the id of a tracking session.
# The salt says which: without it, a cookie with a reference could be taken for an open session.
REFERENCE_SALT = "bluelamp_track.asked"
SESSION_SALT = "bluelamp_track.open"
MAX_CODES_AN_HOUR = 20
MAX_TRIES_AN_HOUR = 60
MAX_CODE_LENGTH = 40


@require_http_methods(["GET", "POST"])
@limit_posts(MAX_CODES_AN_HOUR, act="tracking.code_sent")
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the reference, and send a code to whoever made that report, if there is one."""
    context = {"back": reverse("home"), "is_session_over": "over" in request.GET}
    if request.method == "GET":
        return render(request, "public/track/start.html.jinja", context)
    posted = request.POST.get("reference", "") or _get_cookie(request, REFERENCE_SALT)
    reference = parse_reference(posted)
    if reference is None:
        message = (
            _("Enter a reference in the correct format, like BL-7K2-M9Q-XA4")
            if posted.strip()
            else _("Enter your reference")
        )
        context |= {
            "errors": {"reference": message},
            "values": {"reference": posted.replace("\x00", REPLACEMENT_CHARACTER)},
        }
        return render(request, "public/track/start.html.jinja", context)
    commands.send_code(actor=get_actor(request), at=now(), reference=reference)
    url = reverse("track-code") + ("?sent=again" if "again" in request.POST else "")
    return _set_cookie(HttpResponseRedirect(url), reference, REFERENCE_SALT)


@require_http_methods(["GET", "POST"])
@limit_posts(MAX_TRIES_AN_HOUR, act="tracking.code_checked")
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code. The page is the same whether the reference exists or not."""
    reference = _get_cookie(request, REFERENCE_SALT)
    if not reference:
        is_open = bool(_get_cookie(request, SESSION_SALT))
        return HttpResponseRedirect(reverse("track-case")) if is_open else _redirect_to_start()
    context = {
        "back": reverse("track"),
        "reference": reference,
        "minutes": int(CODE_DURATION.total_seconds() // 60),
        "is_sent_again": request.GET.get("sent") == "again",
    }
    if request.method == "GET":
        return render(request, "public/track/code.html.jinja", context)
    posted = request.POST.get("code", "")
    try:
        session_id = _open_session(request, reference, posted)
    except Refused as refused:
        value = posted.replace("\x00", REPLACEMENT_CHARACTER)[:MAX_CODE_LENGTH]
        context |= {"errors": {"code": refused.message}, "values": {"code": value}}
        return render(request, "public/track/code.html.jinja", context)
    response = HttpResponseRedirect(reverse("track-case"))
    return _set_cookie(response, str(session_id), SESSION_SALT)


@require_safe
def case(request: HttpRequest) -> HttpResponse:
    """Show the case as the person who reported it may see it."""
    session_id = _tracking_session_id(request)
    if session_id is None:
        return _redirect_to_start()
    try:
        tracked = lookups.get_tracked_case(
            actor=get_actor(request), at=now(), tracking_session_id=session_id
        )
    except NotFound:  # the session ended, here or in another browser
        return _redirect_to_start()
    entries = [
        {"at": step.at, "title": step.title, "text": step.text} for step in reversed(tracked.steps)
    ]
    context = {
        "case": tracked,
        "entries": entries,
        "decided_by": tracked.received_at + RECORD_WITHIN,
    }
    return render(request, "public/track/case.html.jinja", context)


@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """End the tracking session, also for whoever copied its cookie, as on a borrowed phone."""
    session_id = _tracking_session_id(request)
    if session_id is not None:
        with suppress(NotFound):  # it had ended before
            commands.end_session(actor=get_actor(request), at=now(), tracking_session_id=session_id)
    response = HttpResponseRedirect(reverse("home"))
    cookies.delete_cookie(response, COOKIE, path=reverse("track"))
    return response


def _open_session(request: HttpRequest, reference: str, posted: str) -> UUID:
    """Check the code and return the tracking session that it opens.

    Raises:
        Refused: The code is wrong. The attempt is counted all the same.
    """
    # Nothing that could be a code: do not use up one of the attempts.
    if not any(character.isdigit() for character in posted):
        raise Refused(_("Enter the 6-digit code we sent you"), field="code")
    return commands.open_session(
        actor=get_actor(request), at=now(), reference=reference, code=posted[:MAX_CODE_LENGTH]
    )


def _redirect_to_start() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("track") + "?over=1")


def _tracking_session_id(request: HttpRequest) -> UUID | None:
    """Return the session that the browser's cookie names, which may have ended."""
    try:
        return UUID(_get_cookie(request, SESSION_SALT))
    except ValueError:
        return None


def _get_cookie(request: HttpRequest, salt: str) -> str:
    """Return the reference or the session id in the cookie, or "" if it holds the other."""
    return cookies.get_signed_cookie(request, COOKIE, salt=salt, max_age=COOKIE_SECONDS)


def _set_cookie(response: HttpResponse, value: str, salt: str) -> HttpResponse:
    cookies.set_signed_cookie(
        response, COOKIE, value, salt=salt, max_age=COOKIE_SECONDS, path=reverse("track")
    )
    return response
