"""One certificate: its page, its PDF, and how it ends; the notice of a decision and its appeal."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.services.firearms import commands, lookups, messages
from bluelamp.services.firearms.rules.decisions import CertificateKind, DecisionKind
from bluelamp.services.firearms.rules.guns import OWNED, GunStatus
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels as desk_labels
from bluelamp.web.desk.downloads import download_response
from bluelamp.web.desk.firearms import labels
from bluelamp.web.desk.firearms.acts import DECISION_DONE, ShowPage, find_act, run_act
from bluelamp.web.desk.firearms.application import application_page
from bluelamp.web.desk.firearms.days import read_day
from bluelamp.web.parsing import parse_uuid
from bluelamp.web.render import render

_REVOCATIONS = (DecisionKind.REVOKE, DecisionKind.PARTIAL_REVOKE)
_NO_AUTHORITY = "The authority table does not let you make this decision at this risk"
DONE = {
    "permit": "Temporary permit issued. Its PDF will be ready in a moment.",
    **DECISION_DONE,
    "revoked": "Decision recorded. Serve the notice, and record when it is received.",
    "ended": "Certificate ended",
}


@require_safe
@staff_required
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Show a certificate with its guns, conditions and decisions."""
    return certificate_page(request, number)


def certificate_page(
    request: HttpRequest,
    number: str,
    *,
    errors: dict[str, str] | None = None,
    form: str = "",
    status: int = 200,
    decision_id: UUID | None = None,
) -> HttpResponse:
    """Return the page of a certificate, with the errors of the form that was sent.

    `decision_id` is the decision whose notice and appeal are recorded, the latest unless given.
    """
    actor, at = get_actor(request), now()
    detail = lookups.get_certificate(actor=actor, at=at, number=number)
    is_live = detail.state == "in-force"
    grounds = labels.ground_choices(tuple(_REVOCATIONS), (detail.kind,))
    context = {
        "certificate": detail,
        "title": str(messages.CERTIFICATE_TITLES[detail.kind]),
        "permit": (
            lookups.get_permit(actor=actor, at=at, number=detail.number)
            if detail.kind == CertificateKind.TEMPORARY_PERMIT
            else None
        ),
        "standing": labels.standing_tag(detail.standing),
        "labels": labels,
        "messages": messages,
        "recorded_id": decision_id
        or parse_uuid(request.GET.get("decision", ""))
        or next((decision.id for decision in detail.decisions), None),
        # The law names no ground to revoke a temporary permit: it is handed in or seized.
        "may_revoke": is_live and actor.may("firearms.decide") and bool(grounds),
        "may_end": is_live and actor.may("firearms.issue"),
        "decisions": labels.choices(messages.DECISION_TITLES, _REVOCATIONS),
        "grounds": grounds,
        # What a revocation in part can take off (1968 Act s.30B).
        "guns": [
            (str(gun.id), _gun_text(gun))
            for gun in detail.guns
            if gun.status != GunStatus.DISPOSED and not gun.is_revoked
        ],
        "risks": labels.choices(messages.RISK_TITLES),
        "ends": labels.choices(messages.CERTIFICATE_STATES, commands.ENDS),
        "appeal_results": labels.choices(messages.APPEAL_RESULTS),
        "errors": errors or {},
        "form": form,
        "values": request.POST if errors else {},
        "done": DONE.get(request.GET.get("done", ""), ""),
    }
    return render(request, "desk/firearms/certificate.html.jinja", context, status=status)


@require_safe
@staff_required
def certificate_pdf(request: HttpRequest, number: str) -> HttpResponseBase:
    """Send the signed PDF of a certificate."""
    opened = commands.open_certificate_pdf(actor=get_actor(request), at=now(), number=number)
    return download_response(
        opened.file, filename=opened.filename, size=opened.size, sha256=opened.sha256
    )


@require_safe
@staff_required
def notice(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Show the notice of a decision as the person gets it, to print and serve."""
    detail = lookups.get_notice(actor=get_actor(request), at=now(), decision_id=decision_id)
    back = (
        reverse("desk-firearms-application", kwargs={"reference": detail.reference})
        if detail.is_about_application
        else reverse("desk-firearms-certificate", kwargs={"number": detail.reference})
    )
    context = {
        "notice": detail,
        "labels": labels,
        "messages": messages,
        "kinds": [str(messages.CERTIFICATE_TITLES[kind]) for kind in detail.certificate_kinds],
        "back_href": back,
        "may_post": get_actor(request).may("firearms.issue") and not detail.decision.received_on,
    }
    return render(request, "desk/firearms/notice.html.jinja", context)


@require_POST
@staff_required
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Do one thing with a certificate, and go back to its page."""
    actor, at = get_actor(request), now()
    return run_act(
        partial(find_act(ACTS, verb), actor, at, number, request),
        url=reverse("desk-firearms-certificate", kwargs={"number": number}),
        form=verb,
        show_page=partial(certificate_page, request, number),
        no_authority=_NO_AUTHORITY if verb == "revoke" and actor.may("firearms.decide") else "",
    )


@require_POST
@staff_required
def decision_act(request: HttpRequest, decision_id: UUID, verb: str) -> HttpResponse:
    """Record the receipt of a notice, an appeal or its result, and go back to where it was sent."""
    number, reference = request.POST.get("number", ""), request.POST.get("application", "")
    if number:
        url = reverse("desk-firearms-certificate", kwargs={"number": number})
        show_page: ShowPage = partial(certificate_page, request, number, decision_id=decision_id)
    elif reference:
        url = reverse("desk-firearms-application", kwargs={"reference": reference})
        show_page = partial(application_page, request, reference)
    else:
        # No form of ours leaves both out, and nothing may be recorded before we know.
        raise Http404
    return run_act(
        partial(find_act(DECISION_ACTS, verb), get_actor(request), now(), decision_id, request),
        url=url,
        form=verb,
        show_page=show_page,
    )


def _gun_text(gun: lookups.GunDetail) -> str:
    name = desk_labels.join_parts(gun.type.capitalize(), gun.make, gun.calibre, gun.serial_number)
    return name if gun.status in OWNED else f"{name} (to be acquired)"


def _revoke(actor: Actor, at: datetime, number: str, request: HttpRequest) -> str:
    commands.revoke(
        actor=actor,
        at=at,
        number=number,
        revocation=commands.RevocationInput(
            decision=request.POST.get("decision", ""),
            grounds=tuple(request.POST.getlist("grounds")),
            reasons=request.POST.get("reasons", ""),
            risk=request.POST.get("risk", ""),
            is_at_once=request.POST.get("at_once") == "yes",
            gun_ids=tuple(filter(None, map(parse_uuid, request.POST.getlist("gun_ids")))),
        ),
    )
    return "revoked"


def _end(actor: Actor, at: datetime, number: str, request: HttpRequest) -> str:
    commands.record_end(
        actor=actor,
        at=at,
        number=number,
        state=request.POST.get("state", ""),
        ended_on=read_day(request, "ended_on"),
        reason=request.POST.get("reason", ""),
        guns_went_to=request.POST.get("guns_went_to", ""),
    )
    return "ended"


def _post(actor: Actor, at: datetime, decision_id: UUID, request: HttpRequest) -> str:
    commands.post_notice(actor=actor, at=at, decision_id=decision_id)
    return "posted"


def _receipt(actor: Actor, at: datetime, decision_id: UUID, request: HttpRequest) -> str:
    commands.record_notice_receipt(
        actor=actor,
        at=at,
        decision_id=decision_id,
        received_on=read_day(request, "received_on"),
        proof=request.POST.get("proof", ""),
    )
    return "receipt"


def _appeal(actor: Actor, at: datetime, decision_id: UUID, request: HttpRequest) -> str:
    commands.record_appeal(
        actor=actor,
        at=at,
        decision_id=decision_id,
        lodged_on=read_day(request, "lodged_on"),
        court=request.POST.get("court", ""),
        court_reference=request.POST.get("court_reference", ""),
    )
    return "appeal"


def _appeal_result(actor: Actor, at: datetime, decision_id: UUID, request: HttpRequest) -> str:
    commands.record_appeal_result(
        actor=actor,
        at=at,
        decision_id=decision_id,
        result=request.POST.get("result", ""),
        ended_on=read_day(request, "appeal_ended_on"),
        reasons=request.POST.get("appeal_reasons", ""),
    )
    return "appeal-ended"


def _appeal_confirm(actor: Actor, at: datetime, decision_id: UUID, request: HttpRequest) -> str:
    commands.confirm_appeal_result(actor=actor, at=at, decision_id=decision_id)
    return "appeal-confirmed"


ACTS: dict[str, Callable[[Actor, datetime, str, HttpRequest], str]] = {
    "revoke": _revoke,
    "end": _end,
}
DECISION_ACTS: dict[str, Callable[[Actor, datetime, UUID, HttpRequest], str]] = {
    "post": _post,
    "receipt": _receipt,
    "appeal": _appeal,
    "appeal-result": _appeal_result,
    "appeal-confirm": _appeal_confirm,
}
