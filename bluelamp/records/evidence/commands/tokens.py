"""Upload tokens: who may send what, for one purpose, signed and good for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands.take_in import About
from bluelamp.records.evidence.rules import TOKEN_LIFE

_SALT = "bluelamp.records.evidence.upload-token"
_DAY = int(TOKEN_LIFE.total_seconds())


@dataclass(frozen=True, slots=True)
class UploadToken:
    """What a token allows: `actor` may send up to `max_files` files of up to `max_bytes` for
    `purpose`.

    With `item_id`, only that item; with `sha256`, only those bytes (lower-case hex).
    """

    id: UUID
    actor: Actor
    purpose: str
    max_bytes: int
    max_files: int
    item_id: UUID | None
    sha256: str
    about: About


@command(may="upload.token", act="upload.token_issued")
def issue_upload_token(
    *,
    actor: Actor,
    at: datetime,
    purpose: str,
    max_bytes: int = 0,
    max_files: int = 1,
    item_id: UUID | None = None,
    sha256: str = "",
    about: About = About(origin="upload"),  # noqa: B008  (frozen)
) -> str:
    """Return a signed token to send with each request to `/uploads/` (header Upload-Token), good
    for 24 hours.

    `max_bytes` for each file; 0 is the most the server takes. Whoever holds the token can send in
    the actor's name and nothing else. Raises NotPermitted, and Refused for a purpose or limit that
    cannot be.
    """
    limit = settings.BLUELAMP_UPLOAD_LIMIT
    if not 0 < len(purpose) <= 100:
        raise Refused("Say what the files are for.", field="purpose")
    if max_files < 1 or max_bytes < 0:
        raise Refused("The limits must be positive.", field="max_files")
    token_id = new_id()
    payload = {
        "id": str(token_id),
        "at": int(at.timestamp()),
        "actor": [
            actor.kind, str(actor.id or ""), actor.name, actor.force, actor.organisation,
            actor.collar, actor.rank, actor.unit,
        ],
        "purpose": purpose,
        "bytes": min(max_bytes or limit, limit),
        "files": max_files,
        "item": str(item_id or ""),
        "sha256": sha256.lower(),
        "about": about.as_data(),
    }  # fmt: skip
    record_act(
        None,
        ref=purpose,
        detail={"token": str(token_id), "item": str(item_id or ""), "files": max_files},
    )
    return signing.dumps(payload, salt=_SALT, compress=True)


def read_upload_token(token: str, *, at: datetime, address: str = "") -> UploadToken:
    """Return what a token allows. Raises NotPermitted for one that is not ours, changed, or more
    than a day old.
    """
    try:
        payload = _signed(token)
    except signing.BadSignature:
        raise NotPermitted("This upload token is not one of ours.") from None
    if not -60 <= at.timestamp() - payload["at"] <= _DAY:
        raise NotPermitted("This upload token is too old. Ask for a new one and carry on.")
    kind, actor_id, name, force, organisation, collar, rank, unit = payload["actor"]
    return UploadToken(
        id=UUID(payload["id"]),
        actor=Actor(
            kind=kind, id=UUID(actor_id) if actor_id else None, name=name, force=force, organisation=organisation,
            collar=collar, rank=rank, unit=unit, address=address, permissions=frozenset({"evidence.take_in"}),
        ),
        purpose=payload["purpose"],
        max_bytes=payload["bytes"],
        max_files=payload["files"],
        item_id=UUID(payload["item"]) if payload["item"] else None,
        sha256=payload["sha256"],
        about=About.of(payload["about"]),
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _signed(token: str) -> dict[str, Any]:
    """Return a token's contents. Each piece of an upload brings the same one."""
    payload: dict[str, Any] = signing.loads(token, salt=_SALT)
    return payload
