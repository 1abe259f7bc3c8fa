"""Choose the language of our messages about a request."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.notifications.rules import require_language
from bluelamp.foundation.payments.commands import set_payment_language
from bluelamp.services.requests.commands.entries import system_actor
from bluelamp.services.requests.lookups.own import find_request_of_session
from bluelamp.services.requests.rules import PAYABLE_KIND


@command(permission="request.track", act="request.language_set")
def set_message_language(*, actor: Actor, at: datetime, session_id: UUID, language: str) -> None:
    """Write to the person who made a request in another language from now on.

    Raises:
        NotFound: The session has ended.
    """
    request = find_request_of_session(actor=actor, at=at, session_id=session_id)
    if request is None:
        raise NotFound("There is no such session.")
    request.language = require_language(language)
    request.save(update_fields=["language"])
    # Receipts and refunds are written by another service, which knows only the payment.
    set_payment_language(
        actor=system_actor(request.force),
        at=at,
        payable_kind=PAYABLE_KIND,
        payable_id=request.id,
        language=request.language,
    )
    record_act(request, ref=request.reference, detail={"language": request.language})
