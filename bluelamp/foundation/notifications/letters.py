"""Letters that are a PDF of ours, printed and posted by GOV.UK Notify.

A letter from a template is a message like others: `send_message` with a postal address.
"""

import base64
from datetime import datetime

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.notifications.encryption import encrypt_secrets
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.notifications.rules import PRECOMPILED_LETTER, address_kind
from bluelamp.foundation.notifications.storing import store_message

# Notify refuses more than 10 pages. A PDF of ours with as many has a tenth of this.
MAX_PDF_BYTES = 2_000_000


@command(permission="notification.send", act="message.letter_asked_for")
def send_letter(
    *, actor: Actor, at: datetime, to: str, pdf: bytes, reference: str, idempotency_key: str
) -> Message:
    """Store a letter and queue it; it is sent soon after this transaction.

    The PDF is encrypted until it is sent, and deleted then: whoever made it keeps it or can make
    it again.

    Args:
        actor: Who sends it.
        at: The time.
        to: The postal address (`rules.postal_address`). Notify reads it from the PDF, and we keep
            it for the list of messages.
        pdf: The letter, as Notify's letter specification has it.
        reference: What it is about.
        idempotency_key: Names the occasion. Asked for again, the first letter is returned.

    Raises:
        Refused: Nobody can be reached at `to`.
        ValueError: This is no PDF, or it is too large.
    """
    if address_kind(to) != Message.Kind.LETTER:
        raise Refused("notifications.postal_address_invalid", field="to")
    if not pdf.startswith(b"%PDF-") or len(pdf) > MAX_PDF_BYTES:
        raise ValueError("a letter is a PDF of 2 MB or less")
    # As text: a value is JSON, which has no bytes.
    content = {"content": base64.b64encode(pdf).decode()}
    message = store_message(
        Message(
            force=actor.force,
            to=to,
            kind=Message.Kind.LETTER,
            template=PRECOMPILED_LETTER,
            reference=reference,
            idempotency_key=idempotency_key,
            requested_at=at,
            personalisation=encrypt_secrets(content, template=PRECOMPILED_LETTER),
        )
    )
    record_act(message, ref=reference)
    return message
