"""The visits of a firearms enquiry officer: the list that a phone keeps, and photos of each."""

import hashlib
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.lookups import list_own_visits
from bluelamp.web.actor import get_actor
from bluelamp.web.officer import device_proof, openapi
from bluelamp.web.officer.compression import conditional_response
from bluelamp.web.officer.visit_schemas import (
    VisitListSchema,
    VisitPhotoCaptureSchema,
    VisitRowSchema,
)

visit_router = Router()
_JSON: Final[dict[str, Any]] = {
    "content_type": "application/json",
    "headers": {"Cache-Control": "no-store"},
}


@visit_router.get(
    "/visits/mine",
    response={200: VisitListSchema, **openapi.problems()},
    operation_id="my_visits",
)
def my_visits(request: HttpRequest) -> HttpResponse:
    """Return the visits to applicants for firearms that are planned for the officer, from today.

    The answer is 304 if `If-None-Match` has the list's ETag.
    """
    actor = get_actor(request)
    device_proof.require_device(request, actor)
    visits = VisitListSchema(
        visits=[
            VisitRowSchema(
                reference=row.reference,
                planned_at=row.planned_at,
                applicant=row.applicant,
                address=row.address,
                phone=row.phone,
            )
            for row in list_own_visits(actor=actor, at=now())
            if row.planned_at
        ]
    )
    return conditional_response(request, visits.model_dump_json().encode(), **_JSON)


def to_visit_photo(
    capture: VisitPhotoCaptureSchema, sent_at: datetime | None
) -> commands.CapturedVisitPhoto:
    """Return what the command takes, from what a device captured."""
    return commands.CapturedVisitPhoto(
        device_at=capture.device_at,
        made_at=capture.made_at,
        sent_at=sent_at,
        **capture.body.model_dump(),
    )


def issue_photo_token(*, actor: Actor, at: datetime, raw: bytes) -> str:
    """Return the token for the bytes of the photo that a received capture announces.

    Args:
        raw: The capture's bytes, which were received and checked.
    """
    capture = VisitPhotoCaptureSchema.model_validate_json(raw)
    return commands.issue_visit_photo_token(
        actor=actor,
        at=at,
        photo=to_visit_photo(capture, None),
        sha256=hashlib.sha256(raw).hexdigest(),
    )
