"""Record a notice that a holder gave on paper, by phone or in person."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.services.firearms.commands.notices import store_notice
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.rules.notices import NoticeInput


@command(permission="firearms.check", act="firearms.notice_recorded", category=Category.COLLECTION)
def record_notice(*, actor: Actor, at: datetime, holder_id: UUID, notice: NoticeInput) -> str:
    """Record what a holder told us, as `give_notice` does, and return its reference.

    Raises:
        NotFound: The person holds no certificate of the actor's force.
        Refused: Something is missing or wrong.
    """
    # Of any state: whoever handed a certificate in may still have something to tell us.
    certificates = Certificate.objects.filter(holder_id=holder_id, force=actor.force)
    certificate = certificates.select_related("holder").first()
    if certificate is None:
        raise NotFound("There is no such holder.")
    return store_notice(actor=actor, at=at, holder=certificate.holder, notice=notice).reference
