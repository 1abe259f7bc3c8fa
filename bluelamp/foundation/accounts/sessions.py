"""Sessions in the database under a hash of their key: whoever reads the table, or a backup, cannot
sign in with it.
"""

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.utils import timezone


class SessionStore(InDatabase):
    """Django's, but for what stands in `session_key`. Its asynchronous half is not used here and
    refuses.
    """

    def _get_session_from_db(self) -> Any:
        kept = self.model.objects.filter(
            session_key=_kept(self.session_key), expire_date__gt=timezone.now()
        )
        row = kept.first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        """Say whether there is a session under the key that a browser holds."""
        return super().exists(_kept(session_key))

    def create_model_instance(self, data: Any) -> Any:
        """Return the row to be written."""
        row = super().create_model_instance(data)
        row.session_key = _kept(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session under a key that a browser holds, or this one."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(_kept(key))

    async def _aget_session_from_db(self) -> Any:
        raise NotImplementedError

    async def acreate_model_instance(self, data: Any) -> Any:
        """Refuse."""
        raise NotImplementedError


def _kept(key: str | None) -> str:
    """Return what the database knows a session by: 160 bits of SHA-256, which is all that its
    column holds.
    """
    return hashlib.sha256(f"bluelamp session {key}".encode()).hexdigest()[:40]
