"""One application: its page, and what the team does with it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON, now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.services.firearms import commands, lookups, messages
from bluelamp.services.firearms.rules.checks import OPEN, CheckResult
from bluelamp.services.firearms.rules.decisions import DecisionKind
from bluelamp.services.firearms.rules.missing import Missing
from bluelamp.services.firearms.rules.stages import Stage, can_follow
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk.firearms import labels
from bluelamp.web.desk.firearms.acts import DECISION_DONE, find_act, run_act
from bluelamp.web.desk.firearms.file_gallery import application_gallery
from bluelamp.web.desk.payments.texts import REFUND_STATES, STATES
from bluelamp.web.parsing import parse_uuid
from bluelamp.web.render import render

_DECISIONS = (DecisionKind.GRANT, DecisionKind.PARTIAL_GRANT, DecisionKind.REFUSE)
_NO_AUTHORITY = (
    "You cannot decide this. Another person must have recommended it, and the authority table must"
    " let you make this decision at this risk"
)
DONE = {
    **DECISION_DONE,
    "keyed": "Application keyed. It is on record with the day it came in.",
    "complete": "Application complete. Its clock has started.",
    "taken": "You have taken this application on. Its checks are open.",
    "checked": "Check recorded",
    "planned": "Visit planned",
    "files-added": "Files added",
    "referee-link": "Link sent to the referee",
    "reply-keyed": "Reply keyed. It is on record with your name and the scan.",
    "recommended": "Recommendation recorded. Another person decides.",
    "back": "Sent back to its checks",
    "decided": "Decision recorded. We’ll tell the applicant that there is news.",
    "withdrawn": "Application withdrawn. A fee that was paid waits for its refund to be approved.",
    "issued": "Certificate issued. Its PDF will be ready in a moment.",
}


@require_safe
@staff_required
def application(request: HttpRequest, reference: str) -> HttpResponse:
    """Show an application with its answers, checks, history, decision and payments."""
    return application_page(request, reference)


def application_page(
    request: HttpRequest,
    reference: str,
    *,
    errors: dict[str, str] | None = None,
    form: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return the page of an application, with the errors of the form that was sent."""
    actor, at = get_actor(request), now()
    detail = lookups.get_application(actor=actor, at=at, reference=reference)
    is_checking = detail.stage == Stage.CHECKS and actor.may("firearms.check")
    recommendation = detail.recommendation
    context = {
        "application": detail,
        "title": labels.application_title(detail.kind, detail.certificates),
        "stage": labels.stage_tag(detail.stage),
        "risk": labels.risk_tag(detail.risk),
        "labels": labels,
        "messages": messages,
        "files": application_gallery(actor=actor, at=at, reference=detail.reference),
        "is_checking": is_checking,
        "missing": [labels.MISSING[Missing(code)] for code in detail.missing],
        "open_checks": sum(check.state == OPEN for check in detail.checks),
        # What the page offers. The commands check each of these again.
        "may_complete": detail.stage in ("received", "incomplete") and actor.may("firearms.check"),
        "may_withdraw": can_follow(detail.stage, Stage.WITHDRAWN) and actor.may("firearms.check"),
        "may_take_on": detail.stage == Stage.COMPLETE and actor.may("firearms.check"),
        "may_decide": detail.stage == Stage.RECOMMENDED
        and actor.may("firearms.decide")
        and recommendation is not None
        # Two people: whoever recommends a decision does not make it.
        and recommendation.recommended_by_id != actor.id,
        "may_issue": detail.stage == Stage.GRANTED and actor.may("firearms.issue"),
        "results": labels.choices(messages.RESULT_TITLES, tuple(CheckResult)),
        "decisions": labels.choices(messages.DECISION_TITLES, _DECISIONS),
        "risks": labels.choices(messages.RISK_TITLES),
        "grounds": labels.ground_choices(tuple(_DECISIONS), detail.certificate_kinds),
        "kinds": labels.choices(messages.CERTIFICATE_TITLES, detail.certificate_kinds),
        "appeal_results": labels.choices(messages.APPEAL_RESULTS),
        "errors": errors or {},
        "form": form,
        "values": request.POST if errors else {},
        "done": DONE.get(request.GET.get("done", ""), ""),
        "payment_states": STATES,
        "refund_states": REFUND_STATES,
    }
    return render(request, "desk/firearms/application.html.jinja", context, status=status)


@require_POST
@staff_required
def act(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Do one thing with an application, and go back to its page."""
    actor, at = get_actor(request), now()
    return run_act(
        partial(find_act(ACTS, verb), actor, at, reference, request),
        url=reverse("desk-firearms-application", kwargs={"reference": reference}),
        form=_form_of(request, verb),
        show_page=partial(application_page, request, reference),
        # Whoever may decide at all lacks a line of the table, and can ask for one.
        no_authority=_NO_AUTHORITY if verb == "decide" and actor.may("firearms.decide") else "",
    )


def _send_referee_link(actor: Actor, at: datetime, reference: str, request: HttpRequest) -> str:
    referee_id = parse_uuid(request.POST.get("referee_id", ""))
    if referee_id is None:
        raise NotFound("There is no such referee.")
    commands.send_referee_link(
        actor=actor,
        at=at,
        reference=reference,
        referee_id=referee_id,
        email=request.POST.get("email", ""),
    )
    return "referee-link"


def _form_of(request: HttpRequest, verb: str) -> str:
    # Each check has a form of its own on the page.
    if verb == "referee-link":
        return request.POST.get("referee_id", verb)
    return request.POST.get("kind", verb) if verb == "check" else verb


def _complete(actor: Actor, at: datetime, reference: str, request: HttpRequest) -> str:
    reason = request.POST.get("complete_reason", "")
    commands.mark_complete(actor=actor, at=at, reference=reference, reason=reason)
    return "complete"


def _withdraw(actor: Actor, at: datetime, reference: str, request: HttpRequest) -> str:
    reason = request.POST.get("withdraw_reason", "")
    commands.withdraw_application(actor=actor, at=at, reference=reference, reason=reason)
    return "withdrawn"


def _take_on(actor: Actor, at: datetime, reference: str, request: HttpRequest) -> str:
    commands.take_on(actor=actor, at=at, reference=reference)
    return "taken"


def _check(actor: Actor, at: datetime, reference: str, request: HttpRequest) -> str:
    commands.record_check(
        actor=actor,
        at=at,
        reference=reference,
        **{name: request.POST.get(name, "") for name in ("kind", "result", "evidence", "reason")},
    )
    return "checked"


def _plan(actor: Actor, at: datetime, reference: str, request: HttpRequest) -> str:
    try:
        # The browser's field for a day and time sends no zone.
        planned = datetime.fromisoformat(request.POST.get("planned", "")).replace(tzinfo=LONDON)
    except ValueError:
        raise Refused("Enter the day and time of the visit", field="planned") from None
    commands.plan_visit(actor=actor, at=at, reference=reference, planned_at=planned)
    return "planned"


def _recommend(actor: Actor, at: datetime, reference: str, request: HttpRequest) -> str:
    lines = request.POST.get("conditions", "").splitlines()
    commands.recommend(
        actor=actor,
        at=at,
        reference=reference,
        recommendation=commands.RecommendationInput(
            grounds=tuple(request.POST.getlist("grounds")),
            conditions=tuple(line.strip() for line in lines if line.strip()),
            **_texts(request, "decision", "risk", "factors", "conclusion"),
        ),
    )
    return "recommended"


def _send_back(actor: Actor, at: datetime, reference: str, request: HttpRequest) -> str:
    commands.send_back(
        actor=actor, at=at, reference=reference, reason=request.POST.get("reason", "")
    )
    return "back"


def _decide(actor: Actor, at: datetime, reference: str, request: HttpRequest) -> str:
    commands.decide(
        actor=actor,
        at=at,
        reference=reference,
        decision=commands.DecisionInput(
            grounds=tuple(request.POST.getlist("grounds")),
            granted_kinds=tuple(request.POST.getlist("granted_kinds")),
            **_texts(request, "decision", "reasons"),
        ),
    )
    return "decided"


def _issue(actor: Actor, at: datetime, reference: str, request: HttpRequest) -> str:
    commands.issue_certificates(actor=actor, at=at, reference=reference)
    return "issued"


def _texts(request: HttpRequest, *names: str) -> dict[str, Any]:
    return {name: request.POST.get(name, "") for name in names}


ACTS: dict[str, Callable[[Actor, datetime, str, HttpRequest], str]] = {
    "complete": _complete,
    "take-on": _take_on,
    "referee-link": _send_referee_link,
    "check": _check,
    "plan-visit": _plan,
    "recommend": _recommend,
    "send-back": _send_back,
    "decide": _decide,
    "issue": _issue,
    "withdraw": _withdraw,
}
