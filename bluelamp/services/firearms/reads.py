"""Rows of applications for this domain's own commands and lookups."""

import hashlib
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.notifications.one_time_codes import find_code_session
from bluelamp.foundation.payments.lookups import is_settled
from bluelamp.services.firearms.models import Application, Referee
from bluelamp.services.firearms.rules.fees import choose_fees
from bluelamp.services.firearms.rules.missing import ApplicationFacts, Missing, list_missing
from bluelamp.services.firearms.rules.saved import SENT

PAYABLE_KIND = "firearms.application"
OCCASION = "fee"
REPLY_SET = "referee-reply"


def list_missing_of(application: Application, *, actor: Actor) -> tuple[Missing, ...]:
    """Return what an application waits for, inside a command or lookup."""
    # Without the default, a one-to-one that is not there raises.
    medical = getattr(application, "medical", None)
    replies = application.referees.filter(replaced_at=None, replied_at__isnull=False)
    return list_missing(
        ApplicationFacts(
            kind=application.kind,
            is_fee_settled=not list_fees_of(application)
            or is_settled(
                actor=actor,
                payable_kind=PAYABLE_KIND,
                payable_id=application.id,
                occasion=OCCASION,
            ),
            referees_replied=replies.count(),
            has_medical_report=bool(medical and medical.report_received_at),
            has_photo=bool(application.answers.get("photo")),
        )
    )


def list_fees_of(application: Application) -> tuple[str, ...]:
    """Return the codes of the fees that an application costs."""
    return choose_fees(application.kind, application.answers)


def hash_token(token: str) -> str:
    """Return what is stored of a link. A plain hash is enough: it has 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def find_referee(*, actor: Actor, token: str, at: datetime, lock: bool = False) -> Referee:
    """Return the referee whose link this is. Raises NotFound where it is wrong or has ended."""
    rows = Referee.objects.select_related("application__applicant")
    if lock:
        rows = rows.select_for_update(of=("self",))
    # By the hash: a copy of the database gives nobody a link.
    referee = rows.filter(token_sha256=hash_token(token), application__force=actor.force).first()
    if referee is None or referee.link_ends_at is None or referee.link_ends_at <= at:
        raise NotFound("There is no such link, or it has ended.")
    return referee


def require_session(*, actor: Actor, session_id: UUID, at: datetime) -> UUID:
    """Return the application that an open session shows, inside a command or lookup.

    Raises:
        NotFound: The session has ended.
    """
    application_id = find_code_session(actor=actor, purpose=SENT, session_id=session_id, at=at)
    if application_id is None:
        raise NotFound("There is no such session, or it has ended.")
    return application_id
