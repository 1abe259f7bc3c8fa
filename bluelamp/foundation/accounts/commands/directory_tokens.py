"""The tokens with which a force's directory calls the SCIM service."""

import secrets
from datetime import datetime, timedelta

from bluelamp.foundation.accounts.hashing import hash_token
from bluelamp.foundation.accounts.models import DirectoryToken
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound

# A year: a token that nobody replaces must not open the directory for ever.
TOKEN_PERIOD = timedelta(days=365)


@command(permission="account.manage", act="account.directory_token_created")
def create_directory_token(*, actor: Actor, at: datetime, name: str) -> str:
    """Create a client's token, good for a year, and return it: it is not stored.

    Raises:
        Conflict: The client has a token already: revoke that one first.
    """
    # A revoked or expired token's row is used again, so that a client keeps its name.
    token = secrets.token_urlsafe(32)
    row = DirectoryToken.objects.select_for_update().filter(name=name).first()
    if row is None:
        row = DirectoryToken(name=name)
    elif row.revoked_at is None and row.expires_at > at:
        raise Conflict("accounts.token_exists", name=name)
    row.token_hash = hash_token(token)
    row.created_at = at
    row.expires_at = at + TOKEN_PERIOD
    row.revoked_at = None
    row.save()
    record_act(row, ref=name, detail={"expires_at": row.expires_at.isoformat()})
    return token


@command(permission="account.manage", act="account.directory_token_revoked")
def revoke_directory_token(*, actor: Actor, at: datetime, name: str) -> None:
    """Make a client's token useless at once.

    Raises:
        NotFound: No client of that name has a token that is not revoked.
    """
    row = DirectoryToken.objects.select_for_update().filter(name=name, revoked_at=None).first()
    if row is None:
        raise NotFound
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    record_act(row, ref=name)
