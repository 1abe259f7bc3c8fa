"""Proving again who one is, before something sensitive: step-up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bluelamp.foundation.accounts.commands.own_account import lock_own_account
from bluelamp.foundation.accounts.commands.passkeys import stop_copied_passkey
from bluelamp.foundation.accounts.commands.signing_in import require_attempts_left
from bluelamp.foundation.accounts.passkeys import (
    Ceremony,
    CopiedPasskey,
    find_passkey,
    record_passkey_use,
)
from bluelamp.foundation.accounts.totp import use_up_totp_code
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted


def confirm_with_passkey(
    *, actor: Actor, at: datetime, ceremony: Ceremony, credential: Mapping[str, Any]
) -> None:
    """Record that the actor used a passkey of their own. A passkey that was copied is stopped.

    Raises:
        NotPermitted: The answer does not fit the ceremony, the passkey is stopped, or it is
            somebody else's.
    """
    try:
        _confirm_with_passkey(actor=actor, at=at, ceremony=ceremony, credential=credential)
    except CopiedPasskey as copied:
        # After the refused act was rolled back: this must stay.
        stop_copied_passkey(
            actor=actor,
            at=at,
            passkey_id=copied.passkey_id,
            stored=copied.stored,
            received=copied.received,
        )
        raise


@command(permission="account.sign_in", act="account.confirmed", category=Category.CONSULTATION)
def _confirm_with_passkey(
    *, actor: Actor, at: datetime, ceremony: Ceremony, credential: Mapping[str, Any]
) -> None:
    user = lock_own_account(actor)
    owner, passkey = find_passkey(ceremony, credential, at=at)
    # The browser offers every passkey it has for this site, also a colleague's on a shared
    # computer.
    if owner.id != user.id:
        raise NotPermitted("This is somebody else's passkey.")
    record_passkey_use(passkey, credential, at=at)
    record_act(user, ref=user.username, detail={"method": "passkey"})


def confirm_with_code(*, actor: Actor, at: datetime, user_ref: str, code: str) -> None:
    """Record that the actor gave the code of their authenticator app. The code is used up.

    Args:
        actor: The person.
        at: The time.
        user_ref: Their user name, under which wrong codes are counted.
        code: What the app shows.

    Raises:
        NotPermitted: The code is wrong, or was used.
        Refused: There were too many wrong codes.
    """
    require_attempts_left(actor=actor, at=at, user_ref=user_ref)
    _confirm_with_code(actor=actor, at=at, user_ref=user_ref, code=code)


@command(permission="account.sign_in", act="account.confirmed", category=Category.CONSULTATION)
def _confirm_with_code(*, actor: Actor, at: datetime, user_ref: str, code: str) -> None:
    user = lock_own_account(actor)
    # Wrong codes are counted under `user_ref`, so it must be the person's own name.
    if user.username != user_ref or not use_up_totp_code(user, code, at=at):
        raise NotPermitted("The code is wrong.")
    record_act(user, ref=user.username, detail={"method": "code"})


@command(permission="account.sign_in", act="account.confirmed", category=Category.CONSULTATION)
def confirm_in_demonstration(*, actor: Actor, at: datetime) -> None:
    """Record that somebody of the cast pressed the button that stands for a passkey.

    Only for demo mode, where anybody may be any of the cast anyway.
    """
    user = lock_own_account(actor)
    record_act(user, ref=user.username, detail={"method": "demonstration"})
