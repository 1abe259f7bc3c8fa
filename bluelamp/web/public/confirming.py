"""The page on which people confirm an e-mail address or a mobile number with a code.

Each front end has one, after its form was sent: only the browser that sent it may use it. Nobody
has to, and a code that is typed there opens nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.notifications.rules import CODE_DURATION
from bluelamp.web.public.code_requests import MAX_CODE_LENGTH, read_typed_code
from bluelamp.web.public.rate_limits import enforce_limit
from bluelamp.web.public.refused_forms import (
    FLAG,
    delete_refused_form,
    get_refused_form,
    redirect_to_form,
)
from bluelamp.web.render import render

# For each sender. Many people may share an address, as in a library.
MAX_CODES_AN_HOUR = 20
MAX_TRIES_AN_HOUR = 60
SENT_FLAG = "sent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """What is confirmed on the page of one front end, and how.

    Attributes:
        url: This page.
        done: The page that leads here, and to which it leads back.
        path: The front end's path, for its cookie.
        layout: Its layout.
        reference: What the code is about.
        kind: "email" or "sms"; "" where we cannot write to them.
        masked_address: Enough of the address for its owner to know it.
        is_confirmed: Whether there is nothing to do any more.
        send: Sends a code.
        check: Checks one, and raises Refused where it is wrong.
        send_act: The act of sending on the audit record, for the limit.
        check_act: The same, of checking.
    """

    url: str
    done: str
    path: str
    layout: str
    reference: str
    kind: str
    masked_address: str
    is_confirmed: bool
    send: Callable[[], None]
    check: Callable[[str], None]
    send_act: str
    check_act: str


def confirm_address(request: HttpRequest, confirmation: Confirmation) -> HttpResponse:
    """Ask for the code that confirms an address. On POST send one, or check what was typed."""
    if confirmation.is_confirmed or not confirmation.kind:
        return HttpResponseRedirect(confirmation.done)
    if request.method == "GET":
        return _show_form(request, confirmation)
    if "send" in request.POST:
        enforce_limit(request, MAX_CODES_AN_HOUR, act=confirmation.send_act)
        confirmation.send()
        return HttpResponseRedirect(f"{confirmation.url}?{SENT_FLAG}=1")
    enforce_limit(request, MAX_TRIES_AN_HOUR, act=confirmation.check_act)
    posted = request.POST.get("code", "")[:MAX_CODE_LENGTH]
    try:
        confirmation.check(read_typed_code(posted))
    except Refused as refused:
        return redirect_to_form(
            confirmation.url,
            confirmation.path,
            errors={"code": refused.message},
            values={"code": posted.replace("\x00", "")},
        )
    response = HttpResponseRedirect(confirmation.done + "#confirm")
    return delete_refused_form(response, confirmation.path)


def _show_form(request: HttpRequest, confirmation: Confirmation) -> HttpResponse:
    context = {
        "layout": confirmation.layout,
        "back": confirmation.done,
        "done": confirmation.done,
        "action": confirmation.url,
        "reference": confirmation.reference,
        "kind": confirmation.kind,
        "masked_address": confirmation.masked_address,
        # Somebody may come by a link, before a code was sent.
        "is_sent": bool({SENT_FLAG, FLAG} & request.GET.keys()),
        "minutes": int(CODE_DURATION.total_seconds() // 60),
        **get_refused_form(request, confirmation.path),
    }
    return render(request, "public/confirm.html.jinja", context)
