"""What can be downloaded of an answer: by its link, or after a one-time code."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.services.requests.lookups.details import DeliveryFiles, to_delivery_files
from bluelamp.services.requests.lookups.own import find_request_of_session
from bluelamp.services.requests.models import Delivery
from bluelamp.services.requests.rules import hash_secret


@lookup(permission="request.download", act="request.link_opened")
def get_delivery(*, actor: Actor, at: datetime, secret: str) -> DeliveryFiles:
    """Return the files that a link delivers. To look counts as no download.

    Raises:
        NotFound: There is no such link, or it has ended.
    """
    row = (
        Delivery.objects.select_related("request")
        .filter(secret_sha256=hash_secret(secret), request__force=actor.force)
        .first()
    )
    files = to_delivery_files(row, on=london_date(at)) if row else None
    # The same answer for a link that never was and for one that ended.
    if row is None or files is None:
        raise NotFound("This link has ended.")
    record_act(row.request, ref=row.request.reference)
    return files


@lookup(permission="request.track", act="request.own_files_listed")
def list_own_files(*, actor: Actor, at: datetime, session_id: UUID) -> DeliveryFiles | None:
    """Return the files that answer the request of a session, None where there are none now.

    Raises:
        NotFound: The session has ended.
    """
    request = find_request_of_session(actor=actor, at=at, session_id=session_id)
    if request is None:
        raise NotFound("There is no such session.")
    record_act(request, ref=request.reference)
    row = Delivery.objects.select_related("request").filter(request=request, ended_at=None).first()
    return to_delivery_files(row, on=london_date(at)) if row else None
