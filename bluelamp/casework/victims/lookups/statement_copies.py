"""Look up the copies of a statement that were sent to its maker, and whether one may be sent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from bluelamp.casework.investigations.policy import statement_policy
from bluelamp.casework.victims.models import StatementCopy
from bluelamp.casework.victims.rules import COPY_EMAIL, COPY_TEXT, message_key
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.contact import is_mobile
from bluelamp.foundation.notifications.temporary import MessageFate, find_message_fate


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementCopyRow:
    """A copy that was sent: how, when and by whom, its message, and when it was opened."""

    means: str
    sent_at: datetime
    sent_by_name: str
    ends_at: datetime
    openings: int
    first_opened_at: datetime | None
    last_opened_at: datetime | None
    message: MessageFate | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementCopies:
    """The copies of a statement, the latest first, and by what means another may be sent.

    `is_unsafe` says that the maker's record says it is not safe to write to them.
    """

    copies: tuple[StatementCopyRow, ...]
    means: tuple[str, ...]
    is_unsafe: bool


@lookup(permission="statement.send_copy", act="statement.copies_viewed")
def list_statement_copies(*, actor: Actor, at: datetime, statement_id: UUID) -> StatementCopies:
    """Return the copies of a statement that were sent. Raises NotFound."""
    statement = statement_policy.get(actor, id=statement_id)
    copies = StatementCopy.objects.filter(statement=statement).order_by("-sent_at", "-id")
    record_act(statement, ref=str(statement.crime.number), detail={"copies": len(copies)})
    is_unsafe = statement.maker.is_safe_to_contact is False
    back, maker = statement.back, statement.maker
    has_email = bool(back.email or maker.email)
    has_mobile = any(is_mobile(phone) for phone in (back.phone, maker.phone) if phone)
    may_send = settings.BLUELAMP_STATEMENT_COPIES and not is_unsafe
    means = [COPY_TEXT] * has_mobile + [COPY_EMAIL] * has_email
    return StatementCopies(
        copies=tuple(_to_row(actor, copy) for copy in copies),
        means=tuple(means) if may_send else (),
        is_unsafe=is_unsafe,
    )


def _to_row(actor: Actor, copy: StatementCopy) -> StatementCopyRow:
    return StatementCopyRow(
        means=copy.means,
        sent_at=copy.sent_at,
        sent_by_name=copy.sent_by_name,
        ends_at=copy.ends_at,
        openings=copy.openings,
        first_opened_at=copy.first_opened_at,
        last_opened_at=copy.last_opened_at,
        message=find_message_fate(actor=actor, idempotency_key=message_key(copy.id)),
    )
