"""Reading templates, and the messages that could not be delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.notifications.models import Message, UndeliveredMessage
from bluelamp.foundation.notifications.policy import undelivered_message_policy
from bluelamp.foundation.notifications.rules import ENGLISH, name_in, placeholders

TEMPLATES_FOLDER = Path(__file__).parent / "templates"


# Templates come with the program, so they do not change while it runs.
@cache
def placeholders_of(template: str, kind: str, language: str = ENGLISH) -> tuple[str, ...]:
    """Return the names of the placeholders of a template.

    Raises:
        FileNotFoundError: There is no template of that name and kind.
    """
    path = TEMPLATES_FOLDER / f"{template}.{kind}.txt"
    names = placeholders(path.read_text(encoding="utf-8"))
    welsh = TEMPLATES_FOLDER / f"{name_in(template, language)}.{kind}.txt"
    if language == ENGLISH or not welsh.exists():
        return names
    # Those of both: a force that has not written the Welsh template yet sends the English one.
    return tuple(dict.fromkeys((*names, *placeholders(welsh.read_text(encoding="utf-8")))))


@read_within_act
def latest_message_at(
    *, actor: Actor, to: str, reference: str, template: str, since: datetime
) -> datetime | None:
    """Return when the newest such message since an instant was requested, if it may have arrived.

    A message to this address, about this reference, from this template.
    """
    # One that never arrived does not count: the person would wait for nothing.
    messages = Message.objects.filter(
        force=actor.force, to=to, reference=reference, template=template, requested_at__gt=since
    ).exclude(
        state__in=(
            Message.State.NOT_DELIVERED,
            Message.State.REFUSED,
            Message.State.CANCELLED,
        )
    )
    times = messages.order_by("-requested_at").values_list("requested_at", flat=True)
    return times.first()


def count_sent(*, force: str, template: str, references: Sequence[str]) -> int:
    """Return how many messages of a template about some references were sent: nobody's data."""
    return _sent_messages(force=force, template=template, references=references).count()


def _sent_messages(*, force: str, template: str, references: Sequence[str]) -> QuerySet[Message]:
    return Message.objects.filter(
        force=force,
        template=template,
        reference__in=list(references),
        state__in=(Message.State.SENT, Message.State.DELIVERED),
    )


@read_within_act
def list_message_days(
    *, actor: Actor, template: str, references: Sequence[str]
) -> dict[str, list[date]]:
    """Return the days in London on which messages of a template were sent, by reference.

    One that never arrived does not count.
    """
    messages = _sent_messages(force=actor.force, template=template, references=references)
    days: dict[str, list[date]] = {}
    for reference, requested_at in messages.values_list("reference", "requested_at"):
        days.setdefault(reference, []).append(london_date(requested_at))
    return days


@read_within_act
def count_messages(*, actor: Actor, template: str, reference: str, since: datetime) -> int:
    """Return how many messages of a template about one reference were asked for since a time."""
    messages = Message.objects.filter(
        force=actor.force, template=template, reference=reference, requested_at__gt=since
    )
    return messages.count()


@dataclass(frozen=True, kw_only=True, slots=True)
class UndeliveredMessageRow:
    """A message that did not reach the person.

    Attributes:
        id: Its id, for `mark_message_dealt_with`.
        kind: "email", "sms", or "" where the address was neither.
        to: The address as it was given.
        template: The name of the template.
        reference: What it was about: a report or crime number.
        reason: Why it could not be delivered.
        failed_at: When that was known.
        dealt_with_at: When a member of staff dealt with it; None until then.
        dealt_with_by: The name of that member of staff.
        note: What they did about it.
    """

    id: UUID
    kind: str
    to: str
    template: str
    reference: str
    reason: str
    failed_at: datetime
    dealt_with_at: datetime | None
    dealt_with_by: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UndeliveredMessagePage:
    """A page of undelivered messages, and how many there are in all."""

    messages: tuple[UndeliveredMessageRow, ...]
    total: int


@lookup(permission="notification.follow_up", act="message.undelivered_viewed")
def list_undelivered_messages(
    *,
    actor: Actor,
    at: datetime,
    is_dealt_with: bool = False,
    offset: int = 0,
    limit: int = 25,
) -> UndeliveredMessagePage:
    """Return messages of the actor's force that did not reach the person.

    Args:
        actor: Who reads.
        at: The time.
        is_dealt_with: False for those that wait for somebody, the oldest first; True for those that
            were dealt with, the latest first.
        offset: How many to skip.
        limit: How many to return at most.
    """
    rows = (
        undelivered_message_policy.queryset(actor)
        .filter(dealt_with_at__isnull=not is_dealt_with)
        .select_related("message", "dealt_with_by")
        .order_by(*(("-dealt_with_at", "-id") if is_dealt_with else ("failed_at", "id")))
    )
    page = [_to_row(row) for row in rows[offset : offset + limit]]
    record_act(None, detail={"references": [row.reference for row in page]})
    return UndeliveredMessagePage(messages=tuple(page), total=rows.count())


def _to_row(row: UndeliveredMessage) -> UndeliveredMessageRow:
    return UndeliveredMessageRow(
        id=row.id,
        kind=row.message.kind if row.message else "",
        to=row.to,
        template=row.template,
        reference=row.reference,
        reason=row.reason,
        failed_at=row.failed_at,
        dealt_with_at=row.dealt_with_at,
        dealt_with_by=row.dealt_with_by.display_name if row.dealt_with_by else "",
        note=row.note,
    )
