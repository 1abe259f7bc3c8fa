"""My licences: a reference and a code, then where the application is, for two hours."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.records.people.rules import PersonInput
from bluelamp.services.firearms.commands import sessions, starting
from bluelamp.services.firearms.commands.completing import request_fee_for_session
from bluelamp.services.firearms.commands.referees import replace_referee, resend_referee_link
from bluelamp.services.firearms.lookups.progress import ApplicationProgress, get_progress
from bluelamp.services.firearms.messages import (
    KIND_TITLES,
    MISSING_TITLES,
    NEXT_STEPS,
    STAGE_OWNERS,
    STAGE_TITLES,
)
from bluelamp.services.firearms.rules.saved import HELD, SAVED, parse_reference
from bluelamp.services.firearms.rules.stages import OPEN_STAGES, Stage, can_follow
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
from bluelamp.web.public.firearms.letters import describe_decision
from bluelamp.web.public.firearms.one_login import has_one_login_session
from bluelamp.web.public.firearms.redirects import redirect_to_errors, redirect_to_my_start
from bluelamp.web.public.firearms.start import go_to_form, list_times
from bluelamp.web.public.rate_limits import limit_posts
from bluelamp.web.public.refused_forms import get_refused_form, redirect_to_form
from bluelamp.web.render import render

MAX_CODES_AN_HOUR = 20
MAX_TRIES_AN_HOUR = 60
# Six digits, with room for what people put between them.


@require_http_methods(["GET", "POST"])
@allow_one_login
@limit_posts(MAX_CODES_AN_HOUR, act="firearms.code_requested")
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the reference, and have a code sent."""
    if request.method == "GET":
        context = {
            "back": reverse("firearms"),
            "is_session_over": "over" in request.GET,
            "has_one_login": is_configured(),
            **get_refused_form(request, reverse("firearms")),
        }
        return render(request, "public/firearms/sign_in.html.jinja", context)
    posted = request.POST.get("reference", "")
    reference = parse_reference(posted)
    if not reference:
        message = (
            _(
                "Enter a reference in the correct format, like FL/01/0000123/26, or a certificate"
                " number, like 01-F-0000123-26"
            )
            if posted.strip()
            else _("Enter your reference or certificate number")
        )
        return redirect_to_errors("firearms-my", {"reference": message}, {"reference": posted})
    # The answer is the same whether or not there is such an application.
    asked_for = ask_for(reference, read_asked_for(cookies.get_cookie(request, cookies.ASKED)))
    sessions.request_code(
        actor=get_actor(request),
        at=now(),
        reference=reference,
        **read_typed_facts(request),
        browser_secret=asked_for.secret,
    )
    return cookies.set_cookie(
        HttpResponseRedirect(reverse("firearms-my-code")), cookies.ASKED, str(asked_for)
    )


@require_http_methods(["GET", "POST"])
@limit_posts(MAX_TRIES_AN_HOUR, act="firearms.code_checked")
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; it opens an application that was sent, or one that is not finished."""
    asked_for = read_asked_for(cookies.get_cookie(request, cookies.ASKED))
    if not asked_for.reference:
        return HttpResponseRedirect(reverse("firearms-my"))
    if request.method == "GET":
        context = {
            "back": reverse("firearms-my"),
            "reference": asked_for.reference,
            **get_refused_form(request, reverse("firearms")),
        }
        return render(request, "public/firearms/code.html.jinja", context)
    posted, actor = request.POST.get("code", "")[:MAX_CODE_LENGTH], get_actor(request)
    try:
        purpose, session_id = sessions.open_session(
            actor=actor,
            at=now(),
            reference=asked_for.reference,
            code=read_typed_code(posted),
            browser_secret=asked_for.secret,
        )
        if purpose == SAVED:
            draft = starting.reopen_draft(actor=actor, at=now(), session_id=session_id)
            return cookies.delete_cookie(go_to_form(draft), cookies.ASKED)
    except Refused as refused:
        return redirect_to_errors("firearms-my-code", {"code": refused.message}, {"code": posted})
    name = "firearms-licences" if purpose == HELD else "firearms-application"
    response = HttpResponseRedirect(reverse(name))
    cookies.delete_cookie(response, cookies.ASKED)
    return cookies.set_cookie(response, cookies.SESSION, str(session_id))


@require_safe
@allow_one_login
def application(request: HttpRequest) -> HttpResponse:
    """Show where the application is."""
    progress = find_progress(request)
    if progress is None:
        return redirect_to_my_start()
    # The same figures as on the first page, which say how long and promise nothing.
    times = {row["stage"]: row for row in list_times(request)}
    context: dict[str, Any] = {
        "back": reverse("firearms-licences"),
        "progress": progress,
        "kind": KIND_TITLES[progress.kind],
        "stage": STAGE_TITLES[progress.stage],
        "owner": STAGE_OWNERS[progress.stage],
        "next_step": NEXT_STEPS[progress.stage],
        "missing": [MISSING_TITLES[missing] for missing in progress.missing],
        "entries": [
            {"at": began_at, "title": STAGE_TITLES[stage]} for stage, began_at in progress.entries
        ],
        "times": list(times.values()),
        "time": times.get(progress.stage),
        "is_open": progress.stage in OPEN_STAGES,
        "decision": describe_decision(progress.decision),
        "may_withdraw": can_follow(progress.stage, Stage.WITHDRAWN),
        # Nobody pays for what is refused or withdrawn.
        "has_unpaid_fee": "fee" in progress.missing and progress.stage in OPEN_STAGES,
        # What nobody has confirmed the amount of is asked for on the day on which somebody does.
        "can_pay": any(payment.state == "due" for payment in progress.payments),
        "done": {
            "referee": _("We sent your referee a link"),
            "withdrawn": _("You have withdrawn your application")
            if progress.stage == Stage.WITHDRAWN
            else None,
        }.get(request.GET.get("done", "")),
        "has_one_login_session": has_one_login_session(request),
    }
    return render(request, "public/firearms/application.html.jinja", context)


@require_POST
def pay(request: HttpRequest) -> HttpResponse:
    """Go to the payment of the fee, or say that it cannot be taken online yet."""
    session_id = cookies.get_id(request, cookies.SESSION)
    if session_id is None:
        return redirect_to_my_start()
    try:
        token = request_fee_for_session(actor=get_actor(request), at=now(), session_id=session_id)
    except NotFound:
        return redirect_to_my_start()
    if not token:
        return HttpResponseRedirect(reverse("firearms-application") + "?fee=unknown")
    return HttpResponseRedirect(reverse("pay", kwargs={"token": token}))


@require_http_methods(["GET", "POST"])
def referee(request: HttpRequest, referee_id: UUID) -> HttpResponse:
    """Send a referee the link again, or name another one."""
    progress, session_id = find_progress(request), cookies.get_id(request, cookies.SESSION)
    rows = progress.referees if progress else ()
    row = next((row for row in rows if row.id == referee_id and not row.has_replied), None)
    if progress is None or session_id is None:
        return redirect_to_my_start()
    # It has replied, or is no referee of theirs: there is nothing to change.
    if row is None:
        return HttpResponseRedirect(reverse("firearms-application"))
    url = reverse("firearms-my-referee", args=[referee_id])
    if request.method == "GET":
        context = {
            "referee": row,
            "back": reverse("firearms-application"),
            "values": {"email": row.email},
            **get_refused_form(request, reverse("firearms")),
        }
        return render(request, "public/firearms/referee.html.jinja", context)
    names = ("email", "given_name", "family_name", "new_email", "new_phone")
    posted = {name: request.POST.get(name, "") for name in names}
    try:
        _change_referee(request, session_id, referee_id, posted)
    except Refused as refused:
        # Two forms on one page: each has a field of its own for the address.
        fields = {"email": "new_email"} if "replace" in request.POST else {}
        errors = {fields.get(name, name): text for name, text in refused.errors.items()}
        return redirect_to_form(url, reverse("firearms"), errors=errors, values=posted)
    except Conflict:  # the referee replied meanwhile
        return HttpResponseRedirect(reverse("firearms-application"))
    return HttpResponseRedirect(reverse("firearms-application") + "?done=referee")


def find_progress(request: HttpRequest) -> ApplicationProgress | None:
    """Return the application that the browser may show, None where it has no open session."""
    session_id = cookies.get_id(request, cookies.SESSION)
    if session_id is None:
        return None
    try:
        return get_progress(actor=get_actor(request), at=now(), session_id=session_id)
    except NotFound:
        return None


def _change_referee(
    request: HttpRequest, session_id: UUID, referee_id: UUID, posted: dict[str, str]
) -> None:
    actor, at = get_actor(request), now()
    if "replace" in request.POST:
        details = PersonInput(
            given_name=posted["given_name"],
            family_name=posted["family_name"],
            email=posted["new_email"],
            phone=posted["new_phone"],
        )
        replace_referee(
            actor=actor, at=at, session_id=session_id, referee_id=referee_id, details=details
        )
    else:
        resend_referee_link(
            actor=actor,
            at=at,
            session_id=session_id,
            referee_id=referee_id,
            email=posted["email"],
        )
