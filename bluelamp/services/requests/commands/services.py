"""Set a service: what it is called, who may ask, what they need and what it costs."""

from dataclasses import dataclass
from datetime import date, datetime

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.foundation.payments.lookups import get_fees
from bluelamp.services.requests.lookups.services import get_service
from bluelamp.services.requests.models import ServiceVersion


@dataclass(frozen=True, kw_only=True, slots=True)
class NewService:
    """A service as staff set it from a day on. `source` says where the text and fee come from."""

    code: str
    valid_from: date
    title: str
    who: str
    needed: str
    fee_code: str
    is_offered: bool
    source: str


@command(permission="request.edit_services", act="request.service_set")
def set_service(*, actor: Actor, at: datetime, service: NewService) -> None:
    """Set what a service is from a day on. What it was before stays on record.

    Raises:
        NotFound: There is no such service.
        Refused: The title or the source is missing, or the fee is unknown.
    """
    existing = get_service(actor=actor, code=service.code, on=london_date(at))
    source = clean_text(
        service.source, max_length=400, field="source", label="requests.source_label"
    )
    title = clean_text(service.title, max_length=200, field="title", label="requests.title_label")
    problems = []
    if not title:
        problems.append(Problem("requests.title_missing", "title"))
    if not source:
        problems.append(Problem("requests.source_missing", "source"))
    # A fee must exist on the first day that the service can be asked for, which is never past.
    on = max(service.valid_from, london_date(at))
    if service.fee_code and not get_fees(actor=actor, codes=[service.fee_code], on=on):
        problems.append(Problem("requests.fee_unknown", "fee_code"))
    if problems:
        raise Refused(errors=problems)
    row = ServiceVersion.objects.create(
        force=actor.force,
        code=service.code,
        valid_from=service.valid_from,
        title=title,
        who=clean_text(service.who, max_length=2000, field="who", label="requests.text_label"),
        needed=clean_text(
            service.needed, max_length=2000, field="needed", label="requests.text_label"
        ),
        fee_code=service.fee_code,
        # The law sets it, and no member of staff.
        clock=existing.clock,
        is_offered=service.is_offered,
        source=source,
        recorded_at=at,
        recorded_by_id=actor.id,
        recorded_by_name=actor.name[:200],
    )
    record_act(row, ref=service.code, detail={"valid_from": service.valid_from.isoformat()})
