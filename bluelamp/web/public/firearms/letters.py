"""The letter about a decision, for whom it is about: the same file that is posted to them."""

from io import BytesIO
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.services.firearms.lookups.own_decisions import OwnDecision, get_own_notice
from bluelamp.services.firearms.messages import APPEAL_RESULTS, COURT_TITLES, DECISION_OUTCOMES
from bluelamp.services.firearms.notice_pdf import describe_ground, draw_notice_of
from bluelamp.web.actor import get_actor
from bluelamp.web.file_responses import download_response
from bluelamp.web.public.firearms import cookies
from bluelamp.web.public.firearms.redirects import redirect_to_my_start


@require_safe
def letter(request: HttpRequest, decision_id: UUID) -> HttpResponseBase:
    """Send the letter as a PDF."""
    session_id = cookies.get_id(request, cookies.SESSION)
    if session_id is None:
        return redirect_to_my_start()
    try:
        notice = get_own_notice(
            actor=get_actor(request), at=now(), session_id=session_id, decision_id=decision_id
        )
    except NotFound:
        return redirect_to_my_start()
    pdf = draw_notice_of(notice)
    # A slash in a file's name would be a folder.
    filename = f"{notice.reference.replace('/', '-')}.pdf"
    return download_response(BytesIO(pdf), filename=filename, size=len(pdf))


def describe_decision(decision: OwnDecision | None) -> dict[str, object] | None:
    """Return a decision in words, for the pages of whom it is about; None where there is none."""
    if decision is None:
        return None
    return {
        "row": decision,
        "outcome": DECISION_OUTCOMES[decision.decision],
        "grounds": [describe_ground(code) for code in decision.grounds],
        "court": COURT_TITLES.get(decision.court, decision.court),
        "appeal_result": APPEAL_RESULTS.get(decision.appeal_result, ""),
    }
