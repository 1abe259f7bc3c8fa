"""From a request to an actor, and the decorators that let only staff or partners in."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from bluelamp.foundation.accounts.actors import public_actor, user_actor
from bluelamp.foundation.accounts.lookups import record_denial_and_raise
from bluelamp.foundation.accounts.models import AccountSession, User
from bluelamp.foundation.accounts.session_limits import is_confirmed
from bluelamp.foundation.kernel.actor import Actor, OrganisationKind
from bluelamp.foundation.kernel.clock import now
from bluelamp.web.form_posts import answer_once

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class SignInRequired(Exception):
    """Nobody is signed in: answered with the sign-in page, which keeps what was sent."""


class ConfirmationRequired(Exception):
    """The person must first prove again who they are: answered with the page for that."""


def get_actor(request: HttpRequest) -> Actor:
    """Return who is acting: the signed-in person, else a member of the public.

    A signed-in person can give their reason for looking at something as `?why=` in the address.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if not isinstance(request.user, User):
        return public_actor(address=address, force=settings.BLUELAMP_FORCE)
    # One view may ask several times, and each time would read the roles from the database.
    cached: Actor | None = getattr(request, "bluelamp_actor", None)
    if cached is None:
        cached = user_actor(request.user, address=address, reason=request.GET.get("why", ""))
        request.bluelamp_actor = cached  # type: ignore[attr-defined]
    return cached


def require_organisation(request: HttpRequest, *, kind: OrganisationKind) -> Actor:
    """Return who is acting, if their organisation is of this kind.

    Raises:
        NotFound: It is of another kind. The attempt is put on the record.
    """
    actor = get_actor(request)
    if not actor.is_from(kind):
        record_denial_and_raise(actor=actor, at=now(), path_ref=request.path)
    return actor


def staff_required(view: View[P]) -> View[P]:
    """Let only police in: others get 404, on the record; the signed-out must sign in first."""
    return _for_organisations(OrganisationKind.POLICE, view)


def partner_required(view: View[P]) -> View[P]:
    """Let only prosecutors in: others get 404, on the record; the signed-out must sign in first."""
    return _for_organisations(OrganisationKind.PROSECUTOR, view)


def step_up_required(view: View[P]) -> View[P]:
    """Let somebody do something sensitive only if they proved lately who they are.

    It belongs under `staff_required` or `partner_required`. Whoever signed in more than
    `CONFIRMATION_PERIOD` ago uses a passkey or a code first, and then carries on.
    """

    @functools.wraps(view)
    def confirm_and_view(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        require_confirmation(request)
        return view(request, *args, **kwargs)

    return confirm_and_view


def require_confirmation(request: HttpRequest) -> None:
    """Go on only if the person proved lately who they are.

    Raises:
        ConfirmationRequired: They must do so first.
    """
    session: AccountSession | None = getattr(request, "account_session", None)
    if session is None or not is_confirmed(session, at=now()):
        raise ConfirmationRequired


def _for_organisations(kind: OrganisationKind, view: View[P]) -> View[P]:
    @functools.wraps(view)
    def check_and_view(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        # Before the kind of organisation: to the signed-out, 404 would say that there is no such
        # page.
        if not request.user.is_authenticated:
            raise SignInRequired
        require_organisation(request, kind=kind)
        return answer_once(request, functools.partial(view, request, *args, **kwargs))

    return check_and_view
