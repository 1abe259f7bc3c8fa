"""Wait until the exhibits of a case file were read, before its package is built.

A package must not say that a file does not tell when it was taken, only because nobody had looked.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bluelamp.foundation.kernel.clock import now
from bluelamp.records.evidence.commands.previews import scan_and_preview_item
from bluelamp.records.evidence.models import Item

logger = logging.getLogger(__name__)

PROCESSING_LIMIT = timedelta(minutes=15)
MAX_NAMED_FILES = 5


@dataclass(frozen=True, slots=True)
class ItemToProcess:
    """An exhibit's item that has to be read, and the name of its file."""

    id: UUID
    filename: str


class ItemsUnprocessed(Exception):
    """Some items could not be read in time. The message is for the person who builds."""

    def __init__(self, unread: Sequence[ItemToProcess], *, total: int) -> None:
        self.count = len(unread)
        # A few, and cut: it is one sentence on a page.
        names = ", ".join(item.filename[:60] for item in unread[:MAX_NAMED_FILES])
        if self.count > MAX_NAMED_FILES:
            names += _(" and %(count)s more") % {"count": self.count - MAX_NAMED_FILES}
        super().__init__(
            ngettext(
                "%(count)s of %(total)s items could not be read yet: %(names)s. Wait a few minutes "
                "and build the case file again, or build it anyway",
                "%(count)s of %(total)s items could not be read yet: %(names)s. Wait a few minutes "
                "and build the case file again, or build it anyway",
                self.count,
            )
            % {"count": self.count, "total": total, "names": names}
        )


def process_items(
    items: Sequence[ItemToProcess],
    *,
    on_waiting: Callable[[str], None],
    limit: timedelta = PROCESSING_LIMIT,
) -> None:
    """Read the items that no job has read yet, one after the other.

    An item is read once the job that makes previews is done with it, even if it made nothing: then
    the item says that it could not be read. That job may be waiting behind many others, so its work
    is done here.

    Args:
        items: Every item of the package.
        on_waiting: Called with a sentence for the page before each item.
        limit: How long to try.

    Raises:
        ItemsUnprocessed: Some were not read within the limit, or reading them broke off.
    """
    ends_at = now() + limit
    waiting = [item for item in items if not _is_processed(item)]
    unread: list[ItemToProcess] = []
    while waiting and now() < ends_at:
        on_waiting(describe_waiting(len(waiting) + len(unread), total=len(items)))
        item = waiting.pop(0)
        if not _is_processed(item) and not _process_item(item):
            unread.append(item)
    if unread := [item for item in (*unread, *waiting) if not _is_processed(item)]:
        raise ItemsUnprocessed(unread, total=len(items))


def describe_waiting(count: int, *, total: int) -> str:
    """Return how many items are still to be read, for the case file's page."""
    return ngettext(
        "Waiting for %(count)s of %(total)s items to be read",
        "Waiting for %(count)s of %(total)s items to be read",
        count,
    ) % {"count": count, "total": total}


def _is_processed(item: ItemToProcess) -> bool:
    # Asked each time, because the job can be done with it meanwhile.
    return Item.objects.get(id=item.id).is_processed


def _process_item(item: ItemToProcess) -> bool:
    """Return whether an item was read. A fault is logged, and does not stop the others."""
    try:
        scan_and_preview_item(item_id=str(item.id))
    except Exception:
        logger.exception("An item of a case file could not be read: %s", item.id)
        return False
    return True
