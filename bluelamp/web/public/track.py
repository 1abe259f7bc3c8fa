"""Following one's own case: a reference, a code that was sent, then the case, for two hours."""

from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.casework.reports.rules import RECORD_WITHIN, parse_reference
from bluelamp.casework.victims import commands, queries
from bluelamp.casework.victims.rules import CODE_LASTS, TRACKING_LASTS
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.web.actor import actor_of
from bluelamp.web.public import limits
from bluelamp.web.render import render

COOKIE = "bluelamp_track"
PATH = "/track/"
ASKED, OPEN = "bluelamp_track.asked", "bluelamp_track.open"
CODES_AN_HOUR = 20
TRIES_AN_HOUR = 60
CHECK_IT = "Check the reference. It starts with BL and looks like BL-7K2-M9Q-XA4."


@require_http_methods(["GET", "POST"])
@limits.at_most(CODES_AN_HOUR, act="tracking.code_sent")
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the reference, and send a code to the address the report came from, if there is such
    a report.
    """
    page = {"back": "/", "is_over": "over" in request.GET}
    if request.method == "GET":
        return render(request, "public/track/start.html.jinja", page)
    typed = request.POST.get("reference", "") or _of(request, ASKED)
    reference = parse_reference(typed)
    if reference is None:
        said = (
            CHECK_IT if typed.strip() else "Enter your reference. It is in the message we sent you."
        )
        page |= {
            "errors": {"reference": said},
            "values": {"reference": typed.replace("\x00", "\ufffd")},
        }
        return render(request, "public/track/start.html.jinja", page)
    commands.send_code(actor=actor_of(request), at=now(), reference=reference)
    again = "?sent=again" if "again" in request.POST else ""
    return _leave(HttpResponseRedirect(f"/track/code/{again}"), reference, ASKED)


@require_http_methods(["GET", "POST"])
@limits.at_most(TRIES_AN_HOUR, act="tracking.code_checked")
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code. The page is the same whether the reference exists or not."""
    reference = _of(request, ASKED)
    if not reference:
        return HttpResponseRedirect("/track/case/" if _of(request, OPEN) else "/track/?over=1")
    page = {
        "back": "/track/",
        "reference": reference,
        "minutes": int(CODE_LASTS.total_seconds() // 60),
        "is_again": request.GET.get("sent") == "again",
    }
    if request.method == "GET":
        return render(request, "public/track/code.html.jinja", page)
    typed = request.POST.get("code", "")
    try:
        look_id = _require(request, reference, typed)
    except Refused as refused:
        page |= {
            "errors": {"code": refused.message},
            "values": {"code": typed.replace("\x00", "\ufffd")[:40]},
        }
        return render(request, "public/track/code.html.jinja", page)
    return _leave(HttpResponseRedirect("/track/case/"), str(look_id), OPEN)


@require_safe
def case(request: HttpRequest) -> HttpResponse:
    """Show the case as the person who reported it may see it."""
    look_id = _look_of(request)
    if look_id is None:
        return HttpResponseRedirect("/track/?over=1")
    try:
        tracked = queries.track(actor=actor_of(request), at=now(), look_id=look_id)
    except NotFound:
        return HttpResponseRedirect("/track/?over=1")
    steps = [
        {"at": step.at, "title": step.title, "text": step.text} for step in reversed(tracked.steps)
    ]
    page = {"case": tracked, "steps": steps, "decided_by": tracked.received_at + RECORD_WITHIN}
    return render(request, "public/track/case.html.jinja", page)


@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """End the look at the case, here and for whoever copied its cookie, as on a borrowed phone."""
    look_id = _look_of(request)
    if look_id is not None:
        with suppress(NotFound):  # it had ended before
            commands.end_look(actor=actor_of(request), at=now(), look_id=look_id)
    response = HttpResponseRedirect("/")
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def _require(request: HttpRequest, reference: str, typed: str) -> UUID:
    """Check the code and return the look it opens. Raises Refused; the try counts all the same."""
    if not any(character.isdigit() for character in typed):
        raise Refused("Enter the 6-digit code from the message.", field="code")
    return commands.require_code(
        actor=actor_of(request), at=now(), reference=reference, code=typed[:40]
    )


def _look_of(request: HttpRequest) -> UUID | None:
    """Return the look that the browser was let in to, which may have ended since."""
    try:
        return UUID(_of(request, OPEN))
    except ValueError:
        return None


def _of(request: HttpRequest, salt: str) -> str:
    """Return the reference (ASKED) or the look (OPEN) that the browser may go on with; "" when
    there is none.
    """
    lasts = int(TRACKING_LASTS.total_seconds())
    return request.get_signed_cookie(COOKIE, default="", salt=salt, max_age=lasts) or ""


def _leave(response: HttpResponse, value: str, salt: str) -> HttpResponse:
    response.set_signed_cookie(
        COOKIE,
        value,
        salt=salt,
        max_age=int(TRACKING_LASTS.total_seconds()),
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
