"""The rows that show people where they are signed in."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.accounts.models import AccountSession, User
from bluelamp.foundation.accounts.session_limits import LONGEST_SESSION, idle_period
from bluelamp.foundation.accounts.sessions import hash_session_key
from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands

_MAX_AGENT_LENGTH = 300


def create_account_session(
    user: User, *, session_key: str, method: str, at: datetime, address: str, user_agent: str
) -> AccountSession:
    """Create the row of a session that was just opened."""
    with writes_outside_commands(Exemption.ACCOUNT_SESSION):
        return AccountSession.objects.create(
            user=user,
            key_hash=hash_session_key(session_key),
            method=method,
            signed_in_at=at,
            confirmed_at=at,
            last_seen_at=at,
            address=address[:64],
            # The browser sends what it likes, and PostgreSQL stores no NUL.
            user_agent=user_agent.replace("\x00", "")[:_MAX_AGENT_LENGTH],
        )


def forget_replaced_session(session_key: str) -> None:
    """Delete the row of a session that a new one replaces in the same browser."""
    with writes_outside_commands(Exemption.ACCOUNT_SESSION):
        AccountSession.objects.filter(key_hash=hash_session_key(session_key)).delete()


def get_account_session(session_key: str) -> AccountSession | None:
    """Return the row of the session under the key in a browser's cookie, or None."""
    return AccountSession.objects.filter(key_hash=hash_session_key(session_key)).first()


def mark_seen(session: AccountSession, *, at: datetime, address: str) -> None:
    """Note that a session was used, at most once a minute: a write each time would be too many."""
    # A minute of the usual fifteen. Where sessions end sooner, a minute would be too coarse.
    if at - session.last_seen_at < idle_period() / 15:
        return
    session.last_seen_at = at
    session.address = address[:64]
    with writes_outside_commands(Exemption.ACCOUNT_SESSION):
        session.save(update_fields=["last_seen_at", "address"])


def mark_method(session_id: UUID, method: str) -> None:
    """Note that somebody who came in with a recovery code has set up another way to sign in."""
    with writes_outside_commands(Exemption.ACCOUNT_SESSION):
        AccountSession.objects.filter(id=session_id).update(method=method)


def list_account_sessions(user: User, *, at: datetime) -> list[AccountSession]:
    """Return where a person is signed in, the last used first."""
    # A session that ended by itself keeps its row until retention deletes it.
    sessions = AccountSession.objects.filter(
        user=user,
        last_seen_at__gte=at - idle_period(),
        signed_in_at__gte=at - LONGEST_SESSION,
    )
    return list(sessions.order_by("-last_seen_at"))


def mark_confirmed(session_id: UUID, *, session_key: str, at: datetime) -> None:
    """Note that the person proved who they are again, and that the session has a new key."""
    with writes_outside_commands(Exemption.ACCOUNT_SESSION):
        AccountSession.objects.filter(id=session_id).update(
            key_hash=hash_session_key(session_key), confirmed_at=at, last_seen_at=at
        )
