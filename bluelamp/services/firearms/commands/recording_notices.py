"""Record a notice that a holder gave on paper, by phone or in person."""

from datetime import date, datetime, time
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON, london_date
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.services.firearms.commands.notices import store_notice
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.rules.keying import check_told_on
from bluelamp.services.firearms.rules.notices import NOT_ONLINE, NoticeInput


@command(permission="firearms.check", act="firearms.notice_recorded", category=Category.COLLECTION)
def record_notice(
    *,
    actor: Actor,
    at: datetime,
    holder_id: UUID,
    notice: NoticeInput,
    told_on: date | None = None,
    means: str = NOT_ONLINE[0],
) -> str:
    """Record what a holder told us, as `give_notice` does, and return its reference.

    Args:
        actor: Who records it.
        at: When they record it.
        holder_id: Who told us.
        notice: What they told us.
        told_on: The day on which they told us, None for today. The law's days end there.
        means: How they told us, one of NOT_ONLINE.

    Raises:
        NotFound: The person holds no certificate of the actor's force.
        Refused: Something is missing or wrong.
    """
    # Of any state: whoever handed a certificate in may still have something to tell us.
    certificates = Certificate.objects.filter(holder_id=holder_id, force=actor.force)
    certificate = certificates.select_related("holder").first()
    if certificate is None:
        raise NotFound("There is no such holder.")
    today = london_date(at)
    if means not in NOT_ONLINE:
        raise Refused("firearms.notice_means_missing", field="means")
    if code := check_told_on(told_on or today, today=today):
        raise Refused(code, field="told_on")
    told_at = at
    if told_on and told_on != today:
        # The hour is not known. Only the day counts.
        told_at = datetime.combine(told_on, time(), tzinfo=LONDON)
    return store_notice(
        actor=actor,
        at=at,
        holder=certificate.holder,
        notice=notice,
        told_at=told_at,
        means=means,
    ).reference
