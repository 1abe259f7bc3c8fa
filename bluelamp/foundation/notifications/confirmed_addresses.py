"""Which e-mail addresses and mobile numbers are known to be their owner's.

A mistyped address belongs to a stranger, who gets our messages with the reference in them. So a
one-time code goes to an address only once it is confirmed, or to somebody who also gives facts that
only its owner told us (OWASP ASVS 5.0, 6.6.1). This is the one place of that rule.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

from bluelamp.foundation.audit.acts import command, read_within_act, record_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.contact import normalise_email, normalise_phone
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.notifications.models import ConfirmedAddress, WrongFacts

# Somebody who knows a reference may guess names and postcodes: as for passphrases.
MAX_WRONG_FACTS_PER_HOUR = 5
MAX_WRONG_FACTS_PER_DAY = 20
PERSON = "people.person"
"""The kind of an owner who is a person on record, whatever case or application the code opens."""


class ConfirmedBy(StrEnum):
    """How we know that an address is its owner's."""

    AFTER_SENDING = "code-after-sending"
    FACTS_AND_CODE = "facts-and-code"
    STAFF = "staff"


class AddressOwner(NamedTuple):
    """Who gave an address: a person, or a request or saved application that names no person."""

    kind: str
    id: UUID


class CodeRequest(NamedTuple):
    """What somebody showed who wants a code.

    Attributes:
        facts_match: Whether what they typed is on record; None where they typed nothing.
        browser_hash: Of the secret of the browser that asked, "" where it has none.
    """

    facts_match: bool | None = None
    browser_hash: str = ""


def address_key(address: str) -> str:
    """Return an e-mail address or a phone number as it is compared."""
    return normalise_email(address) if "@" in address else normalise_phone(address)


def hash_browser_secret(secret: str) -> str:
    """Return what is stored of the secret in a browser's cookie, "" for no secret."""
    if not secret:
        return ""
    return salted_hmac("bluelamp.code_browser", secret, algorithm="sha256").hexdigest()


def is_right_browser(stored_hash: str, secret: str) -> bool:
    """Return whether a code may be used in the browser that has this secret.

    A code for a confirmed address has no hash stored: it can be used in any browser.
    """
    return not stored_hash or constant_time_compare(stored_hash, hash_browser_secret(secret))


@read_within_act
def is_address_confirmed(*, actor: Actor, owner: AddressOwner, address: str) -> bool:
    """Return whether an address is known to be its owner's."""
    rows = ConfirmedAddress.objects.filter(
        owner_kind=owner.kind, owner_id=owner.id, address_key=address_key(address)
    )
    return rows.exists()


def confirm_address(
    owner: AddressOwner, address: str, *, at: datetime, method: ConfirmedBy
) -> None:
    """Record that an address is its owner's, as part of another command. The first time counts."""
    require_command()
    ConfirmedAddress.objects.get_or_create(
        owner_kind=owner.kind,
        owner_id=owner.id,
        address_key=address_key(address),
        defaults={"confirmed_at": at, "method": method},
    )


@command(permission="notification.send", act="message.address_confirmed")
def record_confirmed_address(
    *, actor: Actor, at: datetime, owner: AddressOwner, address: str, reference: str
) -> None:
    """Record that staff know an address to be its owner's, such as one they saw a text arrive at.

    Args:
        reference: What it is about, for the record.
    """
    confirm_address(owner, address, at=at, method=ConfirmedBy.STAFF)
    record_act(None, ref=reference)


def are_facts_accepted(owner: AddressOwner, *, at: datetime, facts_match: bool | None) -> bool:
    """Return whether facts that somebody typed let a code go to an address not yet confirmed.

    Wrong ones are counted. After 5 within an hour, or 20 within a day, none are right.
    """
    require_command()
    if facts_match is None:
        return False
    # Many guesses at once must not all be the first.
    lock_until_commit(f"facts of {owner.kind} {owner.id}")
    wrong = WrongFacts.objects.filter(owner_kind=owner.kind, owner_id=owner.id)
    last_hour = wrong.filter(tried_at__gt=at - timedelta(hours=1)).count()
    last_day = wrong.filter(tried_at__gt=at - timedelta(days=1)).count()
    if last_hour >= MAX_WRONG_FACTS_PER_HOUR or last_day >= MAX_WRONG_FACTS_PER_DAY:
        return False
    if not facts_match:
        WrongFacts.objects.create(owner_kind=owner.kind, owner_id=owner.id, tried_at=at)
    return facts_match
