"""Files of an application as the `gallery` macro shows them."""

from datetime import datetime

from django.urls import reverse

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.records.evidence.lookups import ItemRow
from bluelamp.services.firearms import lookups
from bluelamp.web.desk.contexts import GalleryItem
from bluelamp.web.desk.gallery import gallery_item
from bluelamp.web.formats import format_date_time


def application_gallery(*, actor: Actor, at: datetime, reference: str) -> list[GalleryItem]:
    """Return the files of an application for its page; none to whoever may not see them."""
    if not actor.may("firearms.read_medical"):
        return []
    gallery: list[GalleryItem] = []
    for item in lookups.list_application_files(actor=actor, at=at, reference=reference):
        shown = gallery_item(item, note=_describe(item, at))
        # Addresses of our own: the team sees these files without seeing evidence.
        where = {"reference": reference, "item_id": item.id}
        shown["href"] = reverse("desk-firearms-file", kwargs=where)
        if shown["src"]:
            shown["src"] = reverse("desk-firearms-picture", kwargs=where)
        gallery.append(shown)
    return gallery


def _describe(item: ItemRow, at: datetime) -> str:
    """Return what a file shows and when it was taken, "" where nobody said."""
    today = london_date(at)
    taken = f"Taken {format_date_time(item.captured_at, today=today)}" if item.captured_at else ""
    return ". ".join(part for part in (item.description, taken) if part)
