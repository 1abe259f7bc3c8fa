"""Choose the language of our messages to an applicant or a holder."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.notifications.rules import require_language
from bluelamp.foundation.payments.commands import set_payment_language
from bluelamp.services.firearms.models import Application, Certificate
from bluelamp.services.firearms.reads import PAYABLE_KIND, require_holder


@command(permission="firearms.track", act="firearms.language_set")
def set_message_language(*, actor: Actor, at: datetime, session_id: UUID, language: str) -> None:
    """Write to somebody in another language from now on, about all that they have with us.

    Raises:
        NotFound: The session has ended.
    """
    holder = require_holder(actor=actor, session_id=session_id, at=at)
    chosen = require_language(language)
    applications = Application.objects.filter(force=actor.force, applicant=holder)
    applications.update(language=chosen)
    Certificate.objects.filter(force=actor.force, holder=holder).update(language=chosen)
    # Receipts and refunds are written by another service, which knows only the payment.
    for application_id in applications.values_list("id", flat=True):
        set_payment_language(
            actor=actor,
            at=at,
            payable_kind=PAYABLE_KIND,
            payable_id=application_id,
            language=chosen,
        )
    record_act(None, detail={"person": str(holder.id), "language": chosen})
