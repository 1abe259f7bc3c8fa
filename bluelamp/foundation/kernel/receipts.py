"""Idempotent capture: the device makes the id; the same id with the same bytes is the same
capture.
"""

from uuid import UUID

from django.db import connection

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict
from bluelamp.foundation.kernel.models import Receipt


def claim(*, capture_id: UUID, sha256: str, kind: str) -> bool:
    """Say whether a capture is new, in the present transaction.

    True: new, and now received. False: received before with the same bytes.
    Raises Conflict when the id was received before with other bytes.
    """
    with (
        connection.cursor() as cursor
    ):  # one statement; an insert that fails would need a savepoint around it
        cursor.execute(
            "INSERT INTO kernel_receipt (id, sha256, kind, received_at) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (id) DO NOTHING",
            [capture_id, sha256, kind, now()],
        )
        is_new: bool = cursor.rowcount == 1
    if not is_new:
        seen = Receipt.objects.get(id=capture_id)
        if (seen.sha256, seen.kind) != (sha256, kind):
            raise Conflict(
                "This was received before with other contents. Send a correction under a new id."
            )
    return is_new


def receipt(*, capture_id: UUID) -> Receipt | None:
    """Return the receipt of a capture, if it arrived."""
    return Receipt.objects.filter(id=capture_id).first()
