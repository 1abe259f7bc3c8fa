"""A person is told by e-mail when how they sign in changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bluelamp.foundation.accounts.commands import SIGN_IN_ACTOR, create_recovery_codes
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.notifications.models import Message
from tests.direct_writes import direct_writes


def change(actor: Actor, at: datetime, email: str) -> None:
    with direct_writes():
        User.objects.filter(id=actor.id).update(email=email)
    create_recovery_codes(actor=replace(actor, permissions=SIGN_IN_ACTOR.permissions), at=at)


def test_it_works(bilal: Actor, at: datetime, run_jobs: Callable[[], int]) -> None:
    change(bilal, at, "bilal@force.example")
    run_jobs()
    message = Message.objects.get()
    assert (message.to, message.template) == ("bilal@force.example", "sign-in-changed")
    assert message.personalisation["change"] == "The recovery codes were replaced"
    assert message.personalisation["when"] == "on 3 March 2026 at 16:15"


def test_nobody_without_an_address_is_written_to(
    bilal: Actor, at: datetime, run_jobs: Callable[[], int]
) -> None:
    change(bilal, at, "")
    run_jobs()
    assert not Message.objects.exists()
