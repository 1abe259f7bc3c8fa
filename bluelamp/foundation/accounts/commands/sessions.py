"""Ending sessions: one's own, and somebody else's."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.accounts.account_policy import account_policy
from bluelamp.foundation.accounts.commands.own_account import lock_own_account
from bluelamp.foundation.accounts.models import AccountSession
from bluelamp.foundation.accounts.sessions import delete_sessions, delete_sessions_of
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound


@command(permission="account.sign_in", act="account.session_ended")
def end_session(*, actor: Actor, at: datetime, session_id: UUID) -> None:
    """End one of the actor's own sessions.

    Raises:
        NotFound: The actor has no such session.
    """
    user = lock_own_account(actor)
    if not delete_sessions(AccountSession.objects.filter(user=user, id=session_id)):
        raise NotFound("You have no such session.")
    record_act(user, ref=user.username)


@command(permission="account.sign_in", act="account.sessions_ended")
def end_own_sessions(*, actor: Actor, at: datetime, except_session_id: UUID | None = None) -> int:
    """End the actor's own sessions, and return how many there were.

    Args:
        actor: The person.
        at: The time.
        except_session_id: The one to keep: that of the browser which the person sits at.
    """
    user = lock_own_account(actor)
    sessions = AccountSession.objects.filter(user=user)
    if except_session_id is not None:
        sessions = sessions.exclude(id=except_session_id)
    count = delete_sessions(sessions)
    record_act(user, ref=user.username, detail={"sessions": count})
    return count


@command(permission="account.manage", act="account.sessions_ended")
def end_sessions_of(*, actor: Actor, at: datetime, user_ref: str) -> int:
    """End every session of somebody whose account the actor manages; return how many there were.

    Raises:
        NotFound: There is no such account that the actor may manage.
    """
    user = account_policy.get(actor, lock=True, username=user_ref)
    count = delete_sessions_of(user)
    record_act(user, ref=user.username, detail={"sessions": count})
    return count
