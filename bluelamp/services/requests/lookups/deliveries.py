"""What a link delivers, for whoever has it."""

from datetime import datetime

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.services.requests.lookups.details import (
    DeliveredFile,
    DeliveryFiles,
    list_newest_files,
    to_delivery_detail,
)
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
    # The same answer for a link that never was and for one that ended.
    if row is None:
        raise NotFound("This link has ended.")
    files = list_newest_files(row.request)
    detail = to_delivery_detail(row, files=len(files), on=london_date(at))
    if not detail.is_open:
        raise NotFound("This link has ended.")
    record_act(row.request, ref=row.request.reference)
    return DeliveryFiles(
        files=tuple(
            DeliveredFile(
                item_id=file.item_id, filename=file.item.filename, size=file.item.blob.size
            )
            for file in files
        ),
        expires_on=row.expires_on,
        downloads_left=detail.max_downloads - detail.downloads,
    )
