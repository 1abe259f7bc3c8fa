"""Items of evidence as the `gallery` macro shows them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.lookups import ItemRow, list_items
from bluelamp.web.desk.contexts import GalleryItem
from bluelamp.web.labels.evidence import SCAN_VERDICTS, file_kind


def gallery_items(
    *,
    actor: Actor,
    at: datetime,
    item_ids: Sequence[UUID],
    notes: Mapping[UUID, str] | None = None,
) -> list[GalleryItem]:
    """Return items for a gallery.

    Args:
        actor: Who looks: items of other forces are left out.
        at: The time now.
        item_ids: The items, in the order to show them. Those not received yet are left out.
        notes: A note for some of the items, by id; may be HTML.
    """
    if not item_ids:
        return []
    items = list_items(actor=actor, at=at, item_ids=item_ids)
    return [gallery_item(item, note=(notes or {}).get(item.id, "")) for item in items]


def gallery_item(item: ItemRow, *, note: str = "") -> GalleryItem:
    """Return one item for a gallery. Its picture is a preview, never the original."""
    has_picture = item.preview("thumbnail") is not None
    kind = file_kind(item.media_info.get("family", ""))
    if not has_picture and not note:
        # Previews are made after the item is received, by a job.
        # Sound and other files never get a picture.
        is_pending = "problem" not in item.media_info and kind in {"photo", "video"}
        note = "Making a preview" if is_pending else item.media_info.get("problem", "")
    return {
        "id": item.id,
        "href": reverse("desk-item", kwargs={"item_id": item.id}),
        "src": reverse("desk-preview", kwargs={"item_id": item.id, "kind": "thumbnail"})
        if has_picture
        else "",
        "name": item.filename,
        "kind": kind,
        "note": note,
        "state": str(SCAN_VERDICTS[item.scan_verdict]),
    }
