"""Sessions in the database under a hash of their key.

Whoever reads the table, or a backup of it, cannot sign in with what it holds.
"""

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db.models import QuerySet
from django.utils import timezone

from bluelamp.foundation.accounts.models import AccountSession, User


class SessionStore(DatabaseSessionStore):
    """Django's database sessions, with a hash in the column `session_key`.

    The asynchronous half of Django's class would bypass the hash: it is not used here, and refuses.
    """

    def _get_session_from_db(self) -> Any:
        session = self.model.objects.filter(
            session_key=hash_session_key(self.session_key), expire_date__gt=timezone.now()
        ).first()
        if session is None:
            self._session_key = None
        return session

    def exists(self, session_key: str) -> bool:
        """Say whether there is a session under the key in a browser's cookie."""
        return super().exists(hash_session_key(session_key))

    def create_model_instance(self, data: Any) -> Any:
        """Return the row to write."""
        session = super().create_model_instance(data)
        session.session_key = hash_session_key(session.session_key)
        return session

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session under the key in a browser's cookie, or this one."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(hash_session_key(key))

    async def _aget_session_from_db(self) -> Any:
        raise NotImplementedError

    async def acreate_model_instance(self, data: Any) -> Any:
        """Raise NotImplementedError: nothing here awaits sessions."""
        raise NotImplementedError


def delete_sessions_of(user: User) -> int:
    """Delete every session of a person, and return how many there were. For use in a command."""
    return delete_sessions(AccountSession.objects.filter(user=user))


def delete_sessions(sessions: QuerySet[AccountSession]) -> int:
    """Delete sessions, Django's rows and ours; return how many there were. For use in a command."""
    # A list and no subquery: both tables lose the same rows, even if somebody signs in meanwhile.
    keys = list(sessions.values_list("key_hash", flat=True))
    SessionStore.get_model_class().objects.filter(session_key__in=keys).delete()
    AccountSession.objects.filter(key_hash__in=keys).delete()
    return len(keys)


def hash_session_key(key: str | None) -> str:
    """Return what the database holds instead of a session key.

    40 hexadecimal digits, 160 bits of a SHA-256: Django's column holds no more.
    """
    return hashlib.sha256(f"bluelamp session {key}".encode()).hexdigest()[:40]
