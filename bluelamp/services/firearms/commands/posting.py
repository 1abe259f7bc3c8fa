"""Post the notice of a decision: a letter that GOV.UK Notify prints and sends."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Conflict
from bluelamp.foundation.notifications.letters import send_letter
from bluelamp.services.firearms.commands.actors import sending_actor
from bluelamp.services.firearms.lookups.notices_of_decisions import get_notice
from bluelamp.services.firearms.models import Decision
from bluelamp.services.firearms.notice_pdf import draw_notice_of


@command(permission="firearms.issue", act="firearms.notice_posted", category=Category.DISCLOSURE)
def post_notice(*, actor: Actor, at: datetime, decision_id: UUID) -> None:
    """Have the notice of a decision printed and posted, first class.

    Only when somebody asks for it, never by itself: guns may have to be fetched before their
    holder reads that the certificate is revoked. Asked for twice on a day, it is one letter.

    Raises:
        NotFound: There is no such decision, or the actor may not see it.
        Refused: The address is not one that the post takes.
        Conflict: The person received the notice already.
    """
    notice = get_notice(actor=actor, at=at, decision_id=decision_id)
    if notice.decision.received_on is not None:
        raise Conflict("firearms.notice_received_already")
    send_letter(
        actor=sending_actor(actor.force),
        at=at,
        to=notice.postal_address,
        pdf=draw_notice_of(notice),
        reference=notice.reference,
        # With the day: a letter that was lost can be sent again tomorrow.
        idempotency_key=f"firearms notice {decision_id} {london_date(at)}",
    )
    record_act(Decision(id=decision_id), ref=notice.reference)
