"""A copy of a statement for whoever made it: a link, what only they know, and a one-time code.

Neither the address nor the first page says what it is: somebody else may have the maker's phone.
"""

import io

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bluelamp.casework.victims import commands
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.notifications.rules import CODE_DURATION, SESSION_DURATION
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
from bluelamp.web.public.rate_limits import enforce_limit
from bluelamp.web.render import render

COOKIE, SALT = "bluelamp_paper", "bluelamp_paper.asked"
COOKIE_SECONDS = int(SESSION_DURATION.total_seconds())
MAX_CODES_AN_HOUR = 20
MAX_TRIES_AN_HOUR = 60
# No link is longer.
MAX_SECRET = 64


@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask who it is, and have a code sent. The answer is the same whoever it is."""
    secret = secret[:MAX_SECRET]
    if request.method == "GET":
        return render(request, "public/paper.html.jinja", {"secret": secret})
    enforce_limit(request, MAX_CODES_AN_HOUR, act="statement.copy_code_sent")
    earlier = read_asked_for(
        cookies.get_signed_cookie(request, COOKIE, salt=SALT, max_age=COOKIE_SECONDS)
    )
    asked_for = ask_for(secret, earlier)
    try:
        commands.send_copy_code(
            actor=get_actor(request),
            at=now(),
            secret=secret,
            **read_typed_facts(request),
            browser_secret=asked_for.secret,
        )
    except NotFound:
        return _show_ended(request)
    response = HttpResponseRedirect(reverse("paper-code", args=[secret]))
    cookies.set_signed_cookie(
        response,
        COOKIE,
        str(asked_for),
        salt=SALT,
        max_age=COOKIE_SECONDS,
        path=BOTH_LANGUAGES_PATH,
    )
    return response


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Ask for the code, and send the copy for the right one."""
    secret = secret[:MAX_SECRET]
    context = {
        "secret": secret,
        "back": reverse("paper", args=[secret]),
        "minutes": int(CODE_DURATION.total_seconds() // 60),
        "errors": {},
        "values": {},
    }
    if request.method == "GET":
        return render(request, "public/paper_code.html.jinja", context)
    enforce_limit(request, MAX_TRIES_AN_HOUR, act="statement.copy_opened")
    asked_for = read_asked_for(
        cookies.get_signed_cookie(request, COOKIE, salt=SALT, max_age=COOKIE_SECONDS)
    )
    try:
        pdf = commands.open_copy(
            actor=get_actor(request),
            at=now(),
            secret=secret,
            code=read_typed_code(request.POST.get("code", "")),
            browser_secret=asked_for.secret,
        )
    except NotFound:
        return _show_ended(request)
    except Refused as refused:
        context["errors"] = {"code": refused.message}
        return render(request, "public/paper_code.html.jinja", context, status=422)
    response = download_response(
        io.BytesIO(pdf.content), filename=pdf.filename, size=len(pdf.content)
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _show_ended(request: HttpRequest) -> HttpResponse:
    return render(request, "public/paper_ended.html.jinja", {}, status=404)
