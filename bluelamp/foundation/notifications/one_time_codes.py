"""One-time codes with which people see what they asked a service for: send, check, and sessions.

For services: each calls these inside commands and lookups of its own, which check the permission
and record the act. A code is 6 digits, lasts 10 minutes and 5 tries.
"""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from bluelamp.foundation.audit.acts import read_within_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.notifications.commands import send_message_or_list_undelivered
from bluelamp.foundation.notifications.confirmed_addresses import (
    AddressOwner,
    CodeRequest,
    ConfirmedBy,
    address_key,
    are_facts_accepted,
    confirm_address,
    is_address_confirmed,
    is_right_browser,
)
from bluelamp.foundation.notifications.models import OneTimeCode
from bluelamp.foundation.notifications.rules import ENGLISH

CODE_DIGITS = 6
CODE_DURATION = timedelta(minutes=10)  # OWASP ASVS 5.0, 6.5.5
MAX_CODE_TRIES = 5
MAX_CODES_PER_HOUR = 5
MAX_CODES_PER_DAY = 15  # somebody who only knows a reference must not bother its owner all day
SESSION_DURATION = timedelta(hours=2)
CONFIRMATION = ".confirm"
"""How the purpose of a code ends that confirms an address, and opens nothing."""
_NO_SUBJECT = UUID(int=0)


def make_digits() -> str:
    """Return a new code. Digit by digit and not as one number, because codes may begin with 0."""
    return "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))


def send_one_time_code(
    *,
    actor: Actor,
    at: datetime,
    purpose: str,
    subject_id: UUID,
    reference: str,
    to: str,
    owner: AddressOwner,
    request: CodeRequest,
    force_name: str,
    language: str = ENGLISH,
) -> bool:
    """Send a code, as part of another command. Return whether one was made.

    It goes only to an address that its owner confirmed, or to somebody who also gave the right
    facts; then it can be used only in the browser that asked. At most 5 codes an hour and 15 a day
    for each subject.

    Args:
        actor: A part of the program that may send messages.
        at: The time.
        purpose: What kind of thing the code opens, such as "requests.request".
        subject_id: Which one.
        reference: Its reference, for the list of messages.
        to: The e-mail address or mobile number.
        owner: Whose address it is.
        request: What somebody showed who wants the code.
        force_name: Who the message is from, as its reader knows us.
        language: Which language to write in.
    """
    require_command()
    is_confirmed = is_address_confirmed(actor=actor, owner=owner, address=to)
    codes = OneTimeCode.objects.filter(purpose=purpose, subject_id=subject_id)
    if not is_confirmed and not _has_browser_shown_facts(codes, request, at=at):
        if not request.browser_hash:
            return False
        if not are_facts_accepted(owner, at=at, facts_match=request.facts_match):
            return False
    return _send_code(
        actor=actor,
        at=at,
        purpose=purpose,
        subject_id=subject_id,
        reference=reference,
        to=to,
        browser_hash="" if is_confirmed else request.browser_hash,
        force_name=force_name,
        language=language,
    )


def send_confirmation_code(
    *,
    actor: Actor,
    at: datetime,
    purpose: str,
    subject_id: UUID,
    reference: str,
    to: str,
    force_name: str,
    language: str = ENGLISH,
) -> bool:
    """Send a code that confirms an address, as part of another command; return if one was made.

    It opens nothing: whoever has a mistyped address gets it too. The caller proves that the browser
    is the one that sent the form. The arguments are those of `send_one_time_code`.
    """
    return _send_code(
        actor=actor,
        at=at,
        purpose=purpose + CONFIRMATION,
        subject_id=subject_id,
        reference=reference,
        to=to,
        browser_hash="",
        force_name=force_name,
        language=language,
    )


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
    owner: AddressOwner | None,
    browser_secret: str = "",
) -> UUID | None:
    """Check a code, as part of another command. Return the id of the session it opens, or None.

    Only the newest code counts. The right one is used up, ends the sessions from before and
    confirms the address that it was sent to. A wrong one makes the same statements whether the
    subject exists (`subject_id` is None) or not.
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
    if owner is not None and row.address_key:
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


def _has_browser_shown_facts(
    codes: QuerySet[OneTimeCode], request: CodeRequest, *, at: datetime
) -> bool:
    """Return whether this browser gave the right facts lately, and now wants another code."""
    if not request.browser_hash:
        return False
    recent = codes.filter(sent_at__gt=at - SESSION_DURATION, browser_hash=request.browser_hash)
    return recent.exists()


def _send_code(
    *,
    actor: Actor,
    at: datetime,
    purpose: str,
    subject_id: UUID,
    reference: str,
    to: str,
    browser_hash: str,
    force_name: str,
    language: str,
) -> bool:
    require_command()
    # By name, because there may be no row yet to lock: asked for many times at once, each
    # would count none before it.
    lock_until_commit(f"one-time codes for {purpose} {subject_id}")
    codes = OneTimeCode.objects.filter(purpose=purpose, subject_id=subject_id)
    last_hour = codes.filter(sent_at__gt=at - timedelta(hours=1)).count()
    last_day = codes.filter(sent_at__gt=at - timedelta(days=1)).count()
    if last_hour >= MAX_CODES_PER_HOUR or last_day >= MAX_CODES_PER_DAY:
        return False
    digits = make_digits()
    code = OneTimeCode.objects.create(
        purpose=purpose,
        subject_id=subject_id,
        code_hash=hash_code(purpose, subject_id, digits),
        sent_at=at,
        expires_at=at + CODE_DURATION,
        address_key=address_key(to),
        browser_hash=browser_hash,
    )
    message = send_message_or_list_undelivered(
        actor=actor,
        at=at,
        to=to,
        template="one-time-code",
        reference=reference,
        idempotency_key=f"code {code.id}",
        language=language,
        personalisation={
            "code": digits,
            "minutes": str(int(CODE_DURATION.total_seconds() // 60)),
            "force": force_name,
        },
    )
    return message is not None


def _use_code(
    *,
    at: datetime,
    purpose: str,
    subject_id: UUID | None,
    code: str,
    browser_secret: str = "",
) -> OneTimeCode | None:
    """Count a try, and return the code's row if it is right, which is then used up."""
    require_command()
    codes = OneTimeCode.objects.filter(purpose=purpose, subject_id=subject_id or _NO_SUBJECT)
    # The lock counts tries one at a time: a hundred at once must not all be the first.
    newest = codes.select_for_update().order_by("-sent_at", "-id").first()
    tried_id = newest.id if newest else _NO_SUBJECT
    OneTimeCode.objects.filter(id=tried_id).update(tries=F("tries") + 1)
    # People copy a code with a space in it, or with the words around it.
    digits = "".join(character for character in code if character.isdigit())
    given = hash_code(purpose, subject_id or _NO_SUBJECT, digits)
    is_right = constant_time_compare(given, newest.code_hash if newest else "")
    if newest is None or not is_right or not _is_usable(newest, at=at):
        return None
    if not is_right_browser(newest.browser_hash, browser_secret):
        return None
    codes.filter(used_at__isnull=False, ended_at=None).update(ended_at=at)
    OneTimeCode.objects.filter(id=newest.id).update(used_at=at)
    return newest


def _is_usable(code: OneTimeCode, *, at: datetime) -> bool:
    return code.used_at is None and code.expires_at > at and code.tries < MAX_CODE_TRIES
