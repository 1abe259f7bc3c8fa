"""One-time codes with which people see what they asked a service for: send, check, and sessions.

For services: each calls these inside commands and lookups of its own, which check the permission
and record the act. A code is 6 digits, lasts 10 minutes and 5 tries.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.utils.crypto import salted_hmac

from bluelamp.foundation.audit.acts import read_within_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.notifications.code_rows import (
    NO_ROW,
    NewCode,
    NoCodeReason,
    make_code,
    make_code_for_anybody,
    use_right_code,
)
from bluelamp.foundation.notifications.commands import send_message_or_list_undelivered
from bluelamp.foundation.notifications.confirmed_addresses import (
    AddressOwner,
    CodeRequest,
    ConfirmedBy,
    confirm_address,
)
from bluelamp.foundation.notifications.models import OneTimeCode
from bluelamp.foundation.notifications.rules import ENGLISH, SESSION_DURATION

CONFIRMATION = ".confirm"
"""How the purpose of a code ends that confirms an address, and opens nothing."""


class CodeMessage(NamedTuple):
    """What a code is for, and what its message needs.

    Attributes:
        purpose: What kind of thing the code opens, such as "requests.request".
        subject_id: Which one.
        reference: Its reference, for the list of messages.
        to: The e-mail address or mobile number.
        force_name: Who the message is from, as its reader knows us.
        language: Which language to write in.
    """

    purpose: str
    subject_id: UUID
    reference: str
    to: str
    force_name: str
    language: str = ENGLISH


def send_one_time_code(
    *,
    actor: Actor,
    at: datetime,
    message: CodeMessage,
    owner: AddressOwner,
    request: CodeRequest,
) -> bool:
    """Send a code, as part of another command. Return whether one was made.

    `make_code` says who gets one.

    Args:
        actor: A part of the program that may send messages.
        at: The time.
        message: What the code opens, and where it goes.
        owner: Whose address it is.
        request: What somebody showed who wants the code.
    """
    code = make_code(
        OneTimeCode.objects.all(),
        {"purpose": message.purpose, "subject_id": message.subject_id},
        actor=actor,
        at=at,
        to=message.to,
        owner=owner,
        request=request,
        hash_digits=partial(hash_code, message.purpose, message.subject_id),
    )
    return _write(code, message, actor=actor, at=at)


def send_confirmation_code(*, actor: Actor, at: datetime, message: CodeMessage) -> bool:
    """Send a code that confirms an address, as part of another command; return if one was made.

    It opens nothing: whoever has a mistyped address gets it too. The caller proves that the browser
    is the one that sent the form.
    """
    purpose = message.purpose + CONFIRMATION
    code = make_code_for_anybody(
        OneTimeCode.objects.all(),
        {"purpose": purpose, "subject_id": message.subject_id},
        at=at,
        to=message.to,
        hash_digits=partial(hash_code, purpose, message.subject_id),
    )
    return _write(code, message, actor=actor, at=at)


def check_confirmation_code(
    *, at: datetime, purpose: str, subject_id: UUID, owner: AddressOwner, code: str
) -> bool:
    """Check a code that confirms an address, as part of another command; return if it is right."""
    row = _use_code(at=at, purpose=purpose + CONFIRMATION, subject_id=subject_id, code=code)
    if row is None:
        return False
    # It was only for this: a session must not stay open.
    OneTimeCode.objects.filter(id=row.id).update(ended_at=at)
    confirm_address(owner, row.address_key, at=at, method=ConfirmedBy.AFTER_SENDING)
    return True


def exchange_one_time_code(
    *,
    at: datetime,
    purpose: str,
    subject_id: UUID | None,
    code: str,
    find_owner: Callable[[UUID], AddressOwner],
    browser_secret: str = "",
) -> UUID | None:
    """Check a code, as part of another command. Return the id of the session it opens, or None.

    Only the newest code counts. The right one is used up, ends the sessions from before and
    confirms the address that it was sent to. A wrong one makes the same statements whether the
    subject exists (`subject_id` is None) or not: so whose the address is (`find_owner`) is only
    asked for a right one.
    """
    row = _use_code(
        at=at,
        purpose=purpose,
        subject_id=subject_id,
        code=code,
        browser_secret=browser_secret,
    )
    if row is None:
        return None
    # A code that the version before sent says no address.
    if row.address_key:
        owner = find_owner(row.subject_id)
        confirm_address(owner, row.address_key, at=at, method=ConfirmedBy.FACTS_AND_CODE)
    return row.id


@read_within_act
def find_code_session(*, actor: Actor, purpose: str, session_id: UUID, at: datetime) -> UUID | None:
    """Return the id of what an open session shows, None if the session ended."""
    sessions = OneTimeCode.objects.filter(
        id=session_id, purpose=purpose, ended_at=None, used_at__gt=at - SESSION_DURATION
    )
    return sessions.values_list("subject_id", flat=True).first()


def end_code_session(*, purpose: str, session_id: UUID, at: datetime) -> None:
    """End a session, as part of another command. A session that ended before stays so."""
    require_command()
    OneTimeCode.objects.filter(id=session_id, purpose=purpose, ended_at=None).update(ended_at=at)


def hash_code(purpose: str, subject_id: UUID, digits: str) -> str:
    """Return what is stored of a code. Our secret key protects it: six digits are soon tried."""
    text = f"{purpose} {subject_id} {digits}"
    return salted_hmac("bluelamp.one_time_code", text, algorithm="sha256").hexdigest()


def _write(
    code: NewCode[OneTimeCode] | NoCodeReason, message: CodeMessage, *, actor: Actor, at: datetime
) -> bool:
    if isinstance(code, NoCodeReason):
        return False
    sent = send_message_or_list_undelivered(
        actor=actor,
        at=at,
        to=message.to,
        template="one-time-code",
        reference=message.reference,
        idempotency_key=f"code {code.row.id}",
        language=message.language,
        personalisation={**code.placeholders, "force": message.force_name},
    )
    return sent is not None


def _use_code(
    *,
    at: datetime,
    purpose: str,
    subject_id: UUID | None,
    code: str,
    browser_secret: str = "",
) -> OneTimeCode | None:
    """Count a try, and return the code's row if it is right, which is then used up."""
    codes = OneTimeCode.objects.filter(purpose=purpose, subject_id=subject_id or NO_ROW)
    # The lock counts tries one at a time: a hundred at once must not all be the first.
    newest = codes.select_for_update().order_by("-sent_at", "-id").first()
    right = use_right_code(
        codes,
        [newest] if newest else [],
        code,
        at=at,
        browser_secret=browser_secret,
        hash_digits=lambda row, digits: hash_code(row.purpose, row.subject_id, digits),
    )
    if right is not None:
        earlier = codes.filter(used_at__isnull=False, ended_at=None).exclude(id=right.id)
        earlier.update(ended_at=at)
    return right
