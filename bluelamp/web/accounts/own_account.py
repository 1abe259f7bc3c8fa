"""Whose account a request is about: that of the person who is signed in."""

from dataclasses import replace

from django.http import HttpRequest

from bluelamp.foundation.accounts.commands import SIGN_IN_ACTOR
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.web.actor import SignInRequired, get_actor


def signed_in_user(request: HttpRequest) -> User:
    """Return the account of the person who is signed in.

    Raises:
        SignInRequired: Nobody is.
    """
    if not isinstance(request.user, User):
        raise SignInRequired
    return request.user


def own_account_actor(request: HttpRequest) -> Actor:
    """Return the signed-in person as they change their own ways to sign in.

    Everybody may do that, whatever their roles are, and nothing else is done under this actor.

    Raises:
        SignInRequired: Nobody is signed in.
    """
    signed_in_user(request)
    return replace(get_actor(request), permissions=SIGN_IN_ACTOR.permissions)
