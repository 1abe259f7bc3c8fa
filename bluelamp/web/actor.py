"""From a request to an actor, and the two gates: staff and partners."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from bluelamp.foundation.accounts import queries as accounts
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def actor_of(request: HttpRequest) -> Actor:
    """Return who is acting: the signed-in person, else the public. `why` comes from ?why=."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    user: Any = request.user
    if not user.is_authenticated:
        return Actor.public(address=address, force=settings.BLUELAMP_FORCE)
    known: Actor | None = getattr(request, "bluelamp_actor", None)
    if known is None:
        why = request.GET.get("why", "")
        known = accounts.actor_for(user, address=address, why=why)
        request.bluelamp_actor = known  # type: ignore[attr-defined]
    return known


def insider(request: HttpRequest, *, organisation: str) -> Actor:
    """Return who is acting, of this organisation. Raises NotFound for another's, and that is on the
    record.
    """
    actor = actor_of(request)
    if actor.organisation != organisation:
        accounts.try_closed_door(actor=actor, at=now(), door_ref=request.path)
    return actor


def staff(view: View[P]) -> View[P]:
    """Let only police in; the signed-out are asked to sign in, others find nothing here, on the
    record.
    """
    return _only("police", view)


def partner(view: View[P]) -> View[P]:
    """Let only a prosecuting partner in; others find nothing here, on the record."""
    return _only("cps", view)


def _only(organisation: str, view: View[P]) -> View[P]:
    def gate(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        insider(request, organisation=organisation)
        return view(request, *args, **kwargs)

    functools.update_wrapper(gate, view)
    return gate
