"""Follow a case: a reference and a passphrase, or a code that is sent; then the case for two hours.

No page says whether a reference exists.
"""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.casework.reports.rules import RECORD_WITHIN
from bluelamp.casework.victims import commands, lookups
from bluelamp.casework.victims.lookups import TrackedCase
from bluelamp.casework.victims.rules import parse_tracking_reference
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.notifications.rules import CODE_DURATION, SESSION_DURATION
from bluelamp.web import cookies
from bluelamp.web.actor import get_actor
from bluelamp.web.forms.pages import REPLACEMENT_CHARACTER
from bluelamp.web.labels.helplines import helpline_for
from bluelamp.web.public import drafts
from bluelamp.web.public.code_requests import (
    MAX_CODE_LENGTH,
    AskedFor,
    ask_for,
    read_asked_for,
    read_typed_code,
    read_typed_facts,
)
from bluelamp.web.public.rate_limits import enforce_limit, limit_posts
from bluelamp.web.public.refused_forms import (
    delete_refused_form,
    get_refused_form,
    redirect_to_form,
)
from bluelamp.web.render import render

COOKIE = "bluelamp_track"
COOKIE_SECONDS = int(SESSION_DURATION.total_seconds())
# The cookie holds a reference and a secret of the browser until the code was entered, and then the
# id of a tracking session.
# The salt says which: without it, a cookie with a reference could be taken for an open session.
REFERENCE_SALT = "bluelamp_track.asked"
SESSION_SALT = "bluelamp_track.open"
MAX_CODES_AN_HOUR = 20
MAX_TRIES_AN_HOUR = 60
MAX_PASSPHRASE_TRIES_AN_HOUR = 30


@require_http_methods(["GET", "POST"])
@limit_posts(MAX_CODES_AN_HOUR, act="tracking.code_requested")
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the reference; then open the case with a passphrase, or have a code sent."""
    if request.method == "GET":
        context = {
            "back": reverse("home"),
            "is_session_over": "over" in request.GET,
            # An officer's phone shows the victim a link with the number. It alone opens nothing.
            "values": {"reference": request.GET.get("reference", "")[:MAX_CODE_LENGTH]},
            **get_refused_form(request, reverse("track")),
        }
        return render(request, "public/track/start.html.jinja", context)
    earlier = read_asked_for(_get_cookie(request, REFERENCE_SALT))
    posted = request.POST.get("reference", "") or earlier.reference
    reference = parse_tracking_reference(posted)
    if reference is None:
        message = (
            _("Enter a reference in the correct format, like BL-7K2-M9Q-XA4 or 01/0000123/26")
            if posted.strip()
            else _("Enter your reference")
        )
        return _refuse(request, "track", {"reference": message}, {"reference": posted})
    asked_for = ask_for(reference, earlier)
    if passphrase := request.POST.get("passphrase", "").strip():
        return _open_with_passphrase(request, reference, passphrase)
    # The answer is the same whether or not there is such a report: nobody can find references out.
    commands.request_code(
        actor=get_actor(request),
        at=now(),
        reference=reference,
        **read_typed_facts(request),
        browser_secret=asked_for.secret,
    )
    url = reverse("track-code") + ("?sent=again" if "again" in request.POST else "")
    return _set_cookie(HttpResponseRedirect(url), str(asked_for), REFERENCE_SALT)


@require_http_methods(["GET", "POST"])
@limit_posts(MAX_TRIES_AN_HOUR, act="tracking.code_checked")
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code. The page is the same whether the reference exists or not."""
    asked_for = read_asked_for(_get_cookie(request, REFERENCE_SALT))
    if not asked_for.reference:
        # Back after the code was used: the cookie then holds the session and not the reference.
        is_open = bool(_get_cookie(request, SESSION_SALT))
        return HttpResponseRedirect(reverse("track-case")) if is_open else _redirect_to_start()
    if request.method == "GET":
        context = {
            "back": reverse("track"),
            "reference": asked_for.reference,
            "minutes": int(CODE_DURATION.total_seconds() // 60),
            "is_sent_again": request.GET.get("sent") == "again",
            **get_refused_form(request, reverse("track")),
        }
        return render(request, "public/track/code.html.jinja", context)
    posted = request.POST.get("code", "")
    try:
        session_id = _open_session(request, asked_for, posted)
    except Refused as refused:
        values = {"code": posted[:MAX_CODE_LENGTH]}
        return _refuse(request, "track-code", {"code": refused.message}, values)
    return _go_to_case(session_id)


@require_safe
def case(request: HttpRequest) -> HttpResponse:
    """Show the case as the person who follows it may see it."""
    tracked = _get_case(request)
    if tracked is None:
        return _redirect_to_start()
    entries = [
        {"at": step.at, "title": step.title, "text": step.text} for step in reversed(tracked.steps)
    ]
    context = {
        "case": tracked,
        "entries": entries,
        "helpline": helpline_for(tracked.kind),
        "decided_by": tracked.received_at + RECORD_WITHIN,
        "is_passphrase_chosen": request.GET.get("done") == "passphrase",
    }
    return render(request, "public/track/case.html.jinja", context)


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Let somebody say that it is no longer safe to contact them, and how to reach them."""
    session_id = _tracking_session_id(request)
    tracked = _get_case(request) if request.method == "GET" else None
    if session_id is None or (request.method == "GET" and tracked is None):
        return _redirect_to_start()
    if request.method == "GET":
        context: dict[str, Any] = {
            "back": reverse("track-case"),
            "case": tracked,
            **get_refused_form(request, reverse("track")),
        }
        return render(request, "public/track/contact.html.jinja", context)
    typed = {name: request.POST.get(name, "") for name in ("safe_contact", "safe_contact_detail")}
    try:
        commands.stop_contact(
            actor=get_actor(request), at=now(), tracking_session_id=session_id, **typed
        )
    except NotFound:  # the session ended, here or in another browser
        return _redirect_to_start()
    except Refused as refused:
        return _refuse(request, "track-contact", refused.errors, typed)
    url = reverse("track-passphrase") + "?stopped=1"
    return delete_refused_form(HttpResponseRedirect(url), reverse("track"))


@require_http_methods(["GET", "POST"])
def passphrase(request: HttpRequest) -> HttpResponse:
    """Choose a passphrase, with which to open the case without a message."""
    session_id = _tracking_session_id(request)
    tracked = _get_case(request) if request.method == "GET" else None
    if session_id is None or (request.method == "GET" and tracked is None):
        return _redirect_to_start()
    if request.method == "GET":
        context: dict[str, Any] = {
            "back": reverse("track-case"),
            "case": tracked,
            "is_contact_stopped": "stopped" in request.GET,
            **get_refused_form(request, reverse("track")),
        }
        return render(request, "public/track/passphrase.html.jinja", context)
    try:
        commands.choose_passphrase(
            actor=get_actor(request),
            at=now(),
            tracking_session_id=session_id,
            passphrase=request.POST.get("passphrase", ""),
        )
    except NotFound:
        return _redirect_to_start()
    except Refused as refused:
        # What was typed is not kept: the cookie can be read on the device.
        return _refuse(request, "track-passphrase", refused.errors, {})
    url = reverse("track-case") + "?done=passphrase"
    return delete_refused_form(HttpResponseRedirect(url), reverse("track"))


@require_POST
def report_again(request: HttpRequest) -> HttpResponse:
    """Start another report, with what we know of the person who follows the case."""
    session_id = _tracking_session_id(request)
    if session_id is None:
        return _redirect_to_start()
    try:
        known = lookups.get_known_reporter(
            actor=get_actor(request), at=now(), tracking_session_id=session_id
        )
    except NotFound:  # the session ended, here or in another browser
        return _redirect_to_start()
    cookie = drafts.start_draft(request, known)
    return drafts.set_known_cookie(HttpResponseRedirect(reverse("report")), cookie)


@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """End the tracking session, also for whoever copied its cookie, as on a borrowed phone."""
    session_id = _tracking_session_id(request)
    if session_id is not None:
        with suppress(NotFound):  # it had ended before
            commands.end_session(actor=get_actor(request), at=now(), tracking_session_id=session_id)
    response = HttpResponseRedirect(reverse("home"))
    cookies.delete_cookie(response, COOKIE, path=reverse("track"))
    # A report that was begun from the case shows what the case knows.
    drafts.delete_cookies(response, drafts.KNOWN_COOKIE)
    return delete_refused_form(response, reverse("track"))


def _open_with_passphrase(request: HttpRequest, reference: str, typed: str) -> HttpResponse:
    enforce_limit(request, MAX_PASSPHRASE_TRIES_AN_HOUR, act="tracking.passphrase_checked")
    try:
        session_id = commands.open_session_with_passphrase(
            actor=get_actor(request), at=now(), reference=reference, passphrase=typed
        )
    except Refused as refused:
        return _refuse(request, "track", refused.errors, {"reference": reference})
    return _go_to_case(session_id)


def _open_session(request: HttpRequest, asked_for: AskedFor, posted: str) -> UUID:
    """Check the code and return the tracking session that it opens.

    Raises:
        Refused: The code is wrong. The attempt is counted all the same.
    """
    return commands.open_session(
        actor=get_actor(request),
        at=now(),
        reference=asked_for.reference,
        code=read_typed_code(posted),
        browser_secret=asked_for.secret,
    )


def _get_case(request: HttpRequest) -> TrackedCase | None:
    """Return the case of the browser's tracking session, None if it ended, here or elsewhere."""
    session_id = _tracking_session_id(request)
    if session_id is None:
        return None
    try:
        return lookups.get_tracked_case(
            actor=get_actor(request), at=now(), tracking_session_id=session_id
        )
    except NotFound:
        return None


def _refuse(
    request: HttpRequest, name: str, errors: dict[str, str], values: dict[str, str]
) -> HttpResponse:
    """Show a form again after a redirect, with what was typed."""
    typed = {
        field: text.replace("\x00", REPLACEMENT_CHARACTER).encode("utf-8", "replace").decode()
        for field, text in values.items()
    }
    return redirect_to_form(reverse(name), reverse("track"), errors=errors, values=typed)


def _go_to_case(session_id: UUID) -> HttpResponse:
    response = HttpResponseRedirect(reverse("track-case"))
    delete_refused_form(response, reverse("track"))
    return _set_cookie(response, str(session_id), SESSION_SALT)


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
