"""List a difference between GOV.UK Pay and us, and record what staff did about it."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.foundation.payments.models import Payment, ReconciliationDifference
from bluelamp.foundation.payments.policy import difference_policy

MAX_NOTE_LENGTH = 500


def list_difference(
    kind: str,
    *,
    at: datetime,
    force: str,
    provider_id: str,
    payment: Payment | None = None,
    our_pence: int | None = None,
    their_pence: int | None = None,
    their_state: str = "",
) -> bool:
    """List a difference, inside a command. Found again, it only says when it was last seen.

    Args:
        kind: What differs: a code whose sentence messages.py has.
        provider_id: GOV.UK Pay's id of the payment or refund.

    Returns:
        Whether it still waits for somebody to clear it.
    """
    require_command()
    row, is_new = ReconciliationDifference.objects.get_or_create(
        # Everything that makes it this difference: with another amount it is a new one to clear.
        key=f"{force}:{kind}:{provider_id}:{our_pence}:{their_pence}:{their_state}",
        defaults={
            "force": force,
            "kind": kind,
            "payment": payment,
            "provider_id": provider_id,
            "our_pence": our_pence,
            "their_pence": their_pence,
            "their_state": their_state,
            "found_at": at,
            "seen_at": at,
        },
    )
    # Cleared or not: that it is still there tells whoever cleared it that it was not mended.
    if not is_new:
        row.seen_at = at
        row.save(update_fields=["seen_at"])
    return row.cleared_at is None


@command(permission="payment.reconcile", act="reconciliation.cleared")
def clear_difference(*, actor: Actor, at: datetime, difference_id: UUID, note: str) -> None:
    """Record what somebody did about a difference. A second time changes nothing.

    Raises:
        NotFound: There is no such difference of the actor's force.
        Refused: The note is missing or too long.
    """
    note = clean_text(note, max_length=MAX_NOTE_LENGTH, field="note", label="payments.note")
    if not note:
        raise Refused("payments.clear_note_missing", field="note")
    row = difference_policy.get(actor, lock=True, id=difference_id)
    # Who cleared it first, and why, stays on record.
    if row.cleared_at is None:
        row.cleared_at = at
        row.cleared_by_id = actor.id
        row.note = note
        row.save()
    record_act(row, ref=row.payment.reference if row.payment else row.provider_id)
