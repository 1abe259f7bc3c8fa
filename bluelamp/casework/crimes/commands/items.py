"""Items captured at the scene: announced by the device first, their bytes sent after by upload."""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.models import Crime, CrimeItem
from bluelamp.casework.crimes.rules import SceneItem, item_purpose
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound
from bluelamp.foundation.kernel.receipts import claim
from bluelamp.records.evidence.commands import About, issue_upload_token
from bluelamp.records.people.rules import fits, storable


@command(may="evidence.take_in", act="crime.item_captured", category=Category.COLLECTION)
def capture_item(*, actor: Actor, at: datetime, capture: SceneItem, sha256: str) -> bool:
    """Say that an item captured on a device belongs to a crime; its bytes come after, by upload.

    `sha256` is that of the capture, not of the item. Returns whether the capture is new: sent
    twice, nothing changes. Raises NotFound for a crime that is not this force's or is not here yet,
    Conflict where the id was received with other bytes, Refused.
    """
    crime = (
        Crime.objects.select_related("number")
        .filter(id=capture.crime_id, force=actor.force)
        .first()
    )
    if crime is None:
        raise NotFound("There is no such crime.")
    number = str(crime.number)
    if not claim(capture_id=capture.item_id, sha256=sha256, kind="item"):
        record_act(crime, ref=number, detail={"item": str(capture.item_id), "received": "before"})
        return False
    storable({"filename": capture.filename, "media_type": capture.media_type})
    about = About(
        origin="officer app",
        description=fits(
            capture.description, limit=4000, field="description", what="The description"
        ),
        captured_at=capture.captured_at,
        latitude=capture.latitude,
        longitude=capture.longitude,
        accuracy_m=capture.accuracy_m,
    )
    told = {
        "size": capture.size,
        "sha256": capture.sha256,
        "filename": capture.filename,
        "media_type": capture.media_type,
        "device_id": str(capture.device_id),
        "device_at": capture.device_at.isoformat(),
        "about": about.as_data(),
    }
    CrimeItem.objects.create(crime=crime, item_id=capture.item_id, added_at=at, told=told)
    record_act(crime, ref=number, detail={"item": str(capture.item_id), "sha256": capture.sha256})
    return True


@command(may="upload.token", act="crime.item_token_issued")
def issue_item_token(*, actor: Actor, at: datetime, item_id: UUID, size: int, sha256: str) -> str:
    """Return an upload token for the bytes of an item that a device announced, good for a day.

    Raises NotFound for an item that nobody announced in this force, Conflict where size or hash are
    not what was announced.
    """
    items = CrimeItem.objects.select_related("crime__number").exclude(told={})
    item = items.filter(item_id=item_id, crime__force=actor.force).first()
    if item is None:
        raise NotFound("There is no such item.")
    if (item.told["size"], item.told["sha256"]) != (size, sha256):
        raise Conflict("This item was announced with another size or hash.")
    token = issue_upload_token(
        actor=actor,
        at=at,
        purpose=item_purpose(item.crime_id),
        max_bytes=size,
        item_id=item_id,
        sha256=sha256,
        about=About.of(item.told["about"]),
    )
    record_act(item.crime, ref=str(item.crime.number), detail={"item": str(item_id)})
    return token
