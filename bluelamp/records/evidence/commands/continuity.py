"""Add a line to an item's continuity."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.rows import insert
from bluelamp.foundation.kernel.together import insert_soon
from bluelamp.records.evidence.models import Continuity, Item
from bluelamp.records.evidence.rules import Verb


@command(may="evidence.view", act="evidence.continuity_noted")
def note_continuity(
    *,
    actor: Actor,
    at: datetime,
    item: Item,
    verb: Verb,
    to: str = "",
    from_: str = "",
    why: str = "",
    detail: dict[str, Any] | None = None,
) -> Continuity:
    """Record what was done with an item. Raises NotPermitted, and NotFound for another force's
    item.
    """
    if item.force != actor.force:
        raise NotFound("There is no such item.")
    row = write_continuity(
        actor=actor, at=at, item=item, verb=verb, to=to, from_=from_, why=why, detail=detail
    )
    record_act(item, ref=item.filename, detail={"verb": row.verb, "sequence": row.sequence})
    return row


def write_continuity(
    *,
    actor: Actor,
    at: datetime,
    item: Item,
    verb: Verb,
    to: str = "",
    from_: str = "",
    why: str = "",
    detail: dict[str, Any] | None = None,
) -> Continuity:
    """Add the next line to an item's continuity, inside a command that has settled permission and
    records its act.

    Lines of one item are written one at a time: the second writer waits for the first transaction
    to end.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("write_continuity belongs inside a command")
    Item.objects.select_for_update().only("id").get(id=item.id)
    rows = Continuity.objects.filter(item_id=item.id)
    last = rows.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    row = _row(actor, at, item, last + 1, verb, to=to, from_=from_, why=why, detail=detail or {})
    row.save(force_insert=True)
    return row


def begin_continuity(
    *,
    actor: Actor,
    at: datetime,
    item: Item,
    received: dict[str, Any],
    sealed: dict[str, Any],
    soon: bool,
) -> None:
    """Write a new item, its blob if that is new, and its first two lines: received from the actor,
    and sealed.

    With `soon` at the end of the transaction: nobody may read them before.
    """
    first = _row(
        actor,
        at,
        item,
        1,
        Verb.RECEIVED,
        to="evidence store",
        from_=actor.name,
        why="",
        detail=received,
    )
    second = _row(actor, at, item, 2, Verb.SEALED, to="", from_="", why="", detail=sealed)
    (insert_soon if soon else insert)(item, first, second, shared=[item.blob])


def _row(
    actor: Actor,
    at: datetime,
    item: Item,
    sequence: int,
    verb: Verb,
    *,
    to: str,
    from_: str,
    why: str,
    detail: dict[str, Any],
) -> Continuity:
    return Continuity(
        item=item,
        sequence=sequence,
        verb=Verb(verb),
        at=at,
        by_id=actor.id,
        by_name=actor.name[:200],
        from_text=from_[:200],
        to_text=to[:200],
        why=(why or actor.why).replace("\0", "")[:500],
        sha256=item.sha256,
        detail=detail,
    )
