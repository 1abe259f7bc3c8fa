"""Idempotent capture: the device makes the id, and the same id with the same bytes is the same
capture.
"""

from uuid import UUID

from django.db import connection

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict
from bluelamp.foundation.kernel.models import Receipt


def record_receipt(*, capture_id: UUID, sha256: str, kind: str) -> bool:
    """Record in the current transaction that a capture arrived, and say whether it is new.

    Waits for a transaction that is receiving the same capture.

    Returns:
        True where it is new; False where it was received before with the same bytes.

    Raises:
        Conflict: The id was received before with other bytes.
    """
    with connection.cursor() as cursor:
        # one statement: an INSERT that fails would abort the transaction
        cursor.execute(
            "INSERT INTO kernel_receipt (id, sha256, kind, received_at) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (id) DO NOTHING",
            [capture_id, sha256, kind, now()],
        )
        is_new: bool = cursor.rowcount == 1
    if not is_new:
        existing = Receipt.objects.get(id=capture_id)
        # The kind as well: a device that gave a crime and an item one id has lost track of its
        # captures.
        if (existing.sha256, existing.kind) != (sha256, kind):
            raise Conflict(
                "This was received before with other contents. Send a correction under a new id."
            )
    return is_new


def get_receipt(*, capture_id: UUID) -> Receipt | None:
    """Return the receipt of a capture, or None if it has not arrived."""
    return Receipt.objects.filter(id=capture_id).first()
