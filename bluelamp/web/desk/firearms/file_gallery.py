"""Files of an application as the `gallery` macro shows them."""

from datetime import datetime

from django.urls import reverse

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.services.firearms import lookups
from bluelamp.web.desk.contexts import GalleryItem
from bluelamp.web.desk.gallery import gallery_item


def application_gallery(*, actor: Actor, at: datetime, reference: str) -> list[GalleryItem]:
    """Return the files of an application for its page; none to whoever may not see them."""
    if not actor.may("firearms.read_medical"):
        return []
    gallery: list[GalleryItem] = []
    for item in lookups.list_application_files(actor=actor, at=at, reference=reference):
        shown = gallery_item(item)
        # Addresses of our own: the team sees these files without seeing evidence.
        where = {"reference": reference, "item_id": item.id}
        shown["href"] = reverse("desk-firearms-file", kwargs=where)
        if shown["src"]:
            shown["src"] = reverse("desk-firearms-picture", kwargs=where)
        gallery.append(shown)
    return gallery
