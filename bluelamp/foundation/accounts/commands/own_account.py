"""The account of whoever acts: the only one whose ways to sign in they can change."""

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted


def lock_own_account(actor: Actor) -> User:
    """Return the actor's own account, locked, so that two changes of it come one after the other.

    For use in a command.

    Raises:
        NotPermitted: The actor has no account, or it is deactivated.
    """
    if actor.id is not None:
        users = User.objects.select_for_update(of=("self",)).select_related("organisation")
        if user := users.filter(id=actor.id, is_active=True).first():
            return user
    raise NotPermitted("Nobody is signed in.")
