"""Deliver a file of a request: by its link, or to whoever a one-time code let in."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.evidence.commands import OpenedFile, open_original_within_command
from bluelamp.services.requests.commands.entries import add_entry
from bluelamp.services.requests.lookups.details import list_newest_files
from bluelamp.services.requests.lookups.own import find_request_of_session
from bluelamp.services.requests.models import Delivery
from bluelamp.services.requests.rules import (
    hash_secret,
    is_link_open,
    max_downloads,
    request_subject,
)


@command(permission="request.download", act="request.downloaded", category=Category.DISCLOSURE)
def open_delivery(
    *, actor: Actor, at: datetime, secret: str, item_id: UUID | None = None
) -> OpenedFile:
    """Open a file that a link delivers, and count it: on the request, and in its continuity.

    Args:
        actor: Whoever has the link.
        at: The time.
        secret: The link's secret.
        item_id: Which file, None for the only one, or the first of several.

    Raises:
        NotFound: There is no such link or file, or the link has ended.
        Refused: The file is infected.
    """
    delivery = _lock_delivery(secret_sha256=hash_secret(secret), request__force=actor.force)
    return _open_file(actor, at, delivery, item_id)


@command(permission="request.track", act="request.downloaded", category=Category.DISCLOSURE)
def open_own_file(
    *, actor: Actor, at: datetime, session_id: UUID, item_id: UUID | None = None
) -> OpenedFile:
    """Open a file that answers the request of a session, and count it as a download by the link.

    Args:
        actor: Whoever entered a one-time code.
        at: The time.
        session_id: The session that the code opened.
        item_id: Which file, None for the only one, or the first of several.

    Raises:
        NotFound: The session has ended, or there is no such file now.
        Refused: The file is infected.
    """
    request = find_request_of_session(actor=actor, at=at, session_id=session_id)
    if request is None:
        raise NotFound("There is no such session.")
    return _open_file(actor, at, _lock_delivery(request=request, ended_at=None), item_id)


def _lock_delivery(**conditions: object) -> Delivery | None:
    # Locked: two downloads at once would both be the last one.
    deliveries = Delivery.objects.select_for_update(of=("self",)).select_related("request")
    return deliveries.filter(**conditions).first()


def _open_file(
    actor: Actor, at: datetime, delivery: Delivery | None, item_id: UUID | None
) -> OpenedFile:
    """Open a file of a locked delivery and count it, as part of a command."""
    if delivery is None:
        raise NotFound("This link has ended.")
    files = list_newest_files(delivery.request)
    if not is_link_open(
        expires_on=delivery.expires_on,
        downloads=delivery.downloads,
        max_downloads=max_downloads(len(files)),
        is_withdrawn=delivery.ended_at is not None,
        on=london_date(at),
    ):
        raise NotFound("This link has ended.")
    # Of this request only: an id of another request’s file opens nothing.
    file = next((file for file in files if item_id in (None, file.item_id)), None)
    if file is None:
        raise NotFound("There is no such file.")
    opened = open_original_within_command(
        actor=actor,
        at=at,
        subject=request_subject(delivery.request_id),
        item_id=file.item_id,
        to=delivery.request.name,
        reason=f"Request {delivery.request.reference}",
    )
    # After the file was opened: an infected one must not use up a download.
    delivery.downloads += 1
    delivery.save(update_fields=["downloads"])
    add_entry(delivery.request, actor=actor, at=at, act="downloaded", note=opened.filename)
    record_act(delivery.request, ref=delivery.request.reference)
    return opened
