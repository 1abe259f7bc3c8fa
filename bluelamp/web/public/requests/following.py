"""Follow a request with its reference and a one-time code, and download its answer.

A link delivers the answer too, where the e-mail address was confirmed.
"""

from contextlib import suppress
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.notifications.rules import CODE_DURATION, SESSION_DURATION
from bluelamp.records.evidence.commands import OpenedFile
from bluelamp.services.requests import commands, lookups
from bluelamp.services.requests.messages import STATE_TITLES
from bluelamp.services.requests.rules import parse_reference
from bluelamp.web import cookies
from bluelamp.web.actor import get_actor
from bluelamp.web.file_responses import download_response
from bluelamp.web.languages import BOTH_LANGUAGES_PATH
from bluelamp.web.public.code_requests import (
    ask_for,
    read_asked_for,
    read_typed_code,
    read_typed_facts,
)
from bluelamp.web.public.rate_limits import enforce_limit, limit_posts
from bluelamp.web.public.refused_forms import get_refused_form, redirect_to_form
from bluelamp.web.render import render

COOKIE = "bluelamp_request_track"
COOKIE_SECONDS = int(SESSION_DURATION.total_seconds())
REFERENCE_SALT, SESSION_SALT = "bluelamp_request.asked", "bluelamp_request.open"
# For each address. Many people may share one, as in a library or behind a phone network.
MAX_CODES_AN_HOUR = 20
MAX_TRIES_AN_HOUR = 60
MAX_DOWNLOADS_AN_HOUR = 60


@require_http_methods(["GET", "POST"])
@limit_posts(MAX_CODES_AN_HOUR, act="request.code_requested")
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the reference, and have a code sent. The answer is the same for any reference."""
    if request.method == "GET":
        context = {"back": reverse("requests"), **get_refused_form(request, reverse("requests"))}
        return render(request, "public/requests/track.html.jinja", context)
    posted = request.POST.get("reference", "")
    reference = parse_reference(posted)
    if reference is None:
        message = (
            _("Enter a reference in the correct format, like RQ-26-000123")
            if posted.strip()
            else _("Enter your reference")
        )
        return redirect_to_form(
            reverse("requests-track"),
            reverse("requests"),
            errors={"reference": message},
            values={"reference": posted.replace("\x00", "")},
        )
    asked_for = ask_for(reference, read_asked_for(_get_cookie(request, REFERENCE_SALT)))
    commands.request_code(
        actor=get_actor(request),
        at=now(),
        reference=reference,
        **read_typed_facts(request),
        browser_secret=asked_for.secret,
    )
    response = HttpResponseRedirect(reverse("requests-code"))
    return _set_cookie(response, str(asked_for), REFERENCE_SALT)


@require_http_methods(["GET", "POST"])
@limit_posts(MAX_TRIES_AN_HOUR, act="request.code_checked")
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code."""
    asked_for = read_asked_for(_get_cookie(request, REFERENCE_SALT))
    if not asked_for.reference:
        return HttpResponseRedirect(reverse("requests-track"))
    if request.method == "GET":
        context = {
            "back": reverse("requests-track"),
            "reference": asked_for.reference,
            "minutes": int(CODE_DURATION.total_seconds() // 60),
            **get_refused_form(request, reverse("requests")),
        }
        return render(request, "public/requests/code.html.jinja", context)
    try:
        session_id = commands.open_session(
            actor=get_actor(request),
            at=now(),
            reference=asked_for.reference,
            code=read_typed_code(request.POST.get("code", "")),
            browser_secret=asked_for.secret,
        )
    except Refused as refused:
        return redirect_to_form(
            reverse("requests-code"), reverse("requests"), errors={"code": refused.message}
        )
    response = HttpResponseRedirect(reverse("requests-mine"))
    return _set_cookie(response, str(session_id), SESSION_SALT)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show somebody their request: how far it is, until when we answer, and the payment."""
    actor, at = get_actor(request), now()
    try:
        session_id = UUID(_get_cookie(request, SESSION_SALT))
        own = lookups.get_own_request(actor=actor, at=at, session_id=session_id)
        delivery = lookups.list_own_files(actor=actor, at=at, session_id=session_id)
    except (NotFound, ValueError):
        return HttpResponseRedirect(reverse("requests-track"))
    context = {
        "own": own,
        "delivery": delivery,
        "state": STATE_TITLES[own.state],
        "back": "",
        # Of what is soft we send no messages.
        "has_messages": bool(own.email) and not own.is_soft,
        "message_language": own.language,
        "language_url": reverse("requests-language"),
        **get_refused_form(request, reverse("requests")),
    }
    return _without_storing(render(request, "public/requests/mine.html.jinja", context))


@require_POST
def download_own(request: HttpRequest) -> HttpResponse | FileResponse:
    """Deliver a file that answers somebody's request, after a one-time code."""
    enforce_limit(request, MAX_DOWNLOADS_AN_HOUR, act="request.downloaded")
    try:
        opened = commands.open_own_file(
            actor=get_actor(request),
            at=now(),
            session_id=UUID(_get_cookie(request, SESSION_SALT)),
            item_id=_read_item_id(request),
        )
    except (NotFound, ValueError):
        # The page says why: there are no downloads left, or it asks for the reference again.
        return HttpResponseRedirect(reverse("requests-mine"))
    except Refused:
        return _show_withheld(request)
    return _deliver_file(opened)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of our messages about a request."""
    try:
        commands.set_message_language(
            actor=get_actor(request),
            at=now(),
            session_id=UUID(_get_cookie(request, SESSION_SALT)),
            language=request.POST.get("language", ""),
        )
    except (NotFound, ValueError):
        return HttpResponseRedirect(reverse("requests-track"))
    return HttpResponseRedirect(reverse("requests-mine") + "#messages")


@require_POST
@limit_posts(MAX_TRIES_AN_HOUR, act="request.quote_accepted")
def accept_quote(request: HttpRequest) -> HttpResponse:
    """Accept the price that staff said, and go on to pay it."""
    number = request.POST.get("number", "")
    try:
        payment = commands.accept_quote(
            actor=get_actor(request),
            at=now(),
            session_id=UUID(_get_cookie(request, SESSION_SALT)),
            # One that is no number is no quote: the page shows the one that counts.
            number=int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0,
            return_path=reverse("requests-mine"),
        )
    except (NotFound, ValueError):
        return HttpResponseRedirect(reverse("requests-track"))
    except Refused as refused:
        return redirect_to_form(
            reverse("requests-mine"), reverse("requests"), errors={"": refused.message}
        )
    return HttpResponseRedirect(reverse("pay", args=[payment.token]))


@require_POST
@limit_posts(MAX_TRIES_AN_HOUR, act="request.withdrawn")
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw a request whose price somebody does not accept."""
    try:
        commands.withdraw_request(
            actor=get_actor(request),
            at=now(),
            session_id=UUID(_get_cookie(request, SESSION_SALT)),
        )
    except (NotFound, ValueError):
        return HttpResponseRedirect(reverse("requests-track"))
    except Refused as refused:
        return redirect_to_form(
            reverse("requests-mine"), reverse("requests"), errors={"": refused.message}
        )
    return HttpResponseRedirect(reverse("requests-mine"))


@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """End the session, as on a borrowed device."""
    # A session that ran out has nothing to end, and the cookie goes all the same.
    with suppress(ValueError):
        session_id = UUID(_get_cookie(request, SESSION_SALT))
        commands.end_session(actor=get_actor(request), at=now(), session_id=session_id)
    response = HttpResponseRedirect(reverse("requests"))
    cookies.delete_cookie(response, COOKIE, path=BOTH_LANGUAGES_PATH)
    return response


@require_http_methods(["GET", "POST"])
def download(request: HttpRequest, secret: str) -> HttpResponse | FileResponse:
    """List what a link delivers. On POST deliver a file of it: a link alone would count programs
    that look ahead, such as those that check e-mails for viruses.
    """
    try:
        if request.method == "POST":
            enforce_limit(request, MAX_DOWNLOADS_AN_HOUR, act="request.downloaded")
            return _deliver_file(
                commands.open_delivery(
                    actor=get_actor(request),
                    at=now(),
                    secret=secret,
                    item_id=_read_item_id(request),
                )
            )
        delivery = lookups.get_delivery(actor=get_actor(request), at=now(), secret=secret)
    except NotFound:
        return render(request, "public/requests/link_ended.html.jinja", {}, status=404)
    except Refused:
        return _show_withheld(request)
    url = reverse("requests-download", args=[secret])
    context = {"delivery": delivery, "url_of_link": url}
    return _without_storing(render(request, "public/requests/download.html.jinja", context))


def _show_withheld(request: HttpRequest) -> HttpResponse:
    # It was found to be infected after it was sent. Another link would lead to the same file.
    return render(request, "public/requests/file_withheld.html.jinja", {}, status=409)


def _read_item_id(request: HttpRequest) -> UUID | None:
    posted = request.POST.get("file", "")
    try:
        return UUID(posted) if posted else None
    except ValueError:
        raise NotFound("There is no such file.") from None


def _deliver_file(opened: OpenedFile) -> FileResponse:
    response = download_response(opened.file, filename=opened.filename, size=opened.size)
    response.headers["Cache-Control"] = "no-store"
    return response


def _without_storing(response: HttpResponse) -> HttpResponse:
    # Going back after a download must not show how many were left before it.
    response.headers["Cache-Control"] = "no-store"
    return response


def _get_cookie(request: HttpRequest, salt: str) -> str:
    return cookies.get_signed_cookie(request, COOKIE, salt=salt, max_age=COOKIE_SECONDS)


def _set_cookie(response: HttpResponse, value: str, salt: str) -> HttpResponse:
    cookies.set_signed_cookie(
        response, COOKIE, value, salt=salt, max_age=COOKIE_SECONDS, path=BOTH_LANGUAGES_PATH
    )
    return response
