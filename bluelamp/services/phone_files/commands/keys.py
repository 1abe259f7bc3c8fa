"""The key that the phones of a force encrypt for."""

from __future__ import annotations

import base64
from datetime import datetime

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.services.phone_files.contents import keys_folder
from bluelamp.services.phone_files.force_keys import ForceKey, find_force_key
from bluelamp.services.phone_files.keys import make_private_key
from bluelamp.services.phone_files.models import PhoneFileKey


def get_or_make_force_key(*, force: str, at: datetime) -> ForceKey:
    """Return the key that phones of a force encrypt for, and make the force's first one."""
    key = find_force_key(force)
    if key is None:
        keeper = Actor.system(
            "keys of files from phones", force=force, permissions={"device.bring_in"}
        )
        key = make_force_key(actor=keeper, at=at, is_first=True)
    return key


@command(permission="device.bring_in", act="phone_file.key_made")
def make_force_key(*, actor: Actor, at: datetime, is_first: bool = False) -> ForceKey:
    """Make a new key for the actor's force. Phones take it when they next have signal.

    The private halves of the keys before stay: files that were saved for them can still be read.

    Args:
        actor: For whose force.
        at: The time.
        is_first: Only if the force has none. Two nodes may ask at once.
    """
    lock_until_commit(f"keys of files from phones {actor.force}")
    existing = find_force_key(actor.force) if is_first else None
    if existing:
        record_act(None, ref=existing.id, detail={"already": "made"})
        return existing
    # Before the row: nobody may encrypt for a key that was not kept.
    key_id, public = make_private_key(keys_folder())
    row = PhoneFileKey.objects.create(
        force=actor.force,
        key_id=key_id,
        public_key=base64.b64encode(public).decode(),
        made_at=at,
    )
    record_act(row, ref=key_id)
    return ForceKey(id=key_id, force=row.force, public_key=row.public_key)
