"""Add a line to an item's continuity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.fast_sql import bulk_insert
from bluelamp.foundation.kernel.database.write_buffer import insert_at_commit
from bluelamp.records.evidence import reads
from bluelamp.records.evidence.models import Continuity, Item
from bluelamp.records.evidence.policy import audit_ref
from bluelamp.records.evidence.rules import Verb


@command(permission="evidence.take_in", act="evidence.continuity_noted")
def record_continuity(
    *,
    actor: Actor,
    at: datetime,
    item_id: UUID,
    verb: Verb,
    to: str = "",
    from_: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> int:
    """Record what was done with an item, and return the number of the new line.

    Args:
        to: Who or what the item went to, at most 200 characters.
        from_: Who or what it came from, at most 200 characters.
        reason: Why it was done; the actor's own reason if empty.
        detail: Plain JSON about the act.

    Raises:
        NotFound: There is no such item, or another force has it.
        NotPermitted: The actor may not take evidence in.
    """
    item = reads.find_item_row(actor=actor, item_id=item_id)
    sequence = write_continuity(
        actor=actor,
        at=at,
        item_id=item_id,
        verb=verb,
        to=to,
        from_=from_,
        reason=reason,
        detail=detail,
    )
    record_act(item, ref=audit_ref(item), detail={"verb": verb.value, "sequence": sequence})
    return sequence


def write_continuity(
    *,
    actor: Actor,
    at: datetime,
    item_id: UUID,
    verb: Verb,
    to: str = "",
    from_: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> int:
    """Add the next line to an item's continuity, as part of another command, and return its number.

    That command checks the permission and records the act. The arguments are those of
    `record_continuity`.

    Raises:
        NoActiveAct: No command is running.
        Item.DoesNotExist: There is no such item.
    """
    require_command()
    # The lock makes a second writer wait for the first transaction to end. Without it both would
    # read the same last number.
    item = Item.objects.select_for_update().only("id", "blob_id").get(id=item_id)
    lines = Continuity.objects.filter(item_id=item_id)
    last = lines.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    line = _Line(verb=verb, to=to, from_=from_, reason=reason, detail=detail or {})
    row = _new_row(actor, at, item, last + 1, line)
    row.save(force_insert=True)
    return row.sequence


def write_new_item(
    *,
    actor: Actor,
    at: datetime,
    item: Item,
    received: dict[str, Any],
    sealed: dict[str, Any],
    deferred: bool,
) -> None:
    """Write a new item with its first two lines: received from the actor, and sealed.

    Its blob is written too, if the record does not have it.

    Args:
        item: An unsaved row with an unsaved blob.
        received: The detail of the first line.
        sealed: The detail of the second line.
        deferred: Write at the end of the transaction, together with everything else that waits
            for it; until then nobody can read the item.
    """
    first = _Line(verb=Verb.RECEIVED, to="evidence store", from_=actor.name, detail=received)
    second = _Line(verb=Verb.SEALED, detail=sealed)
    write = insert_at_commit if deferred else bulk_insert
    write(
        item,
        _new_row(actor, at, item, 1, first),
        _new_row(actor, at, item, 2, second),
        ignore_existing=[item.blob],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    verb: Verb
    to: str = ""
    from_: str = ""
    reason: str = ""
    detail: dict[str, Any]


def _new_row(actor: Actor, at: datetime, item: Item, sequence: int, line: _Line) -> Continuity:
    return Continuity(
        item=item,
        sequence=sequence,
        verb=line.verb,
        at=at,
        by_id=actor.id,
        by_name=actor.name[:200],
        from_text=line.from_[:200],
        to_text=line.to[:200],
        # PostgreSQL stores no NUL, and a reason is no ground to refuse the act it explains.
        reason=(line.reason or actor.reason).replace("\0", "")[:500],
        sha256=item.sha256,
        detail=line.detail,
    )
