"""Registering and removing passkeys, and signing in with one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator

from bluelamp.foundation.accounts.commands.lifecycle import use_enrolment_link
from bluelamp.foundation.accounts.commands.own_account import lock_own_account
from bluelamp.foundation.accounts.events import SignInChanged
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.passkeys import (
    STOPPED,
    Ceremony,
    CopiedPasskey,
    add_passkey,
    check_registration,
    find_passkey,
    record_passkey_use,
)
from bluelamp.foundation.accounts.recovery_codes import replace_recovery_codes
from bluelamp.foundation.accounts.sessions import delete_sessions_of
from bluelamp.foundation.accounts.sign_in_methods import get_sign_in_methods
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.events.outbox import publish

MAX_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a person has after they used an enrolment link.

    Attributes:
        user: The person.
        recovery_codes: Their new codes, to be shown once.
    """

    user: User
    recovery_codes: list[str]


@command(permission="account.sign_in", act="account.passkey_enrolled")
def enrol_passkey(
    *,
    actor: Actor,
    at: datetime,
    token: str,
    ceremony: Ceremony,
    credential: Mapping[str, Any],
    name: str,
) -> Enrolment:
    """Register a passkey with an enrolment link, and replace the person's recovery codes.

    Args:
        actor: SIGN_IN_ACTOR at the address that the attempt comes from.
        at: The time.
        token: The token of the link, which is used up.
        ceremony: What `begin_registration` began for the person.
        credential: The browser's answer.
        name: What the person calls the device.

    Raises:
        NotPermitted: The link is not open, or the answer does not fit the ceremony.
    """
    user = use_enrolment_link(actor=actor, at=at, token=token)
    check_registration(ceremony, credential, at=at)
    # Cut and not refused: the browser has made the passkey already, and would offer it for ever.
    add_passkey(user, name=name[:MAX_NAME_LENGTH], credential=credential)
    codes = replace_recovery_codes(user, at=at)
    record_act(user, ref=user.username, detail={"name": name[:MAX_NAME_LENGTH]})
    return Enrolment(user, codes)


@command(permission="account.sign_in", act="account.passkey_registered")
def register_passkey(
    *, actor: Actor, at: datetime, ceremony: Ceremony, credential: Mapping[str, Any], name: str
) -> None:
    """Register another passkey of the actor's own.

    Raises:
        NotPermitted: The answer does not fit the ceremony.
    """
    user = lock_own_account(actor)
    check_registration(ceremony, credential, at=at)
    add_passkey(user, name=name[:MAX_NAME_LENGTH], credential=credential)
    publish(SignInChanged(user_id=user.id, change="passkey_added", changed_at=at))
    record_act(user, ref=user.username, detail={"name": name[:MAX_NAME_LENGTH]})


@command(permission="account.sign_in", act="account.passkey_removed")
def remove_passkey(*, actor: Actor, at: datetime, passkey_id: int) -> None:
    """Remove a passkey of the actor's own.

    Raises:
        NotFound: The actor has no such passkey.
        Refused: It is their only way to sign in.
    """
    user = lock_own_account(actor)
    # Of this person only: the id comes from a form.
    row = Authenticator.objects.filter(
        user=user, type=Authenticator.Type.WEBAUTHN, id=passkey_id
    ).first()
    if row is None:
        raise NotFound("You have no such passkey.")
    # A passkey that was stopped is no way to sign in: it can always go.
    if get_sign_in_methods(user).count == 1 and not row.data.get(STOPPED):
        raise Refused("accounts.last_sign_in_method", field="passkey")
    name = row.data["name"]
    row.delete()
    publish(SignInChanged(user_id=user.id, change="passkey_removed", changed_at=at))
    record_act(user, ref=user.username, detail={"name": name})


def sign_in_with_passkey(
    *, actor: Actor, at: datetime, ceremony: Ceremony, credential: Mapping[str, Any]
) -> User:
    """Return whose passkey answers the ceremony. A passkey that was copied is stopped.

    Args:
        actor: SIGN_IN_ACTOR at the address that the attempt comes from.
        at: The time.
        ceremony: What `begin_authentication` began.
        credential: The browser's answer.

    Raises:
        NotPermitted: The answer does not fit, the passkey is stopped, or the account is
            deactivated.
    """
    try:
        return _sign_in_with_passkey(actor=actor, at=at, ceremony=ceremony, credential=credential)
    except CopiedPasskey as copied:
        # After the refused sign-in was rolled back: this must stay.
        stop_copied_passkey(
            actor=actor,
            at=at,
            passkey_id=copied.passkey_id,
            stored=copied.stored,
            received=copied.received,
        )
        raise


@command(permission="account.sign_in", act="account.passkey_stopped")
def stop_copied_passkey(
    *, actor: Actor, at: datetime, passkey_id: int, stored: int, received: int
) -> None:
    """Stop a passkey that somebody may have copied, end its owner's sessions and tell the owner.

    Nobody can tell the copy from the original, so neither signs anybody in from now on.

    Args:
        actor: Who used it.
        at: The time.
        passkey_id: The passkey.
        stored: Its signature counter before.
        received: The counter that it was used with now.
    """
    row = Authenticator.objects.select_for_update().select_related("user").get(pk=passkey_id)
    row.data[STOPPED] = at.isoformat()
    row.save(update_fields=["data"])
    # Whoever has the copy may be signed in.
    sessions = delete_sessions_of(row.user)
    publish(SignInChanged(user_id=row.user.id, change="passkey_stopped", changed_at=at))
    record_act(
        row.user,
        ref=row.user.username,
        detail={
            "name": row.data["name"],
            "counter_before": stored,
            "counter": received,
            "sessions_ended": sessions,
        },
    )


@command(permission="account.sign_in", act="account.signed_in", category=Category.CONSULTATION)
def _sign_in_with_passkey(
    *, actor: Actor, at: datetime, ceremony: Ceremony, credential: Mapping[str, Any]
) -> User:
    user, passkey = find_passkey(ceremony, credential, at=at)
    # After the signature, so that somebody without the passkey learns nothing about the account.
    if not user.is_active:
        raise NotPermitted("The account is deactivated.")
    record_passkey_use(passkey, credential, at=at)
    record_act(user, ref=user.username, detail={"method": "passkey"})
    return user
