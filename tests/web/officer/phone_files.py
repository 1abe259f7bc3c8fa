"""Files in which Ada's phone saved what waits on it."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.services.phone_files.commands import get_or_make_force_key, receive_phone_file
from tests.cast import account
from tests.services.phone_files.writer import FileWriter, Saved
from tests.web.officer.device import Device


def writer_of(device: Device, *, force: str = "01", **changes: Any) -> FileWriter:
    """Return what writes files on a phone, for a force."""
    key = get_or_make_force_key(force=force, at=now())
    return FileWriter(
        device_id=device.id,
        device_key=device.key,
        public_key=key.public_key,
        key_id=key.id,
        force=force,
        **changes,
    )


def saved(
    capture: dict[str, Any], *, player: Any, file: bytes | None = None, problem: str = ""
) -> Saved:
    """Return a capture as it stands in a file, made by a player."""
    officer = account(player)
    raw = json.dumps(capture, ensure_ascii=False).encode()
    return Saved(capture["id"], str(officer.id), raw, file, problem)


def bring_to_desk(actor: Actor, raw: bytes) -> UUID:
    """Hand a file in at the desk."""
    return receive_phone_file(actor=actor, at=now(), file=io.BytesIO(raw), size=len(raw))


def save_file(device: Device, captures: Sequence[Saved], **changes: Any) -> bytes:
    """Return the file in which a phone saves these."""
    return writer_of(device, **changes).write(captures)
