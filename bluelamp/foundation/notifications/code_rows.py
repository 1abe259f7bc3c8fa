"""What one-time codes have in common, in whichever table they are: to whom, how many, and tries.

Each domain has a table of its codes (a `CodeRow`). It finds the rows, hashes its codes so that
those of another domain are no good, and writes the message. These are parts of its commands.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.crypto import constant_time_compare

from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.notifications.confirmed_addresses import (
    AddressOwner,
    CodeRequest,
    address_key,
    are_facts_accepted,
    is_address_confirmed,
    is_right_browser,
)
from bluelamp.foundation.notifications.models import CodeRow
from bluelamp.foundation.notifications.rules import (
    CODE_DIGITS,
    CODE_DURATION,
    MAX_CODE_TRIES,
    MAX_CODES_PER_DAY,
    MAX_CODES_PER_HOUR,
    SESSION_DURATION,
)

NO_ROW = UUID(int=0)
"""An id that no row has: an UPDATE of it is a statement like any other, and changes nothing."""
Row = TypeVar("Row", bound=CodeRow)


class NoCodeReason(StrEnum):
    """Why no code was made, as the audit record has it."""

    TOO_MANY = "too many"
    NOT_CONFIRMED = "not confirmed"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCode(Generic[Row]):
    """A code that was stored. `digits` are nowhere else but in the message."""

    row: Row
    digits: str

    @property
    def placeholders(self) -> dict[str, str]:
        """Return what the template of the message needs."""
        minutes = int(CODE_DURATION.total_seconds() // 60)
        return {"code": self.digits, "minutes": str(minutes)}


def make_digits() -> str:
    """Return a new code. Digit by digit and not as one number, because codes may begin with 0."""
    return "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))


def make_code(
    codes: QuerySet[Row],
    columns: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    to: str,
    owner: AddressOwner,
    request: CodeRequest,
    hash_digits: Callable[[str], str],
) -> NewCode[Row] | NoCodeReason:
    """Store a code that opens something, for whoever may have one.

    It is for an address that its owner confirmed, or for somebody who also gave the right facts:
    then only the browser that asked can use it. At most 5 codes an hour and 15 a day.

    Args:
        codes: Those of the table.
        columns: What the code opens, and for whom: the columns that the limits count by.
        actor: Who sends it.
        at: The time.
        to: The e-mail address or mobile number.
        owner: Whose address it is.
        request: What somebody showed who wants the code.
        hash_digits: Returns what is stored of the digits.
    """
    require_command()
    earlier = _lock_codes(codes, columns)
    if _are_too_many(earlier, at=at):
        return NoCodeReason.TOO_MANY
    is_confirmed = is_address_confirmed(actor=actor, owner=owner, address=to)
    # A mistyped address is a stranger's, who has the reference from our messages.
    if not is_confirmed and not _may_have_code(earlier, owner, request, at=at):
        return NoCodeReason.NOT_CONFIRMED
    return _store_code(
        codes,
        columns,
        at=at,
        to=to,
        # The code too would go to a stranger: it is of use only where the facts were typed.
        browser_hash="" if is_confirmed else request.browser_hash,
        hash_digits=hash_digits,
    )


def make_code_for_anybody(
    codes: QuerySet[Row],
    columns: Mapping[str, Any],
    *,
    at: datetime,
    to: str,
    hash_digits: Callable[[str], str],
) -> NewCode[Row] | NoCodeReason:
    """Store a code that opens nothing, for an address that it may confirm. See `make_code`."""
    require_command()
    if _are_too_many(_lock_codes(codes, columns), at=at):
        return NoCodeReason.TOO_MANY
    return _store_code(codes, columns, at=at, to=to, browser_hash="", hash_digits=hash_digits)


def use_right_code(
    codes: QuerySet[Row],
    newest: Sequence[Row],
    typed: str,
    *,
    at: datetime,
    browser_secret: str,
    hash_digits: Callable[[Row, str], str],
) -> Row | None:
    """Count a try, and return the code that is right, which is then used up; None for no code.

    The same statements are made whether there is a code or not.

    Args:
        codes: Those of the table.
        newest: The newest code of each person, which the caller has locked. No other counts.
        typed: What somebody typed.
        at: The time.
        browser_secret: Of the browser in which it was typed.
        hash_digits: Returns what is stored of the digits for a row.
    """
    require_command()
    usable = [
        row
        for row in newest
        if _is_usable(row, at=at)
        # No try where the code is of no use: a stranger's tries would use up somebody else's code.
        and is_right_browser(row.browser_hash, browser_secret)
    ]
    tried_ids = [row.id for row in usable] or [NO_ROW]
    codes.filter(id__in=tried_ids).update(tries=F("tries") + 1)
    # People copy a code with a space in it, or with the words around it.
    digits = "".join(character for character in typed if character.isdigit())
    # How long a comparison takes must not tell how many digits were right.
    right = next(
        (row for row in usable if constant_time_compare(hash_digits(row, digits), row.code_hash)),
        None,
    )
    if right is not None:
        codes.filter(id=right.id).update(used_at=at)
    return right


def _lock_codes(codes: QuerySet[Row], columns: Mapping[str, Any]) -> QuerySet[Row]:
    # By name, because there may be no row yet to lock: asked for many times at once, each
    # would count none before it.
    names = " ".join(str(columns[name]) for name in sorted(columns))
    lock_until_commit(f"{codes.model._meta.label} {names}")
    # A row without a hash is a session that no code opened.
    return codes.filter(**columns, code_hash__gt="")


def _are_too_many(earlier: QuerySet[Row], *, at: datetime) -> bool:
    last_hour = earlier.filter(sent_at__gt=at - timedelta(hours=1)).count()
    last_day = earlier.filter(sent_at__gt=at - timedelta(days=1)).count()
    return last_hour >= MAX_CODES_PER_HOUR or last_day >= MAX_CODES_PER_DAY


def _may_have_code(
    earlier: QuerySet[Row], owner: AddressOwner, request: CodeRequest, *, at: datetime
) -> bool:
    """Return whether whoever asks may have a code sent to an address that is not confirmed."""
    if not request.browser_hash:
        return False
    # This browser gave the right facts lately, and now wants another code.
    recent = earlier.filter(sent_at__gt=at - SESSION_DURATION, browser_hash=request.browser_hash)
    if recent.exists():
        return True
    return are_facts_accepted(owner, at=at, facts_match=request.facts_match)


def _store_code(
    codes: QuerySet[Row],
    columns: Mapping[str, Any],
    *,
    at: datetime,
    to: str,
    browser_hash: str,
    hash_digits: Callable[[str], str],
) -> NewCode[Row]:
    digits = make_digits()
    row = codes.create(
        **columns,
        code_hash=hash_digits(digits),
        sent_at=at,
        expires_at=at + CODE_DURATION,
        address_key=address_key(to),
        browser_hash=browser_hash,
    )
    return NewCode(row=row, digits=digits)


def _is_usable(code: CodeRow, *, at: datetime) -> bool:
    return code.used_at is None and code.expires_at > at and code.tries < MAX_CODE_TRIES
