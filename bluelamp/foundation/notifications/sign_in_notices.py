"""What a person is told when how they sign in was changed."""

from typing import TypedDict

from django.utils import timezone

from bluelamp.foundation.accounts.events import SignInChanged
from bluelamp.foundation.accounts.lookups import get_active_user
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.origins import staff_origin

CHANGES = {
    "passkey_added": "A passkey was added",
    "passkey_removed": "A passkey was removed",
    "passkey_stopped": (
        "A passkey was stopped, because somebody may have copied it, and you were signed out"
        " everywhere"
    ),
    "password_set": "A password and an authenticator app were set up",
    "password_changed": "The password was changed",
    "password_removed": "The password and the authenticator app were removed",
    "app_replaced": "The authenticator app was replaced",
    "recovery_codes_replaced": "The recovery codes were replaced",
    "recovery_code_used": "A recovery code was used to sign in",
}


class SignInNotice(TypedDict):
    """A message as `send_message` takes it."""

    actor: Actor
    to: str
    template: str
    personalisation: dict[str, str]
    idempotency_key: str


def make_sign_in_notice(event: SignInChanged) -> SignInNotice | None:
    """Return the message about a change, or None for somebody without an e-mail address."""
    user = get_active_user(user_id=event.user_id)
    if user is None or not user.email:
        return None
    when = timezone.localtime(event.changed_at).strftime("on %-d %B %Y at %H:%M")
    return {
        "actor": Actor.system("notifications", force=user.force, permissions={"notification.send"}),
        "to": user.email,
        "template": "sign-in-changed",
        "personalisation": {
            "change": CHANGES[event.change],
            "when": when,
            "link": f"{staff_origin()}/account/",
        },
        "idempotency_key": f"sign-in-changed:{user.id}:{event.changed_at.isoformat()}",
    }
