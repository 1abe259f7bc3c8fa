"""Upload tokens: who may send which files for one subject, signed and valid for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing

from bluelamp.foundation.accounts.lookups import is_still_permitted
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor, OrganisationKind
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands.receiving import ItemClaims
from bluelamp.records.evidence.rules import TOKEN_LIFETIME, Subject

_SALT = "bluelamp.records.evidence.upload-token"
_LIFETIME_SECONDS = int(TOKEN_LIFETIME.total_seconds())
# Another server's clock may be a little ahead of ours.
_CLOCK_SKEW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class UploadToken:
    """What a token allows: `actor` may send files for `subject`.

    Attributes:
        issued_at: When it was given out, in whole seconds.
        max_bytes: The largest size of each file.
        max_files: How many files may be sent.
        item_id: The only item that may be sent, or None for any.
        sha256: The only bytes that may be sent, in lower-case hex, or "" for any.
        claims: What the sender says about each item.
    """

    id: UUID
    issued_at: datetime
    actor: Actor
    subject: Subject
    max_bytes: int
    max_files: int
    item_id: UUID | None
    sha256: str
    claims: ItemClaims


@command(permission="upload.token", act="upload.token_issued")
def issue_upload_token(
    *,
    actor: Actor,
    at: datetime,
    subject: Subject,
    max_bytes: int = 0,
    max_files: int = 1,
    item_id: UUID | None = None,
    sha256: str = "",
    claims: ItemClaims = ItemClaims(origin="upload"),  # noqa: B008  (frozen)
) -> str:
    """Return a signed token that is valid for 24 hours.

    It goes with each request to `/uploads/`, in the header Upload-Token. Whoever has the token can
    send files in the actor's name, and nothing else. `UploadToken` describes the arguments.

    Args:
        max_bytes: 0 allows as much as the server takes.

    Raises:
        NotPermitted: The actor may not have upload tokens.
        Refused: A limit is not positive.
    """
    if max_files < 1 or max_bytes < 0:
        raise Refused("evidence.limit_not_positive", field="max_files")
    limit = settings.BLUELAMP_UPLOAD_LIMIT
    token_id = new_id()
    payload = {
        "id": str(token_id),
        "at": int(at.timestamp()),
        "actor": [
            actor.kind,
            str(actor.id or ""),
            actor.name,
            actor.force,
            actor.organisation,
            actor.organisation_kind,
            actor.collar,
            actor.rank,
            actor.unit,
        ],
        "purpose": str(subject),
        # 0 asks for whatever the instance allows.
        "bytes": min(max_bytes or limit, limit),
        "files": max_files,
        "item": str(item_id or ""),
        "sha256": sha256.lower(),
        "about": claims.as_data(),
    }
    record_act(
        None,
        ref=str(subject),
        detail={"token": str(token_id), "item": str(item_id or ""), "files": max_files},
    )
    return signing.dumps(payload, salt=_SALT, compress=True)


def read_upload_token(token: str, *, at: datetime, address: str = "") -> UploadToken:
    """Return what a token allows.

    Args:
        at: The time now.
        address: The network address of the request, for the audit record.

    Raises:
        NotPermitted: The token is not ours, was changed, or is more than a day old.
    """
    try:
        payload = _signed_payload(token)
    except signing.BadSignature:
        raise NotPermitted("This upload token is not one of ours.") from None
    age = at.timestamp() - payload["at"]
    # Another node, whose clock is a little ahead, may have issued it.
    if not -_CLOCK_SKEW_SECONDS <= age <= _LIFETIME_SECONDS:
        raise NotPermitted("This upload token has expired. Ask for a new one and carry on.")
    kind, actor_id, name, force, organisation, organisation_kind, collar, rank, unit = payload[
        "actor"
    ]
    return UploadToken(
        id=UUID(payload["id"]),
        issued_at=datetime.fromtimestamp(payload["at"], UTC),
        actor=Actor(
            kind=kind,
            id=UUID(actor_id) if actor_id else None,
            name=name,
            force=force,
            organisation=organisation,
            organisation_kind=OrganisationKind(organisation_kind),
            collar=collar,
            rank=rank,
            unit=unit,
            address=address,
            # Only this one: the token stands for the actor in uploads and nowhere else.
            permissions=frozenset({"evidence.take_in"}),
        ),
        subject=Subject.parse(payload["purpose"]),
        max_bytes=payload["bytes"],
        max_files=payload["files"],
        item_id=UUID(payload["item"]) if payload["item"] else None,
        sha256=payload["sha256"],
        claims=ItemClaims.from_data(payload["about"]),
    )


def require_token_holder(token: UploadToken) -> None:
    """Check that whoever got a token may still use it.

    It ends with the account, with the role that allowed it, and with a phone of theirs that is
    blocked, since it may be that phone which has the token.

    Raises:
        NotPermitted: The account was deactivated, the role taken away or a phone blocked, since.
    """
    holder = token.actor.id
    # The public have no account: their token ends with the day.
    if holder is not None and not is_still_permitted(
        user_id=holder, permission="upload.token", since=token.issued_at
    ):
        raise NotPermitted("This upload token has ended. Sign in and ask for a new one.")


# Every chunk of an upload brings the same token, and checking the signature takes time.
@lru_cache(maxsize=1024)
def _signed_payload(token: str) -> dict[str, Any]:
    payload: dict[str, Any] = signing.loads(token, salt=_SALT)
    return payload
