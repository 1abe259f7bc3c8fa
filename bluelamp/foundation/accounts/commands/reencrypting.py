"""Encrypt the seeds of authenticator apps anew, after the secret key was replaced."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken

from bluelamp.foundation.accounts.mfa_adapter import MFAAdapter
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor


@command(permission="account.manage", act="account.seeds_encrypted")
def reencrypt_totp_secrets(*, actor: Actor, at: datetime) -> int:
    """Encrypt every seed under the present secret key, and return how many there were.

    A seed that neither the present nor the old key can read stays as it is: that person needs
    another way in, and an administrator sees how many there are on the record.
    """
    adapter = MFAAdapter()
    done = unreadable = 0
    for row in Authenticator.objects.select_for_update().filter(type=Authenticator.Type.TOTP):
        try:
            row.data["secret"] = adapter.encrypt(adapter.decrypt(row.data["secret"]))
        except InvalidToken:
            # Under neither key: that person signs in another way and sets the app up again.
            unreadable += 1
            continue
        row.save(update_fields=["data"])
        done += 1
    record_act(None, ref="secret key", detail={"encrypted": done, "unreadable": unreadable})
    return done
