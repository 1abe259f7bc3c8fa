"""The receipt of a search or a stop: a link, which is sent to whoever gave an address for it."""

from datetime import datetime, time, timedelta

from django.conf import settings

from bluelamp.casework.encounters.models import CopyLink, Encounter
from bluelamp.casework.encounters.rules import (
    RECEIPT_TEMPLATE,
    SceneEncounter,
    has_receipt,
    hash_copy_secret,
    last_day_for_copy,
)
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON, london_date
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.notifications.commands import list_unsent_message
from bluelamp.foundation.notifications.languages import format_day, page_address
from bluelamp.foundation.notifications.rules import require_language
from bluelamp.foundation.notifications.temporary import send_temporary_message


def create_receipt(encounter: Encounter, capture: SceneEncounter, *, at: datetime) -> None:
    """Let whoever has the secret read the record, and send them the link if they asked for it.

    Raises:
        Refused: Another record has the secret.
    """
    gives_stop_receipts = settings.BLUELAMP_STOP_RECEIPTS
    if not capture.copy_secret or not has_receipt(
        encounter.kind, is_stop_receipt_given=gives_stop_receipts
    ):
        return
    secret_sha256 = hash_copy_secret(capture.copy_secret)
    # No phone makes the same twice: somebody wrote this capture by hand.
    if CopyLink.objects.filter(secret_sha256=secret_sha256).exists():
        raise Refused("encounters.copy_secret_used", field="copy_secret")
    CopyLink.objects.create(encounter=encounter, secret_sha256=secret_sha256)
    if capture.receipt_to:
        _send_link(encounter, capture, at=at)


def _send_link(encounter: Encounter, capture: SceneEncounter, *, at: datetime) -> None:
    actor = Actor.system("receipts", force=encounter.force, permissions={"notification.send"})
    last_day = last_day_for_copy(london_date(encounter.happened_at))
    # A phone that was offline for so long: the link leads nowhere any more.
    if london_date(at) > last_day:
        return
    language = require_language(capture.receipt_language)
    try:
        send_temporary_message(
            actor=actor,
            at=at,
            to=capture.receipt_to,
            template=RECEIPT_TEMPLATE,
            reference=encounter.reference,
            language=language,
            personalisation={
                "link": page_address("record-copy", capture.copy_secret, language=language),
                "until": format_day(last_day, language),
            },
            # The address was given for the receipt only: UK GDPR, article 5(1)(b) and (e).
            delete_at=datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=LONDON),
        )
    except Refused:
        # What a phone has sealed is never refused for it. The address itself is kept nowhere.
        list_unsent_message(
            actor=actor,
            at=at,
            to="",
            template=RECEIPT_TEMPLATE,
            reference=encounter.reference,
            idempotency_key="",
            reason="What was given for the receipt is neither an email address nor a UK mobile"
            " number",
        )
