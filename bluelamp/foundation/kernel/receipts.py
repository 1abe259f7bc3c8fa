"""Idempotent capture: the device makes the id; the same id with the same bytes is the same capture."""

from uuid import UUID

from django.db import IntegrityError, transaction

from bluelamp.foundation.kernel.errors import Conflict
from bluelamp.foundation.kernel.models import Receipt


def claim(*, capture_id: UUID, sha256: str, kind: str) -> bool:
    """Say whether a capture is new, in the present transaction.

    True: new, and now received. False: received before with the same bytes.
    Raises Conflict when the id was received before with other bytes.
    """
    try:
        with transaction.atomic():
            Receipt.objects.create(id=capture_id, sha256=sha256, kind=kind)
    except IntegrityError:
        seen = Receipt.objects.get(id=capture_id)
        if (seen.sha256, seen.kind) != (sha256, kind):
            raise Conflict(
                "This was received before with other contents. Send a correction under a new id."
            ) from None
        return False
    return True


def receipt(*, capture_id: UUID) -> Receipt | None:
    """Return the receipt of a capture, if it arrived."""
    return Receipt.objects.filter(id=capture_id).first()
